"""TF-IDF: what a text has in common with each sentence of an article, in words and in letters.

A term that few sentences contain weighs more than one that many contain (inverse document frequency, Spärck Jones
1972), and texts are compared by the cosine of their weighted terms. Words are cut to their first letters, so that
inflection does not matter; letter n-grams find what is spelled or compounded in another way.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from models.options import CheckStop, never_stop

if TYPE_CHECKING:
    from numpy import float64, int32
    from numpy.typing import NDArray

LETTERS_AND_DIGITS = re.compile(r"[^\W_]+")
STEM_LENGTH = 5
NGRAM_LENGTH = 4


def stems(text: str) -> list[str]:
    """The words' first letters without case and accents; numbers whole, words of one or two letters left out."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    words = LETTERS_AND_DIGITS.findall("".join(c for c in plain if not unicodedata.combining(c)))
    return [w if w[0].isdigit() else w[:STEM_LENGTH] for w in words if len(w) > 2 or w[0].isdigit()]


def letter_ngrams(text: str) -> list[str]:
    """Every four letters in a row; a space stands for all between two words."""
    plain = f" {' '.join(LETTERS_AND_DIGITS.findall(text.casefold()))} "
    return [plain[i : i + NGRAM_LENGTH] for i in range(len(plain) - NGRAM_LENGTH + 1)]


@dataclass(frozen=True, slots=True)
class TermIndex:
    """Texts as weighted terms: a term's `spans` entry says where `numbers` has the texts that contain it and `shares`
    its share in each."""

    tokenize: Callable[[str], list[str]]
    texts: int
    weights: dict[str, float]
    spans: dict[str, slice]
    numbers: "NDArray[int32]"
    shares: "NDArray[float64]"

    @classmethod
    def of(
        cls, texts: Sequence[str], tokenize: Callable[[str], list[str]], check_stop: CheckStop = never_stop
    ) -> "TermIndex":
        """Weigh the terms of the texts."""
        import numpy as np

        counts = []
        for text in texts:
            check_stop()
            counts.append(Counter(tokenize(text)))
        frequency = Counter(term for count in counts for term in count)
        weights = {term: math.log((1 + len(texts)) / n) for term, n in frequency.items()}
        ends = list(accumulate(frequency.values()))
        spans = {term: slice(end - n, end) for (term, n), end in zip(frequency.items(), ends, strict=True)}
        free = {term: span.start for term, span in spans.items()}
        total = ends[-1] if ends else 0
        index = cls(tokenize, len(texts), weights, spans, np.empty(total, np.int32), np.empty(total, np.float64))
        for number, count in enumerate(counts):
            check_stop()
            for term, share in index._vector(count).items():
                place = free[term]
                index.numbers[place], index.shares[place], free[term] = number, share, place + 1
        return index

    def weight(self, terms: frozenset[str]) -> float:
        """The sum of the terms' weights; a term that no text contains weighs as much as one that a single text does."""
        return math.fsum(self._weight(term) for term in terms)

    def similarities(self, text: str) -> "NDArray[float64]":
        """The cosine of the text with each of the texts, from 0 to 1."""
        import numpy as np

        found = np.zeros(self.texts)
        for term, share in self._vector(Counter(self.tokenize(text))).items():
            if (span := self.spans.get(term)) is not None:
                found[self.numbers[span]] += share * self.shares[span]
        return found

    def _weight(self, term: str) -> float:
        return self.weights.get(term) or math.log(1 + self.texts)

    def _vector(self, count: Counter[str]) -> dict[str, float]:
        weighted = {term: (1 + math.log(n)) * self._weight(term) for term, n in count.items()}
        length = math.sqrt(math.fsum(w * w for w in weighted.values()))
        return {term: w / length for term, w in weighted.items()} if length else {}
