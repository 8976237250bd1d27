"""Find limits that only the English sets: "more than six billion" for "weitere sechs", "nearly 100" for "gut 100".

A value may be right and the limit on it wrong. English sets a limit before the value, German there or elsewhere in the
sentence, with a great many words, so a limit is flagged only if the source has no word of its kind at all. The words
are in `limits.toml`. `tests/benchmarks/quantities.py` measures what that finds and how often it is wrong.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.checks.data import read_toml, row, rows
from models.checks.texts import LangText, SourceSentence
from models.checks.word_patterns import compile_words, word_pattern
from models.values import Flag

_PACKAGE, _FILE = "models.checks.quantities", "limits.toml"
DETAIL = "the source sets no such limit"


@dataclass(frozen=True, slots=True)
class Limit:
    """A kind of limit: how English sets one on a value, and what in a source of either language may set it."""

    english_phrase: re.Pattern[str]
    german: re.Pattern[str]
    english: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _ValueWords:
    number_words: str
    scale_words: str
    german_numbers: str
    periods: str


@dataclass(frozen=True, slots=True)
class _LimitRow:
    name: str
    german: str
    english: str
    phrases: str = ""
    phrases_anywhere: str = ""
    phrases_before_digits: str = ""
    digits_not_after: tuple[str, ...] = ()


def _limits() -> tuple[Limit, ...]:
    table = read_toml(_PACKAGE, _FILE)
    words = row(f"{_FILE}, value", table.get("value"), _ValueWords)
    german = word_pattern(words.german_numbers, f"{_FILE}, german_numbers", parts=True)
    numbers = {"number": rf"[$€£]?\s?\d|{german}"}
    found = []
    for limit in rows(_FILE, table, "limit", _LimitRow):
        where = f"{_FILE}, {limit.name}"
        found.append(
            Limit(
                re.compile(_english_phrase(limit, words, where), re.IGNORECASE),
                compile_words(limit.german, f"{where}, german", numbers, ignore_case=True, parts=True),
                compile_words(limit.english, f"{where}, english", ignore_case=True, parts=True),
            )
        )
    return tuple(found)


def _english_phrase(limit: _LimitRow, words: _ValueWords, where: str) -> str:
    """The source of a regular expression for a limit of the English together with its value."""
    scales = rf"(?:\s(?:{word_pattern(words.scale_words, where)}))*"
    digits = rf"(?:[$€£]\s?)?\d[\d.,]*(?<=\d)\b{scales}"
    value = rf"(?:the\s|an?\s)?(?:{digits}|(?:{word_pattern(words.number_words, where)}){scales})"
    parts = []
    if limit.phrases:
        parts.append(rf"(?<!\bno\s)(?<!\bnot\s)(?:{word_pattern(limit.phrases, where)})\s{value}")
    if limit.phrases_anywhere:
        parts.append(rf"(?:{word_pattern(limit.phrases_anywhere, where)})\s{value}")
    if limit.phrases_before_digits:
        before = "".join(rf"(?<!{re.escape(word)}\s)" for word in limit.digits_not_after)
        period = word_pattern(words.periods, where, parts=True)
        parts.append(rf"{before}(?:{word_pattern(limit.phrases_before_digits, where)})\s{digits}(?!\W(?:{period}))")
    return "|".join(parts)


LIMITS = _limits()


def limit_flags(sources: Sequence[SourceSentence], target: LangText) -> tuple[Flag, ...]:
    """Flag limits on values of the English target that no sentence of the source sets."""
    return tuple(_added(sources, target.text)) if target.lang == "en" and sources else ()


def _added(sources: Sequence[SourceSentence], target: str) -> Iterator[Flag]:
    for limit in LIMITS:
        found = limit.english_phrase.search(target)
        if found and not any((limit.german if s.lang == "de" else limit.english).search(s.text) for s in sources):
            yield Flag("number", found.group(), DETAIL, "added")
