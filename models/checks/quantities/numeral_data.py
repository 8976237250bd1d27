"""The words that stand for numbers, read from `numerals.toml`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from models.checks.data import DataError, read_toml, row, rows

NumberLang = Literal["de", "en"]
NumeralKind = Literal["cardinal", "ordinal", "fraction", "multiple", "scale", "decade", "prefix"]

_FILE = "numerals.toml"
_TABLE = read_toml("models.checks.quantities", _FILE)


@dataclass(frozen=True, slots=True)
class Numeral:
    """The value of a word and the kind of number that it is; `numerals.toml` explains the kinds.

    `unit` is the unit that the word holds as well ("achtjährig").
    """

    value: Decimal
    kind: NumeralKind
    unit: str = ""


@dataclass(frozen=True, slots=True)
class NumeralSuffix:
    """An ending that makes a cardinal another kind of number: "achtjährig", "dreifach"."""

    ending: str
    kind: NumeralKind
    unit: str
    factor: Decimal


@dataclass(frozen=True, slots=True)
class NumberWords:
    """The lists below [words] in `numerals.toml`, where comments say what each holds."""

    vague: frozenset[str]
    abbreviated_scales: frozenset[str]
    articles: frozenset[str]
    english_fractions: frozenset[str]
    adverbs: frozenset[str]
    determiners: frozenset[str]
    quarters: frozenset[str]
    half_years: frozenset[str]
    range: frozenset[str]
    chemical_formulas: frozenset[str]
    slash_names: frozenset[str]


@dataclass(frozen=True, slots=True)
class _NumeralRow:
    words: frozenset[str]
    value: Decimal
    kind: NumeralKind = "cardinal"
    unit: str = ""


@dataclass(frozen=True, slots=True)
class _ScaleRow:
    words: frozenset[str]
    power: int


@dataclass(frozen=True, slots=True)
class _SuffixRow:
    words: str
    kind: NumeralKind
    unit: str = ""
    factor: Decimal = Decimal(1)


def _language(lang: NumberLang) -> tuple[str, Mapping[str, Any]]:
    table = _TABLE.get(lang)
    if not isinstance(table, Mapping):
        raise DataError(f"{_FILE}: there is no [{lang}].")
    return f"{_FILE}, {lang}", table


def _by_word(where: str, pairs: Iterable[tuple[frozenset[str], Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for words, value in pairs:
        if doubled := sorted(words & found.keys()):
            raise DataError(f"{where}: {', '.join(doubled)} stands in two rows.")
        found |= dict.fromkeys(words, value)
    return found


def _numerals(lang: NumberLang, key: str) -> dict[str, Numeral]:
    where, table = _language(lang)
    found = rows(where, table, key, _NumeralRow)
    return _by_word(f"{where}, {key}", ((r.words, Numeral(r.value, r.kind, r.unit)) for r in found))


def _scales(lang: NumberLang) -> dict[str, int]:
    where, table = _language(lang)
    return _by_word(f"{where}, scales", ((r.words, r.power) for r in rows(where, table, "scales", _ScaleRow)))


def _units(lang: NumberLang) -> list[str]:
    """The cardinals from 0, in order."""
    where, table = _language(lang)
    words = table.get("units")
    if not isinstance(words, str) or not words.split():
        raise DataError(f"{where}: units must be a text of words.")
    return words.split()


def _suffixes() -> tuple[NumeralSuffix, ...]:
    where, table = _language("de")
    found = rows(where, table, "suffixes", _SuffixRow)
    return tuple(NumeralSuffix(ending, r.kind, r.unit, r.factor) for r in found for ending in r.words.split())


UNITS_DE, UNITS_EN = _units("de"), _units("en")
TENS_DE = {word: int(tens.value) for word, tens in _numerals("de", "tens").items()}
TENS_EN = {word: int(tens.value) for word, tens in _numerals("en", "tens").items()}
# The power of ten of each word that multiplies the number before it.
SCALES: dict[NumberLang, dict[str, int]] = {"de": _scales("de"), "en": _scales("en")}
IRREGULAR: dict[NumberLang, dict[str, Numeral]] = {
    "de": _numerals("de", "irregular"),
    "en": _numerals("en", "irregular"),
}
SUFFIXES = _suffixes()
INFLECTIONS = ("", *str(_language("de")[1].get("inflections", "")).split())
WORDS = row(f"{_FILE}, words", _TABLE.get("words"), NumberWords)
VAGUE_SCALES: dict[str, Decimal] = _by_word(
    f"{_FILE}, vague_scale", ((r.words, r.value) for r in rows(_FILE, _TABLE, "vague_scale", _NumeralRow))
)
DECADES: dict[NumberLang, dict[str, int]] = {
    "de": {
        f"{word}er{end}": n
        for word, n in [(UNITS_DE[0], 0), *TENS_DE.items()]
        for end in ("", "n", "jahre", "jahren")
        if n or end.startswith("jahr")
    },
    "en": {word[:-1] + "ies": n for word, n in TENS_EN.items()},
}
