"""Read numbers in words, also those of several words: "two hundred and fifty", "eine halbe Million".

Claims are only the words that texts use exactly: cardinals and multiples from three on and those with a half ("two",
"both" and "hundred" are used loosely), scales without a number from a million on, and fractions with a number ("two
thirds", but not "a third").
"""

from dataclasses import replace
from decimal import Decimal

from models.checks.quantities import dates
from models.checks.quantities.amounts import MAX_SCALED, apply_scales, make_quantity
from models.checks.quantities.calendar_data import CALENDAR, CLOCK_MARK
from models.checks.quantities.numeral_data import SCALES, VAGUE_SCALES, WORDS, Numeral
from models.checks.quantities.numerals import numeral
from models.checks.quantities.tokens import Quantity, TokenStream, WordKind

ROMAN_NUMERALS = {
    tens + ones: 10 * ten + one
    for ten, tens in enumerate(("", "X", "XX", "XXX"))
    for one, ones in enumerate(("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"))
    if len(tens + ones) > 1
}  # fmt: skip
HALF = Decimal("0.5")
# Smaller numbers and scales in words are used too loosely to be claims.
MIN_CLAIMED_NUMBER = 3
MIN_CLAIMED_SCALE = 10**6


def parse_number_words(stream: TokenStream, index: int) -> tuple[list[Quantity], int]:
    """Return the quantity that begins at a word, if any, and the index of the next token to read."""
    token = stream.tokens[index]
    if (named := dates.calendar_word(stream, index)) is not None:
        return [named], index + 1
    if token.text in ROMAN_NUMERALS:
        return [_unclaimed(stream, index, Decimal(ROMAN_NUMERALS[token.text]))], index + 1
    if token.word in CALENDAR.noon or token.word in CALENDAR.midnight:
        minutes = Decimal(dates.NOON if token.word in CALENDAR.noon else 0)
        return [replace(_unclaimed(stream, index, minutes), kind="time", word_kind="noon")], index + 1
    if (time := _half_hour(stream, index + (token.word == "a"))) is not None:
        return time
    if token.word in VAGUE_SCALES and stream.word(index + 1) in ("of", "von") and stream.kind(index + 2) == "word":
        value, follow = apply_scales(VAGUE_SCALES[token.word], stream, index + 2)
        if follow > index + 2:
            made = replace(make_quantity(value, stream, index, follow, claim=False), word_kind="vague")
            # "Tens of thousands" are more than "thousands"; millions are used as loosely in either language.
            return [replace(made, factor=value) if value < MIN_CLAIMED_SCALE else made], follow
    first = None if token.word in WORDS.abbreviated_scales else numeral(token.word, stream.lang)
    if first is None:
        return [], index + 1
    if first.kind == "decade":
        alternatives = frozenset({first.value + 1900, first.value + 2000})
        return [
            replace(
                _unclaimed(stream, index, first.value), kind="decade", alternatives=alternatives, word_kind="decade"
            )
        ], index + 1
    return _number(stream, index, first)


def _unclaimed(stream: TokenStream, index: int, value: Decimal) -> Quantity:
    token = stream.tokens[index]
    return Quantity(value, token.text, token.start, token.end, index, index, claim=False)


def _number(stream: TokenStream, index: int, first: Numeral) -> tuple[list[Quantity], int]:
    token = stream.tokens[index]
    value, follow, kind = first.value, index + 1, str(first.kind)
    if stream.lang == "en":
        value, follow, kind = _english(stream, index)
    elif kind == "cardinal" or token.word in WORDS.articles:
        value, follow = apply_scales(value, stream, follow)
    alternatives = frozenset[Decimal]()
    is_fraction = kind == "fraction"
    fraction = _fraction_after(stream, follow, value) if kind in ("cardinal", "prefix") else None
    if fraction is not None:
        # A fifth may be the fifth, and three quarters may be nine months.
        alternatives = frozenset({value}) if stream.word(follow) in WORDS.quarters else frozenset()
        alternatives |= frozenset() if fraction.kind == "fraction" else frozenset({fraction.value})
        alternatives |= (
            frozenset({1 / fraction.value})
            if fraction.kind == "fraction" and value == 1 and fraction.value < HALF
            else frozenset()
        )
        value *= fraction.value if fraction.kind == "fraction" else 1 / fraction.value
        follow, kind, is_fraction = follow + 1, "fraction" if kind == "cardinal" else "prefix", True
    if is_fraction:
        whole, follow = _fraction_of_scale(stream, value, follow)
        # "A quarter of a million" is as definite as "half a million".
        kind, value = ("fraction" if whole != value else kind), whole
    if kind == "ordinal" and value:
        alternatives = frozenset({1 / value})
    if kind == "fraction" and token.word in WORDS.quarters:
        alternatives |= {Decimal(3)}
    if kind == "fraction" and token.word in WORDS.half_years:
        alternatives |= {Decimal(6)}
    if kind == "cardinal" and value <= 24 and CLOCK_MARK[stream.lang].match(stream.text, stream.tokens[follow - 1].end):
        hour = replace(stream.tokens[follow - 1], start=token.start)
        return [dates.time_of_day(int(value) * 60, hour, index, stream)], follow
    claim = _is_claim(value, kind, follow - index) and not _is_idiom(stream, index, follow)
    named = first.unit or (fraction.unit if fraction is not None else "")
    made = make_quantity(value, stream, index, follow, claim=claim, alternatives=alternatives, unit=named)
    made = replace(made, word_kind=_word_kind(stream, index, "fraction" if is_fraction else kind))
    if made.unit and [stream.word(follow + i) for i in range(1, 4)] == ["and", "a", "half"]:
        # "a year and a half"
        end = stream.tokens[follow + 3].end
        text = stream.text[made.start : end]
        return [replace(made, value=value + HALF, text=text, end=end, last=follow + 3, claim=True)], follow + 4
    # The hour of "half an hour" is not read again.
    follow += bool(is_fraction and made.unit and stream.word(follow) in ("a", "an"))
    # An article is not a 1 unless it counts: "eine Stunde".
    counts = made.unit or stream.word(follow) in ("bis", "auf", "to")
    return ([] if token.word in WORDS.articles and follow == index + 1 and not counts else [made]), follow


def _fraction_after(stream: TokenStream, index: int, value: Decimal) -> Numeral | None:
    """The fraction that a number counts: "zwei Drittel", "three quarters", "one fifth"."""
    if not stream.adjacent(index):
        return None
    fraction = numeral(stream.word(index), stream.lang)
    named = stream.lang == "en" and value == 1 and stream.word(index) in WORDS.english_fractions
    return fraction if fraction is not None and (fraction.kind == "fraction" or named) else None


def _fraction_of_scale(stream: TokenStream, value: Decimal, follow: int) -> tuple[Decimal, int]:
    """The fraction times the scale behind it: "half a million", "a quarter of a million", "eine halbe Milliarde"."""
    skip = follow + (stream.word(follow) == "of")
    skip += stream.word(skip) in ("a", "an")
    whole, after = apply_scales(value, stream, skip)
    return (whole, after) if whole != value else (value, follow)


def _is_claim(value: Decimal, kind: str, words: int) -> bool:
    if kind in ("cardinal", "multiple"):
        return (value >= MIN_CLAIMED_NUMBER and value != 100) or (value % 1 != 0 and value > 1)
    return (kind == "fraction" and words > 1) or (kind == "scale" and value >= MIN_CLAIMED_SCALE)


def _word_kind(stream: TokenStream, index: int, kind: str) -> WordKind:
    """How a word that claims nothing expresses its number: "first" is an ordinal only in "the first"."""
    word = stream.word(index)
    if word in WORDS.vague:
        return "vague"
    if word in WORDS.adverbs or (word == "first" and stream.word(index - 1) not in WORDS.determiners):
        return ""
    return kind if kind in ("ordinal", "multiple", "fraction") else ""  # type: ignore[return-value]


def _is_idiom(stream: TokenStream, index: int, follow: int) -> bool:
    """Whether a number is part of an idiom or a name: "gib acht auf", "the eleven", "top ten", "Drei-Länder-Eck"."""
    word, before, after = stream.word(index), stream.word(index - 1) if index else "", stream.word(follow)
    if stream.lang == "de" and stream.tokens[index].text[0].isupper() and after and stream.gap(follow) == "-":
        return True
    attention = word == "acht" and (
        after in ("auf", "dass", "darauf", "was") or before in ("außer", "auβer", "gib", "gebt")
    )
    team = stream.tokens[index].text == "Elf" or (word == "eleven" and before in ("the", "first", "starting", "best"))
    return attention or team or before == "top"


def _english(stream: TokenStream, index: int) -> tuple[Decimal, int, str]:
    """The number that begins at an English word, the index of the next token, and the kind of number."""
    total, current, kind, follow = Decimal(0), None, "", index
    while follow == index or stream.adjacent(follow):
        word = stream.word(follow)
        if word == "and" and follow > index and (current or total) and (current or 0) % 100 == 0:
            following = numeral(stream.word(follow + 1), "en")
            if following is None or following.kind != "cardinal" or stream.word(follow + 2) in SCALES["en"]:
                break
            follow += 1
            continue
        number = (
            None if word in WORDS.abbreviated_scales and (follow == index or len(word) == 1) else numeral(word, "en")
        )
        if number is None or (number.kind not in ("cardinal", "scale", "ordinal") and follow > index):
            break
        if number.kind == "cardinal":
            if current is not None and not _continues(current, number.value):
                break
            current, kind = (current or 0) + number.value, "cardinal"
        elif number.kind == "scale":
            if max(total, current or 0) * number.value >= MAX_SCALED:
                break
            total, current = _times(total, current, number.value)
            kind = "scale" if follow == index else "cardinal"
        elif number.kind == "ordinal" and follow > index:
            if not (current and current % 10 == 0 and number.value < current):
                break
            return total + current + number.value, follow + 1, "ordinal"
        else:
            current, kind = number.value, str(number.kind)
            following = numeral(stream.word(follow + 1), "en") if stream.adjacent(follow + 1) else None
            if kind != "prefix" or following is None or following.kind != "scale":
                follow += 1
                break
        follow += 1
    value = total + (current or 0)
    kind = "cardinal" if kind == "prefix" and follow > index + 1 else kind
    if kind == "cardinal" and [stream.word(follow + i) for i in range(3)] == ["and", "a", "half"]:
        value, follow = apply_scales(_and_a_half(value, total), stream, follow + 3)
    return value, follow, kind


def _continues(current: Decimal, value: Decimal) -> bool:
    """Whether a cardinal continues a number: "hundred twenty", "twenty-five", but not "five twenty"."""
    return bool(current % 100 == 0 and current and value < 100) or (
        current % 100 >= 20 and current % 10 == 0 and value < 10
    )


def _times(total: Decimal, current: Decimal | None, scale: Decimal) -> tuple[Decimal, Decimal | None]:
    """The number so far times a scale: "three thousand million" is 3 x 1000 x 10^6."""
    if scale == 100:
        return total, (1 if current is None else current) * scale
    if current is None and total:
        return total * scale, None
    return total + (1 if current is None else current) * scale, None


def _and_a_half(value: Decimal, scale: Decimal) -> Decimal:
    """The number with a half: of one in "two and a half", of a million in "a million and a half"."""
    return value + (scale / 2 if scale and value == scale and scale.as_tuple().digits.count(0) >= 3 else Decimal("0.5"))


def _half_hour(stream: TokenStream, index: int) -> tuple[list[Quantity], int] | None:
    """A time in words: "halb vier", "half past three", "Viertel vor acht", "quarter to eight"."""
    word, between = stream.word(index), stream.word(index + 1)
    if stream.lang == "de" and word == "halb":
        length, offset = 2, -30
    elif word in ("half", "quarter", "viertel") and between in ("past", "to", "nach", "vor"):
        length, offset = 3, (30 if word == "half" else 15) * (1 if between in ("past", "nach") else -1)
    else:
        return None
    hour = numeral(stream.word(index + length - 1), stream.lang)
    if hour is None or hour.kind != "cardinal" or hour.value > 24:
        return None
    token = replace(stream.tokens[index + length - 1], start=stream.tokens[index].start)
    return [dates.time_of_day(int(hour.value) * 60 + offset, token, index, stream)], index + length
