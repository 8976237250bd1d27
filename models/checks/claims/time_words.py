"""Find times without a date that say the opposite: "next year" for "im vergangenen Jahr", "until" for "seit".

A time is flagged only if the English says the opposite of a word of the German, and the German has no word on which the
English could rest. The words are in `time_words.toml`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.checks.data import read_toml, rows
from models.checks.texts import LangText, SourceSentence
from models.checks.word_patterns import add_lists, compile_words
from models.values import Flag

_FILE = "time_words.toml"


@dataclass(frozen=True, slots=True)
class OppositeTimes:
    """What the German says, the English that says the opposite, and German on which that English could rest."""

    german: re.Pattern[str]
    english: re.Pattern[str]
    unless: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Row:
    german: str
    english: str
    unless: str


def _read() -> tuple[OppositeTimes, ...]:
    table = read_toml("models.checks.claims", _FILE)
    lists = add_lists(f"{_FILE}, words", table["words"], {"year": r"\d{4}"})
    return tuple(
        OppositeTimes(
            *(
                compile_words(words, f"{_FILE}, {row.german}", lists, ignore_case=True)
                for words in (row.german, row.english, row.unless)
            )
        )
        for row in rows(_FILE, table, "opposite", _Row)
    )


OPPOSITE_TIMES = _read()


def time_word_flags(sources: Sequence[SourceSentence], target: LangText) -> tuple[Flag, ...]:
    """Return a flag for each time in the English that says the opposite of one in the German."""
    if target.lang != "en" or not sources or any(source.lang != "de" for source in sources):
        return ()
    return tuple(_opposites(" ".join(source.text for source in sources), target.text))


def _opposites(german: str, english: str) -> Iterator[Flag]:
    for times in OPPOSITE_TIMES:
        here, there = times.english.search(english), times.german.search(german)
        if here and there and not times.unless.search(german):
            yield Flag("date", here.group(), f"the source says {there.group()}", "opposite")
