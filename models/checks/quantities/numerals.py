"""Words that stand for a number, in German and English: "zweihundertfünfzig", "anderthalb", "Drittel", "dozen".

A word is read alone here; how several make one number ("two hundred and fifty") is for `numbers`.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

NumberLang = Literal["de", "en"]
NumeralKind = Literal["cardinal", "ordinal", "fraction", "multiple", "scale", "decade", "prefix"]


@dataclass(frozen=True, slots=True)
class Numeral:
    """The value of one word and what sort of word it is; `unit` where the word holds one too ("achtjährig").

    `prefix` is a number at the beginning of a longer word: "Achtmeterbrett", "zweitgrößte".
    """

    value: Decimal
    kind: NumeralKind
    unit: str = ""


SCALES: dict[NumberLang, dict[str, int]] = {
    "de": {
        "tausend": 3, "tausende": 3, "tausenden": 3, "tsd": 3, "million": 6, "millionen": 6, "mio": 6, "mill": 6,
        "milliarde": 9, "milliarden": 9, "mrd": 9, "mia": 9, "billion": 12, "billionen": 12, "bio": 12,
        "billiarde": 15, "billiarden": 15,
    },
    "en": {
        "hundred": 2, "hundreds": 2, "thousand": 3, "thousands": 3, "k": 3, "million": 6, "millions": 6, "mn": 6,
        "mln": 6, "m": 6, "billion": 9, "billions": 9, "bn": 9, "b": 9, "trillion": 12, "trillions": 12, "tn": 12,
        "trn": 12, "quadrillion": 15, "lakh": 5, "lakhs": 5, "crore": 7, "crores": 7,
    },
}  # fmt: skip
UNITS_DE = ["null", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"]
TENS_DE = {
    "zwanzig": 20, "dreißig": 30, "dreissig": 30, "vierzig": 40, "fünfzig": 50, "sechzig": 60, "siebzig": 70,
    "achtzig": 80, "neunzig": 90,
}  # fmt: skip
UNITS_EN = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
TENS_EN = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
ONE_THIRD = Decimal(1) / 3
# A longer word is never read as a number: German number words of this length stand for millions.
MAX_NUMERAL_LETTERS = 80


def word_set(text: str) -> frozenset[str]:
    """The words of a text, as a set to look up in."""
    return frozenset(text.split())


def _table(rows: str) -> dict[str, Numeral]:
    """`words: value sort` rows, and a unit behind some, as a table."""
    found: dict[str, Numeral] = {}
    for row in rows.strip().splitlines():
        words, what = row.split(":")
        value, kind, *unit = what.split()
        over = value.split("/")
        number = Decimal(over[0]) / Decimal(over[1]) if len(over) > 1 else Decimal(value)
        found |= {word: Numeral(number, kind, *unit) for word in words.split()}  # type: ignore[arg-type]
    return found


IRREGULAR: dict[NumberLang, dict[str, Numeral]] = {
    "de": _table(
        """
        dutzend dutzende dutzenden: 12 scale
        hundert hunderte hunderten hunderter: 100 cardinal
        halb halbe halben halber halbes hälfte hälften: 1/2 fraction
        halbjahr halbjahre halbjahren halbjahres: 1/2 fraction
        drittel dritteln: 1/3 fraction
        viertelstunde viertelstunden: 1/4 prefix hour
        dreiviertelstunde: 3/4 prefix hour
        viertelmillion: 250000 prefix
        dreiviertelmillion: 750000 prefix
        viertelmilliarde: 250000000 prefix
        dreiviertelmilliarde: 750000000 prefix
        viertel vierteln quartal quartale quartalen quartals: 1/4 fraction
        vierteljahr vierteljahre vierteljahren vierteljahres: 1/4 fraction year
        dreivierteljahr: 3/4 fraction year
        dreiviertel: 3/4 fraction
        zehntel zehnteln zehntelsekunde zehntelsekunden: 1/10 fraction
        hundertstel hundertsteln hundertstelsekunde hundertstelsekunden: 1/100 fraction
        tausendstel tausendsteln: 1/1000 fraction
        beide beiden beider beides paar paare doppelt doppelte doppelten doppelter doppeltes doppel duo: 2 multiple
        verdoppelt verdoppeln verdoppelte verdoppelten verdoppelung verdopplung zweifel zwilling zwillinge: 2 multiple
        verdreifacht verdreifachen verdreifachte verdreifachten verdreifachung: 3 multiple
        dreifach dreifache dreifacher: 3 multiple
        trio trios: 3 prefix
        quartett quartette quartetts: 4 prefix
        vervierfacht vervierfachen vervierfachte vervierfachten: 4 multiple
        halbiert halbieren halbierte halbierten halbierung: 1/2 multiple
        erste erster ersten erstes erstem erstmals: 1 ordinal
        dritte dritter dritten drittes drittem dritt: 3 ordinal
        siebte siebter siebten siebtes siebtem: 7 ordinal
        achte achter achten achtes achtem: 8 ordinal
        eins eine einen einem einer eines einmal einzige einzigen: 1 prefix
        jahrzehnt jahrzehnts dekade: 10 prefix
        achtelfinale: 16 prefix
        viertelfinale: 8 prefix
        halbfinale: 4 prefix
        millionär millionäre: 1000000 prefix
        milliardär milliardäre: 1000000000 prefix
        """
    ),
    "en": _table(
        """
        dozen dozens: 12 scale
        nil: 0 cardinal
        half halves semi: 1/2 fraction
        quarter quarters quarterly: 1/4 fraction
        thirds: 1/3 fraction
        tenths: 1/10 fraction
        both pair pairs couple couples double doubled doubles doubling twice twins twin duo dual two-fold: 2 multiple
        triple tripled triples tripling thrice trebled treble: 3 multiple
        trio trios hat-trick: 3 prefix
        quadruple quadrupled quadrupling: 4 multiple
        quintuple quintupled quintupling: 5 multiple
        quartet quartets: 4 prefix
        halve halved halving: 1/2 multiple
        first once single sole only firstly: 1 ordinal
        second secondly: 2 ordinal
        third: 3 ordinal
        fifth: 5 ordinal
        fifths: 1/5 fraction
        eighth: 8 ordinal
        ninth: 9 ordinal
        twelfth: 12 ordinal
        quarterfinal quarterfinals: 8 prefix
        semifinal semifinals: 4 prefix
        millionaire millionaires: 1000000 prefix
        billionaire billionaires: 1000000000 prefix
        a an: 1 prefix
        decade: 10 prefix
        tens: 10 prefix
        fortnight: 14 prefix
        """
    ),
}
DECADE_WORDS: dict[NumberLang, dict[str, int]] = {
    "de": {
        f"{word}er{end}": n
        for word, n in [("null", 0), *TENS_DE.items()]
        for end in ("", "n", "jahre", "jahren")
        if n or end.startswith("jahr")
    },
    "en": {word[:-1] + "ies": 10 * n for n, word in enumerate(TENS_EN, 2)},
}
# "Mittdreißiger", "Endfünfzigerinnen".
AGE_GROUP = re.compile(r"\A(?:mitt|end)?(\w+er)(?:in|innen)\Z|\A(?:mitt|end)(\w+)\Z")
# What German hangs on to a number: "achtjähriger", "zweimal", "dreifache", "fünftel", "vierköpfig".
NUMERAL_SUFFIXES: tuple[tuple[str, NumeralKind, str], ...] = (
    ("jährig", "cardinal", "year"), ("monatig", "cardinal", "month"), ("wöchig", "cardinal", "week"),
    ("tägig", "cardinal", "day"), ("stündig", "cardinal", "hour"), ("minütig", "cardinal", "minute"),
    *((ending, "cardinal", "") for ending in (
        "stellig", "teilig", "köpfig", "stöckig", "geschossig", "dimensional", "seitig", "gliedrig", "spurig", "türig",
        "stufig", "sitzig", "zeilig",
    )),
    ("mal", "multiple", ""), ("malig", "multiple", ""), ("fach", "multiple", ""),
    ("tausender", "prefix", "m"), ("er", "prefix", ""), ("ern", "prefix", ""),
)  # fmt: skip
# The rest of "zweitgrößte", "drittbesten".
SUPERLATIVE_END = re.compile(r"(?:[^aeiou]|gröβ|größ)(?:s?te[nmrs]?|st)\Z")
INFLECTIONS = ("", "e", "en", "er", "es", "em", "n", "s")


def numeral(word: str, lang: NumberLang) -> Numeral | None:
    """Return the number that a lower-case word stands for, or None."""
    return _numeral(word, lang) if len(word) <= MAX_NUMERAL_LETTERS else None


@lru_cache(maxsize=8192)
def _numeral(word: str, lang: NumberLang) -> Numeral | None:
    word = word.replace("β", "ß")
    if word in IRREGULAR[lang]:
        return IRREGULAR[lang][word]
    if word in SCALES[lang]:
        return Numeral(Decimal(10) ** SCALES[lang][word], "scale")
    if (decade := DECADE_WORDS[lang].get(AGE_GROUP.sub(r"\1\2", word))) is not None:
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
        for ending, kind, unit in NUMERAL_SUFFIXES:
            if stem.endswith(ending) and (number := _cardinal_or_half(stem[: -len(ending)])) is not None:
                return Numeral(number * (1000 if ending == "tausender" else 1), kind, unit)
    if word.startswith("ver") and "fach" in word and (value := german_cardinal(word[3:].partition("fach")[0])):
        return Numeral(Decimal(value), "multiple")
    if word.endswith(("stel", "steln", "tel", "teln")):
        stem = word.rstrip("n").removesuffix("tel").removesuffix("s")
        if value := german_cardinal(stem):
            return Numeral(Decimal(1) / value, "fraction")
    return _number_prefix(word)


def _cardinal_or_half(word: str) -> Decimal | None:
    """A German cardinal, or one and a half: "zwölf", "zweieinhalb", "anderthalb"."""
    if word in ("anderthalb", "anderthalbe"):
        return Decimal("1.5")
    half = word.endswith("einhalb")
    value = german_cardinal(word[:-7].removesuffix("und") if half else word)
    return None if value is None else value + (Decimal("0.5") if half else Decimal(0))


def _number_prefix(word: str) -> Numeral | None:
    """The number that a longer German word begins with, which supports but never claims."""
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
    """An English word without a hyphen: a cardinal below hundred, an ordinal, a part, a multiple."""
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
    return 20 + 10 * TENS_EN.index(word) if word in TENS_EN else None
