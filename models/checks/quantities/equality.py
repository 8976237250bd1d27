"""Decide whether two quantities may be the same value, in one unit or in two."""

from decimal import Decimal

from models.checks.quantities import units
from models.checks.quantities.tokens import Quantity

CALENDAR_KINDS = ("month", "weekday")


def same_value(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities may be the same value, whatever their units."""
    if "code" in (one.kind, other.kind):
        return one.kind == other.kind and one.value == other.value
    if one.kind != other.kind:
        if one.kind in CALENDAR_KINDS or other.kind in CALENDAR_KINDS:
            return False
        if "time" in (one.kind, other.kind):
            return _is_time(one, other) if one.kind == "time" else _is_time(other, one)
        if {one.kind, other.kind} == {"decade", "year"}:
            # "Die 68er" are those of 1968, but the sixties are not the year 1960.
            exact = one.value % 10 and other.value % 10 and not one.possible_values.isdisjoint(other.possible_values)
            return bool(exact) or _century_begins(one, other) or _century_begins(other, one)
    if not one.possible_values.isdisjoint(other.possible_values):
        return True
    # Any number of "Milliarden" supports the bare word.
    if is_bare_scale(one) and one.factor == other.factor:
        return True
    if _percent_is_fraction(one, other) or _percent_is_fraction(other, one):
        return True
    return _century_begins(one, other) or _century_begins(other, one) or _nearly_equal(one.value, other.value)


def _percent_is_fraction(one: Quantity, other: Quantity) -> bool:
    """ "50 percent" is "die Hälfte", "20 percent" is "jeder fünfte"."""
    return (
        one.unit == "percent"
        and other.word_kind in ("fraction", "ordinal")
        and one.value / 100 in other.possible_values
    )


def _is_time(time: Quantity, number: Quantity) -> bool:
    """ "12:00" is "1200 GMT", "15.30 Uhr" is "3.30", "8 Uhr" is "at 8"."""
    return number.kind in ("number", "year", "day") and number.value in clock_notations(time)


def clock_notations(time: Quantity) -> frozenset[Decimal]:
    """Return the numbers as which a time of day may be written."""
    found: set[Decimal] = set()
    for hour, minute in ((r // 60, r % 60) for r in time.possible_values):
        found |= {hour * 100 + minute, hour + minute / 100, hour % 12 + minute / 100}
        found |= set() if minute else {hour, hour % 12}
    return frozenset(found)


def _century_begins(one: Quantity, other: Quantity) -> bool:
    """ "im 19. Jahrhundert" is "in the 1800s"."""
    return one.unit == "century" and other.kind in ("decade", "year") and other.value == (one.value - 1) * 100


def _nearly_equal(one: Decimal, other: Decimal) -> bool:
    """Whether two values differ only by the rounding of a fraction such as 2/3."""
    return abs(one - other) < Decimal("1e-9")


def is_bare_scale(q: Quantity) -> bool:
    """Whether this is a scale without a number: "Milliarden", "several million"."""
    return q.factor > 1 and q.first == q.last and not q.digits


def same_in_other_unit(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities are the same in two different units."""
    return units.equal_after_conversion(one.value, one.unit, other.value, other.unit)
