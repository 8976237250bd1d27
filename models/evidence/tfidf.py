"""How alike texts are in their words and letters: what a sentence has in common with each sentence of an article.

A term that few sentences of the article hold weighs more than one that many hold (inverse document frequency,
Spärck Jones 1972), and texts are compared by the cosine of their weighted terms. Words are cut to their first
letters, so that inflection does not matter; runs of four letters find what is spelled or compounded otherwise.
"""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

WORD = re.compile(r"[^\W_]+")
STEM = 5
RUN = 4


def stems(text: str) -> list[str]:
    """The words' first letters without case and accents; numbers whole, words of one or two letters left out."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    words = WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))
    return [w if w[0].isdigit() else w[:STEM] for w in words if len(w) > 2 or w[0].isdigit()]


def letter_runs(text: str) -> list[str]:
    """Every four letters in a row; a space stands for all between two words."""
    plain = f" {' '.join(WORD.findall(text.casefold()))} "
    return [plain[i : i + RUN] for i in range(len(plain) - RUN + 1)]


@dataclass(frozen=True, slots=True)
class Terms:
    """Texts as weighted terms of one kind: for each term its weight, and the texts that hold it with their shares."""

    cut: Callable[[str], list[str]]
    texts: int
    weights: dict[str, float]
    holders: dict[str, list[tuple[int, float]]]

    @classmethod
    def of(cls, texts: Sequence[str], cut: Callable[[str], list[str]]) -> "Terms":
        """Weigh the terms of the texts."""
        counts = [Counter(cut(text)) for text in texts]
        frequency = Counter(term for count in counts for term in count)
        weights = {term: math.log((1 + len(texts)) / n) for term, n in frequency.items()}
        holders: dict[str, list[tuple[int, float]]] = defaultdict(list)
        terms = cls(cut, len(texts), weights, holders)
        for number, count in enumerate(counts):
            for term, share in terms._vector(count).items():
                holders[term].append((number, share))
        return terms

    def weight(self, terms: frozenset[str]) -> float:
        """The weights together; a term that no text holds weighs as much as one that a single text holds."""
        return math.fsum(self._weight(term) for term in terms)

    def cosines(self, text: str) -> list[float]:
        """How alike the text and each of the texts are, from 0 to 1."""
        found = [0.0] * self.texts
        for term, share in self._vector(Counter(self.cut(text))).items():
            for number, other in self.holders.get(term, ()):
                found[number] += share * other
        return found

    def _weight(self, term: str) -> float:
        return self.weights.get(term) or math.log(1 + self.texts)

    def _vector(self, count: Counter[str]) -> dict[str, float]:
        weighted = {term: (1 + math.log(n)) * self._weight(term) for term, n in count.items()}
        length = math.sqrt(math.fsum(w * w for w in weighted.values()))
        return {term: w / length for term, w in weighted.items()} if length else {}
