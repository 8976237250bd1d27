"""What a model wrote, compared with the article: which sentences it supports, and what can replace the others.

The flags that the reader would see are raised before anything is chosen. A sentence is not supported if it has a value
or a name that the article lacks, says the opposite of the source, or has no evidence; nor, though the reader sees no
flag, if no two source sentences contain its words, or if its names and numbers stand far from the rest of it. A lost
"soll" lowers the score of a sentence; it is shown with its flag if there is nothing better.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.evidence.attribution import attribute_sentence, merge_flags
from models.evidence.index import EvidenceIndex
from models.options import CheckStop, never_stop
from models.reading.sentence_form import is_headline, is_whole, numbers_points, stands_alone, tidied
from models.summarization.extractive import sentence_scores
from models.summarization.selection import Candidate, top_candidates
from models.values import Document, Pair, SummarySentence, Translation

# The least share of a sentence's weight in words that its two nearest source sentences must contain together.
MIN_COVERAGE = 0.6
# A sentence repeats a headline if the headline contains this share of its weight in words.
MIN_HEADLINE_COVERAGE = 0.8
# Score multipliers: for a sentence with a flag,
FLAGGED_FACTOR = 0.7
# for one that points back to another,
POINTS_BACK_FACTOR = 0.85
# for a question or a headline,
LOW_PRIORITY_FACTOR = 0.4
# for one that the article does not support,
UNSUPPORTED_FACTOR = 0.2
# for a source sentence that replaces an unsupported one,
REPLACEMENT_FACTOR = 0.8
# and for a source sentence that only fills the length.
FILLER_FACTOR = 0.3


def assume_supported(candidate: Candidate) -> Candidate:
    """The candidate as it would be if the article supported it."""
    if candidate.supported:
        return candidate
    return replace(candidate, score=candidate.score / UNSUPPORTED_FACTOR, flags=())


@dataclass(frozen=True, slots=True)
class Verifier:
    """Compares sentences with an article; `numbered` says that the article numbers its points."""

    index: EvidenceIndex
    numbered: bool
    check_stop: CheckStop

    @classmethod
    def of(cls, index: EvidenceIndex, check_stop: CheckStop = never_stop) -> "Verifier":
        """The verifier of what is written about this article."""
        sentences = index.document.sentences
        return cls(index, numbers_points(sentences[i].text for i in index.places), check_stop)

    @property
    def has_english(self) -> bool:
        """Whether the article has sentences that can stand in an English summary as they are."""
        return isinstance(self.index.material, Translation)

    @property
    def opening(self) -> int:
        """The first sentence that is summarised, by its number in the document."""
        return self.index.places[0] if self.index.places else 0

    def verify(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """The candidates in their order, each with its evidence, its flags, and the score that these leave it."""
        return [self._verified(candidate) for candidate in candidates]

    def replacements(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """For each candidate the translation of the nearest source sentence without a flag, where there is one."""
        if isinstance(self.index.material, Document):
            return []
        found: dict[float, Candidate] = {}
        for candidate in candidates:
            near = [self.index.material.pairs[e.sentence] for e in candidate.evidence]
            texts = [tidied(p.target, numbered=self.numbered) for p in near if _may_stand(p) and is_whole(p.target)]
            # The options of one candidate are in the order of their evidence: the first without a flag stays.
            for text in texts:
                score = REPLACEMENT_FACTOR * candidate.base_score * (1 if stands_alone(text) else POINTS_BACK_FACTOR)
                option = Candidate(text, candidate.position, score, extracted=True)
                if candidate.position not in found and (checked := self._without_flags(option)):
                    found[candidate.position] = checked
        return list(found.values())

    def fillers(self, words: int) -> list[Candidate]:
        """The best translated sentences of the article, for a summary that would be too short without them."""
        if isinstance(self.index.material, Document):
            return []
        pairs = [self.index.material.pairs[i] for i in self.index.places]
        scores = sentence_scores(self.index.embeddings, [p.target for p in pairs])
        candidates = [
            Candidate(tidied(pair.target, numbered=self.numbered), place, FILLER_FACTOR * score, extracted=True)
            for place, pair, score in zip(self.index.places, pairs, scores, strict=True)
            if _may_stand(pair) and pair.target.strip()
        ]
        checked = map(self._without_flags, top_candidates(candidates, words))
        return [candidate for candidate in checked if candidate]

    def _verified(self, candidate: Candidate) -> Candidate:
        self.check_stop()
        seen = attribute_sentence(SummarySentence(candidate.text), self.index)
        flags = merge_flags(candidate.decoding_flags, seen.flags)
        grave = any(f.kind != "claim" or f.cause == "opposite" for f in flags)
        supported = not grave and bool(seen.evidence) and self._is_said(seen.text)
        low_priority = seen.text.endswith("?") or self._is_headline(seen)
        score = candidate.score
        score *= 1 if stands_alone(seen.text) else POINTS_BACK_FACTOR
        score *= LOW_PRIORITY_FACTOR if low_priority else 1
        score *= FLAGGED_FACTOR if seen.flags else 1
        score *= 1 if supported else UNSUPPORTED_FACTOR
        return replace(
            candidate,
            score=score,
            flags=flags,
            evidence=seen.evidence,
            supported=supported,
            base_score=candidate.score,
            low_priority=low_priority,
        )

    def _is_said(self, text: str) -> bool:
        """Whether the article's English says most of the text, and its names and numbers with it."""
        if isinstance(self.index.material, Document):
            return True
        return self.index.coverage(text) >= MIN_COVERAGE and not self.index.out_of_context_facts(text)

    def _is_headline(self, sentence: SummarySentence) -> bool:
        """Whether it says hardly more than the headline that it rests on."""
        nearest = sentence.evidence[0].sentence if sentence.evidence else None
        return (
            nearest is not None
            and is_headline(self.index.document.sentences[nearest].text)
            and self.index.coverage(sentence.text, [nearest]) >= MIN_HEADLINE_COVERAGE
        )

    def _without_flags(self, candidate: Candidate) -> Candidate | None:
        """The candidate with its evidence, if it carries no flag as a sentence of a summary."""
        self.check_stop()
        checked = attribute_sentence(SummarySentence(candidate.text), self.index)
        return None if checked.flags else replace(candidate, evidence=checked.evidence)


def _may_stand(pair: Pair) -> bool:
    """Whether a translated sentence may stand in a summary: without a flag, and no row of a table."""
    return not pair.flags and not pair.source.row
