"""Read dates and times of day as quantities.

Day, month, year and weekday are quantities of their own, since the two languages order them differently. A time is the
number of minutes since midnight.
"""

import re
from dataclasses import replace
from decimal import Decimal

from models.checks.quantities.amounts import ORDINAL_ENDINGS
from models.checks.quantities.calendar_data import (
    AFTER_NOON,
    BEFORE_NOON,
    CALENDAR,
    CLOCK_MARK,
    MONTH_BEGINNINGS,
    MONTHS,
    WEEKDAY_BEGINNINGS,
    WEEKDAY_ENDS,
)
from models.checks.quantities.numeral_data import NumberLang
from models.checks.quantities.numerals import german_cardinal
from models.checks.quantities.tokens import Quantity, QuantityKind, Token, TokenStream

# "In der Nacht zum Mittwoch" is both Tuesday night and early on Wednesday.
NIGHT_BEFORE = re.compile(r"[Nn]acht\w{0,30} (?:zum|zu|auf|auf den|vom \w{1,30} (?:zum|auf)) \Z")
# A longer word such as "Augustwochenende" supports August, but claims nothing.
MIN_REST_OF_COMPOUND = 3
DAY_MINUTES = 1440
NOON = 720
MAX_DAY_OF_MONTH = 31
# Plain numbers in this range are years.
MIN_YEAR = 1000
MAX_YEAR = 2100
EVENING = re.compile(r"abend|nacht|(?<!vor)mittag", re.IGNORECASE)
# "20 Uhr 15", "sechs Uhr dreißig", but not "ab 20 Uhr 15 Gäste".
AFTER_HOUR = re.compile(r"\s(\d\d|[a-zäöüß]{1,40})\b(?![.,:]\d|\s?[A-ZÄÖÜ%€$])")
RANGE_MARK = re.compile(r"[-–](?:[01]?\d|2[0-4])(?:[.:][0-5]\d)?\s{0,8}(?:([ap])\.?\s?m\b)", re.IGNORECASE)


def calendar_word(stream: TokenStream, index: int) -> Quantity | None:
    """Return the month or weekday that a word names, or None."""
    token, lang = stream.tokens[index], stream.lang
    word, before = token.word, stream.word(index - 1)
    if day := _weekday(word, lang):
        eve = {(day - 2) % 7 + 1} if NIGHT_BEFORE.search(stream.text, max(0, token.start - 25), token.start) else None
        return _date_part(token, index, day, "weekday", alternatives=eve, digits=False)
    if day := next((number for end, number in WEEKDAY_ENDS[lang].items() if word.endswith(end)), 0):
        return replace(_date_part(token, index, day, "weekday", digits=False), claim=False)
    if not token.text[0].isupper():
        return None
    for beginning, number in MONTH_BEGINNINGS[lang].items():
        if word.startswith(beginning) and len(word) >= len(beginning) + MIN_REST_OF_COMPOUND:
            return replace(_date_part(token, index, number, "month", digits=False), claim=False)
    if (month := MONTHS[lang].get(word)) is None:
        return None
    with_number = "digits" in (stream.kind(index - 1), stream.kind(index + 1))
    with_number = with_number or (before in ("of", *ORDINAL_ENDINGS) and stream.kind(index - 2) == "digits")
    certain = word not in CALENDAR.ambiguous_months or before in CALENDAR.before_months
    claim = with_number or (certain and (len(word) > 3 or word in CALENDAR.short_months))
    return replace(_date_part(token, index, month, "month", digits=False), claim=claim)


def _weekday(word: str, lang: NumberLang) -> int:
    """The number of the weekday that a word begins with, from 1 for Monday; 0 for other words."""
    if word in CALENDAR.bare_sunday and lang == "de":
        return 7
    return next((number for day, number in WEEKDAY_BEGINNINGS[lang].items() if word.startswith(day)), 0)


def parse_date(token: Token, index: int, lang: NumberLang) -> list[Quantity]:
    """Return day, month and year of a date in digits; in the English 3/4/2024 either number may be the day."""
    parts = [int(p) for p in re.findall(r"\d+", token.text)]
    year: list[int] = parts[2:]
    day, month = parts[:2]
    if token.kind == "iso":
        year, month, day = parts[:1], parts[1], parts[2]
    both = {day, month} if lang == "en" and token.kind == "date" else set()
    made = [
        _date_part(token, index, day, "day", alternatives=both),
        _date_part(token, index, month, "month", alternatives=both),
    ]
    return made + [
        _date_part(token, index, y, "year", alternatives={1900 + y, 2000 + y} if y < 100 else set()) for y in year
    ]


def _date_part(
    token: Token,
    index: int,
    value: int,
    kind: QuantityKind,
    *,
    alternatives: set[int] | None = None,
    digits: bool = True,
) -> Quantity:
    readings = frozenset(Decimal(v) for v in alternatives or ())
    return Quantity(
        Decimal(value), token.text, token.start, token.end, index, index, kind, alternatives=readings, digits=digits
    )  # fmt: skip


def parse_clock(token: Token, index: int, stream: TokenStream) -> Quantity:
    """Return a time in digits."""
    hours, minutes = (int(p) for p in re.findall(r"\d+", token.text))
    return time_of_day(hours * 60 + minutes, token, index, stream)


def time_of_day(minutes: int, token: Token, index: int, stream: TokenStream) -> Quantity:
    """Return the time of day at a token together with the mark behind it.

    Without such a mark, an English time, and a German one before noon, may be in either half of the day.
    """
    own = CLOCK_MARK[stream.lang].match(stream.text, token.end)
    mark = own or RANGE_MARK.match(stream.text, token.end)
    half = mark.group(1) if mark else None
    alternatives = frozenset[Decimal]()
    end = own.end() if own else token.end
    if own and stream.lang == "de" and minutes % 60 == 0:
        past, end = _minutes_past(stream.text, end)
        minutes += past
    if half is None and minutes < NOON:
        half = "a" if BEFORE_NOON[stream.lang].match(stream.text, end) else half
        half = "p" if AFTER_NOON[stream.lang].match(stream.text, end) else half
    if half:
        minutes = minutes % NOON + (NOON if half.lower() == "p" else 0)
    elif minutes < NOON + 60 and not _on_24_hours(stream, token, end):
        alternatives = frozenset({Decimal((minutes + NOON) % DAY_MINUTES)})
    return Quantity(
        Decimal(minutes % DAY_MINUTES), stream.text[token.start : end], token.start, end, index, index, "time",
        alternatives=alternatives, digits=token.kind != "word",
    )  # fmt: skip


def _minutes_past(text: str, end: int) -> tuple[int, int]:
    """The minutes behind the hour, as in "20 Uhr 15", and the end of the time in the text."""
    found = AFTER_HOUR.match(text, end)
    said = found.group(1) if found else ""
    past = int(said) if said.isdecimal() else german_cardinal(said) or 0
    return (past, found.end()) if found and 5 <= past < 60 else (0, end)


def _on_24_hours(stream: TokenStream, token: Token, end: int) -> bool:
    """Whether a time counts 24 hours: German digits, unless an evening or a night is mentioned beside it."""
    around = stream.text[max(0, token.start - 20) : end + 20]
    return stream.lang == "de" and token.kind != "word" and not EVENING.search(around)


def resolve_days_and_years(found: list[Quantity], stream: TokenStream) -> list[Quantity]:
    """Turn numbers beside a month into its days, whose unit is the month, and plain numbers into years."""
    months = {q.first: q for q in found if q.kind == "month" and not q.digits}
    made = [_day_or_year(q, stream, months) for q in found]
    for i, step in [*((i, 1) for i in range(len(made) - 2, -1, -1)), *((i, -1) for i in range(1, len(made)))]:
        q, day = made[i], made[i + step]
        first, second = (q, day) if step == 1 else (day, q)
        between = stream.tokens[first.last + 1 : second.first]
        if day.kind == "day" and day.unit and _may_be_day(q) and all(t.word in CALENDAR.between_days for t in between):
            made[i] = replace(q, kind="day", unit=day.unit)
    return made


def _may_be_day(q: Quantity) -> bool:
    return (
        q.kind == "number"
        and q.digits
        and q.claim
        and not q.unit
        and q.text.isdecimal()
        and q.value <= MAX_DAY_OF_MONTH
    )


def _day_or_year(q: Quantity, stream: TokenStream, months: dict[int, Quantity]) -> Quantity:
    if q.kind != "number" or not q.claim or q.unit or q.value != int(q.value):
        return q
    ending = stream.word(q.last + 1) in ORDINAL_ENDINGS
    after = q.last + 1 + ending
    after += stream.word(after) == "of"
    month = months.get(after) or (months.get(q.first - 1) if stream.lang == "en" else None)
    if q.value <= MAX_DAY_OF_MONTH and month is not None:
        return replace(q, kind="day", unit=f"month {month.value}")
    if q.digits and MIN_YEAR <= q.value <= MAX_YEAR and q.text.isdecimal():
        return replace(q, kind="year")
    return q
