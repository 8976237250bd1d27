"""Join numbers with what belongs to them: scales ("Milliarden"), units and currencies."""

from dataclasses import replace
from decimal import Decimal

from models.checks.quantities import units
from models.checks.quantities.numeral_data import SCALES, WORDS
from models.checks.quantities.tokens import MAX_DIGITS, Quantity, TokenStream

ORDINAL_ENDINGS = ("st", "nd", "rd", "th")
# A number from here on does not share the scale of the next: in "2019 und 5 Millionen" the year is not 2,019 million.
MIN_NUMBER_WITH_OWN_SCALE = 1000
# Scale words are not applied beyond this: "million million million …".
MAX_SCALED = Decimal(10) ** MAX_DIGITS


def apply_scales(value: Decimal, stream: TokenStream, index: int) -> tuple[Decimal, int]:
    """Return the value times the scale words from `index` on, and the index of the next token."""
    while stream.kind(index) == "word" and stream.adjacent(index):
        token = stream.tokens[index]
        # One letter is a scale only right behind the digits: "5m", not "5 m".
        if len(token.text) == 1 and token.start != stream.tokens[index - 1].end:
            break
        power = SCALES[stream.lang].get(token.word)
        if power is None and token.word not in ("dozen", "dutzend"):
            break
        scale = Decimal(12) if power is None else Decimal(10) ** power
        if value * scale >= MAX_SCALED:
            break
        value *= scale
        index += 1
    return value, index


def currency_before(stream: TokenStream, index: int) -> str:
    """Return the currency right before a token, or "": "$5", "EUR 5"."""
    if not stream.adjacent(index) or stream.kind(index - 1) not in ("sign", "word"):
        return ""
    spaced = stream.tokens[index - 1].end < stream.tokens[index].start
    if spaced and index > 1 and (stream.kind(index - 2) == "digits" or stream.word(index - 2) in SCALES[stream.lang]):
        # "9,6 Mrd. $ 2012": the sign belongs to the number before it.
        return ""
    token = stream.tokens[index - 1]
    name, _ = units.match_unit([token.word], stream.lang)
    sign = token.kind == "sign" or token.text.isupper() or token.text == "Euro"
    return name if name in units.CURRENCY_NAMES and sign else ""


def make_quantity(
    value: Decimal, stream: TokenStream, index: int, follow: int, *, claim: bool,
    alternatives: frozenset[Decimal] = frozenset(),
    digits: bool = False, unit: str = "",
) -> Quantity:  # fmt: skip
    """Return the quantity made of the tokens from `index` up to `follow`, with the unit beside them."""
    last = stream.tokens[follow - 1]
    start = stream.tokens[index].start
    return Quantity(
        value, stream.text[start : last.end], start, last.end, index, follow - 1,
        unit=unit or currency_before(stream, index) or _unit_after(value, stream, follow), claim=claim,
        alternatives=alternatives,
        factor=Decimal(10) ** SCALES[stream.lang].get(last.word, 0), digits=digits,
    )  # fmt: skip


def _unit_after(value: Decimal, stream: TokenStream, at: int) -> str:
    """The unit that begins at a token: "half an hour", "5th minute", "20 million US dollars", "millions of euros"."""
    scale = at and stream.word(at - 1) in SCALES[stream.lang]
    if (value < 1 and stream.word(at) in ("a", "an")) or (scale and stream.word(at) == "of"):
        at += 1
    if stream.word(at) in ORDINAL_ENDINGS and not stream.gap(at):
        at += 1
    at += _is_country_of_currency(stream, at)
    words: list[str] = []
    while at < len(stream.tokens) and len(words) < units.MAX_UNIT_WORDS:
        # "75. Minute" has a unit, but the L in "26. L. Rehberg" is not a litre.
        if not (
            stream.adjacent(at) or (stream.gap(at) == "." and (stream.kind(at) == "sign" or len(stream.word(at)) > 2))
        ):
            break
        words.append(stream.word(at))
        at += 1
    return units.match_unit(words, stream.lang)[0]


def _is_country_of_currency(stream: TokenStream, at: int) -> bool:
    """Whether a word names the country of the currency behind it: "Czech crowns", "schwedische Kronen"."""
    if stream.kind(at) != "word" or stream.word(at + 1) in units.AMBIGUOUS_CURRENCIES:
        return False
    named = stream.tokens[at].text[0].isupper() or stream.word(at).endswith(("ische", "ischen", "ischer"))
    return named and units.match_unit([stream.word(at + 1)], stream.lang)[0] in units.CURRENCY_NAMES


def share_units(found: list[Quantity], stream: TokenStream) -> list[Quantity]:
    """Give a number the unit and scale of the next one if both form a range: "5 bis 10 Millionen", "5-10 km"."""
    found = list(found)
    for i in range(len(found) - 2, -1, -1):
        q, after = found[i], found[i + 1]
        if q.kind != "number" or after.kind != "number" or not q.claim or not (after.unit or after.factor > 1):
            continue
        between = stream.tokens[q.last + 1 : after.first]
        joined = not between and stream.text[q.end : after.start].strip() in ("-", "–", ",", "/")
        if joined or (len(between) == 1 and between[0].word in WORDS.range):
            thousand = 1000 if joined and after.digits and after.value >= MIN_NUMBER_WITH_OWN_SCALE > q.value else 1
            scale = after.factor if after.factor > 1 else thousand
            alternatives = (
                q.alternatives | {q.value * scale}
                if q.factor == 1 and q.value < MIN_NUMBER_WITH_OWN_SCALE
                else q.alternatives
            )
            found[i] = replace(q, unit=q.unit or after.unit, alternatives=alternatives)
    return found
