"""The words by which faults of decoding are found, read from `degeneration.toml`."""

from dataclasses import dataclass

from models.checks.data import read_toml, row

_FILE = "degeneration.toml"
_TABLE = read_toml("models.checks", _FILE)


@dataclass(frozen=True, slots=True)
class EnglishWords:
    """The lists below [english], where comments say what each holds."""

    never_last: frozenset[str]
    rarely_last: frozenset[str]
    never_thrice: frozenset[str]


@dataclass(frozen=True, slots=True)
class GermanWords:
    """The lists below [german]."""

    words: frozenset[str]
    noun_endings: frozenset[str]


@dataclass(frozen=True, slots=True)
class PromptWords:
    """The lists below [prompt]."""

    line_start: frozenset[str]
    line_end: frozenset[str]


ENGLISH = row(f"{_FILE}, english", _TABLE.get("english"), EnglishWords)
GERMAN = row(f"{_FILE}, german", _TABLE.get("german"), GermanWords)
PROMPT = row(f"{_FILE}, prompt", _TABLE.get("prompt"), PromptWords)
