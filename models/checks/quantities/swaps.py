"""Whether two values have changed places: "5 Tote und 20 Verletzte" became "20 dead and 5 injured".

Each value is known by what stands by it: its sort (day, year, time), its unit, and the words around it, as far as
the two languages share them (names, cognates) or `neighbours` pairs them. Two values in the same order on both sides
are doubted only if their surroundings say the opposite; two in the opposite order, unless their surroundings say that
they moved together with their words.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from models.checks.quantities import units
from models.checks.quantities.context_words import STOP, key
from models.checks.quantities.numerals import word_set
from models.checks.quantities.tokens import Quantity, Token

# How much surroundings must speak for a pair in the opposite order, and against one in the same order; chosen on two
# development sets and held against the others, see docs/checks.md.
MOVED_TOGETHER = 0.25
SAYS_THE_OPPOSITE = 1.6
# A summary leaves out much of what stands around a value, so that less of it has to speak.
SAYS_THE_OPPOSITE_IN_A_SUMMARY = 0.9
# How much a shared word counts, by how near it stands.
NEAR = (1.0, 0.7, 0.45, 0.3)
OTHER_SIDE = 0.5
BEGINNING = 4
# Values with more of them in between are not compared: else a table in one line costs the square of its figures.
REACH = 20
YEAR_PLACE = word_set(
    """
    in since by until till from year of to and between summer winter spring autumn fall early late mid before after
    the january february march april may june july august september october november december jan feb aug sept oct
    nov dec
    """
)
PREPOSITIONS = {
    "von": ("from",), "auf": ("to",), "bis": ("to", "until", "by"), "seit": ("since",), "nach": ("after",),
    "über": ("over",), "um": ("by", "at"), "gegen": ("around", "at"), "für": ("for",), "mit": ("with",),
    "vor": ("before",),
}  # fmt: skip
# Right behind a score: the 0:2 defeat is the 2-0 of those who won.
DEFEAT = ("niederlage", "pleite", "schlappe")
# Whose score it is: who won or leads has the higher number first.
WON = word_set(
    """
    won win wins winning victory victories beat beats beating defeated defeats lead leads led leading ahead triumph
    triumphed triumphs
    """
)
LOST = word_set(
    "lost lose loses losing loss losses defeat beaten behind trail trails trailed trailing down draw drew by fell"
)
# Sorts that say themselves what they are.
NAMED = ("month", "weekday")

Words = tuple[tuple[str, frozenset[int], float], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quantity stands: the words before and after it, nearest first, and the very word before."""

    before: Words
    after: Words
    preposition: str

    @classmethod
    def of(cls, q: Quantity, stream: Sequence[Token], lang: str) -> "Place":
        """The place of a quantity in its text."""
        preposition = stream[q.first - 1].word if q.first else ""
        return cls(_words(stream, q.first, -1, lang), _words(stream, q.last, 1, lang), preposition)


def _words(stream: Sequence[Token], at: int, step: int, lang: str) -> Words:
    words: list[tuple[str, frozenset[int], float]] = []
    at += step
    distance = 0
    while 0 <= at < len(stream) and distance < len(NEAR) and stream[at].kind != "stop":
        if stream[at].kind == "word" and stream[at].word not in STOP:
            words.append((*key(stream[at].text, lang), NEAR[distance]))
        distance += stream[at].kind != "word" or stream[at].word not in STOP
        at += step
    return tuple(words)


Link = tuple[Quantity, Quantity]


def swapped(
    links: Sequence[Link],
    source: tuple[Sequence[Token], str],
    target: tuple[Sequence[Token], str],
    *,
    ordered: bool,
    translated: bool,
) -> list[tuple[Quantity, Quantity]]:
    """Pairs of the target's quantities that have changed places; `links` are (target, source) quantities.

    `ordered` says that the target follows the source, as a translation does and a summary mostly where it holds the
    values of one sentence; there order says nothing of numbers in words ("last four"), and of the halves of a score
    only where somebody wins or leads with the lower number.
    """
    links = [link for link in links if link[0].sort not in NAMED]
    if len(links) < 2:
        return []
    here = [Place.of(t, *target) for t, _ in links]
    there = [Place.of(s, *source) for _, s in links]

    def fit(i: int, j: int) -> float:
        """How well the place of target quantity i fits what is said of source quantity j."""
        return _fit(links[i][0], links[j][1], here[i], there[j])

    said = {token.word for token in target[0]}
    winning = bool(said & WON) and not said & LOST
    enough = SAYS_THE_OPPOSITE if translated else SAYS_THE_OPPOSITE_IN_A_SUMMARY
    found = []
    near = [(i, j) for j in range(len(links)) for i in range(max(0, j - REACH), j)]
    for i, j in sorted(near):
        (t1, s1), (t2, s2) = links[i], links[j]
        if not t1.readings.isdisjoint(t2.readings):
            continue
        if t1.first == t2.first and "year" in (t1.sort, t2.sort):
            # One token says both: 9/11.
            continue
        lost = s1.first == s2.first and source[0][s1.last + 1 :][:1]
        if lost and lost[0].word in DEFEAT and (t1.start - t2.start) * (t1.value - t2.value) < 0:
            continue
        scored = _one_score(t1, t2) or _one_score(s1, s2)
        higher_first = (s1.value > s2.value) == (s1.start < s2.start)
        told = translated or (t1.digits and t2.digits and (not scored or (winning and higher_first)))
        opposite = ordered and told and (s1.start - s2.start) * (t1.start - t2.start) < 0
        if opposite and _one_date(s1, s2, 2) and abs(t1.first - t2.first) <= 3:
            found.append((t1, t2))
            continue
        gain = fit(i, i) + fit(j, j) - fit(i, j) - fit(j, i)
        if gain < (MOVED_TOGETHER if opposite else -enough):
            found.append((t1, t2))
    return found


def _one_score(one: Quantity, other: Quantity) -> bool:
    """Whether two are the halves of a score: 3:1, 3-1."""
    return one.first == other.first or abs(one.end - other.start) == 1 or abs(other.end - one.start) == 1


def _one_date(one: Quantity, other: Quantity, within: int) -> bool:
    """Whether two are the day and the year of one date, which both languages give in this order."""
    return {one.sort, other.sort} == {"day", "year"} and abs(one.first - other.first) <= within


def _fit(one: Quantity, other: Quantity, here: Place, there: Place) -> float:
    """How well a place in the target fits a place in the source, whatever values stand there."""
    score = _role(one, other, here.preposition)
    if one.unit and other.unit:
        score += 1.0 if one.unit == other.unit else 0.5 if units.one_dimension(one.unit, other.unit) else -1.5
    elif one.unit or other.unit:
        score -= 0.3
    if one.named or other.named:
        score += 0.8 if one.named and other.named else -0.8
    if here.preposition in PREPOSITIONS.get(there.preposition, ()):
        score += 0.5
    same_side = _shared(here.before, there.before) + _shared(here.after, there.after)
    other_side = _shared(here.before, there.after) + _shared(here.after, there.before)
    return score + same_side + OTHER_SIDE * other_side


def _role(one: Quantity, other: Quantity, preposition: str) -> float:
    """How well the target's place fits what the source's value is: a day beside a month, a year after "in".

    Whether the target's own value looks like a year says nothing about its place.
    """
    if other.sort == "year":
        return 0.7 if preposition in YEAR_PLACE or one.sort == "day" else -0.4
    if "time" in (one.sort, other.sort) or "decade" in (one.sort, other.sort):
        return 0.5 if one.sort == other.sort else -0.5
    if other.sort == "day":
        return 0.5 if one.sort == "day" else -0.5
    return -0.5 if one.sort == "day" else 0.0


def _shared(here: Words, there: Words) -> float:
    """The weight of the words that both have."""
    return sum(
        max((near * w for s, e, w in there if _alike(stem, entries, s, e)), default=0.0) for stem, entries, near in here
    )


def _alike(stem: str, entries: frozenset[int], other: str, others: frozenset[int]) -> bool:
    if entries and not entries.isdisjoint(others):
        return True
    return len(stem) > 2 and (stem == other or (len(stem) >= BEGINNING and stem[:BEGINNING] == other[:BEGINNING]))
