"""What follows a number and belongs to it: scales ("Milliarden"), units and currencies."""

from dataclasses import replace
from decimal import Decimal

from models.checks.quantities import units
from models.checks.quantities.numerals import SCALES
from models.checks.quantities.tokens import Quantity, Reading

ORDINAL_ENDINGS = ("st", "nd", "rd", "th")
# Between two numbers of which the second's unit is the first's too: "5 bis 10 Euro".
CONNECTORS = ("bis", "und", "oder", "to", "and", "or", "auf", "von", "from")
# A number from here on has its own scale: in "2019 und 5 Millionen" the year is no 2,019 million.
OWN_SCALE = 1000


def scaled(value: Decimal, reading: Reading, index: int) -> tuple[Decimal, int]:
    """The value times the scale words from `index` on, and the next token."""
    while reading.kind(index) == "word" and reading.joined(index):
        token = reading.stream[index]
        # One letter is a scale only right behind the digits: "5m", not "5 m".
        if len(token.text) == 1 and token.start != reading.stream[index - 1].end:
            break
        power = SCALES[reading.lang].get(token.word)
        if power is None and token.word not in ("dozen", "dutzend"):
            break
        value *= 12 if power is None else Decimal(10) ** power
        index += 1
    return value, index


def money_before(reading: Reading, index: int) -> str:
    """The currency that stands right before a token: "$5", "EUR 5"."""
    if not reading.joined(index) or reading.kind(index - 1) not in ("sign", "word"):
        return ""
    spaced = reading.stream[index - 1].end < reading.stream[index].start
    if (
        spaced
        and index > 1
        and (reading.kind(index - 2) == "digits" or reading.word(index - 2) in SCALES[reading.lang])
    ):
        # "9,6 Mrd. $ 2012": the sign is the other number's.
        return ""
    token = reading.stream[index - 1]
    name, _ = units.unit([token.word], reading.lang)
    sign = token.kind == "sign" or token.text.isupper() or token.text == "Euro"
    return name if name in units.MONEY and sign else ""


def amount(
    value: Decimal, reading: Reading, index: int, follow: int, *, claim: bool, also: frozenset[Decimal] = frozenset(),
    digits: bool = False, unit: str = "",
) -> Quantity:  # fmt: skip
    """The quantity made of the tokens from `index` to `follow`, with the unit beside it."""
    last = reading.stream[follow - 1]
    start = reading.stream[index].start
    return Quantity(
        value, reading.text[start : last.end], start, last.end, index, follow - 1,
        unit=unit or money_before(reading, index) or _unit_after(value, reading, follow), claim=claim, also=also,
        factor=Decimal(10) ** SCALES[reading.lang].get(last.word, 0), digits=digits,
    )  # fmt: skip


def _unit_after(value: Decimal, reading: Reading, at: int) -> str:
    """The unit that begins at a token: "half an hour", "5th minute", "20 million US dollars", "millions of euros"."""
    scale = at and reading.word(at - 1) in SCALES[reading.lang]
    if (value < 1 and reading.word(at) in ("a", "an")) or (scale and reading.word(at) == "of"):
        at += 1
    if reading.word(at) in ORDINAL_ENDINGS and not reading.gap(at):
        at += 1
    at += _of_a_country(reading, at)
    words: list[str] = []
    while at < len(reading.stream) and len(words) < units.LONGEST:
        # "75. Minute", but "26. L. Rehberg" is no litre.
        if not (
            reading.joined(at) or (reading.gap(at) == "." and (reading.kind(at) == "sign" or len(reading.word(at)) > 2))
        ):
            break
        words.append(reading.word(at))
        at += 1
    return units.unit(words, reading.lang)[0]


def _of_a_country(reading: Reading, at: int) -> bool:
    """Whether a word says of which country the currency behind it is: "Czech crowns", "schwedische Kronen"."""
    if reading.kind(at) != "word" or reading.word(at + 1) in units.NO_CURRENCY:
        return False
    named = reading.stream[at].text[0].isupper() or reading.word(at).endswith(("ische", "ischen", "ischer"))
    return named and units.unit([reading.word(at + 1)], reading.lang)[0] in units.MONEY


def spread(found: list[Quantity], reading: Reading) -> list[Quantity]:
    """Give a number without a unit or a scale that of the number it is joined to: "5 bis 10 Millionen", "5-10 km"."""
    found = list(found)
    for i in range(len(found) - 2, -1, -1):
        q, after = found[i], found[i + 1]
        if q.sort != "number" or after.sort != "number" or not q.claim or not (after.unit or after.factor > 1):
            continue
        between = reading.stream[q.last + 1 : after.first]
        beside = not between and reading.text[q.end : after.start].strip() in ("-", "–", ",", "/")
        if beside or (len(between) == 1 and between[0].word in CONNECTORS):
            thousand = 1000 if beside and after.digits and after.value >= OWN_SCALE > q.value else 1
            scale = after.factor if after.factor > 1 else thousand
            also = q.also | {q.value * scale} if q.factor == 1 and q.value < OWN_SCALE else q.also
            found[i] = replace(q, unit=q.unit or after.unit, also=also)
    return found
