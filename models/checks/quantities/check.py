"""Numbers, dates, units and money of a text held against the texts it should rest on.

A doubt is made to be believed. What translators do is none: another unit for the same quantity (550 metres, 1,800
feet), a weekday left out, "dozens", a date written in another order. What is doubted: a value that the other side
does not hold, one with another unit or currency, two that have changed places.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache, partial
from itertools import chain

from models.checks.quantities import units
from models.checks.quantities.equality import bare, other_unit, same
from models.checks.quantities.lookup import Held
from models.checks.quantities.number_words import ENGLISH_PARTS
from models.checks.quantities.parser import quantities, read
from models.checks.quantities.swaps import Link, swapped
from models.checks.quantities.tokens import Quantity
from models.checks.texts import Text, aligned
from models.values import Flag, FlagKind

# Words of numbers that are no claims but may be linked to one or to each other: "zwei" and "2" or "two", but not
# "both" and "2".
PLAIN_WORDS = frozenset({"zwei", "two", "hundert", "hundred"})
# What a wrong value was made of is looked for among so many.
CANDIDATES = 40


def quantity_flags(support: Sequence[Text], target: Text, *, complete: bool, places: bool = True) -> tuple[Flag, ...]:
    """Doubts about the quantities of `target`; with `complete` also about those that it lost, with `places` about those
    that changed places.

    Values count from German, and from English that is not the translation of a German text before it.
    """
    own, there, borne = _borne(tuple(support))
    here = quantities(target.text, target.lang)
    found = Held(here)
    added = _added(here, borne, own)
    lost = _lost(there, borne, found, target, bool(added)) if complete else []
    partners = _partners(added, lost if complete else there, len(target.text), once=complete)
    flags = []
    for q, partner in zip(added, partners, strict=True):
        flags.append(Flag(_kind(q), q.text, f"the source says {partner.text}" if partner else "not in the source"))
    turned = _contrary(here, there, borne, found)
    flags += [Flag(_kind(q), q.text, f"the source says {o.text}") for q, o in turned]
    taken = {id(o) for o in (*partners, *(o for _, o in turned))}
    flags += [Flag(_kind(q), q.text, "not in the translation") for q in lost if id(q) not in taken]
    flags += _units(here, borne)
    flags += _without_currency(there, found, target) if complete else []
    if places and not added:
        flags += _swaps(own, target, translated=complete and len(own) == 1)
    return tuple(dict.fromkeys(flags))


# An article is asked once for each sentence of its summary.
@lru_cache(maxsize=16)
def _borne(support: tuple[Text, ...]) -> tuple[list[Text], list[Quantity], Held]:
    """The texts that values count from, and the quantities in them."""
    own = [text for text, _ in aligned(support)]
    there = [q for text in own for q in quantities(text.text, text.lang)]
    return own, there, Held(there)


def _partners(
    added: Sequence[Quantity], others: Sequence[Quantity], length: int, *, once: bool
) -> list[Quantity | None]:
    """What each added value was made of, if anything: of a long list one of those that stand about where it does.

    `once`: no two were made of the same.
    """
    partners: list[Quantity | None] = []
    taken: set[int] = set()
    for q in added:
        at = len(others) * q.start // length
        first = max(0, min(at - CANDIDATES // 2, len(others) - CANDIDATES))
        near = [o for o in others[first : first + CANDIDATES] if id(o) not in taken and _changed(q, o)]
        partners.append(partner := max(near, key=partial(_likeness, q), default=None))
        taken |= {id(partner)} if once and partner else set()
    return partners


def _added(here: Sequence[Quantity], borne: Held, own: Sequence[Text]) -> list[Quantity]:
    """Claims of the target that the source does not bear out; a name may hold the same word ("Fridays for Future")."""
    added = [q for q in here if q.claim and not borne.bears(q)]
    if not added:
        return []
    spelled = {token.text for text in own for token in read(text.text, text.lang)[1]}
    return [q for q in added if q.digits or q.text not in spelled]


def _contrary(
    here: Sequence[Quantity], there: Sequence[Quantity], borne: Held, found: Held
) -> list[tuple[Quantity, Quantity]]:
    """Words that are no claims, one on each side and each without its like: "third" for "zweite", "doubled" for
    "verdreifacht"."""
    alone = [q for q in here if q.said and not q.claim and not _told(q, borne)]
    if not alone:
        return []
    others: dict[str, Quantity] = {}
    for o in there:
        # "Anderthalb Jahre" stands where the target says half a year.
        said = o.said if not o.claim or o.said == "times" else f"part {o.unit}" if o.unit and o.value % 1 else ""
        if said and said not in others and not _told(o, found):
            others[said] = o
    turned = []
    for q in alone:
        sorts = [q.said, f"{q.said} {q.unit}", *(["ordinal"] if _either(q) else [])]
        turned += [(q, others[sort]) for sort in sorts if sort in others][:1]
    return turned


def _either(q: Quantity) -> bool:
    """Whether a part may be an ordinal: "a fifth defeat", "a fifth of them"."""
    article, _, word = q.text.lower().partition(" ")
    return q.said == "part" and article == "a" and word in ENGLISH_PARTS


def _told(q: Quantity, others: Held) -> bool:
    """Whether the other side has the value, by a word of the same sort or as a number: no half for a second, and no "a"
    for a first."""
    equal = (o for o in others.near(q) if same(q, o))
    return any(
        o.said == q.said or _either(o) or _either(q) or (not o.said and (o.digits or o.value != 1))
        for o in chain(equal, others.converted(q))
    )


def _lost(there: Sequence[Quantity], borne: Held, found: Held, target: Text, added: bool) -> list[Quantity]:
    """Claims of the source without a trace in the target.

    A weekday that is left out is no doubt, since translators do so; one that became another is. A value in another
    unit counts only where it is not there for a value of its own: 35-40 mph (56-64 km/h).
    """
    lost = [q for q in there if q.claim and not any(same(q, o) and _definite(q, o) for o in found.near(q))]
    if not lost:
        return []
    spelled = {token.text for token in read(target.text, target.lang)[1]}
    return [
        q for q in lost
        if all(any(same(p, o) for p in borne.near(o)) for o in found.converted(q))
        and (q.digits or ((q.sort != "weekday" or added) and q.text not in spelled))
    ]  # fmt: skip


def _definite(lost: Quantity, other: Quantity) -> bool:
    """Whether the other is as definite: "12,5 Millionen" is lost in "million", the 1st of May in "once"."""
    return not lost.digits or not (bare(other) or (lost.sort == "day" and not other.digits))


def _changed(one: Quantity, other: Quantity) -> bool:
    """Whether one may have been made of the other: the same sort, a unit that fits, and digits as it has."""
    fits = other.claim and one.sort == other.sort and units.agree(one.unit, other.unit)
    return fits and (one.sort != "number" or bool(one.unit) or one.digits == other.digits)


def _likeness(one: Quantity, other: Quantity) -> float:
    """How much two are written alike: 2005 was 2015 rather than 2016."""
    return SequenceMatcher(None, one.text, other.text).ratio()


def _kind(q: Quantity) -> FlagKind:
    return "number" if q.sort == "number" else "date"


def _units(here: Sequence[Quantity], borne: Held) -> list[Flag]:
    """Values that both have, but nowhere with the same unit, currency or month."""
    flags = []
    for q in here:
        equal = [o for _, o in borne.equal(q)] if q.unit and q.claim else []
        if not equal or any(units.agree(q.unit, o.unit) or other_unit(q, o) for o in equal):
            continue
        other = equal[0]
        if q.sort == "day":
            flags.append(Flag("date", q.text, "in another month in the source"))
        else:
            money = q.unit in units.MONEY and other.unit in units.MONEY
            flags.append(Flag("money" if money else "unit", q.text, f"the source says {other.text} {other.unit}"))
    return flags


def _without_currency(there: Sequence[Quantity], found: Held, target: Text) -> list[Flag]:
    """Amounts of money that lost their currency, in a translation that names none at all."""
    amounts = [q for q in there if q.claim and q.unit in units.MONEY]
    if not amounts:
        return []
    words = [token.word for token in read(target.text, target.lang)[1] if token.word not in units.NO_CURRENCY]
    if any(units.unit(words[at : at + units.LONGEST], target.lang)[0] in units.MONEY for at in range(len(words))):
        return []
    told = [(q, [o for _, o in found.equal(q)]) for q in amounts]
    return [
        Flag("money", equal[0].text, f"the source says {q.text} {q.unit}")
        for q, equal in told
        if equal and not any(o.unit for o in equal)
    ]


def _swaps(own: Sequence[Text], target: Text, *, translated: bool) -> list[Flag]:
    """Values that have changed places, two by two, and stand in no text of the source as they do here."""
    here, target_tokens = read(target.text, target.lang)
    wrong: dict[tuple[int, int], tuple[Quantity, Quantity]] = {}
    sides: list[tuple[set[int], set[tuple[int, int]]]] = []
    for source in own:
        there, source_tokens = read(source.text, source.lang)
        links = _links(here, there)
        linked = {q.start for q, _ in links}
        found = swapped(
            links,
            (source_tokens, source.lang),
            (target_tokens, target.lang),
            ordered=translated or all(q.start in linked for q in here if q.claim),
            translated=translated,
        )
        pairs = {(one.start, other.start): (one, other) for one, other in found}
        sides.append((linked, set(pairs)))
        wrong |= pairs
    return [
        Flag(_kind(one), f"{one.text} … {other.text}", "the other way round in the source")
        for places, (one, other) in wrong.items()
        if not any(linked.issuperset(places) and places not in doubted for linked, doubted in sides)
    ]


def _links(here: Sequence[Quantity], there: Sequence[Quantity]) -> list[Link]:
    """The quantities of both sides that are each other: the first with the first where a value stands twice."""
    links = []
    taken: set[int] = set()
    held = Held(there)
    for q in here:
        free = [(at, o) for at, o in held.equal(q) if at not in taken and _may_link(q, o)]
        if free:
            at, best = max(free, key=lambda one: (one[1].claim, one[1].sort == q.sort, -one[0]))
            taken.add(at)
            links.append((q, best))
    return links


def _may_link(one: Quantity, other: Quantity) -> bool:
    words = [q for q in (one, other) if not q.claim]
    plain = all(q.text.lower() in PLAIN_WORDS for q in words)
    return plain or (len(words) == 1 and words[0].value > 2)
