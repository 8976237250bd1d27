"""Find values that have changed places: "5 Tote und 20 Verletzte" became "20 dead and 5 injured".

A value is recognised by its context: its kind (day, year, time), its unit, and the words around it, as far as both
languages share them or `context_words.py` pairs them. Two values in the same order on both sides are flagged only if
their contexts are exchanged; two in the opposite order, unless their contexts moved with them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from models.checks.quantities import units
from models.checks.quantities.context_words import LISTS, PREPOSITIONS, context_key
from models.checks.quantities.lookup import QuantityIndex
from models.checks.quantities.tokens import Quantity, Token

# Number words that claim nothing, but may be linked to a claim or to each other: "zwei" and "2" or "two", but not
# "both" and "2".
LINKABLE_WORDS = frozenset({"zwei", "two", "hundert", "hundred"})
# How much better the contexts must fit as they are than exchanged, for two values in the opposite order not to be
# flagged; and how much worse, for two in the same order to be. Chosen on two development sets and tried on the others.
MIN_GAIN_IF_REORDERED = 0.25
MIN_LOSS_IN_TRANSLATION = 1.6
# A summary leaves out much of the context of a value, so less of it is enough.
MIN_LOSS_IN_SUMMARY = 0.9
# How much a shared word counts, from the nearest to the farthest.
DISTANCE_WEIGHTS = (1.0, 0.7, 0.45, 0.3)
OTHER_SIDE_WEIGHT = 0.5
MIN_SHARED_PREFIX = 4
# Values with more values in between are not compared: the time for a table would grow with the square of its length.
MAX_LINK_DISTANCE = 20
# These kinds of values need no context.
CALENDAR_KINDS = ("month", "weekday")

ContextWords = tuple[tuple[str, frozenset[int], float], ...]


@dataclass(frozen=True, slots=True)
class Context:
    """The words before and after a quantity, nearest first, and the word right before it."""

    before: ContextWords
    after: ContextWords
    preposition: str

    @classmethod
    def of(cls, q: Quantity, stream: Sequence[Token], lang: str) -> "Context":
        """Return the context of a quantity among the tokens of its text."""
        preposition = stream[q.first - 1].word if q.first else ""
        return cls(_context_words(stream, q.first, -1, lang), _context_words(stream, q.last, 1, lang), preposition)


def _context_words(stream: Sequence[Token], at: int, step: int, lang: str) -> ContextWords:
    words: list[tuple[str, frozenset[int], float]] = []
    at += step
    distance = 0
    while 0 <= at < len(stream) and distance < len(DISTANCE_WEIGHTS) and stream[at].kind != "stop":
        if stream[at].kind == "word" and stream[at].word not in LISTS.stop:
            words.append((*context_key(stream[at].text, lang), DISTANCE_WEIGHTS[distance]))
        distance += stream[at].kind != "word" or stream[at].word not in LISTS.stop
        at += step
    return tuple(words)


Link = tuple[Quantity, Quantity]


def linked_values(target: Sequence[Quantity], source: QuantityIndex) -> list[Link]:
    """Pair each quantity of the target with the same one of the source; of several equal ones, in their order."""
    links = []
    taken: set[int] = set()
    for q in target:
        free = [(at, o) for at, o in source.equal_values(q) if at not in taken and _may_link(q, o)]
        if free:
            at, best = max(free, key=lambda one: (one[1].claim, one[1].kind == q.kind, -one[0]))
            taken.add(at)
            links.append((q, best))
    return links


def _may_link(one: Quantity, other: Quantity) -> bool:
    words = [q for q in (one, other) if not q.claim]
    plain = all(q.text.lower() in LINKABLE_WORDS for q in words)
    return plain or (len(words) == 1 and words[0].value > 2)


def swapped_pairs(
    links: Sequence[Link],
    source: tuple[Sequence[Token], str],
    target: tuple[Sequence[Token], str],
    *,
    ordered: bool,
    translated: bool,
) -> list[tuple[Quantity, Quantity]]:
    """Return the pairs of quantities of the target that have changed places; `links` are (target, source) quantities.

    `ordered` says that the target has the order of the source. A translation has, and so has mostly a summary sentence
    with the values of a single source sentence. In a summary the order says nothing about numbers in words ("last
    four"), and about a score only if somebody wins or leads with the lower number.
    """
    links = [link for link in links if link[0].kind not in CALENDAR_KINDS]
    if len(links) < 2:
        return []
    here = [Context.of(t, *target) for t, _ in links]
    there = [Context.of(s, *source) for _, s in links]

    def fit(i: int, j: int) -> float:
        """How well the context of target quantity i fits source quantity j."""
        return _context_score(links[i][0], links[j][1], here[i], there[j])

    target_words = {token.word for token in target[0]}
    winning = bool(target_words & LISTS.win) and not target_words & LISTS.loss
    min_loss = MIN_LOSS_IN_TRANSLATION if translated else MIN_LOSS_IN_SUMMARY
    found = []
    near = [(i, j) for j in range(len(links)) for i in range(max(0, j - MAX_LINK_DISTANCE), j)]
    for i, j in sorted(near):
        (t1, s1), (t2, s2) = links[i], links[j]
        if not t1.possible_values.isdisjoint(t2.possible_values):
            continue
        if t1.first == t2.first and "year" in (t1.kind, t2.kind):
            # Both are the same token: 9/11.
            continue
        lost = s1.first == s2.first and source[0][s1.last + 1 :][:1]
        if lost and lost[0].word in LISTS.defeat and (t1.start - t2.start) * (t1.value - t2.value) < 0:
            continue
        scored = _same_score(t1, t2) or _same_score(s1, s2)
        higher_first = (s1.value > s2.value) == (s1.start < s2.start)
        comparable = translated or (t1.digits and t2.digits and (not scored or (winning and higher_first)))
        opposite = ordered and comparable and (s1.start - s2.start) * (t1.start - t2.start) < 0
        if opposite and _same_date(s1, s2, 2) and abs(t1.first - t2.first) <= 3:
            found.append((t1, t2))
            continue
        gain = fit(i, i) + fit(j, j) - fit(i, j) - fit(j, i)
        if gain < (MIN_GAIN_IF_REORDERED if opposite else -min_loss):
            found.append((t1, t2))
    return found


def _same_score(one: Quantity, other: Quantity) -> bool:
    """Whether two are the halves of a score: 3:1, 3-1."""
    return one.first == other.first or abs(one.end - other.start) == 1 or abs(other.end - one.start) == 1


def _same_date(one: Quantity, other: Quantity, within: int) -> bool:
    """Whether two are the day and the year of one date, which both languages give in this order."""
    return {one.kind, other.kind} == {"day", "year"} and abs(one.first - other.first) <= within


def _context_score(one: Quantity, other: Quantity, here: Context, there: Context) -> float:
    """How well a context in the target fits one in the source, whatever the values are."""
    score = _kind_score(one, other, here.preposition)
    if one.unit and other.unit:
        score += 1.0 if one.unit == other.unit else 0.5 if units.same_dimension(one.unit, other.unit) else -1.5
    elif one.unit or other.unit:
        score -= 0.3
    if one.in_name or other.in_name:
        score += 0.8 if one.in_name and other.in_name else -0.8
    if here.preposition in PREPOSITIONS.get(there.preposition, ()):
        score += 0.5
    same_side = _shared_word_score(here.before, there.before) + _shared_word_score(here.after, there.after)
    other_side = _shared_word_score(here.before, there.after) + _shared_word_score(here.after, there.before)
    return score + same_side + OTHER_SIDE_WEIGHT * other_side


def _kind_score(one: Quantity, other: Quantity, preposition: str) -> float:
    """How well the context in the target fits the kind of the source value: a day beside a month, a year after "in".

    Whether the value of the target looks like a year says nothing about its context.
    """
    if other.kind == "year":
        return 0.7 if preposition in LISTS.beside_years or one.kind == "day" else -0.4
    if "time" in (one.kind, other.kind) or "decade" in (one.kind, other.kind):
        return 0.5 if one.kind == other.kind else -0.5
    if other.kind == "day":
        return 0.5 if one.kind == "day" else -0.5
    return -0.5 if one.kind == "day" else 0.0


def _shared_word_score(here: ContextWords, there: ContextWords) -> float:
    """The weight of the words that both contexts have."""
    return sum(
        max((near * w for s, e, w in there if _is_cognate(stem, entries, s, e)), default=0.0)
        for stem, entries, near in here
    )


def _is_cognate(stem: str, entries: frozenset[int], other: str, others: frozenset[int]) -> bool:
    if entries and not entries.isdisjoint(others):
        return True
    return len(stem) > 2 and (
        stem == other or (len(stem) >= MIN_SHARED_PREFIX and stem[:MIN_SHARED_PREFIX] == other[:MIN_SHARED_PREFIX])
    )
