"""The names of months and days and the words beside dates and times, read from `calendar.toml`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.checks.data import DataError, read_toml, row
from models.checks.quantities.numeral_data import NumberLang
from models.checks.word_patterns import entries

_FILE = "calendar.toml"
_TABLE = read_toml("models.checks.quantities", _FILE)
_LANGUAGES: tuple[NumberLang, NumberLang] = ("de", "en")
# What follows the "a" or "p" of a.m. and p.m.
_MERIDIEM: dict[NumberLang, str] = {"de": r"\.\s?m", "en": r"\.?\s?m"}


@dataclass(frozen=True, slots=True)
class CalendarWords:
    """The lists below [words] in `calendar.toml`, where comments say what each holds."""

    bare_sunday: frozenset[str]
    ambiguous_months: frozenset[str]
    before_months: frozenset[str]
    short_months: frozenset[str]
    between_days: frozenset[str]
    before_times: frozenset[str]
    noon: frozenset[str]
    midnight: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Language:
    months: tuple[str, ...]
    month_beginnings: tuple[str, ...]
    weekdays: tuple[str, ...]
    weekday_ends: tuple[str, ...]
    clock: frozenset[str]
    before_noon: str
    after_noon: str


def _numbered(where: str, lists: Sequence[str], length: int) -> dict[str, int]:
    """Each word of some lists with the number of its list, from 1; no list at all is allowed."""
    if len(lists) not in (0, length):
        raise DataError(f"{where}: there must be {length} lists of words, not {len(lists)}.")
    pairs = [(word, number) for number, words in enumerate(lists, 1) for word in words.split()]
    if len(dict(pairs)) < len(pairs):
        raise DataError(f"{where}: a word stands there twice.")
    return dict(pairs)


def _phrase(text: str) -> re.Pattern[str]:
    return re.compile(rf"\s(?:{'|'.join(map(re.escape, entries(text)))})\b")


CALENDAR = row(f"{_FILE}, words", _TABLE.get("words"), CalendarWords)
_OF = {lang: row(f"{_FILE}, {lang}", _TABLE.get(lang), _Language) for lang in _LANGUAGES}
# The number of the month or weekday that a word is, begins with, or ends with.
MONTHS = {lang: _numbered(f"{_FILE}, {lang}, months", _OF[lang].months, 12) for lang in _LANGUAGES}
MONTH_BEGINNINGS = {
    lang: _numbered(f"{_FILE}, {lang}, month_beginnings", _OF[lang].month_beginnings, 12) for lang in _LANGUAGES
}
WEEKDAY_BEGINNINGS = {lang: _numbered(f"{_FILE}, {lang}, weekdays", _OF[lang].weekdays, 7) for lang in _LANGUAGES}
WEEKDAY_ENDS = {lang: _numbered(f"{_FILE}, {lang}, weekday_ends", _OF[lang].weekday_ends, 7) for lang in _LANGUAGES}
# What follows a time of day, as the source of a regular expression.
CLOCK_SUFFIX = {
    lang: rf"(?:{'|'.join(map(re.escape, sorted(_OF[lang].clock)))}|[ap]{_MERIDIEM[lang]})\b" for lang in _LANGUAGES
}
CLOCK_MARK = {
    lang: re.compile(rf"[\s\u00a0–-]{{0,8}}(?:([ap]){_MERIDIEM[lang]}\b|{CLOCK_SUFFIX[lang]})", re.IGNORECASE)
    for lang in _LANGUAGES
}
# "Um 8 Uhr morgens", "at 8 in the evening": which half of the day.
BEFORE_NOON = {lang: _phrase(_OF[lang].before_noon) for lang in _LANGUAGES}
AFTER_NOON = {lang: _phrase(_OF[lang].after_noon) for lang in _LANGUAGES}
