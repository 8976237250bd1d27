"""Numbers, dates, units and money of a text held against the texts it should rest on.

A doubt is made to be believed. What translators do is none: another unit for the same quantity (550 metres, 1,800
feet), a weekday left out, "dozens", a date written in another order. What is doubted: a value that the other side
does not hold, one with another unit or currency, two that have changed places.
"""

from collections.abc import Sequence
from decimal import Decimal
from difflib import SequenceMatcher
from functools import partial

from models.checks import units
from models.checks.attachment import Link, swapped
from models.checks.figures import Quantity
from models.checks.numbers import quantities, read
from models.checks.texts import Text, aligned
from models.values import Flag, FlagKind

CALENDAR = ("month", "weekday")
# Words of numbers that are no claims but may be linked to one: "zwei" and "2", but not "both" and "2".
PLAIN_WORDS = frozenset({"zwei", "two", "hundert", "hundred"})


def quantity_flags(support: Sequence[Text], target: Text, *, complete: bool) -> tuple[Flag, ...]:
    """Doubts about the quantities of `target`; with `complete` also about those that it lost.

    Values count from German, and from English that is not the translation of a German text before it.
    """
    own = [text for text, _ in aligned(support)]
    there = [q for text in own for q in quantities(text.text, text.lang)]
    here = quantities(target.text, target.lang)
    added = _added(here, there, own)
    lost = _lost(there, here, target, bool(added)) if complete else []
    flags = []
    for q in added:
        others = [o for o in (lost if complete else there) if _changed(q, o)]
        partner = max(others, key=partial(_likeness, q), default=None)
        if partner in lost:
            lost.remove(partner)
        flags.append(Flag(_kind(q), q.text, f"the source says {partner.text}" if partner else "not in the source"))
    flags += [Flag(_kind(q), q.text, "not in the translation") for q in lost]
    flags += _units(here, there)
    flags += _contrary(here, there)
    if not added:
        flags += [flag for text in own for flag in _swaps(text, target, ordered=complete and len(own) == 1)]
    return tuple(dict.fromkeys(flags))


def _added(here: Sequence[Quantity], there: Sequence[Quantity], own: Sequence[Text]) -> list[Quantity]:
    """Claims of the target that the source does not bear out; a name may hold the same word ("Fridays for Future")."""
    added = [q for q in here if q.claim and not any(same(q, o) or other_unit(q, o) for o in there)]
    if not added:
        return []
    spelled = {token.text for text in own for token in read(text.text, text.lang)[1]}
    return [q for q in added if q.digits or q.text not in spelled]


def _contrary(here: Sequence[Quantity], there: Sequence[Quantity]) -> list[Flag]:
    """Words that are no claims, one on each side and each without its like: "third" for "zweite", "doubled" for
    "verdreifacht"."""
    flags = []
    for q in here:
        if not q.said or q.claim or _told(q, there):
            continue
        others = [o for o in there if o.said == q.said and not o.claim and not _told(o, here)]
        if others:
            flags.append(Flag(_kind(q), q.text, f"the source says {others[0].text}"))
    return flags


def _told(q: Quantity, others: Sequence[Quantity]) -> bool:
    """Whether the other side has the value, by a word of the same sort or as a number: no half for a second, and no "a"
    for a first."""
    return any(
        (o.said == q.said or (not o.said and (o.digits or o.value != 1))) and (same(q, o) or other_unit(q, o))
        for o in others
    )


def _lost(there: Sequence[Quantity], here: Sequence[Quantity], target: Text, added: bool) -> list[Quantity]:
    """Claims of the source without a trace in the target.

    A weekday that is left out is no doubt, since translators do so; one that became another is. A value in another
    unit counts only where it is not there for a value of its own: 35-40 mph (56-64 km/h).
    """
    lost = [q for q in there if q.claim and not any(same(q, o) and _definite(q, o) for o in here)]
    if not lost:
        return []
    free = [o for o in here if not any(same(p, o) for p in there)]
    spelled = {token.text for token in read(target.text, target.lang)[1]}
    return [
        q for q in lost
        if not any(other_unit(q, o) for o in free)
        and (q.digits or ((q.sort != "weekday" or added) and q.text not in spelled))
    ]  # fmt: skip


def same(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities may be the same value, whatever their units."""
    if one.sort != other.sort:
        if one.sort in CALENDAR or other.sort in CALENDAR:
            return False
        if "time" in (one.sort, other.sort):
            return _at_time(one, other) if one.sort == "time" else _at_time(other, one)
        if {one.sort, other.sort} == {"decade", "year"}:
            # "Die 68er" are those of 1968, the sixties are not 1960.
            exact = one.value % 10 and other.value % 10 and not one.readings.isdisjoint(other.readings)
            return bool(exact) or _century(one, other) or _century(other, one)
    if not one.readings.isdisjoint(other.readings):
        return True
    # "Milliarden" alone is borne out by any number of them.
    if _bare(one) and one.factor == other.factor:
        return True
    if _share(one, other) or _share(other, one):
        return True
    return _century(one, other) or _century(other, one) or _rounded(one.value, other.value)


def _share(one: Quantity, other: Quantity) -> bool:
    """ "50 percent" is "die Hälfte", "20 percent" is "jeder fünfte"."""
    return one.unit == "percent" and other.said in ("part", "ordinal") and one.value / 100 in other.readings


def _at_time(time: Quantity, number: Quantity) -> bool:
    """ "12:00" is "1200 GMT", "15.30 Uhr" is "3.30", "8 Uhr" is "at 8"."""
    if number.sort not in ("number", "year", "day"):
        return False
    written = ((r // 60, r % 60) for r in time.readings)
    return any(
        (number.value in (h, h % 12) and not m) or number.value in (h * 100 + m, h + m / 100, h % 12 + m / 100)
        for h, m in written
    )


def _century(one: Quantity, other: Quantity) -> bool:
    """ "im 19. Jahrhundert" is "in the 1800s"."""
    return one.unit == "century" and other.sort in ("decade", "year") and other.value == (one.value - 1) * 100


def _rounded(one: Decimal, other: Decimal) -> bool:
    """Whether two parts of a whole are equal but for their last digit: 2/3."""
    return abs(one - other) < Decimal("1e-9")


def _bare(q: Quantity) -> bool:
    """A scale without a number: "Milliarden", "several million"."""
    return q.factor > 1 and q.first == q.last and not q.digits


def _definite(lost: Quantity, other: Quantity) -> bool:
    """Whether the other is as definite: "12,5 Millionen" is lost in "million", the 1st of May in "once"."""
    return not lost.digits or not (_bare(other) or (lost.sort == "day" and not other.digits))


def other_unit(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities are the same in different units."""
    return units.converted(one.value, one.unit, other.value, other.unit)


def _changed(one: Quantity, other: Quantity) -> bool:
    """Whether one may have been made of the other: the same sort, a unit that fits, and digits as it has."""
    fits = other.claim and one.sort == other.sort and units.agree(one.unit, other.unit)
    return fits and (one.sort != "number" or bool(one.unit) or one.digits == other.digits)


def _likeness(one: Quantity, other: Quantity) -> float:
    """How much two are written alike: 2005 was 2015 rather than 2016."""
    return SequenceMatcher(None, one.text, other.text).ratio()


def _kind(q: Quantity) -> FlagKind:
    return "number" if q.sort == "number" else "date"


def _units(here: Sequence[Quantity], there: Sequence[Quantity]) -> list[Flag]:
    """Values that both have, but nowhere with the same unit, currency or month."""
    flags = []
    for q in here:
        equal = [o for o in there if q.unit and q.claim and same(q, o)]
        if not equal or any(units.agree(q.unit, o.unit) or other_unit(q, o) for o in equal):
            continue
        other = equal[0]
        if q.sort == "day":
            flags.append(Flag("date", q.text, "in another month in the source"))
        else:
            money = q.unit in units.MONEY and other.unit in units.MONEY
            flags.append(Flag("money" if money else "unit", q.text, f"the source says {other.text} {other.unit}"))
    return flags


def _swaps(source: Text, target: Text, *, ordered: bool) -> list[Flag]:
    """Values that have changed places, two by two."""
    there, source_tokens = read(source.text, source.lang)
    here, target_tokens = read(target.text, target.lang)
    pairs = swapped(_links(here, there), (source_tokens, source.lang), (target_tokens, target.lang), ordered=ordered)
    return [Flag(_kind(one), f"{one.text} … {other.text}", "the other way round in the source") for one, other in pairs]


def _links(here: Sequence[Quantity], there: Sequence[Quantity]) -> list[Link]:
    """The quantities of both sides that are each other: the first with the first where a value stands twice."""
    links = []
    taken: set[int] = set()
    for q in here:
        free = [i for i, o in enumerate(there) if i not in taken and _may_link(q, o) and same(q, o)]
        if free:
            best = max(free, key=lambda i: (there[i].claim, there[i].sort == q.sort, -i))
            taken.add(best)
            links.append((q, there[best]))
    return links


def _may_link(one: Quantity, other: Quantity) -> bool:
    if one.claim and other.claim:
        return True
    word = other if one.claim else one
    return (one.claim or other.claim) and (word.value > 2 or word.text.lower() in PLAIN_WORDS)
