"""Compare the numbers, dates, units and money of a text with those of its source.

A flag must be worth reading, so what translators do on purpose is not flagged: the same quantity in another unit (550
metres, 1,800 feet), a weekday left out, "dozens", a date in another order. Flagged are a value that the other side
lacks, a value with another unit or currency, and two values that have changed places.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, partial
from itertools import chain

from models.checks.quantities import units
from models.checks.quantities.equality import is_bare_scale, same_in_other_unit, same_value
from models.checks.quantities.lookup import QuantityIndex
from models.checks.quantities.numeral_data import WORDS
from models.checks.quantities.parser import ParsedText, parse
from models.checks.quantities.swaps import linked_values, swapped_pairs
from models.checks.quantities.tokens import Quantity
from models.checks.texts import LangText, SourceSentence
from models.options import CheckStop, never_stop
from models.values import Flag, FlagKind

# A wrong value is compared with this many values of the source to find the one that it was made from.
MAX_CANDIDATES = 40
# Only the beginnings of two values are compared letter by letter.
MAX_COMPARED_CHARACTERS = 40


@dataclass(frozen=True)
class SourceQuantities:
    """The parsed sentences of a source and the quantities in them; those of translations do not count."""

    sentences: tuple[ParsedText, ...]
    values: tuple[Quantity, ...]
    index: QuantityIndex

    @classmethod
    def of(cls, sources: Sequence[SourceSentence], check_stop: CheckStop = never_stop) -> "SourceQuantities":
        """Parse the sources: once for an article, since each sentence of its summary is compared with it."""
        sentences = []
        for source in sources:
            check_stop()
            sentences.append(parse(source.text, source.lang))
        values = tuple(q for sentence in sentences for q in sentence.quantities)
        return cls(tuple(sentences), values, QuantityIndex(values))

    @cached_property
    def words(self) -> frozenset[str]:
        """Every token of the source as it is written."""
        return frozenset().union(*(sentence.words for sentence in self.sentences))

    @cached_property
    def loose_values(self) -> tuple[tuple[str, Quantity], ...]:
        """The values that words express without claiming them, each with its kind of word; equal ones once."""
        found: dict[object, tuple[str, Quantity]] = {}
        for q in self.values:
            if kind := _kind_of_loose_value(q):
                found.setdefault((kind, q.value, q.unit, q.kind, q.text), (kind, q))
        return tuple(found.values())


def quantity_flags(
    source: SourceQuantities, target: LangText, *, complete: bool, check_order: bool = True
) -> tuple[Flag, ...]:
    """Flag quantities of `target` that the source does not support.

    `complete` also flags source quantities that the target lost, `check_order` those that changed places.
    """
    parsed = parse(target.text, target.lang)
    unsupported = _unsupported(parsed, source)
    missing = _missing(source, parsed, keep_weekdays=bool(unsupported)) if complete else []
    partners = _altered_from(unsupported, missing if complete else source.values, len(parsed.text), once=complete)
    flags = []
    for q, partner in zip(unsupported, partners, strict=True):
        if partner:
            flags.append(Flag(_flag_kind(q), q.text, f"the source says {partner.text}", "changed"))
        else:
            flags.append(Flag(_flag_kind(q), q.text, "not in the source", "added"))
    changed = _changed_words(parsed, source)
    flags += [Flag(_flag_kind(q), q.text, f"the source says {o.text}", "changed") for q, o in changed]
    explained = {id(o) for o in (*partners, *(o for _, o in changed))}
    lost = (q for q in missing if id(q) not in explained)
    flags += [Flag(_flag_kind(q), q.text, "not in the translation", "missing") for q in lost]
    flags += _unit_changes(parsed, source.index)
    flags += _lost_currencies(source, parsed) if complete else []
    if check_order and not unsupported:
        flags += _swaps(source, parsed, translated=complete and len(source.sentences) == 1)
    return tuple(dict.fromkeys(flags))


def _altered_from(
    unsupported: Sequence[Quantity], others: Sequence[Quantity], length: int, *, once: bool
) -> list[Quantity | None]:
    """Return for each unsupported value the source value that it was probably made from, or None.

    Of a long list, only the values at about the same place are considered. With `once`, each is used once.
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


def _unsupported(target: ParsedText, source: SourceQuantities) -> list[Quantity]:
    """Claims of the target that the source lacks; a word may stand there as part of a name ("Fridays for Future")."""
    unsupported = [q for q in target.quantities if q.claim and not source.index.supports(q)]
    return [q for q in unsupported if q.digits or q.text not in source.words] if unsupported else []


def _changed_words(target: ParsedText, source: SourceQuantities) -> list[tuple[Quantity, Quantity]]:
    """Pairs of words that claim nothing and have no counterpart: "third" for "zweite", "doubled" for "verdreifacht"."""
    alone = [
        q for q in target.quantities if q.word_kind and not q.claim and not _has_counterpart(q, source.index)
    ]  # fmt: skip
    if not alone:
        return []
    others: dict[str, Quantity] = {}
    for kind, q in source.loose_values:
        if kind not in others and not _has_counterpart(q, target.index):
            others[kind] = q
    changed = []
    for q in alone:
        kinds = [q.word_kind, f"{q.word_kind} {q.unit}", *(["ordinal"] if _may_be_ordinal(q) else [])]
        changed += [(q, others[kind]) for kind in kinds if kind in others][:1]
    return changed


def _kind_of_loose_value(q: Quantity) -> str:
    """What kind of word expresses a value that the target may have changed to another of its kind; "" for others."""
    if not q.claim or q.word_kind == "multiple":
        return q.word_kind
    # "Anderthalb Jahre" stands where the target says half a year.
    return f"fraction {q.unit}" if q.unit and q.kind != "code" and q.value % 1 else ""


def _may_be_ordinal(q: Quantity) -> bool:
    """Whether a fraction may be an ordinal: "a fifth defeat", "a fifth of them"."""
    article, _, word = q.text.lower().partition(" ")
    return q.word_kind == "fraction" and article == "a" and word in WORDS.english_fractions


def _has_counterpart(q: Quantity, others: QuantityIndex) -> bool:
    """Whether the other side has the value as a number or by a word of the same kind: no half for a second."""
    equal = (o for o in others.candidates(q) if same_value(q, o))
    return any(
        o.word_kind == q.word_kind
        or _may_be_ordinal(o)
        or _may_be_ordinal(q)
        or (not o.word_kind and (o.digits or o.value != 1))
        for o in chain(equal, others.in_other_units(q))
    )


def _missing(source: SourceQuantities, target: ParsedText, *, keep_weekdays: bool) -> list[Quantity]:
    """Claims of the source without a trace in the target.

    Translators leave weekdays out, so that a missing one counts only if the target has an unsupported value. A value
    in another unit counts only if it does not stand for a source value of its own: 35-40 mph (56-64 km/h).
    """
    return [
        q
        for q in source.values
        if q.claim
        and not any(same_value(q, o) and _is_as_definite(q, o) for o in target.index.candidates(q))
        and all(any(same_value(p, o) for p in source.index.candidates(o)) for o in target.index.in_other_units(q))
        and (q.digits or ((q.kind != "weekday" or keep_weekdays) and q.text not in target.words))
    ]


def _is_as_definite(missing: Quantity, other: Quantity) -> bool:
    """Whether the other is as definite: "12,5 Millionen" is lost in "million", the 1st of May in "once"."""
    return not missing.digits or not (is_bare_scale(other) or (missing.kind == "day" and not other.digits))


def _may_be_altered(one: Quantity, other: Quantity) -> bool:
    """Whether one value may have been made from the other: the same kind, a compatible unit, both in digits or not."""
    fits = other.claim and one.kind == other.kind and units.compatible(one.unit, other.unit)
    return fits and (one.kind != "number" or bool(one.unit) or one.digits == other.digits)


def _text_similarity(one: Quantity, other: Quantity) -> float:
    """How similar two values are written: 2005 was made from 2015 rather than from 2016."""
    return SequenceMatcher(None, one.text[:MAX_COMPARED_CHARACTERS], other.text[:MAX_COMPARED_CHARACTERS]).ratio()


def _flag_kind(q: Quantity) -> FlagKind:
    return "number" if q.kind in ("number", "code") else "date"


def _unit_changes(target: ParsedText, source: QuantityIndex) -> list[Flag]:
    """Values that both sides have, but nowhere with the same unit, currency or month."""
    flags = []
    for q in target.quantities:
        equal = [o for _, o in source.equal_values(q)] if q.unit and q.claim else []
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


def _lost_currencies(source: SourceQuantities, target: ParsedText) -> list[Flag]:
    """Amounts of money that lost their currency, in a translation that names none at all."""
    amounts = [q for q in source.values if q.claim and q.unit in units.CURRENCY_NAMES]
    if not amounts:
        return []
    words = [token.word for token in target.tokens if token.word not in units.AMBIGUOUS_CURRENCIES]
    found = (units.match_unit(words[at : at + units.MAX_UNIT_WORDS], target.lang)[0] for at in range(len(words)))
    if any(unit in units.CURRENCY_NAMES for unit in found):
        return []
    flags = []
    for q in amounts:
        equal = [o for _, o in target.index.equal_values(q)]
        if equal and not any(o.unit for o in equal):
            flags.append(Flag("money", equal[0].text, f"the source says {q.text} {q.unit}", "missing"))
    return flags


def _swaps(source: SourceQuantities, target: ParsedText, *, translated: bool) -> list[Flag]:
    """Pairs of values that have changed places, unless a sentence of the source has them in the target's order."""
    wrong: dict[tuple[int, int], tuple[Quantity, Quantity]] = {}
    sides: list[tuple[set[int], set[tuple[int, int]]]] = []
    for sentence in source.sentences:
        links = linked_values(target.quantities, sentence.index)
        linked = {q.start for q, _ in links}
        swapped = swapped_pairs(
            links,
            (sentence.tokens, sentence.lang),
            (target.tokens, target.lang),
            ordered=translated or all(q.start in linked for q in target.quantities if q.claim),
            translated=translated,
        )
        pairs = {(one.start, other.start): (one, other) for one, other in swapped}
        sides.append((linked, set(pairs)))
        wrong |= pairs
    return [
        Flag(_flag_kind(one), f"{one.text} … {other.text}", "the other way round in the source", "swapped")
        for starts, (one, other) in wrong.items()
        if not any(linked.issuperset(starts) and starts not in exchanged for linked, exchanged in sides)
    ]
