"""Which of the sentences that may enter a summary do: as many as the asked length allows, none twice.

First each chunk's first sentence is heard, then each chunk's second, so that no part of a long article is left out for
the sake of another.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from models.values import Flag

TOLERANCE = 1.2


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may enter the summary: `chunk` and `place` say where it comes from."""

    text: str
    chunk: int
    place: int
    flags: tuple[Flag, ...] = ()
    extracted: bool = False

    @property
    def words(self) -> int:
        return len(self.text.split())


def select(candidates: Sequence[Candidate], words: int) -> list[Candidate]:
    """Sentences of about so many words in all, in reading order; the first sentence of each chunk goes before others.

    At least one sentence is chosen; one that says again what a chosen one says is passed over.
    """
    chosen: list[Candidate] = []
    held = 0
    for candidate in sorted(candidates, key=lambda c: (c.place, c.chunk)):
        if chosen and held + candidate.words > TOLERANCE * words:
            continue
        if any(_alike(candidate.text, other.text) for other in chosen):
            continue
        chosen.append(candidate)
        held += candidate.words
    return sorted(chosen, key=lambda c: (c.chunk, c.place))


def _alike(one: str, other: str) -> bool:
    """Whether most words of the shorter are in the longer; two that give different numbers say different things."""
    first, second = set(one.lower().split()), set(other.lower().split())
    figures, others = ({w for w in words if w[0].isdigit()} for words in (first, second))
    if figures and others and not figures & others:
        return False
    return len(first & second) > 0.6 * min(len(first), len(second))
