"""Find quantities by their values, so that each is compared only with the few that may be equal.

The time for a table of two thousand wrong figures must not grow with the square of its length. Every quantity is kept
under keys that follow from its value, and only quantities that share a key are compared.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Context, Decimal
from math import floor

from models.checks.quantities.equality import clock_notations, is_bare_scale, same_in_other_unit, same_value
from models.checks.quantities.tokens import MAX_DIGITS, Quantity
from models.checks.quantities.units import CONVERSION_TOLERANCE, UNIT_SIZE, UNIT_SIZES

Key = tuple[str, Decimal | int]

# Values that differ by less are the same: rounded fractions such as 2/3.
VALUE_PRECISION = Decimal("1e-9")
# Enough for the largest number that is calculated with and the digits behind its decimal sign.
_PRECISION = Context(prec=MAX_DIGITS + 10)
# Equal quantities are kept at most this often: further ones give the same results.
MAX_PER_VALUE = 20
# Two measures of the same quantity lie in the same step of this scale or in neighbouring ones; degrees in steps of 4.
LOG_STEP = -(1 - CONVERSION_TOLERANCE).ln()
DEGREE_STEP = 4
NEIGHBOUR_STEPS = (0, -1, 1)


class QuantityIndex:
    """Quantities under the keys by which equal ones are found, each with its place in their order."""

    def __init__(self, quantities: Iterable[Quantity]) -> None:
        self._at: dict[Key, list[tuple[int, Quantity]]] = defaultdict(list)
        kept: dict[object, int] = defaultdict(int)
        for place, q in enumerate(quantities):
            for key in _index_keys(q):
                value = None if key[0] == "scaled" else q.value
                alike = (key, value, q.unit, q.kind, q.word_kind, q.claim)
                kept[alike] += 1
                if kept[alike] <= MAX_PER_VALUE:
                    self._at[key].append((place, q))

    def candidates(self, q: Quantity) -> Iterator[Quantity]:
        """Return the quantities that may have the same value, and some others, in no order."""
        return (o for key in _value_keys(q) for _, o in self._at.get(key, ()))

    def equal_values(self, q: Quantity) -> list[tuple[int, Quantity]]:
        """Return the quantities that have the same value, with their places, in order."""
        return sorted({at: o for key in _value_keys(q) for at, o in self._at.get(key, ()) if same_value(q, o)}.items())

    def in_other_units(self, q: Quantity) -> Iterator[Quantity]:
        """Return the quantities that are the same in another unit."""
        return (o for key in _conversion_keys(q) for _, o in self._at.get(key, ()) if same_in_other_unit(q, o))

    def supports(self, q: Quantity) -> bool:
        """Whether one of the quantities is the same, in its unit or in another."""
        return any(same_value(q, o) for o in self.candidates(q)) or next(self.in_other_units(q), None) is not None


def _value_keys(q: Quantity) -> tuple[Key, ...]:
    """The keys of which two quantities share at least one if they have the same value."""
    values = set(q.possible_values)
    if q.unit == "percent":
        values.add(q.value / 100)
    elif q.unit == "century":
        values.add((q.value - 1) * 100)
    if q.kind == "time":
        values |= clock_notations(q)
    keys: list[Key] = [
        ("value", v if v == v.to_integral_value() else v.quantize(VALUE_PRECISION, context=_PRECISION)) for v in values
    ]
    if q.factor > 1:
        keys.append(("scale", q.factor))
        # Any number of millions supports a bare "millions".
        keys += [("scaled", q.factor)] if is_bare_scale(q) else []
    return tuple(keys)


def _index_keys(q: Quantity) -> tuple[Key, ...]:
    """The keys under which a quantity is kept: its values, its scale, and its size in its unit."""
    keys = [key for key in _value_keys(q) if key[0] == "value"]
    if q.factor > 1:
        keys.append(("scale" if is_bare_scale(q) else "scaled", q.factor))
    if q.unit == "degree":
        keys.append(("degree", floor(q.value / DEGREE_STEP)))
    elif q.unit in UNIT_SIZE and q.value > 0:
        keys.append((q.unit, _log_step(q.value * UNIT_SIZE[q.unit][1])))
    return tuple(keys)


def _conversion_keys(q: Quantity) -> Iterator[Key]:
    """The keys under which the same quantity may be kept in other units."""
    if q.unit == "degree":
        for there in (q.value * 9 / 5 + 32, (q.value - 32) * 5 / 9):
            yield from (("degree", floor(there / DEGREE_STEP) + step) for step in NEIGHBOUR_STEPS)
    elif q.unit in UNIT_SIZE and q.value > 0:
        dimension, size = UNIT_SIZE[q.unit]
        step = _log_step(q.value * size)
        others = (unit for unit in UNIT_SIZES[dimension] if unit != q.unit)
        yield from ((unit, step + neighbour) for unit in others for neighbour in NEIGHBOUR_STEPS)


def _log_step(size: Decimal) -> int:
    return floor(size.ln() / LOG_STEP)
