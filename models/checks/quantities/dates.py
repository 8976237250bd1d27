"""Dates and times of day as quantities: day, month, year and weekday apart, since the two languages order them
differently; a time as minutes since midnight."""

import re
from dataclasses import replace
from decimal import Decimal

from models.checks.quantities.amounts import ORDINAL_ENDINGS
from models.checks.quantities.numerals import NumberLang, german_cardinal, word_set
from models.checks.quantities.tokens import CLOCK_SUFFIX, Quantity, QuantityKind, Token, TokenStream

MONTHS: dict[NumberLang, re.Pattern[str]] = {
    "de": re.compile(
        r"(jan(?:uar)?|jän(?:ner)?|jänners|januars)|(feb(?:ruar)?s?|feber)|(märz|mär)|(aprils?|apr)|(mai)|(junis?|jun)"
        r"|(julis?|jul)|(august|aug|augusts)|(sept?|septembers?)|(okt|oktobers?)|(nov|novembers?)|(dez|dezembers?)"
    ),
    "en": re.compile(
        r"(jan(?:uary)?)|(feb(?:ruary)?)|(mar(?:ch)?)|(apr(?:il)?)|(may)|(june?)|(july?)|(aug(?:ust)?)"
        r"|(sept?|september)|(oct(?:ober)?)|(nov(?:ember)?)|(dec(?:ember)?)"
    ),
}
# "Augustwochenende" supports August, but claims nothing.
MONTH_COMPOUND = re.compile(
    r"(?:(januar)|(februar)|(märz)|(april)|(maiwoch|maifeier)|(juni)|(juli)|(august)|(september)|(oktober)|(november)"
    r"|(dezember))(?=\w\w\w)"
)
WEEKDAYS: dict[NumberLang, re.Pattern[str]] = {
    "de": re.compile(
        r"(mont[aä]g)|(dienst[aä]g)|(mittwoch)|(donnerst[aä]g)|(freit[aä]g)|(samst[aä]g|sonnabend)|(sonn(?:t[aä]g|\Z))"
    ),
    "en": re.compile(r"(monday)|(tuesday)|(wednesday)|(thursday)|(friday)|(saturday)|(sunday)"),
}
# "In der Nacht zum Mittwoch" is Tuesday night as well as early on Wednesday.
NIGHT_BEFORE = re.compile(r"[Nn]acht\w{0,30} (?:zum|zu|auf|auf den|vom \w{1,30} (?:zum|auf)) \Z")
# Palmsonntag, Karfreitag: support the day, but claim nothing.
WEEKDAY_COMPOUND = re.compile(r"(?:(montag)|(dienstag)|(mittwoch)|(donnerstag)|(freitag)|(samstag)|(sonntag))\Z")
# Months that are also words or names of people: claimed only beside a number or after such a word.
AMBIGUOUS_MONTHS = frozenset({"may", "march", "mar", "jan", "dec", "dez", "mai", "august", "june", "sep", "nov", "jun"})
WORDS_BEFORE_MONTHS = word_set(
    """
    in im of since seit ab bis ende anfang mitte early late mid by until from last next this to end through during
    vom zum beginning middle between zwischen and und der des letzten vergangenen kommenden dieses nächsten till
    start before after vor nach the die every jeden jedes each
    """
)
DAY_MINUTES = 1440
NOON = 720
MAX_DAY_OF_MONTH = 31
CLOCK_MARK: dict[NumberLang, re.Pattern[str]] = {
    "de": re.compile(rf"[\s\u00a0–-]{{0,8}}(?:([ap])\.\s?m\b|(?:{CLOCK_SUFFIX['de']}))", re.IGNORECASE),
    "en": re.compile(rf"[\s\u00a0–-]{{0,8}}(?:([ap])\.?\s?m\b|(?:{CLOCK_SUFFIX['en']}))", re.IGNORECASE),
}
# "Um 8 Uhr morgens", "at 8 in the evening": which half of the day.
BEFORE_NOON: dict[NumberLang, re.Pattern[str]] = {
    "de": re.compile(r"\s(?:morgens|vormittags|früh|in der Früh|am (?:frühen )?(?:Morgen|Vormittag))\b"),
    "en": re.compile(r"\sin the (?:early )?morning\b"),
}
AFTER_NOON: dict[NumberLang, re.Pattern[str]] = {
    "de": re.compile(r"\s(?:abends|nachmittags|am (?:späten |frühen )?(?:Abend|Nachmittag))\b"),
    "en": re.compile(r"\sin the (?:late |early )?(?:evening|afternoon)\b"),
}
EVENING = re.compile(r"abend|nacht|(?<!vor)mittag", re.IGNORECASE)
# "20 Uhr 15", "sechs Uhr dreißig", but not "ab 20 Uhr 15 Gäste".
AFTER_HOUR = re.compile(r"\s(\d\d|[a-zäöüß]{1,40})\b(?![.,:]\d|\s?[A-ZÄÖÜ%€$])")
RANGE_MARK = re.compile(r"[-–](?:[01]?\d|2[0-4])(?:[.:][0-5]\d)?\s{0,8}(?:([ap])\.?\s?m\b)", re.IGNORECASE)
# Between two days of one month: "vom 2. bis zum 5. Oktober", "October 2 and 5".
WORDS_BETWEEN_DAYS = frozenset({"bis", "zum", "und", "to", "and", "or", "oder", "until", "den", "dem", "the", "am"})


def calendar_word(stream: TokenStream, index: int) -> Quantity | None:
    """A month or a weekday."""
    token, lang = stream.tokens[index], stream.lang
    word, before = token.word, stream.word(index - 1)
    if match := WEEKDAYS[lang].match(word):
        day = match.lastindex or 0
        eve = {(day - 2) % 7 + 1} if NIGHT_BEFORE.search(stream.text, max(0, token.start - 25), token.start) else None
        return _date_part(token, index, day, "weekday", alternatives=eve, digits=False)
    if lang == "de" and (match := WEEKDAY_COMPOUND.search(word)):
        return replace(_date_part(token, index, match.lastindex or 0, "weekday", digits=False), claim=False)
    if not token.text[0].isupper():
        return None
    if lang == "de" and (match := MONTH_COMPOUND.match(word)):
        return replace(_date_part(token, index, match.lastindex or 0, "month", digits=False), claim=False)
    if (match := MONTHS[lang].fullmatch(word)) is None:
        return None
    beside = "digits" in (stream.kind(index - 1), stream.kind(index + 1))
    beside = beside or (before in ("of", *ORDINAL_ENDINGS) and stream.kind(index - 2) == "digits")
    sure = beside or (
        (word not in AMBIGUOUS_MONTHS or before in WORDS_BEFORE_MONTHS) and (len(word) > 3 or word in SHORT_MONTHS)
    )
    return replace(_date_part(token, index, match.lastindex or 0, "month", digits=False), claim=sure)


# Names of months that are no abbreviations, short as they are.
SHORT_MONTHS = ("may", "mai")


def parse_date(token: Token, index: int, lang: NumberLang) -> list[Quantity]:
    """Day, month and year of a date in digits; of 3/4/2024 in English either number may be the day."""
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
    """A time in digits; without a.m. or p.m. an English time, and a German one before noon, may be either."""
    hours, minutes = (int(p) for p in re.findall(r"\d+", token.text))
    return time_of_day(hours * 60 + minutes, token, index, stream)


def time_of_day(minutes: int, token: Token, index: int, stream: TokenStream) -> Quantity:
    """The time of day that a token gives, with the mark that follows it."""
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
    """The minutes that stand behind the hour, "20 Uhr 15", and where the time ends."""
    found = AFTER_HOUR.match(text, end)
    said = found.group(1) if found else ""
    past = int(said) if said.isdecimal() else german_cardinal(said) or 0
    return (past, found.end()) if found and 5 <= past < 60 else (0, end)


def _on_24_hours(stream: TokenStream, token: Token, end: int) -> bool:
    """Whether a time is past noon only if it says so: German digits, unless an evening or a night stands by."""
    beside = stream.text[max(0, token.start - 20) : end + 20]
    return stream.lang == "de" and token.kind != "word" and not EVENING.search(beside)


def resolve_days_and_years(found: list[Quantity], stream: TokenStream) -> list[Quantity]:
    """Numbers beside a month are days of it (the month is their unit), plain numbers from 1000 to 2100 years."""
    months = {q.first: q for q in found if q.kind == "month" and not q.digits}
    made = [_day_or_year(q, stream, months) for q in found]
    for i, step in [*((i, 1) for i in range(len(made) - 2, -1, -1)), *((i, -1) for i in range(1, len(made)))]:
        q, day = made[i], made[i + step]
        first, second = (q, day) if step == 1 else (day, q)
        between = stream.tokens[first.last + 1 : second.first]
        if day.kind == "day" and day.unit and _may_be_day(q) and all(t.word in WORDS_BETWEEN_DAYS for t in between):
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
    if q.digits and 1000 <= q.value <= 2100 and q.text.isdecimal():
        return replace(q, kind="year")
    return q
