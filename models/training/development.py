"""The texts of the development sets, so that training rows that overlap with them can be left out.

Texts are compared as words in lower case, without punctuation. A training row is known if its source or target is that
of a development row, or if one of its sentences of eight or more words is in a development set. Shorter sentences ("He
declined to comment.") coincide by chance.
"""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

RUN_WORDS = 8
_WORD = re.compile(r"\w+")
_END = re.compile(r"(?<=[.!?…])[\"'”’“»)]*\s+|\n")


@dataclass(frozen=True, slots=True)
class Development:
    """The texts of all development sets: whole sources and targets, and every run of eight words in them."""

    texts: frozenset[str]
    runs: frozenset[int]

    @classmethod
    def read(cls, data: Path) -> "Development":
        """Read every `dev.*` below the folder. Raises FileNotFoundError where there is none."""
        paths = sorted(data.glob("*/dev.*.gz"))
        if not paths:
            raise FileNotFoundError(f"{data} holds no development sets (dev.*.gz) to keep the training clear of")
        texts: set[str] = set()
        runs: set[int] = set()
        for text in (text for path in paths for text in _texts(path)):
            words = _words(text)
            texts.add(" ".join(words))
            runs.update(_runs(words))
        return cls(frozenset(texts), frozenset(runs))

    def leaks(self, source: str, target: str) -> list[str]:
        """The parts of a training row that are known: a whole side of it, or sentences."""
        if whole := [text for text in (source, target) if " ".join(_words(text)) in self.texts]:
            return whole
        return [sentence for text in (source, target) for sentence in _END.split(text) if self._is_known(sentence)]

    def _is_known(self, sentence: str) -> bool:
        """Whether every run of eight words in a sentence is one of the development sets'."""
        words = _words(sentence)
        return len(words) >= RUN_WORDS and all(run in self.runs for run in _runs(words))


def _texts(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            if ".jsonl" in path.suffixes:
                row = json.loads(line)
                yield from (row["article"], row["summary"])
            else:
                yield from line.rstrip("\n").split("\t")[:2]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _runs(words: list[str]) -> Iterator[int]:
    """Hashes of the runs of eight words, of 64 bits: chance makes two of a million equal once in ten million times."""
    return (hash(tuple(words[i : i + RUN_WORDS])) for i in range(len(words) - RUN_WORDS + 1))
