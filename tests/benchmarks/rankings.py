"""Ways to rank the sentences of an article by what they share with a question: those that lost against the one in use.

Each is made of the article's texts and then gives, for a question, a score for each of them, without a threshold.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence

from sacrebleu.metrics.chrf import CHRF

from models.evidence.embeddings import embed
from models.evidence.tfidf import TermIndex, letter_ngrams, stems

Scores = Callable[[str], list[float]]
Ranking = Callable[[Sequence[str]], Scores]
Cut = Callable[[str], list[str]]


def words(text: str) -> list[str]:
    """The whole words, without case."""
    return re.findall(r"[^\W_]+", text.casefold())


def runs_3_to_5(text: str) -> list[str]:
    """Every three, four and five letters in a row, a space between words."""
    plain = f" {' '.join(words(text))} "
    return [plain[i : i + n] for n in (3, 4, 5) for i in range(len(plain) - n + 1)]


def cosine(*cuts: Cut) -> Ranking:
    """The mean of the cosines over each kind of term."""

    def over(texts: Sequence[str]) -> Scores:
        kinds = [TermIndex.of(texts, cut) for cut in cuts]
        return lambda text: [sum(row) / len(row) for row in zip(*(k.similarities(text) for k in kinds), strict=True)]

    return over


def bm25(texts: Sequence[str]) -> Scores:
    """BM25 over word beginnings, with the usual constants 1.2 and 0.75 (Robertson and Zaragoza 2009)."""
    counts = [Counter(stems(text)) for text in texts]
    mean = sum(c.total() for c in counts) / len(counts) or 1
    holders = Counter(term for count in counts for term in count)

    def score(term: str, count: Counter[str]) -> float:
        rarity = math.log(1 + (len(counts) - holders[term] + 0.5) / (holders[term] + 0.5))
        return rarity * count[term] * 2.2 / (count[term] + 1.2 * (0.25 + 0.75 * count.total() / mean))

    return lambda text: [math.fsum(score(t, count) for t in set(stems(text)) if t in count) for count in counts]


def share(texts: Sequence[str]) -> Scores:
    """The share of the question's weight in word beginnings that a sentence holds."""
    terms, held = TermIndex.of(texts, stems), [frozenset(stems(text)) for text in texts]

    def scores(text: str) -> list[float]:
        wanted = frozenset(stems(text))
        return [terms.weight(wanted & own) / (terms.weight(wanted) or 1) for own in held]

    return scores


def chrf(texts: Sequence[str]) -> Scores:
    """chrF of each sentence, the question being the reference."""
    metric = CHRF()
    return lambda question: [metric.sentence_score(text, [question]).score for text in texts]


def meaning(texts: Sequence[str]) -> Scores:
    """The cosine of the sentence vectors."""
    rows = embed(texts)
    return lambda text: (rows @ embed([text])[0]).tolist()


# By the side of the article that they read.
ENGLISH: dict[str, Ranking] = {
    "words and letters, without meaning": cosine(stems, letter_ngrams),
    "letter runs (3 to 5)": cosine(runs_3_to_5),
    "word beginnings": cosine(stems),
    "BM25 over word beginnings": bm25,
    "whole words": cosine(words),
    "share of the weighted words": share,
    "chrF": chrf,
    "meaning against the translation": meaning,
}
GERMAN: dict[str, Ranking] = {
    "meaning against the German": meaning,
    "letter runs on the German": cosine(runs_3_to_5),
    "word beginnings on the German": cosine(stems),
}
