"""What both engines for seq2seq models share: all that rests on the tokenizer and the family, not on the runtime."""

import copy
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from models.decoding import Decoding, ResolvedDecoding, Task
from models.engines.families import (
    TaskFormat,
    generation_config,
    hidden_tokens,
    longest_source,
    max_positions,
    task_format,
)
from models.presets import SOURCE_SLOT, ModelSpec


class Seq2SeqSpec:
    """A seq2seq checkpoint's configuration and tokenizer, and how it does each task of a preset's model."""

    def __init__(self, folder: Path, model: ModelSpec) -> None:
        """Read all but the weights.

        Raises ValueError for values that cannot be, and whatever transformers raises for a folder that it cannot read.
        """
        from transformers import AutoConfig, AutoTokenizer

        self.folder = folder
        self.name = model.id
        self.config: Any = AutoConfig.from_pretrained(folder, local_files_only=True)
        self._by_language: dict[str, Any] = {}
        self.tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        # A source is data: names of control tokens in it are encoded as the characters they are written with.
        self.tokenizer.split_special_tokens = True
        self._control = tuple(token for token in self.tokenizer.all_special_tokens if len(token) > 1)
        self.generation, self.unsupported_settings = generation_config(folder, self.config)
        languages = (model.source_lang, model.target_lang)
        self.formats: dict[Task, TaskFormat] = {
            task: task_format(task, spec.prompt, languages, self.tokenizer, self.config, self.generation)
            for task, spec in model.tasks.items()
        }
        overhead = max(len(self._encoded(fmt, [""])[0]) for fmt in self.formats.values())
        self.longest = longest_source(self.config, self.tokenizer, model.window, overhead)
        self.window = self.longest - overhead
        if self.window < 1:
            raise ValueError(f"it takes {self.longest} tokens, which leaves no room for a source")
        self.positions = max_positions(self.config)
        self._hidden = hidden_tokens(self.tokenizer)
        # Else it says on standard error that a text is too long, of each one that is only to be counted.
        for tokenizer in (self.tokenizer, *self._by_language.values()):
            tokenizer.model_max_length = int(1e30)

    @property
    def end_ids(self) -> list[int]:
        """The tokens that end a hypothesis."""
        found = self.generation["eos_token_id"]
        return list(found) if isinstance(found, list) else [found]

    def count(self, sources: Sequence[str]) -> list[int]:
        """Tokens of each source alone."""
        if not sources:
            return []
        rows = self.tokenizer([self._line(s) for s in sources], add_special_tokens=False)["input_ids"]
        return [len(row) for row in rows]

    def encode(self, task: Task, sources: Sequence[str]) -> list[list[int]]:
        """The ids of each source, whole, with all that the family puts around it.

        Raises ValueError for a task that the checkpoint is not meant for and for a source longer than the window.
        """
        rows = self._encoded(self.format_of(task), [self._line(source) for source in sources])
        longest = max(map(len, rows), default=0)
        if longest > self.longest:
            raise ValueError(
                f"a source of {longest - self.longest + self.window} tokens does not fit the window of {self.window}"
            )
        return rows

    def format_of(self, task: Task) -> TaskFormat:
        """How `task` is done. Raises ValueError for one that the checkpoint is not meant for."""
        if task not in self.formats:
            raise ValueError(f"this checkpoint is not meant for {task}")
        return self.formats[task]

    def decode(self, ids: Sequence[int]) -> str:
        """The text of generated ids, without control tokens and white space around it."""
        heard = [number for number in ids if number not in self._hidden]
        return str(self.tokenizer.decode(heard, skip_special_tokens=True)).strip()

    def _line(self, source: str) -> str:
        """The source on one line; a control token's name is taken apart, for sentencepiece knows it as a piece, too."""
        line = " ".join(source.split())
        for token in self._control:
            if token in line:
                line = line.replace(token, f"{token[0]} {token[1:]}")
        return line

    def _encoded(self, fmt: TaskFormat, lines: Sequence[str]) -> list[list[int]]:
        if not lines:
            return []
        texts = [fmt.before + line + fmt.behind for line in lines]
        return [list(row) for row in self._tokenizer_for(fmt.source_lang)(texts)["input_ids"]]

    def _tokenizer_for(self, source_lang: str | None) -> Any:
        """The tokenizer set to a language: a copy, since threads that changed one setting would meet each other's."""
        if source_lang is None or self.tokenizer.src_lang == source_lang:
            return self.tokenizer
        if source_lang not in self._by_language:
            other = copy.deepcopy(self.tokenizer)
            other.src_lang = source_lang
            self._by_language[source_lang] = other
        return self._by_language[source_lang]


class Seq2Seq:
    """The part of an `Engine` that a `Seq2SeqSpec` answers."""

    def __init__(self, checkpoint: Seq2SeqSpec, receipt: Mapping[str, str]) -> None:
        self._checkpoint = checkpoint
        self._receipt = dict(receipt)

    @property
    def tasks(self) -> frozenset[Task]:
        """The tasks that the preset gives the checkpoint."""
        return frozenset(self._checkpoint.formats)

    @property
    def window(self) -> int:
        """The longest source in tokens: the positions there are, less special tokens and a prefix."""
        return self._checkpoint.window

    @property
    def receipt(self) -> dict[str, str]:
        """What runs."""
        return dict(self._receipt)

    def resolve(self, task: Task, decoding: Decoding) -> ResolvedDecoding:
        """`decoding`, and the checkpoint's own search where it is open. Raises ValueError for a task it cannot do."""
        return decoding.resolve(self._checkpoint.format_of(task).default_decoding)

    def prompt_template(self, task: Task) -> dict[str, str]:
        """The text around a source, and the languages of a checkpoint that knows several."""
        fmt = self._checkpoint.format_of(task)
        prompt = f"{fmt.before}{SOURCE_SLOT}{fmt.behind}"
        told = {"prompt": prompt, "source_lang": fmt.source_lang, "target_lang": fmt.target_lang}
        return {name: value for name, value in told.items() if value is not None}

    def count_tokens(self, sources: Sequence[str]) -> list[int]:
        """Tokens of each source alone."""
        return self._checkpoint.count(sources)

    def _room(self, max_new_tokens: int) -> int:
        """The tokens that may be generated: no more than the decoder has positions for."""
        return min(max_new_tokens, self._checkpoint.positions or max_new_tokens)


def group_by_min_length(rows: Sequence[Sequence[int]], least: int) -> list[tuple[int, list[int]]]:
    """The rows by the least length of their hypotheses: that of the checkpoint, or 0 for a source shorter than it.

    BART for CNN/DailyMail writes no summary of less than 56 tokens; of a source of 20 it would make up the rest.
    """
    whole = [number for number, row in enumerate(rows) if len(row) >= least]
    short = [number for number, row in enumerate(rows) if len(row) < least]
    return [(length, group) for length, group in ((least, whole), (0, short)) if group]
