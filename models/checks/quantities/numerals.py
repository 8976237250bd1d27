"""Read a single word as a number: "zweihundertfünfzig", "anderthalb", "Drittel", "dozen".

How several words make one number ("two hundred and fifty") is in `number_words.py`.
"""

import re
from decimal import Decimal
from functools import lru_cache

from models.checks.quantities.numeral_data import (
    DECADES,
    INFLECTIONS,
    IRREGULAR,
    SCALES,
    SUFFIXES,
    TENS_DE,
    TENS_EN,
    UNITS_DE,
    UNITS_EN,
    NumberLang,
    Numeral,
)

ONE_THIRD = Decimal(1) / 3
# A longer word is never read as a number: German number words of this length stand for millions.
MAX_NUMERAL_LETTERS = 80
# "Mittdreißiger", "Endfünfzigerinnen".
AGE_GROUP = re.compile(r"\A(?:mitt|end)?(\w+er)(?:in|innen)\Z|\A(?:mitt|end)(\w+)\Z")
# The rest of "zweitgrößte", "drittbesten".
SUPERLATIVE_END = re.compile(r"(?:[^aeiou]|gröβ|größ)(?:s?te[nmrs]?|st)\Z")


def numeral(word: str, lang: NumberLang) -> Numeral | None:
    """Return the number that a word in lower case stands for, or None."""
    return _numeral(word, lang) if len(word) <= MAX_NUMERAL_LETTERS else None


@lru_cache(maxsize=8192)
def _numeral(word: str, lang: NumberLang) -> Numeral | None:
    word = word.replace("β", "ß")
    if word in IRREGULAR[lang]:
        return IRREGULAR[lang][word]
    if word in SCALES[lang]:
        return Numeral(Decimal(10) ** SCALES[lang][word], "scale")
    if (decade := DECADES[lang].get(AGE_GROUP.sub(r"\1\2", word))) is not None:
        return Numeral(Decimal(decade), "decade")
    return _german(word) if lang == "de" else _english(word)


def _german(word: str) -> Numeral | None:
    if (number := _cardinal_or_half(word)) is not None:
        return Numeral(number, "cardinal")
    for inflection in INFLECTIONS:
        stem = word.removesuffix(inflection) if inflection else word
        if inflection and stem == word:
            continue
        # "Sechst-" and "zwanzigst-".
        value = german_cardinal(stem[:-1]) or german_cardinal(stem[:-1].removesuffix("s"))
        if stem.endswith("t") and value is not None and value > 1:
            return Numeral(Decimal(value), "ordinal")
        for suffix in SUFFIXES:
            ending = suffix.ending
            if stem.endswith(ending) and (number := _cardinal_or_half(stem[: -len(ending)])) is not None:
                return Numeral(number * suffix.factor, suffix.kind, suffix.unit)
    if word.startswith("ver") and "fach" in word and (value := german_cardinal(word[3:].partition("fach")[0])):
        return Numeral(Decimal(value), "multiple")
    if word.endswith(("stel", "steln", "tel", "teln")):
        stem = word.rstrip("n").removesuffix("tel").removesuffix("s")
        if value := german_cardinal(stem):
            return Numeral(Decimal(1) / value, "fraction")
    return _number_prefix(word)


def _cardinal_or_half(word: str) -> Decimal | None:
    """The value of a German cardinal, also with a half: "zwölf", "zweieinhalb", "anderthalb"."""
    if word in ("anderthalb", "anderthalbe"):
        return Decimal("1.5")
    half = word.endswith("einhalb")
    value = german_cardinal(word[:-7].removesuffix("und") if half else word)
    return None if value is None else value + (Decimal("0.5") if half else Decimal(0))


def _number_prefix(word: str) -> Numeral | None:
    """The number at the beginning of a longer German word: "Achtmeterbrett", "zweitgrößte"."""
    for part, size in (("zweidrittel", 2 * ONE_THIRD), ("dreiviertel", Decimal("0.75"))):
        if word.startswith(part):
            return Numeral(size, "prefix")
    if (value := german_cardinal(word.removesuffix("n").removesuffix("e"))) is not None:
        return Numeral(Decimal(value), "prefix")
    for scale, value in (("milliarden", 10**9), ("millionen", 10**6), ("tausend", 1000), ("hundert", 100)):
        head, found, _ = word.partition(scale)
        if found and (not head or value >= 10**6):
            return Numeral(Decimal(value * (german_cardinal(head) or 1)), "prefix")
    for length in range(min(len(word) - 2, 14), 2, -1):
        head = word[:length]
        value = german_cardinal(head)
        if value is None and head.endswith("t"):
            value = {"erst": 1, "dritt": 3, "siebt": 7, "acht": 8}.get(head) or german_cardinal(head[:-1])
            if value and SUPERLATIVE_END.search(word[length:]):
                return Numeral(Decimal(value), "ordinal")
        if value:
            return Numeral(Decimal(value), "prefix")
    return None


def german_cardinal(word: str) -> int | None:
    """Return the value of a German cardinal in one word: "zweihundertfünfundzwanzig" is 225."""
    return _german_cardinal(word) if len(word) <= MAX_NUMERAL_LETTERS else None


@lru_cache(maxsize=8192)
def _german_cardinal(word: str) -> int | None:
    for big, factor in (("tausend", 1000), ("hundert", 100)):
        if big in word:
            head, tail = word.split(big, 1)
            times = german_cardinal(head) if head else 1
            rest = german_cardinal(tail.removeprefix("und")) if tail else 0
            return None if times is None or rest is None else times * factor + rest
    if word in UNITS_DE:
        return UNITS_DE.index(word)
    if word.endswith("zehn"):
        head = {"sech": "sechs", "sieb": "sieben"}.get(word[:-4], word[:-4])
        return 10 + UNITS_DE.index(head) if head in UNITS_DE[3:10] else None
    for name, value in TENS_DE.items():
        if word.endswith(name):
            head = word.removesuffix(name).removesuffix("und")
            if not head:
                return value if word == name else None
            return value + UNITS_DE.index(head) if head in UNITS_DE[1:10] and "und" in word[len(head) :] else None
    return None


def _english(word: str) -> Numeral | None:
    """An English word without a hyphen: a cardinal below a hundred, an ordinal, a fraction, a multiple."""
    if (value := _english_cardinal(word)) is not None:
        return Numeral(Decimal(value), "cardinal")
    for ending, kind in (("th", "ordinal"), ("ths", "fraction"), ("fold", "multiple")):
        stem = word.removesuffix(ending)
        if stem == word:
            continue
        stem = stem.removesuffix("ie") + "y" if stem.endswith("ie") else stem
        value = {"hundred": 100, "thousand": 1000, "eigh": 8, "nin": 9}.get(stem) or _english_cardinal(stem)
        if value:
            return Numeral(Decimal(1) / value if kind == "fraction" else Decimal(value), kind)  # type: ignore[arg-type]
    return None


def _english_cardinal(word: str) -> int | None:
    if word in UNITS_EN:
        return UNITS_EN.index(word)
    return TENS_EN.get(word)
