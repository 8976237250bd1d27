"""Numbers in German and English text as quantities, so that 1.234,5 and 1,234.5, or Mrd. and billion, are equal.

A number in digits is a claim that must be found again on the other side, and so are most number words; others only
support such claims: "zwei" supports "2", but a text is not doubted for saying "two".
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from models.checks.quantities import dates
from models.checks.quantities.amounts import amount, money_before, scaled, spread
from models.checks.quantities.number_words import phrase
from models.checks.quantities.numerals import NumberLang, numeral
from models.checks.quantities.tokens import Quantity, Reading, Token
from models.checks.quantities.units import unit

DECADE = re.compile(r"-?er(?:n|s)?\b|['’]?s\b|er[ -]Jahren?")
ENGLISH_DECIMAL = re.compile(r"\d{1,3}\.\d{1,2}")
FOREIGN_DECIMAL = re.compile(r"\d+,(?:\d\d?|\d{4,})")
FRACTIONS = {
    "½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75"), "⅓": Decimal(1) / 3, "⅔": Decimal(2) / 3,
    "⅛": Decimal("0.125"),
}  # fmt: skip
BEFORE_TIME = frozenset({"um", "gegen", "ab", "bis", "von", "zwischen", "seit", "nach", "vor", "circa", "etwa"})
NAME = re.compile(r"[A-Za-zÄÖÜ]\d|\d[A-Z]")
# Translated by a word as often as not: carbon; likewise COVID-19 is a word for the corona virus.
CHEMICAL = ("CO2",)
NAMES = ("9/11", "24/7")
LATEST_YEAR = 2100
# "1 1/2 Stunden", but not "am 3 11/12".
LARGEST_PART = 8


@lru_cache(maxsize=16_384)
def read(text: str, lang: NumberLang) -> tuple[tuple[Quantity, ...], tuple[Token, ...]]:
    """Every quantity of the text, in order: numbers, dates, times, each with its unit; and the tokens they count."""
    reading = Reading.of(text, lang)
    found: list[Quantity] = []
    index = 0
    while index < len(reading.stream):
        made, index = _at(reading, index)
        found += made
        while made and index < len(reading.stream) and reading.stream[index].start < made[-1].end:
            index += 1
    return tuple(spread(dates.with_days_and_years(found, reading), reading)), reading.stream


def quantities(text: str, lang: NumberLang) -> tuple[Quantity, ...]:
    """Every quantity of the text, in order."""
    return read(text, lang)[0]


def _at(reading: Reading, index: int) -> tuple[list[Quantity], int]:
    """The quantities that begin at a token, and the next token to look at."""
    token = reading.stream[index]
    match token.kind:
        case "word":
            return phrase(reading, index)
        case "digits":
            return _digits(reading, index)
        case "iso" | "date":
            return dates.date(token, index, reading.lang), index + 1
        case "clock":
            return [dates.clock(token, index, reading)], index + 1
        case "pair":
            return _pair(reading, index), index + 1
        case "over":
            return _over(token, index), index + 1
        case "code":
            return [_plain(token, index, Decimal(re.sub(r"\D", "", token.text)))], index + 1
        case "half":
            return [_plain(token, index, FRACTIONS[token.text])], index + 1
    return [], index + 1


def _plain(token: Token, index: int, value: Decimal, *, claim: bool = True) -> Quantity:
    return Quantity(value, token.text, token.start, token.end, index, index, claim=claim, digits=True)


def _two(token: Token, index: int, *, claim: bool) -> list[Quantity]:
    """The two numbers of 3:1 or 1/3, each at its own place."""
    return [
        Quantity(
            Decimal(m.group()), m.group(), token.start + m.start(), token.start + m.end(), index, index, claim=claim,
            digits=True,
        )
        for m in re.finditer(r"\d+", token.text)
    ]  # fmt: skip


def _over(token: Token, index: int) -> list[Quantity]:
    """1/3: two numbers, and what else it may be: a part, a month and a day."""
    first, second = _two(token, index, claim=token.text not in NAMES)
    part = first.value / second.value if second.value else first.value
    month = replace(_plain(token, index, first.value, claim=False), sort="month")
    made = [first, second, _plain(token, index, part, claim=False), month]
    if token.text == "9/11":
        made.append(replace(_plain(token, index, Decimal(2001), claim=False), sort="year"))
    return made


def _pair(reading: Reading, index: int) -> list[Quantity]:
    """3:1 is two numbers; 20:30 may also be a time, and is one in English or after "um"."""
    token = reading.stream[index]
    if not re.fullmatch(r"([01]?\d|2[0-4]):[0-5]\d", token.text):
        return _two(token, index, claim=True)
    said = token.text.endswith(":00") or (index > 0 and reading.word(index - 1) in BEFORE_TIME)
    score = reading.lang == "de" and not said
    time = replace(dates.clock(token, index, reading), claim=not score)
    return [*_two(token, index, claim=score), time]


def _digits(reading: Reading, index: int) -> tuple[list[Quantity], int]:
    token = reading.stream[index]
    value, whole = _value(token.text, reading.lang), token.text.isdecimal()
    if value <= 24 and value == int(value) and dates.MARK[reading.lang].match(reading.text, token.end):
        return [dates.at(int(value) * 60, token, index, reading)], index + 1
    if whole and (decade := _decade(reading, index, value)) is not None:
        return [decade], decade.last + 1
    also = _years(reading, index) if whole and len(token.text) == 2 else frozenset[Decimal]()
    amounted, follow = value, index + 1
    if not (whole and len(token.text) == 4 and value <= LATEST_YEAR):
        amounted, follow = scaled(value, reading, follow)
    if follow == index + 2 and reading.word(index + 1) in ("k", "m", "b"):
        # "4k" is a screen, "100m" metres, "802.11b" a standard, unless it is money.
        also |= {amounted, value}
        counted = money_before(reading, index) or unit([reading.word(index + 2)], reading.lang)[0]
        if reading.word(index + 1) != "k" and not counted:
            amounted, follow = value, index + 1
    if reading.kind(follow) == "half" and not reading.gap(follow):
        amounted, follow = amounted + FRACTIONS[reading.stream[follow].text], follow + 1
    if whole and follow == index + 1 and reading.kind(follow) == "over" and not reading.gap(follow):
        first, second = (int(part) for part in reading.stream[follow].text.split("/"))
        if first < second <= LARGEST_PART and reading.stream[index].end < reading.stream[follow].start:
            amounted, follow = amounted + Decimal(first) / second, follow + 1
    virus = reading.lang == "en" and value == 19 and index > 0 and reading.word(index - 1) == "covid"
    claim = not virus and reading.text[token.start - 2 : token.end] not in CHEMICAL
    made = amount(amounted, reading, index, follow, claim=claim, also=also, digits=True)
    return [replace(made, named=NAME.search(reading.text, max(0, token.start - 1), token.end + 1) is not None)], follow


def _value(digits: str, lang: NumberLang) -> Decimal:
    plain = re.sub(r"[\u00a0\u202f ]", "", digits)
    if lang == "en":
        # "0,4 %" and "17.280.000" are no English, but what else they mean is plain.
        plain = plain.replace(",", "." if FOREIGN_DECIMAL.fullmatch(plain) else "")
        plain = plain.replace(".", "") if plain.count(".") > 1 else plain
    elif not ENGLISH_DECIMAL.fullmatch(plain):
        plain = re.sub(r"[.’']", "", plain).replace(",", ".")
    return Decimal(plain)


def _decade(reading: Reading, index: int, value: Decimal) -> Quantity | None:
    """ "70er Jahre", "1990s", "'90s"."""
    token = reading.stream[index]
    mark = DECADE.match(reading.text, token.end)
    if mark is None or (value % 10 and reading.lang == "en"):
        return None
    long = {value + 1900, value + 2000} if value < 100 else {value}
    last = index + (index + 1 < len(reading.stream) and reading.stream[index + 1].start < mark.end())
    text = reading.text[token.start : mark.end()]
    return Quantity(
        value, text, token.start, mark.end(), index, last, "decade", also=frozenset(long), digits=True
    )  # fmt: skip


def _years(reading: Reading, index: int) -> frozenset[Decimal]:
    """The years that '90 or the end of 2018/19 may mean."""
    token = reading.stream[index]
    if reading.text[token.start - 1 : token.start] not in ("'", "’", "/", "-", "–"):
        return frozenset()
    value = int(token.text)
    before = reading.stream[index - 1].text[:2] if index and reading.stream[index - 1].text.isdecimal() else "19"
    return frozenset(Decimal(int(century) * 100 + value) for century in ("19", "20", before))


@dataclass(frozen=True, slots=True)
class Number:
    """A value and where it stands; `claim` says that the other side must have it too."""

    value: Decimal
    text: str
    start: int
    end: int
    claim: bool


def numbers(text: str, lang: NumberLang) -> list[Number]:
    """Every quantity of the text as a bare value, in order; only digits and large numbers are claims here."""
    return [
        Number(q.value, q.text, q.start, q.end, q.claim and (q.digits or q.value > 100)) for q in quantities(text, lang)
    ]


def values(text: str, lang: NumberLang) -> frozenset[Decimal]:
    """All values that the text supports."""
    return frozenset(v for q in quantities(text, lang) for v in q.readings)


def word_value(word: str, lang: NumberLang) -> Decimal | None:
    """The value of one lower-case word, or None."""
    found = numeral(word, lang)
    return None if found is None or found.sort == "inside" else found.value
