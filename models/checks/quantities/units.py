"""Units and currencies by one name in both languages, and when 550 metres are 1,800 feet.

Translators convert units for their readers, so two values in different units of one dimension agree when they are the
same quantity within a tenth, since both are rounded; temperatures within two degrees. `units.tsv` has the units.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from models.checks.data import DataError, tsv_rows
from models.checks.quantities.numeral_data import NumberLang

_FILE = "units.tsv"
# A name of a unit has at most this many words: "kilometers per hour".
MAX_UNIT_WORDS = 3
CONVERSION_TOLERANCE = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class _Unit:
    """A line of `units.tsv`.

    The forms of a name are in small letters and have spaces between them; "per-cent" stands for two words. `size` is
    how much of the base of its dimension one unit is. `ambiguous` forms are far more often another word: "he won".
    """

    name: str
    kind: Literal["unit", "currency"]
    german: frozenset[str] = frozenset()
    english: frozenset[str] = frozenset()
    dimension: str = ""
    size: Decimal = Decimal(0)
    ambiguous: frozenset[str] = frozenset()


def _forms(units: tuple[_Unit, ...], lang: NumberLang) -> dict[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {}
    for unit in units:
        for form in unit.german if lang == "de" else unit.english:
            words = tuple(form.split("-"))
            if words in found or len(words) > MAX_UNIT_WORDS:
                raise DataError(f"{_FILE}, {unit.name}: {form!r} stands there twice or has too many words.")
            found[words] = unit.name
    return found


_UNITS = tsv_rows("models.checks.quantities", _FILE, _Unit)
CURRENCY_NAMES = frozenset(unit.name for unit in _UNITS if unit.kind == "currency")
AMBIGUOUS_CURRENCIES = frozenset(form for unit in _UNITS for form in unit.ambiguous)
UNIT_FORMS: dict[NumberLang, dict[tuple[str, ...], str]] = {lang: _forms(_UNITS, lang) for lang in ("de", "en")}
# The dimension and the size of each unit that can be converted.
UNIT_SIZE = {unit.name: (unit.dimension, unit.size) for unit in _UNITS if unit.size}
UNIT_SIZES = {
    dimension: {unit.name: unit.size for unit in _UNITS if unit.dimension == dimension}
    for dimension in dict.fromkeys(unit.dimension for unit in _UNITS if unit.size)
}


def match_unit(words: list[str], lang: NumberLang) -> tuple[str, int]:
    """The unit that lower-case words begin with, and how many words it takes; "" and 0 where there is none."""
    for length in range(min(MAX_UNIT_WORDS, len(words)), 0, -1):
        if name := UNIT_FORMS[lang].get(tuple(words[:length])):
            return name, length
    return "", 0


def compatible(one: str, other: str) -> bool:
    """Whether two units may be the same: equal, or one is not named."""
    return one == other or not one or not other


def same_dimension(one: str, other: str) -> bool:
    """Whether two units measure the same: kilometres and feet."""
    return one in UNIT_SIZE and other in UNIT_SIZE and UNIT_SIZE[one][0] == UNIT_SIZE[other][0]


def equal_after_conversion(value: Decimal, one: str, other_value: Decimal, other: str) -> bool:
    """Whether two values are the same quantity in different units, or the same temperature on different scales."""
    if one == other == "degree":
        return any(abs(a * 9 / 5 + 32 - b) <= 2 for a, b in ((value, other_value), (other_value, value)))
    here, there = UNIT_SIZE.get(one), UNIT_SIZE.get(other)
    if here is None or there is None or here[0] != there[0] or one == other:
        return False
    first, second = value * here[1], other_value * there[1]
    return value != other_value and abs(first - second) <= CONVERSION_TOLERANCE * max(first, second)
