"""Which of the candidate sentences make the summary: of about the asked length together, and none twice.

All subsets are compared by the scores of their sentences and by how far they are from the asked length; that is a
knapsack with few items, solved exactly.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.evidence.tfidf import LETTERS_AND_DIGITS, stems
from models.options import CheckStop, never_stop
from models.values import Evidence, Flag

# A summary has the asked length if it is off by no more than this share.
LENGTH_TOLERANCE = 0.25
# Prefer a selection without flagged sentences if it keeps at least this share of the score.
MIN_SCORE_SHARE_WITHOUT_FLAGGED = 0.9
# Only the best candidates, up to this many times the asked words, enter the knapsack.
MAX_CANDIDATE_LENGTH = 3
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
# Two sentences say the same if they share more than this of the shorter one's words; the lower limit holds for two that
# rest on one source or share this many words in a row.
MAX_OVERLAP, MAX_OVERLAP_OF_RELATED = 0.6, 0.4
SHARED_RUN_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may enter the summary; `position` is its place in reading order, `score` its value a word.

    A word more or less than the asked length costs 1. `base_score` is the score before the sentence was verified, and
    `decoding_flags` are those that it had then. `low_priority` says that it is a question or a headline.
    """

    text: str
    position: float = 0.0
    score: float = 1.0
    decoding_flags: tuple[Flag, ...] = ()
    flags: tuple[Flag, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    extracted: bool = False
    supported: bool = True
    base_score: float = 1.0
    low_priority: bool = False

    @property
    def words(self) -> int:
        """The number of its words."""
        return len(self.text.split())

    @property
    def flagged(self) -> bool:
        """Whether there is a reason to doubt it."""
        return bool(self.flags)


def is_short(texts: Iterable[str], words: int) -> bool:
    """Whether an article is no longer than its summary: then its text is the summary."""
    return sum(len(text.split()) for text in texts) <= words


def has_length(total: int, words: int) -> bool:
    """Whether so many words are about as many as were asked for."""
    return abs(total - words) <= LENGTH_TOLERANCE * words


def total_words(candidates: Iterable[Candidate]) -> int:
    """The number of words of all candidates."""
    return sum(c.words for c in candidates)


def top_candidates(candidates: Sequence[Candidate], words: int) -> list[Candidate]:
    """The best candidates, as many as a selection of so many words can need."""
    kept, length = [], 0
    for candidate in sorted(candidates, key=lambda c: (-c.score, c.position)):
        if length > MAX_CANDIDATE_LENGTH * words:
            break
        kept.append(candidate)
        length += candidate.words
    return kept


def select(candidates: Sequence[Candidate], words: int, check_stop: CheckStop = never_stop) -> list[Candidate]:
    """The best sentences of about so many words in all, in reading order; at least one, where there is one.

    Questions and headlines are taken only if the length cannot be reached without them, and flagged sentences only if
    it cannot or if much of the score would be lost.
    """
    preferred = [c for c in candidates if not c.low_priority]
    unflagged = [c for c in preferred if not c.flagged]
    chosen = _best_subset(preferred, words, check_stop)
    if len(unflagged) < len(preferred):
        without = _best_subset(unflagged, words, check_stop)
        enough = _total_score(without) >= MIN_SCORE_SHARE_WITHOUT_FLAGGED * _total_score(chosen)
        if has_length(total_words(without), words) and enough:
            return without
    if len(preferred) == len(candidates) or has_length(total_words(chosen), words):
        return chosen
    return _best_subset(candidates, words, check_stop)


def _total_score(chosen: Iterable[Candidate]) -> float:
    return sum(c.words * c.score for c in chosen)


def _best_subset(candidates: Sequence[Candidate], words: int, check_stop: CheckStop) -> list[Candidate]:
    items = distinct(candidates, check_stop)
    limit = max(round((1 + LENGTH_TOLERANCE) * words), min((c.words for c in items), default=0))
    # By words in all: the score of the best subset of so many words, and which items it has, as bits.
    best: dict[int, tuple[float, int]] = {0: (0.0, 0)}
    for number, item in enumerate(items):
        check_stop()
        for length, (score, chosen) in list(best.items()):
            total, gain = length + item.words, score + item.words * item.score
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
    return sorted((c for number, c in enumerate(items) if bits >> number & 1), key=lambda c: c.position)


def distinct(candidates: Sequence[Candidate], check_stop: CheckStop = never_stop) -> list[Candidate]:
    """The candidates, best first, without those that repeat what a better one says."""
    kept: list[tuple[Candidate, frozenset[str]]] = []
    for candidate in sorted(candidates, key=lambda c: (-c.score, c.position)):
        check_stop()
        own = frozenset(stems(candidate.text))
        if not any(_say_the_same(candidate, other, own, others) for other, others in kept):
            kept.append((candidate, own))
    return [candidate for candidate, _ in kept]


def _say_the_same(one: Candidate, other: Candidate, first: frozenset[str], second: frozenset[str]) -> bool:
    """Whether most words of the shorter are in the longer; two with different numbers say different things."""
    if one.text == other.text:
        return True
    numbers, others = set(NUMBER.findall(one.text)), set(NUMBER.findall(other.text))
    if numbers and others and not numbers & others:
        return False
    shared = len(first & second) / max(1, min(len(first), len(second)))
    if not MAX_OVERLAP_OF_RELATED < shared <= MAX_OVERLAP:
        return shared > MAX_OVERLAP
    one_source = one.evidence and other.evidence and one.evidence[0].sentence == other.evidence[0].sentence
    return bool(one_source) or not _runs(one.text).isdisjoint(_runs(other.text))


def _runs(text: str) -> set[tuple[str, ...]]:
    """Every six words in a row."""
    words = LETTERS_AND_DIGITS.findall(text.casefold())
    return {tuple(words[i : i + SHARED_RUN_LENGTH]) for i in range(len(words) - SHARED_RUN_LENGTH + 1)}
