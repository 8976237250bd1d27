"""Which source sentences a summary sentence rests on, by the rare words the two share.

A summary sentence is compared with the English of every source sentence (with the German itself where there is
no translation). A shared word counts as much as it is rare in the article (inverse document frequency,
Spärck Jones 1972); the score is the share of the summary sentence's weight that the source sentence covers.
"""

import math
import re
from collections import Counter
from dataclasses import dataclass, replace

from models.checks.compare import Facts, doubts
from models.checks.names import stem
from models.values import Document, Evidence, Summary, Translation

TOKEN = re.compile(r"[^\W_]+")
MOST = 3
LEAST_SCORE = 0.2
# A further source sentence is named when it covers at least this share of what the best one does.
BESIDE_THE_BEST = 0.6


@dataclass(frozen=True, slots=True)
class Index:
    """The stems of each source sentence and their weights."""

    material: Translation | Document
    stems: tuple[frozenset[str], ...]
    weights: dict[str, float]

    @classmethod
    def of(cls, material: Translation | Document) -> "Index":
        """Index the sentences that a summary may rest on; those in other languages have no stems."""
        if isinstance(material, Translation):
            texts = [p.target if p.source.lang != "other" else "" for p in material.pairs]
        else:
            texts = [s.text if s.lang != "other" else "" for s in material.sentences]
        stems = tuple(_stems(text) for text in texts)
        frequency = Counter(s for group in stems for s in group)
        weights = {s: math.log(1 + len(texts) / n) for s, n in frequency.items()}
        return cls(material, stems, weights)

    def best(self, text: str) -> list[tuple[int, float]]:
        """Source sentences with their scores, best first; the earlier one first where two are equal."""
        wanted = _stems(text)
        total = self._weight(wanted)
        if not total:
            return []
        scores = [(i, self._weight(wanted & held) / total) for i, held in enumerate(self.stems)]
        # Of two that cover the same, the one that says less else.
        return sorted(scores, key=lambda pair: (-pair[1], len(self.stems[pair[0]]), pair[0]))

    def coverage(self, text: str) -> float:
        """The share of the text's weight that the two best source sentences hold together, from 0 to 1."""
        wanted = _stems(text)
        held = frozenset[str]().union(*(self.stems[i] for i, _ in self.best(text)[:2]))
        total = self._weight(wanted)
        return self._weight(wanted & held) / total if total else 0.0

    def _weight(self, stems: frozenset[str]) -> float:
        """The weights together; a stem that the article does not hold weighs as much as its rarest one."""
        rarest = math.log(1 + len(self.stems))
        return math.fsum(self.weights.get(s, rarest) for s in sorted(stems))

    def evidence(self, text: str) -> tuple[Evidence, ...]:
        """The sentences that support the text, at most three."""
        ranked = self.best(text)[:MOST]
        document = self.material.document if isinstance(self.material, Translation) else self.material
        return tuple(
            Evidence(i, document.sentences[i].start, document.sentences[i].end, round(score, 3))
            for i, score in ranked
            if score >= max(LEAST_SCORE, BESIDE_THE_BEST * ranked[0][1])
        )


def support(summary: Summary, material: Translation | Document) -> Summary:
    """The summary with the evidence and the doubts of each sentence."""
    index, facts = Index.of(material), Facts.of(material)
    sentences = tuple(
        replace(s, evidence=index.evidence(s.text), flags=s.flags + doubts(s.text, facts)) for s in summary.sentences
    )
    return replace(summary, sentences=sentences)


def _stems(text: str) -> frozenset[str]:
    return frozenset(t if t[0].isdigit() else stem(t) for t in TOKEN.findall(text) if len(t) > 2 or t[0].isdigit())
