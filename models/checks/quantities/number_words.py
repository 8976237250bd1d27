"""Numbers written in words, and how several words make one: "two hundred and fifty", "eine halbe Million".

Which words are claims is a matter of trust: cardinals and multiples from three on ("two", "both", "hundred" are used
loosely) and those with a half, scales without a number from a million on, and parts with a number ("two thirds", but
not "a third").
"""

from dataclasses import replace
from decimal import Decimal

from models.checks.quantities import dates
from models.checks.quantities.amounts import amount, scaled
from models.checks.quantities.numerals import SCALES, Numeral, numeral
from models.checks.quantities.tokens import Quantity, Reading, Said

ROMAN = {
    tens + ones: 10 * ten + one
    for ten, tens in enumerate(("", "X", "XX", "XXX"))
    for one, ones in enumerate(("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"))
    if len(tens + ones) > 1
}  # fmt: skip
NOON = {"noon": 720, "midday": 720, "mittag": 720, "midnight": 0, "mitternacht": 0}
# "Hunderte von Millionen", "tens of thousands": supports, but is too loose to claim.
LOOSE = frozenset({"dozens", "hundreds", "thousands", "dutzende", "dutzenden"} | {many + n for many in (
    "hunderte", "tausende", "zehntausende", "hunderttausende") for n in ("", "n")})  # fmt: skip
MANY = {"tens": 10, "hundreds": 100, "thousands": 1000, "hunderte": 100, "hunderten": 100, "tausende": 1000}
# Scales only behind a number: "5k", but not "I'm", nor "bio".
ABBREVIATED = ("k", "m", "b", "mn", "bn", "tn", "mln", "trn", "mill", "mio", "bio", "mia", "mrd", "tsd")
ARTICLES = ("a", "an", "ein", "eine", "einen", "einem", "einer", "eines")
ENGLISH_PARTS = ("third", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
ADVERBS = ("once", "only", "single", "sole", "firstly", "secondly")
BEFORE_FIRST = ("the", "a", "every", "his", "her", "its", "their", "our", "my", "s", "this", "that")
FISCAL = ("quarters", "quarter", "quartal", "quartale", "quartalen", "quartals")
# Parts of a year, which may be told in months: "das erste Halbjahr", "the first half".
MONTHS = {"half": 6, "halbjahr": 6, "halbjahres": 6} | dict.fromkeys(FISCAL, 3)
HALF = Decimal("0.5")
LEAST_CLAIM = 3
LEAST_SCALE = 10**6


def phrase(reading: Reading, index: int) -> tuple[list[Quantity], int]:
    """The quantity that begins at a word, if any, and the next token to look at."""
    token = reading.stream[index]
    if (named := dates.calendar_word(reading, index)) is not None:
        return [named], index + 1
    if token.text in ROMAN:
        return [_support(reading, index, Decimal(ROMAN[token.text]))], index + 1
    if token.word in NOON:
        return [replace(_support(reading, index, Decimal(NOON[token.word])), sort="time", said="noon")], index + 1
    if (time := _half_hour(reading, index + (token.word == "a"))) is not None:
        return time
    if token.word in MANY and reading.word(index + 1) in ("of", "von") and reading.kind(index + 2) == "word":
        value, follow = scaled(Decimal(MANY[token.word]), reading, index + 2)
        if follow > index + 2:
            made = replace(amount(value, reading, index, follow, claim=False), said="many")
            # "Tens of thousands" are more than "thousands"; millions are told as loosely in either language.
            return [replace(made, factor=value) if value < LEAST_SCALE else made], follow
    first = None if token.word in ABBREVIATED else numeral(token.word, reading.lang)
    if first is None:
        return [], index + 1
    if first.sort == "decade":
        also = frozenset({first.value + 1900, first.value + 2000})
        return [replace(_support(reading, index, first.value), sort="decade", also=also, said="decade")], index + 1
    return _number(reading, index, first)


def _support(reading: Reading, index: int, value: Decimal) -> Quantity:
    token = reading.stream[index]
    return Quantity(value, token.text, token.start, token.end, index, index, claim=False)


def _number(reading: Reading, index: int, first: Numeral) -> tuple[list[Quantity], int]:
    token = reading.stream[index]
    value, follow, sort = first.value, index + 1, str(first.sort)
    if reading.lang == "en":
        value, follow, sort = _english(reading, index)
    elif sort == "cardinal" or token.word in ARTICLES:
        value, follow = scaled(value, reading, follow)
    also = frozenset[Decimal]()
    part_of = sort == "part"
    part = _part(reading, follow, value) if sort in ("cardinal", "inside") else None
    if part is not None:
        # A fifth may be the fifth, and three quarters may be nine months.
        also = frozenset({value}) if reading.word(follow) in FISCAL else frozenset()
        also |= frozenset() if part.sort == "part" else frozenset({part.value})
        also |= frozenset({1 / part.value}) if part.sort == "part" and value == 1 and part.value < HALF else frozenset()
        value *= part.value if part.sort == "part" else 1 / part.value
        follow, sort, part_of = follow + 1, "part" if sort == "cardinal" else "inside", True
    if part_of:
        whole, follow = _part_of(reading, value, follow)
        # "A quarter of a million" is as definite as "half a million".
        sort, value = ("part" if whole != value else sort), whole
    if sort == "ordinal" and value:
        also = frozenset({1 / value})
    if sort == "part" and token.word in MONTHS:
        also |= {Decimal(MONTHS[token.word])}
    if (
        sort == "cardinal"
        and value <= 24
        and dates.MARK[reading.lang].match(reading.text, reading.stream[follow - 1].end)
    ):
        hour = replace(reading.stream[follow - 1], start=token.start)
        return [dates.at(int(value) * 60, hour, index, reading)], follow
    claim = _claims(value, sort, follow - index) and not _idiom(reading, index, follow)
    named = first.unit or (part.unit if part is not None else "")
    made = amount(value, reading, index, follow, claim=claim, also=also, unit=named)
    made = replace(made, said=_said(reading, index, "part" if part_of else sort))
    if made.unit and [reading.word(follow + i) for i in range(1, 4)] == ["and", "a", "half"]:
        # "a year and a half"
        end = reading.stream[follow + 3].end
        text = reading.text[made.start : end]
        return [replace(made, value=value + HALF, text=text, end=end, last=follow + 3, claim=True)], follow + 4
    # "half an hour" is no hour more.
    follow += bool(part_of and made.unit and reading.word(follow) in ("a", "an"))
    # An article is no "1", unless it counts: "eine Stunde".
    counts = made.unit or reading.word(follow) in ("bis", "auf", "to")
    return ([] if token.word in ARTICLES and follow == index + 1 and not counts else [made]), follow


def _part(reading: Reading, index: int, value: Decimal) -> Numeral | None:
    """The part that a number counts: "zwei Drittel", "three quarters", "one fifth"."""
    if not reading.joined(index):
        return None
    part = numeral(reading.word(index), reading.lang)
    named = reading.lang == "en" and value == 1 and reading.word(index) in ENGLISH_PARTS
    return part if part is not None and (part.sort == "part" or named) else None


def _part_of(reading: Reading, value: Decimal, follow: int) -> tuple[Decimal, int]:
    """ "half a million", "a quarter of a million", "eine halbe Milliarde": the part times the scale."""
    skip = follow + (reading.word(follow) == "of")
    skip += reading.word(skip) in ("a", "an")
    whole, after = scaled(value, reading, skip)
    return (whole, after) if whole != value else (value, follow)


def _claims(value: Decimal, sort: str, words: int) -> bool:
    if sort in ("cardinal", "times"):
        return (value >= LEAST_CLAIM and value != 100) or (value % 1 != 0 and value > 1)
    return (sort == "part" and words > 1) or (sort == "scale" and value >= LEAST_SCALE)


def _said(reading: Reading, index: int, sort: str) -> Said:
    """How a word that is no claim says its number; "first" says one in "the first", not in "he first wanted"."""
    word = reading.word(index)
    if word in LOOSE:
        return "many"
    if word in ADVERBS or (word == "first" and reading.word(index - 1) not in BEFORE_FIRST):
        return ""
    return sort if sort in ("ordinal", "times", "part") else ""  # type: ignore[return-value]


def _idiom(reading: Reading, index: int, follow: int) -> bool:
    """ "gib acht auf", "Elf" and "the eleven" for a team, "top ten", the first half of a name: "Drei-Länder-Eck"."""
    word, before, after = reading.word(index), reading.word(index - 1) if index else "", reading.word(follow)
    if reading.lang == "de" and reading.stream[index].text[0].isupper() and after and reading.gap(follow) == "-":
        return True
    attention = word == "acht" and (
        after in ("auf", "dass", "darauf", "was") or before in ("außer", "auβer", "gib", "gebt")
    )
    team = reading.stream[index].text == "Elf" or (word == "eleven" and before in ("the", "first", "starting", "best"))
    return attention or team or before == "top"


def _english(reading: Reading, index: int) -> tuple[Decimal, int, str]:
    """The number that begins at an English word, the next token, and the sort of number it is."""
    total, current, sort, follow = Decimal(0), None, "", index
    while follow == index or reading.joined(follow):
        word = reading.word(follow)
        if word == "and" and follow > index and (current or total) and (current or 0) % 100 == 0:
            following = numeral(reading.word(follow + 1), "en")
            if following is None or following.sort != "cardinal" or reading.word(follow + 2) in SCALES["en"]:
                break
            follow += 1
            continue
        number = None if word in ABBREVIATED and (follow == index or len(word) == 1) else numeral(word, "en")
        if number is None or (number.sort not in ("cardinal", "scale", "ordinal") and follow > index):
            break
        if number.sort == "cardinal":
            if current is not None and not _continues(current, number.value):
                break
            current, sort = (current or 0) + number.value, "cardinal"
        elif number.sort == "scale":
            total, current = _times(total, current, number.value)
            sort = "scale" if follow == index else "cardinal"
        elif number.sort == "ordinal" and follow > index:
            if not (current and current % 10 == 0 and number.value < current):
                break
            return total + current + number.value, follow + 1, "ordinal"
        else:
            current, sort = number.value, str(number.sort)
            following = numeral(reading.word(follow + 1), "en") if reading.joined(follow + 1) else None
            if sort != "inside" or following is None or following.sort != "scale":
                follow += 1
                break
        follow += 1
    value = total + (current or 0)
    sort = "cardinal" if sort == "inside" and follow > index + 1 else sort
    if sort == "cardinal" and [reading.word(follow + i) for i in range(3)] == ["and", "a", "half"]:
        value, follow = scaled(_and_a_half(value, total), reading, follow + 3)
    return value, follow, sort


def _continues(current: Decimal, value: Decimal) -> bool:
    """Whether a cardinal goes on: "hundred twenty", "twenty-five", but not "five twenty"."""
    return bool(current % 100 == 0 and current and value < 100) or (
        current % 100 >= 20 and current % 10 == 0 and value < 10
    )


def _times(total: Decimal, current: Decimal | None, scale: Decimal) -> tuple[Decimal, Decimal | None]:
    """What was read so far times a scale: "three thousand million" is 3 x 1000 x 10^6."""
    if scale == 100:
        return total, (1 if current is None else current) * scale
    if current is None and total:
        return total * scale, None
    return total + (1 if current is None else current) * scale, None


def _and_a_half(value: Decimal, scale: Decimal) -> Decimal:
    """ "two and a half", and "a million and a half", whose half is of a million."""
    return value + (scale / 2 if scale and value == scale and scale.as_tuple().digits.count(0) >= 3 else Decimal("0.5"))


def _half_hour(reading: Reading, index: int) -> tuple[list[Quantity], int] | None:
    """ "halb vier", "half past three", "Viertel vor acht", "quarter to eight"."""
    word, between = reading.word(index), reading.word(index + 1)
    if reading.lang == "de" and word == "halb":
        length, offset = 2, -30
    elif word in ("half", "quarter", "viertel") and between in ("past", "to", "nach", "vor"):
        length, offset = 3, (30 if word == "half" else 15) * (1 if between in ("past", "nach") else -1)
    else:
        return None
    hour = numeral(reading.word(index + length - 1), reading.lang)
    if hour is None or hour.sort != "cardinal" or hour.value > 24:
        return None
    token = replace(reading.stream[index + length - 1], start=reading.stream[index].start)
    return [dates.at(int(hour.value) * 60 + offset, token, index, reading)], index + length
