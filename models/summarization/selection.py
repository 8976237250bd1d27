"""Which of the sentences that may enter a summary do: of about the asked length together, and none twice.

All subsets are compared by what their sentences are worth and by how far they are from the asked length; which is a
knapsack with few items, solved exactly.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.evidence.tfidf import WORD, stems
from models.values import Evidence, Flag

# A summary whose length is off by no more than this share has the asked length.
TOLERANCE = 0.25
# What is doubted is left out if the rest has so much of the worth.
MUCH = 0.9
FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")
# Two sentences that share more of the shorter one's words say the same; so many will do if they rest on one source or
# share so many words in a row.
ALIKE, ALIKE_IF_NEAR = 0.6, 0.4
IN_A_ROW = 6


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may enter the summary: where it stands in reading order, and what it is worth a word.

    A word more or less than the asked length costs 1. `undoubted` is the worth without what was doubted in it;
    `doubted` has a flag, `slight` is a question or a headline.
    """

    text: str
    at: float = 0.0
    worth: float = 1.0
    flags: tuple[Flag, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    extracted: bool = False
    borne_out: bool = True
    undoubted: float = 1.0
    doubted: bool = False
    slight: bool = False

    @property
    def words(self) -> int:
        """How long it is."""
        return len(self.text.split())


def select(candidates: Sequence[Candidate], words: int) -> list[Candidate]:
    """The best sentences of about so many words in all, in reading order; at least one, where there is one.

    Questions and headlines are taken only where the length cannot be had without, and what is doubted only where it
    cannot or much would be lost.
    """
    whole = [c for c in candidates if not c.slight]
    sound = [c for c in whole if not c.doubted]
    chosen = _best(whole, words)
    if len(sound) < len(whole):
        without = _best(sound, words)
        if _has_length(without, words) and _worth(without) >= MUCH * _worth(chosen):
            return without
    if len(whole) == len(candidates) or _has_length(chosen, words):
        return chosen
    return _best(candidates, words)


def _has_length(chosen: Sequence[Candidate], words: int) -> bool:
    return has_length(sum(c.words for c in chosen), words)


def _worth(chosen: Sequence[Candidate]) -> float:
    return sum(c.words * c.worth for c in chosen)


def _best(candidates: Sequence[Candidate], words: int) -> list[Candidate]:
    items = distinct(candidates)
    limit = max(round((1 + TOLERANCE) * words), min((c.words for c in items), default=0))
    # By words in all: the worth of the best subset of so many words, and which items it holds, as bits.
    best: dict[int, tuple[float, int]] = {0: (0.0, 0)}
    for number, item in enumerate(items):
        for held, (worth, chosen) in list(best.items()):
            total, gain = held + item.words, worth + item.words * item.worth
            if total <= limit and gain > best.get(total, (-1.0, 0))[0]:
                best[total] = (gain, chosen | 1 << number)
    best.pop(0)
    if not best:
        return items[:1]
    inside = [total for total in best if has_length(total, words)]
    if inside:
        total = max(inside, key=lambda t: (best[t][0] - abs(t - words), -t))
    else:
        total = min(best, key=lambda t: abs(t - words))
    bits = best[total][1]
    return sorted((c for number, c in enumerate(items) if bits >> number & 1), key=lambda c: c.at)


def has_length(total: int, words: int) -> bool:
    """Whether so many words are about as many as were asked for."""
    return abs(total - words) <= TOLERANCE * words


def distinct(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates, the worthiest first, without those that say again what a worthier one says."""
    kept: list[Candidate] = []
    held: list[frozenset[str]] = []
    for candidate in sorted(candidates, key=lambda c: (-c.worth, c.at)):
        said = frozenset(stems(candidate.text))
        if not any(_same(candidate, other, said, others) for other, others in zip(kept, held, strict=True)):
            kept.append(candidate)
            held.append(said)
    return kept


def _same(one: Candidate, other: Candidate, first: frozenset[str], second: frozenset[str]) -> bool:
    """Whether most words of the shorter are in the longer; two that give different numbers say different things."""
    if one.text == other.text:
        return True
    figures, others = set(FIGURE.findall(one.text)), set(FIGURE.findall(other.text))
    if figures and others and not figures & others:
        return False
    shared = len(first & second) / max(1, min(len(first), len(second)))
    if not ALIKE_IF_NEAR < shared <= ALIKE:
        return shared > ALIKE
    one_source = one.evidence and other.evidence and one.evidence[0].sentence == other.evidence[0].sentence
    return bool(one_source) or not _rows(one.text).isdisjoint(_rows(other.text))


def _rows(text: str) -> set[tuple[str, ...]]:
    """Every six words in a row."""
    words = WORD.findall(text.casefold())
    return {tuple(words[i : i + IN_A_ROW]) for i in range(len(words) - IN_A_ROW + 1)}
