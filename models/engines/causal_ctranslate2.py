"""A causal language model in CTranslate2: int8 on a CPU, float16 on a GPU. Never imports torch."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from models.engines.base import Decoding, Hypothesis, Task
from models.engines.device import Device
from models.engines.prompting import Prompter


class CausalCTranslate2:
    """An `Engine` over `ctranslate2.Generator`; use `load`."""

    def __init__(self, generator: Any, prompter: Prompter, receipt: Mapping[str, str], eos: str = "<eos>") -> None:
        self._generator = generator
        self._prompter = prompter
        self._receipt = dict(receipt)
        self._eos, self._eos_id = eos, prompter.id_of(eos)

    @classmethod
    def load(
        cls,
        folder: Path,
        prompts: Mapping[Task, str],
        window: int,
        device: Device,
        compute_type: str,
        threads: int,
        identity: Mapping[str, str],
    ) -> "CausalCTranslate2":
        """Load a converted model with `tokenizer.json` beside it; `identity` is the rest of the receipt."""
        import ctranslate2

        generator = ctranslate2.Generator(
            str(folder), device.kind, device_index=device.index, compute_type=compute_type, intra_threads=threads
        )
        receipt = {"engine": "ctranslate2", "device": str(device), "compute_type": compute_type, **identity}
        return cls(generator, Prompter(folder / "tokenizer.json", prompts, window), receipt)

    @property
    def tasks(self) -> frozenset[Task]:
        """The tasks there is a prompt for."""
        return self._prompter.tasks

    @property
    def window(self) -> int:
        """The longest source in tokens."""
        return self._prompter.window

    @property
    def receipt(self) -> dict[str, str]:
        """What runs."""
        return dict(self._receipt)

    def count_tokens(self, sources: Sequence[str]) -> list[int]:
        """Tokens of each source alone."""
        return self._prompter.count(sources)

    def generate(
        self, task: Task, sources: Sequence[str], decoding: Decoding, max_new_tokens: int, min_new_tokens: int = 0
    ) -> list[Hypothesis]:
        """One hypothesis for each source, in order. Raises ValueError for a source longer than `window`."""
        prompts = self._prompter.encode(task, sources)
        hypotheses: dict[int, Hypothesis] = {}
        for group in _groups(prompts):
            results = self._generator.generate_batch(
                [self._prompter.tokens(prompts[row]) for row in group],
                beam_size=decoding.num_beams,
                length_penalty=decoding.length_penalty,
                repetition_penalty=decoding.repetition_penalty,
                no_repeat_ngram_size=decoding.no_repeat_ngram_size,
                max_length=max_new_tokens,
                min_length=min_new_tokens,
                include_prompt_in_result=False,
                end_token=self._eos,
                return_end_token=True,
                return_scores=True,
            )
            for row, result in zip(group, results, strict=True):
                hypotheses[row] = self._hypothesis(result)
        return [hypotheses[row] for row in range(len(prompts))]

    def _hypothesis(self, result: Any) -> Hypothesis:
        ids = result.sequences_ids[0]
        finished = bool(ids) and ids[-1] == self._eos_id
        return Hypothesis(self._prompter.decode(ids), len(ids) - finished, finished, result.scores[0])


def _groups(prompts: Sequence[Sequence[int]]) -> list[list[int]]:
    return [sorted(range(len(prompts)), key=lambda row: len(prompts[row]))] if prompts else []
