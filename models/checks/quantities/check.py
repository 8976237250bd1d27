"""Numbers, dates, units and money of a text held against the texts it should rest on.

A doubt is made to be believed. What translators do is none: another unit for the same quantity (550 metres, 1,800
feet), a weekday left out, "dozens", a date written in another order. What is doubted: a value that the other side
does not hold, one with another unit or currency, two that have changed places.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial
from itertools import chain

from models.checks.quantities import units
from models.checks.quantities.equality import is_bare_scale, same_in_other_unit, same_value
from models.checks.quantities.lookup import QuantityIndex
from models.checks.quantities.number_words import ENGLISH_FRACTIONS
from models.checks.quantities.parser import parse, quantities
from models.checks.quantities.swaps import Link, swapped_pairs
from models.checks.quantities.tokens import Quantity
from models.checks.texts import LangText, SourceSentence
from models.values import Flag, FlagKind

# Words of numbers that are no claims but may be linked to one or to each other: "zwei" and "2" or "two", but not
# "both" and "2".
LINKABLE_WORDS = frozenset({"zwei", "two", "hundert", "hundred"})
# What a wrong value was made of is looked for among so many.
MAX_CANDIDATES = 40


@dataclass(frozen=True, slots=True)
class SourceQuantities:
    """The sentences of a source and the quantities in them; those of translations do not count."""

    sentences: tuple[SourceSentence, ...]
    values: tuple[Quantity, ...]
    index: QuantityIndex

    @classmethod
    def of(cls, sources: Sequence[SourceSentence]) -> "SourceQuantities":
        """Read the quantities: for an article once, since each sentence of its summary asks for them."""
        values = tuple(q for source in sources for q in quantities(source.text, source.lang))
        return cls(tuple(sources), values, QuantityIndex(values))


def quantity_flags(
    source: SourceQuantities, target: LangText, *, complete: bool, check_order: bool = True
) -> tuple[Flag, ...]:
    """Flag quantities of `target` that the source does not support.

    `complete` also flags source quantities that the target lost, `check_order` those that changed places.
    """
    sources, source_values, source_index = source.sentences, source.values, source.index
    target_values = quantities(target.text, target.lang)
    target_index = QuantityIndex(target_values)
    unsupported = _unsupported(target_values, source_index, sources)
    missing = _missing(source_values, source_index, target_index, target, bool(unsupported)) if complete else []
    partners = _altered_from(unsupported, missing if complete else source_values, len(target.text), once=complete)
    flags = []
    for q, partner in zip(unsupported, partners, strict=True):
        if partner:
            flags.append(Flag(_flag_kind(q), q.text, f"the source says {partner.text}", "changed"))
        else:
            flags.append(Flag(_flag_kind(q), q.text, "not in the source", "added"))
    changed = _changed_words(target_values, source_values, source_index, target_index)
    flags += [Flag(_flag_kind(q), q.text, f"the source says {o.text}", "changed") for q, o in changed]
    taken = {id(o) for o in (*partners, *(o for _, o in changed))}
    flags += [Flag(_flag_kind(q), q.text, "not in the translation", "missing") for q in missing if id(q) not in taken]
    flags += _unit_changes(target_values, source_index)
    flags += _lost_currencies(source_values, target_index, target) if complete else []
    if check_order and not unsupported:
        flags += _swaps(sources, target, translated=complete and len(sources) == 1)
    return tuple(dict.fromkeys(flags))


def _altered_from(
    unsupported: Sequence[Quantity], others: Sequence[Quantity], length: int, *, once: bool
) -> list[Quantity | None]:
    """What each added value was made of, if anything: of a long list one of those that stand about where it does.

    `once`: no two were made of the same.
    """
    partners: list[Quantity | None] = []
    taken: set[int] = set()
    for q in unsupported:
        at = len(others) * q.start // length
        first = max(0, min(at - MAX_CANDIDATES // 2, len(others) - MAX_CANDIDATES))
        near = [o for o in others[first : first + MAX_CANDIDATES] if id(o) not in taken and _may_be_altered(q, o)]
        partners.append(partner := max(near, key=partial(_text_similarity, q), default=None))
        taken |= {id(partner)} if once and partner else set()
    return partners


def _unsupported(
    target_values: Sequence[Quantity], source_index: QuantityIndex, sources: Sequence[SourceSentence]
) -> list[Quantity]:
    """Claims of the target that the source does not bear out; a name may hold the same word ("Fridays for Future")."""
    unsupported = [q for q in target_values if q.claim and not source_index.supports(q)]
    if not unsupported:
        return []
    spelled = {token.text for text in sources for token in parse(text.text, text.lang)[1]}
    return [q for q in unsupported if q.digits or q.text not in spelled]


def _changed_words(
    target_values: Sequence[Quantity],
    source_values: Sequence[Quantity],
    source_index: QuantityIndex,
    target_index: QuantityIndex,
) -> list[tuple[Quantity, Quantity]]:
    """Words that are no claims, one on each side and each without its like: "third" for "zweite", "doubled" for
    "verdreifacht"."""
    alone = [q for q in target_values if q.word_kind and not q.claim and not _has_counterpart(q, source_index)]
    if not alone:
        return []
    others: dict[str, Quantity] = {}
    for o in source_values:
        # "Anderthalb Jahre" stands where the target says half a year.
        said = (
            o.word_kind
            if not o.claim or o.word_kind == "multiple"
            else f"fraction {o.unit}"
            if o.unit and o.value % 1
            else ""
        )
        if said and said not in others and not _has_counterpart(o, target_index):
            others[said] = o
    changed = []
    for q in alone:
        sorts = [q.word_kind, f"{q.word_kind} {q.unit}", *(["ordinal"] if _may_be_ordinal(q) else [])]
        changed += [(q, others[sort]) for sort in sorts if sort in others][:1]
    return changed


def _may_be_ordinal(q: Quantity) -> bool:
    """Whether a part may be an ordinal: "a fifth defeat", "a fifth of them"."""
    article, _, word = q.text.lower().partition(" ")
    return q.word_kind == "fraction" and article == "a" and word in ENGLISH_FRACTIONS


def _has_counterpart(q: Quantity, others: QuantityIndex) -> bool:
    """Whether the other side has the value, by a word of the same sort or as a number: no half for a second, and no "a"
    for a first."""
    equal = (o for o in others.candidates(q) if same_value(q, o))
    return any(
        o.word_kind == q.word_kind
        or _may_be_ordinal(o)
        or _may_be_ordinal(q)
        or (not o.word_kind and (o.digits or o.value != 1))
        for o in chain(equal, others.in_other_units(q))
    )


def _missing(
    source_values: Sequence[Quantity],
    source_index: QuantityIndex,
    target_index: QuantityIndex,
    target: LangText,
    unsupported: bool,
) -> list[Quantity]:
    """Claims of the source without a trace in the target.

    A weekday that is left out is no doubt, since translators do so; one that became another is. A value in another
    unit counts only where it is not there for a value of its own: 35-40 mph (56-64 km/h).
    """
    missing = [
        q
        for q in source_values
        if q.claim and not any(same_value(q, o) and _is_as_definite(q, o) for o in target_index.candidates(q))
    ]
    if not missing:
        return []
    spelled = {token.text for token in parse(target.text, target.lang)[1]}
    return [
        q for q in missing
        if all(any(same_value(p, o) for p in source_index.candidates(o)) for o in target_index.in_other_units(q))
        and (q.digits or ((q.kind != "weekday" or unsupported) and q.text not in spelled))
    ]  # fmt: skip


def _is_as_definite(missing: Quantity, other: Quantity) -> bool:
    """Whether the other is as definite: "12,5 Millionen" is lost in "million", the 1st of May in "once"."""
    return not missing.digits or not (is_bare_scale(other) or (missing.kind == "day" and not other.digits))


def _may_be_altered(one: Quantity, other: Quantity) -> bool:
    """Whether one may have been made of the other: the same sort, a unit that fits, and digits as it has."""
    fits = other.claim and one.kind == other.kind and units.compatible(one.unit, other.unit)
    return fits and (one.kind != "number" or bool(one.unit) or one.digits == other.digits)


def _text_similarity(one: Quantity, other: Quantity) -> float:
    """How much two are written alike: 2005 was 2015 rather than 2016."""
    return SequenceMatcher(None, one.text, other.text).ratio()


def _flag_kind(q: Quantity) -> FlagKind:
    return "number" if q.kind == "number" else "date"


def _unit_changes(target_values: Sequence[Quantity], source_index: QuantityIndex) -> list[Flag]:
    """Values that both have, but nowhere with the same unit, currency or month."""
    flags = []
    for q in target_values:
        equal = [o for _, o in source_index.equal_values(q)] if q.unit and q.claim else []
        if not equal or any(units.compatible(q.unit, o.unit) or same_in_other_unit(q, o) for o in equal):
            continue
        other = equal[0]
        if q.kind == "day":
            flags.append(Flag("date", q.text, "in another month in the source", "changed"))
        else:
            money = q.unit in units.CURRENCY_NAMES and other.unit in units.CURRENCY_NAMES
            kind: FlagKind = "money" if money else "unit"
            flags.append(Flag(kind, q.text, f"the source says {other.text} {other.unit}", "changed"))
    return flags


def _lost_currencies(source_values: Sequence[Quantity], target_index: QuantityIndex, target: LangText) -> list[Flag]:
    """Amounts of money that lost their currency, in a translation that names none at all."""
    amounts = [q for q in source_values if q.claim and q.unit in units.CURRENCY_NAMES]
    if not amounts:
        return []
    words = [token.word for token in parse(target.text, target.lang)[1] if token.word not in units.AMBIGUOUS_CURRENCIES]
    if any(
        units.match_unit(words[at : at + units.MAX_UNIT_WORDS], target.lang)[0] in units.CURRENCY_NAMES
        for at in range(len(words))
    ):
        return []
    equal = [(q, [o for _, o in target_index.equal_values(q)]) for q in amounts]
    return [
        Flag("money", equal[0].text, f"the source says {q.text} {q.unit}", "missing")
        for q, equal in equal
        if equal and not any(o.unit for o in equal)
    ]


def _swaps(sources: Sequence[SourceSentence], target: LangText, *, translated: bool) -> list[Flag]:
    """Values that have changed places, two by two, and stand in no text of the source as they do here."""
    target_values, target_tokens = parse(target.text, target.lang)
    wrong: dict[tuple[int, int], tuple[Quantity, Quantity]] = {}
    sides: list[tuple[set[int], set[tuple[int, int]]]] = []
    for source in sources:
        source_values, source_tokens = parse(source.text, source.lang)
        links = _links(target_values, source_values)
        linked = {q.start for q, _ in links}
        swapped = swapped_pairs(
            links,
            (source_tokens, source.lang),
            (target_tokens, target.lang),
            ordered=translated or all(q.start in linked for q in target_values if q.claim),
            translated=translated,
        )
        pairs = {(one.start, other.start): (one, other) for one, other in swapped}
        sides.append((linked, set(pairs)))
        wrong |= pairs
    return [
        Flag(_flag_kind(one), f"{one.text} … {other.text}", "the other way round in the source", "swapped")
        for starts, (one, other) in wrong.items()
        if not any(linked.issuperset(starts) and starts not in doubted for linked, doubted in sides)
    ]


def _links(target_values: Sequence[Quantity], source_values: Sequence[Quantity]) -> list[Link]:
    """The quantities of both sides that are each other: the first with the first where a value stands twice."""
    links = []
    taken: set[int] = set()
    index = QuantityIndex(source_values)
    for q in target_values:
        free = [(at, o) for at, o in index.equal_values(q) if at not in taken and _may_link(q, o)]
        if free:
            at, best = max(free, key=lambda one: (one[1].claim, one[1].kind == q.kind, -one[0]))
            taken.add(at)
            links.append((q, best))
    return links


def _may_link(one: Quantity, other: Quantity) -> bool:
    words = [q for q in (one, other) if not q.claim]
    plain = all(q.text.lower() in LINKABLE_WORDS for q in words)
    return plain or (len(words) == 1 and words[0].value > 2)
