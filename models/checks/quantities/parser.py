"""Find the quantities of a German or English text, so that 1.234,5 and 1,234.5, or Mrd. and billion, are equal.

A number in digits is a claim that the other text must support, and so are most number words. Other words only support
claims: "zwei" supports "2", but no text is flagged for saying "two".
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from models.checks.quantities import dates
from models.checks.quantities.amounts import apply_scales, currency_before, make_quantity, share_units
from models.checks.quantities.calendar_data import CALENDAR, CLOCK_MARK
from models.checks.quantities.lookup import QuantityIndex
from models.checks.quantities.number_words import parse_number_words
from models.checks.quantities.numeral_data import WORDS, NumberLang
from models.checks.quantities.tokens import MAX_DIGITS, Quantity, Token, TokenStream
from models.checks.quantities.units import match_unit

DECADE_SUFFIX = re.compile(r"-?er(?:n|s)?\b|['’]?s\b|er[ -]Jahren?")
ENGLISH_DECIMAL = re.compile(r"\d{1,3}\.\d{1,2}")
FOREIGN_DECIMAL = re.compile(r"\d{1,30},(?:\d\d?|\d{4,30})")
FRACTIONS = {
    "½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75"), "⅓": Decimal(1) / 3, "⅔": Decimal(2) / 3,
    "⅛": Decimal("0.125"),
}  # fmt: skip
LETTER_BESIDE_DIGIT = re.compile(r"[A-Za-zÄÖÜ]\d|\d[A-Z]")
# A fraction behind a number has at most this denominator: "1 1/2 Stunden", but not "am 3 11/12".
MAX_DENOMINATOR = 8


@dataclass(frozen=True)
class ParsedText:
    """A text with its tokens and its quantities, both in order."""

    text: str
    lang: NumberLang
    tokens: tuple[Token, ...]
    quantities: tuple[Quantity, ...]

    @cached_property
    def index(self) -> QuantityIndex:
        """The quantities by their values."""
        return QuantityIndex(self.quantities)

    @cached_property
    def words(self) -> frozenset[str]:
        """The tokens as they are written."""
        return frozenset(token.text for token in self.tokens)


def parse(text: str, lang: NumberLang) -> ParsedText:
    """Find the quantities of a text: numbers, dates and times, each with its unit."""
    stream = TokenStream.of(text, lang)
    found: list[Quantity] = []
    index = 0
    while index < len(stream.tokens):
        made, index = _parse_at(stream, index)
        found += made
        while made and index < len(stream.tokens) and stream.tokens[index].start < made[-1].end:
            index += 1
    found = share_units(dates.resolve_days_and_years(found, stream), stream)
    return ParsedText(text, lang, stream.tokens, tuple(found))


def quantities(text: str, lang: NumberLang) -> tuple[Quantity, ...]:
    """Return the quantities of a text, in order."""
    return parse(text, lang).quantities


def _parse_at(stream: TokenStream, index: int) -> tuple[list[Quantity], int]:
    """The quantities that begin at a token, and the index of the next token to read."""
    token = stream.tokens[index]
    match token.kind:
        case "word":
            return parse_number_words(stream, index)
        case "digits":
            return _parse_digits(stream, index)
        case "iso" | "date":
            return dates.parse_date(token, index, stream.lang), index + 1
        case "clock":
            return [dates.parse_clock(token, index, stream)], index + 1
        case "colon":
            return _parse_colon(stream, index), index + 1
        case "slash":
            return _parse_slash(token, index), index + 1
        case "code":
            return [_digit_string(token, index)], index + 1
        case "fraction":
            return [_digit_quantity(token, index, FRACTIONS[token.text])], index + 1
    return [], index + 1


def _digit_quantity(token: Token, index: int, value: Decimal, *, claim: bool = True) -> Quantity:
    return Quantity(value, token.text, token.start, token.end, index, index, claim=claim, digits=True)


def _digit_string(token: Token, index: int) -> Quantity:
    """A telephone number, a version, or a number too long to calculate with: its digits without what separates them."""
    digits = re.sub(r"\D", "", token.text)
    quantity = _digit_quantity(token, index, Decimal(digits))
    return replace(quantity, kind="code") if len(digits) > MAX_DIGITS else quantity


def _two_numbers(token: Token, index: int, *, claim: bool) -> list[Quantity]:
    """The two numbers of 3:1 or 1/3, each at its own place."""
    return [
        Quantity(
            Decimal(m.group()), m.group(), token.start + m.start(), token.start + m.end(), index, index, claim=claim,
            digits=True,
        )
        for m in re.finditer(r"\d+", token.text)
    ]  # fmt: skip


def _parse_slash(token: Token, index: int) -> list[Quantity]:
    """Two numbers such as 1/3, and what else they may be: a fraction, or a month and a day."""
    first, second = _two_numbers(token, index, claim=token.text not in WORDS.slash_names)
    part = first.value / second.value if second.value else first.value
    month = replace(_digit_quantity(token, index, first.value, claim=False), kind="month")
    made = [first, second, _digit_quantity(token, index, part, claim=False), month]
    if token.text == "9/11":
        made.append(replace(_digit_quantity(token, index, Decimal(2001), claim=False), kind="year"))
    return made


def _parse_colon(stream: TokenStream, index: int) -> list[Quantity]:
    """Two numbers such as 3:1; 20:30 may also be a time, and is one in English or after "um"."""
    token = stream.tokens[index]
    if not re.fullmatch(r"([01]?\d|2[0-4]):[0-5]\d", token.text):
        return _two_numbers(token, index, claim=True)
    is_time = token.text.endswith(":00") or (index > 0 and stream.word(index - 1) in CALENDAR.before_times)
    score = stream.lang == "de" and not is_time
    time = replace(dates.parse_clock(token, index, stream), claim=not score)
    return [*_two_numbers(token, index, claim=score), time]


def _parse_digits(stream: TokenStream, index: int) -> tuple[list[Quantity], int]:
    token = stream.tokens[index]
    if len(token.text) > MAX_DIGITS and sum(map(str.isdecimal, token.text)) > MAX_DIGITS:
        return [_digit_string(token, index)], index + 1
    value, whole = _decimal_value(token.text, stream.lang), token.text.isdecimal()
    if value <= 24 and value == int(value) and CLOCK_MARK[stream.lang].match(stream.text, token.end):
        return [dates.time_of_day(int(value) * 60, token, index, stream)], index + 1
    if whole and (decade := _parse_decade(stream, index, value)) is not None:
        return [decade], decade.last + 1
    alternatives = _possible_years(stream, index) if whole and len(token.text) == 2 else frozenset[Decimal]()
    scaled, follow = value, index + 1
    if not (whole and len(token.text) == 4 and value <= dates.MAX_YEAR):
        scaled, follow = apply_scales(value, stream, follow)
    if follow == index + 2 and stream.word(index + 1) in ("k", "m", "b"):
        # "4k" is a screen, "100m" metres, "802.11b" a standard, unless it is money.
        alternatives |= {scaled, value}
        counted = currency_before(stream, index) or match_unit([stream.word(index + 2)], stream.lang)[0]
        if stream.word(index + 1) != "k" and not counted:
            scaled, follow = value, index + 1
    if stream.kind(follow) == "fraction" and not stream.gap(follow):
        scaled, follow = scaled + FRACTIONS[stream.tokens[follow].text], follow + 1
    if whole and follow == index + 1 and stream.kind(follow) == "slash" and not stream.gap(follow):
        first, second = (int(part) for part in stream.tokens[follow].text.split("/"))
        if first < second <= MAX_DENOMINATOR and stream.tokens[index].end < stream.tokens[follow].start:
            scaled, follow = scaled + Decimal(first) / second, follow + 1
    virus = stream.lang == "en" and value == 19 and index > 0 and stream.word(index - 1) == "covid"
    claim = not virus and stream.text[token.start - 2 : token.end] not in WORDS.chemical_formulas
    made = make_quantity(scaled, stream, index, follow, claim=claim, alternatives=alternatives, digits=True)
    return [
        replace(
            made, in_name=LETTER_BESIDE_DIGIT.search(stream.text, max(0, token.start - 1), token.end + 1) is not None
        )
    ], follow


def _decimal_value(digits: str, lang: NumberLang) -> Decimal:
    plain = re.sub(r"[\u00a0\u202f ]", "", digits)
    if lang == "en":
        # "0,4 %" and "17.280.000" are not English, but their meaning is clear.
        plain = plain.replace(",", "." if FOREIGN_DECIMAL.fullmatch(plain) else "")
        plain = plain.replace(".", "") if plain.count(".") > 1 else plain
    elif not ENGLISH_DECIMAL.fullmatch(plain):
        plain = re.sub(r"[.’']", "", plain).replace(",", ".")
    return Decimal(plain)


def _parse_decade(stream: TokenStream, index: int, value: Decimal) -> Quantity | None:
    """A decade in digits, or None: "70er Jahre", "1990s", "'90s"."""
    token = stream.tokens[index]
    mark = DECADE_SUFFIX.match(stream.text, token.end)
    if mark is None or (value % 10 and stream.lang == "en"):
        return None
    long = {value + 1900, value + 2000} if value < 100 else {value}
    last = index + (index + 1 < len(stream.tokens) and stream.tokens[index + 1].start < mark.end())
    text = stream.text[token.start : mark.end()]
    return Quantity(
        value, text, token.start, mark.end(), index, last, "decade", alternatives=frozenset(long), digits=True
    )  # fmt: skip


def _possible_years(stream: TokenStream, index: int) -> frozenset[Decimal]:
    """The years that two digits may mean: '90, or the end of 2018/19."""
    token = stream.tokens[index]
    if stream.text[token.start - 1 : token.start] not in ("'", "’", "/", "-", "–"):
        return frozenset()
    value = int(token.text)
    before = stream.tokens[index - 1].text[:2] if index and stream.tokens[index - 1].text.isdecimal() else "19"
    return frozenset(Decimal(int(century) * 100 + value) for century in ("19", "20", before))


def values(text: str, lang: NumberLang) -> frozenset[Decimal]:
    """Return all values that a text supports."""
    return frozenset(v for q in quantities(text, lang) for v in q.possible_values)
