"""What every engine offers, whatever runs below it: one checkpoint, its tokenizer, and `generate` for one batch.

The protocol is narrow on purpose: batching, caching, guarding and chunking live above it and are written
once; tests put a fake behind it.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, Protocol

# Called again and again while a batch is decoded; it may raise to stop the work.
OnStep = Callable[[], None]


def ignore_step() -> None:
    """Stop nothing."""


# "translation": German to English; "summarization": English to English; "direct": German to an English summary.
Task = Literal["translation", "summarization", "direct"]


# The least that each whole number of a search can be.
_LEAST = {"num_beams": 1, "num_return_sequences": 1, "no_repeat_ngram_size": 0, "min_length": 0}


def _check(values: Mapping[str, Any]) -> None:
    """They come from files that anybody may have written, so that their types are no promise."""
    for name, value in values.items():
        if value is None:
            continue
        if name == "early_stopping":
            if type(value) is not bool:
                raise ValueError(f"early_stopping is true or false, not {value!r}")
            continue
        if name in _LEAST:
            if type(value) is not int or value < _LEAST[name]:
                raise ValueError(f"{name} is a whole number of {_LEAST[name]} or more, not {value!r}")
        elif type(value) not in (int, float) or not math.isfinite(value):
            raise ValueError(f"{name} is a number, not {value!r}")
        elif name == "repetition_penalty" and value <= 0:
            raise ValueError(f"{name} is a number above 0, not {value!r}")


@dataclass(frozen=True, slots=True)
class Decoding:
    """How hypotheses are searched, in Hugging Face's words (`GenerationConfig`); None leaves it to the checkpoint.

    Raises ValueError for a value with which nothing can be searched, as `ResolvedDecoding` does.
    """

    num_beams: int | None = None
    length_penalty: float | None = None
    repetition_penalty: float | None = None
    no_repeat_ngram_size: int | None = None
    num_return_sequences: int | None = None
    early_stopping: bool | None = None

    def __post_init__(self) -> None:
        _check(asdict(self))

    def resolve(self, own: "ResolvedDecoding") -> "ResolvedDecoding":
        """What is searched with: this, and where it is None the checkpoint's own; no more is returned than beams."""
        found = ResolvedDecoding(
            **asdict(own) | {name: value for name, value in asdict(self).items() if value is not None}
        )
        return replace(found, num_return_sequences=min(found.num_return_sequences, found.num_beams))


@dataclass(frozen=True, slots=True)
class ResolvedDecoding:
    """A `Decoding` that leaves nothing open; plain greedy search unless a checkpoint says otherwise.

    Only a checkpoint sets `min_length`, for its summaries; the start token counts, as Hugging Face has it.
    `early_stopping` ends a search as soon as as many hypotheses are finished as there are beams.
    """

    num_beams: int = 1
    length_penalty: float = 1.0
    repetition_penalty: float = 1.0
    no_repeat_ngram_size: int = 0
    min_length: int = 0
    early_stopping: bool = False
    num_return_sequences: int = 1

    def __post_init__(self) -> None:
        _check(asdict(self))


GREEDY = ResolvedDecoding()


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One decoded output: `finished` says that the model ended it by itself; `score` is the mean log probability.

    `alternatives` are the next best of the same beam, best first, where `num_return_sequences` asks for them.
    """

    text: str
    tokens: int
    finished: bool
    score: float = 0.0
    alternatives: tuple["Hypothesis", ...] = ()


def with_alternatives(beam: Sequence[Hypothesis]) -> Hypothesis:
    """The first of a beam's hypotheses with the others, which have none of their own."""
    return replace(beam[0], alternatives=tuple(replace(one, alternatives=()) for one in beam[1:]))


class Engine(Protocol):
    """A loaded checkpoint with its tokenizer."""

    @property
    def tasks(self) -> frozenset[Task]:
        """The tasks this checkpoint can do."""
        ...

    @property
    def window(self) -> int:
        """The longest source, in tokens of this checkpoint, that `generate` takes without cutting anything."""
        ...

    @property
    def receipt(self) -> dict[str, str]:
        """What runs: keys engine, device, compute_type, id, revision."""
        ...

    def resolve(self, task: Task, decoding: Decoding) -> ResolvedDecoding:
        """What `generate` does for `decoding`: the checkpoint's own generation config wherever that is None."""
        ...

    def prompt_template(self, task: Task) -> dict[str, str]:
        """What is put around a source, as `prompt`, and the languages that a checkpoint of several is told."""
        ...

    def count_tokens(self, sources: Sequence[str]) -> list[int]:
        """Tokens of each source, prompt and special tokens not counted."""
        ...

    def generate(
        self,
        task: Task,
        sources: Sequence[str],
        decoding: Decoding,
        max_new_tokens: int,
        min_new_tokens: int = 0,
        on_step: OnStep = ignore_step,
    ) -> list[Hypothesis]:
        """One hypothesis for each source of one batch, in order. Nothing is truncated on the way in.

        `on_step` is called while the batch is decoded; what it raises ends the work within a step or a small group.
        Raises ValueError for a source longer than `window`.
        """
        ...
