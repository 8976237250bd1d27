"""Numbers in German and English text as values, so that 1.234,5 and 1,234.5, or Mrd. and billion, are equal.

A number in digits, or a number word before a scale ("six billion"), is a claim that must be found again on the
other side. Other number words, months and fractions only support such claims: "zwei" supports "2", but a
text is not doubted for saying "eine".
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

NumberLang = Literal["de", "en"]


@dataclass(frozen=True, slots=True)
class Number:
    """A value and where it stands; `claim` says that the other side must have it too."""

    value: Decimal
    text: str
    start: int
    end: int
    claim: bool


SCALES: dict[NumberLang, dict[str, int]] = {
    "de": {
        "tausend": 3, "tsd": 3, "million": 6, "millionen": 6, "mio": 6, "mill": 6,
        "milliarde": 9, "milliarden": 9, "mrd": 9, "billion": 12, "billionen": 12, "bio": 12, "billiarden": 15,
    },
    "en": {
        "thousand": 3, "k": 3, "million": 6, "millions": 6, "mn": 6, "m": 6,
        "billion": 9, "billions": 9, "bn": 9, "trillion": 12, "trillions": 12, "tn": 12, "quadrillion": 15,
    },
}  # fmt: skip
UNITS_DE = ["null", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"]
UNITS_EN = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS_EN = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
MONTHS: dict[NumberLang, list[str]] = {
    "de": ["jan", "feb", "mär", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez"],
    "en": ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
}
MONTH: dict[NumberLang, re.Pattern[str]] = {
    "de": re.compile(
        r"(?:jän(?:ner)?|jan(?:uar)?|feb(?:ruar)?|feber|märz|mär|april?|mai|juni?|juli?|aug(?:ust)?|sep(?:t|tember)?"
        r"|okt(?:ober)?|nov(?:ember)?|dez(?:ember)?)"
    ),
    "en": re.compile(
        r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|april?|may|june?|july?|aug(?:ust)?|sep(?:t|tember)?|oct(?:ober)?"
        r"|nov(?:ember)?|dec(?:ember)?)"
    ),
}
# Words that stand for a value without being a cardinal.
SPECIAL: dict[NumberLang, dict[str, str]] = {
    "de": {
        "dutzend": "12", "anderthalb": "1.5", "eineinhalb": "1.5", "zweieinhalb": "2.5", "dreieinhalb": "3.5",
        "viereinhalb": "4.5", "halb": "0.5", "hälfte": "0.5", "beide": "2", "beiden": "2", "doppelt": "2",
        "dritte": "3", "dritten": "3", "erste": "1", "ersten": "1", "siebte": "7", "siebten": "7",
    },
    "en": {
        "dozen": "12", "half": "0.5", "both": "2", "double": "2", "twice": "2", "first": "1", "second": "2",
        "third": "3", "fifth": "5", "eighth": "8", "ninth": "9", "twelfth": "12", "twentieth": "20", "score": "20",
    },
}  # fmt: skip

DIGITS: dict[NumberLang, str] = {
    # The last decimal point but one is English style in German text: "Tinder 2.0".
    "de": r"\d{1,3}(?:[.’' ]\d{3})+(?!\d)(?:,\d+)?|\d+,\d+|\d{1,3}\.\d{1,2}(?![\d.])|\d+",
    "en": r"\d{1,3}(?:[, ]\d{3})+(?!\d)(?:\.\d+)?|\d+\.\d+|\d+",
}
TOKEN: dict[NumberLang, re.Pattern[str]] = {
    lang: re.compile(
        r"(?P<iso>(?<![\d-])\d{4}-\d\d-\d\d(?![\d-]))"
        r"|(?P<date>(?<![\d.,/])\d{1,2}(?P<sep>[./])\d{1,2}(?P=sep)(?:\d{4}|\d\d)?(?!\d))"
        r"|(?P<time>(?<![\d.:])\d{1,2}[.:]\d\d(?=\s*(?:Uhr|h\b|[ap]\.?m\b)))"
        rf"|(?P<digits>(?<![^\W_])(?:{DIGITS[lang]}))"
        r"|(?P<word>[^\W\d_]+(?:-[^\W\d_]+)*)"
    )
    for lang in ("de", "en")
}
AFTER_NOON = re.compile(r"\s*p\.?m\b", re.IGNORECASE)
CLOCK = re.compile(r"\s*(?:Uhr|o’clock|o'clock|[ap]\.?m\b)", re.IGNORECASE)
DECADE = re.compile(r"er(?:n|s)?\b|s\b")
ENGLISH_DECIMAL = re.compile(r"\d{1,3}\.\d{1,2}")
FOLLOWING = re.compile(r"[\s-]*([^\W\d_]+)")


def numbers(text: str, lang: NumberLang) -> list[Number]:
    """Every number of the text, in order."""
    found: list[Number] = []
    position = 0
    while match := TOKEN[lang].search(text, position):
        position = match.end()
        kind = match.lastgroup if match.lastgroup != "sep" else "date"
        if kind == "word":
            number, position = _from_word(match, text, lang)
            if number:
                found.append(number)
        elif kind == "digits":
            number, position = _from_digits(match, text, lang)
            found.append(number)
        else:
            found += _parts(match, text)
    return found


def values(text: str, lang: NumberLang) -> frozenset[Decimal]:
    """All values that the text supports: its numbers, hours on the other clock, decades ("70er" is 1970s)."""
    supported: set[Decimal] = set()
    for number in numbers(text, lang):
        supported.add(number.value)
        if CLOCK.match(text, number.end) and number.value <= 24:
            supported.add((number.value + 12) % 24)
        if DECADE.match(text, number.end) and number.value < 100:
            supported.add(number.value + 1900)
    return frozenset(supported)


def _parts(match: re.Match[str], text: str) -> list[Number]:
    """A date or a time as its parts; a year of two digits also stands for the long year."""
    whole = match.group()
    parts = [Decimal(p) for p in re.findall(r"\d+", whole)]
    if AFTER_NOON.match(text, match.end()) and parts[0] < 12:
        parts[0] += 12
    found = [Number(p, whole, match.start(), match.end(), claim=True) for p in parts]
    if len(parts) == 3 and parts[2] < 100:
        century = 1900 if parts[2] > 60 else 2000
        found.append(Number(parts[2] + century, whole, match.start(), match.end(), claim=False))
    return found


def _from_digits(match: re.Match[str], text: str, lang: NumberLang) -> tuple[Number, int]:
    digits = match.group("digits")
    plain = digits.replace(" ", "")
    if lang == "en":
        plain = plain.replace(",", "")
    elif not ENGLISH_DECIMAL.fullmatch(plain):
        plain = re.sub(r"[.’']", "", plain).replace(",", ".")
    value, end = _scaled(Decimal(plain), match.end(), text, lang)
    if lang == "en" and value < 12 and AFTER_NOON.match(text, end):
        value += 12
    return Number(value, text[match.start() : end], match.start(), end, claim=True), end


def _from_word(match: re.Match[str], text: str, lang: NumberLang) -> tuple[Number | None, int]:
    word = match.group().lower()
    value = word_value(word, lang)
    if value is None:
        return None, match.end()
    scaled, end = _scaled(value, match.end(), text, lang)
    return Number(scaled, text[match.start() : end], match.start(), end, claim=scaled > 10 * value), end


def _scaled(value: Decimal, end: int, text: str, lang: NumberLang) -> tuple[Decimal, int]:
    """The value times the scale words that follow it, and where they end."""
    while following := FOLLOWING.match(text, end):
        word = following.group(1).lower()
        power = SCALES[lang].get(word)
        # One letter is a scale only right behind the digits: "5m", not "5 m".
        if power is None or (len(word) == 1 and following.start(1) != end):
            break
        value, end = value * 10**power, following.end()
    return value, end


@lru_cache(maxsize=4096)
def word_value(word: str, lang: NumberLang) -> Decimal | None:
    """The value of one lower-case word, or None: cardinals, some ordinals, fractions, months."""
    if word in SPECIAL[lang]:
        return Decimal(SPECIAL[lang][word])
    if MONTH[lang].fullmatch(word):
        stem = "jan" if word.startswith("jän") else word[:3]
        return Decimal(MONTHS[lang].index(stem) + 1)
    value = _german(word) if lang == "de" else _english(word)
    return None if value is None else Decimal(value)


def _german(word: str) -> int | None:
    """A German cardinal or ordinal written as one word: "zweihundertfünfundzwanzig" is 225."""
    for big, factor in (("tausend", 1000), ("hundert", 100)):
        if big in word:
            head, tail = word.split(big, 1)
            tail = tail.removeprefix("und")
            times = _german(head) if head else 1
            rest = 0 if tail in ("", "e", "en", "ste", "sten") else _german(tail)
            return None if times is None or rest is None else times * factor + rest
    if word in ("eins", "eine", "einen", "einem", "einer", "eines"):
        return 1
    for ending in ("", "te", "ten", "ter", "tes", "ste", "sten", "ster", "stes"):
        stem = word.removesuffix(ending) if ending else word
        if (stem != word or not ending) and (value := _german_below_hundred(stem)) is not None:
            return value
    return None


def _german_below_hundred(word: str) -> int | None:
    if word in UNITS_DE:
        return UNITS_DE.index(word)
    short = {"sech": 6, "sieb": 7}
    if word.endswith("zehn"):
        head = word.removesuffix("zehn")
        unit = short.get(head) or (UNITS_DE.index(head) if head in UNITS_DE[3:10] else None)
        return None if unit is None else 10 + unit
    tens = {"zwanzig": 20, "dreißig": 30, "dreissig": 30, "vierzig": 40, "fünfzig": 50}
    tens |= {"sechzig": 60, "siebzig": 70, "achtzig": 80, "neunzig": 90}
    for name, value in tens.items():
        if word == name:
            return value
        head = word.removesuffix("und" + name)
        if head != word and head in UNITS_DE[1:10]:
            return value + UNITS_DE.index(head)
    return None


def _english(word: str) -> int | None:
    """An English cardinal or regular ordinal of one word, hyphens allowed: "forty-second" is 42."""
    if word in ("hundred", "hundreds"):
        return 100
    if word in ("thousand", "thousands"):
        return 1000
    head, _, tail = word.partition("-")
    for stem in (head, head.removesuffix("th"), head.removesuffix("ieth") + "y"):
        if stem in UNITS_EN and not tail:
            return UNITS_EN.index(stem)
        if stem in TENS_EN:
            unit = 0 if not tail else word_value(tail, "en")
            return None if unit is None or unit >= 10 else 20 + 10 * TENS_EN.index(stem) + int(unit)
    return None
