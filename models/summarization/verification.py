"""What a model wrote, held against the article: which sentences it bears out, and what can stand in for the others.

The doubts that the reader would see are raised before anything is chosen. A value or a name that the article does not
hold, the opposite of what it says, a sentence without evidence, or, of which the reader sees nothing, one whose words
no two source sentences hold or whose names and numbers stand far from the rest of it, is not borne out. A lost "soll"
makes a sentence worth less; it is shown with its flag where there is nothing better.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.evidence.attribution import Index, support
from models.reading.sentence_form import is_headline, is_whole, numbers_points, stands_alone, tidied
from models.summarization.extractive import foremost, worths
from models.summarization.selection import Candidate
from models.values import Document, Summary, SummarySentence, Translation

# A sentence of whose weight the two nearest source sentences hold less says something that they do not.
LEAST_COVERAGE = 0.6
# A sentence of which a headline holds so much of the weight in words is that headline.
HEADLINE = 0.8
# What is left of a sentence's worth: with a doubt, pointing back, asking or a headline, not borne out, taken from the
# source for one that was not borne out, taken from the source for want of any.
DOUBTFUL, LEANING, ASKING, NOT_BORNE_OUT, STAND_IN, FILLER = 0.7, 0.85, 0.4, 0.2, 0.8, 0.3


def unjudged(candidate: Candidate) -> Candidate:
    """The candidate as it would be if the article bore it out."""
    if candidate.borne_out:
        return candidate
    return replace(candidate, worth=candidate.worth / NOT_BORNE_OUT, doubted=False)


@dataclass(frozen=True, slots=True)
class Judge:
    """An article against which sentences are held."""

    material: Translation | Document
    index: Index
    numbered: bool

    @classmethod
    def of(cls, material: Translation | Document) -> "Judge":
        """The judge of what is written about this article."""
        index = Index.of(material)
        return cls(material, index, numbers_points(index.sources))

    @property
    def has_english(self) -> bool:
        """Whether the article has sentences that can stand in an English summary as they are."""
        return isinstance(self.material, Translation)

    @property
    def opening(self) -> int:
        """The first sentence that is summarised, by its number in the document."""
        return self.index.places[0] if self.index.places else 0

    def judged(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """The candidates in their order, each with its evidence, and its worth in that light."""
        draft = Summary(tuple(SummarySentence(c.text) for c in candidates))
        found = []
        for candidate, seen in zip(candidates, support(draft, self.material).sentences, strict=True):
            grave = candidate.flags or any(f.kind != "claim" or f.cause == "opposite" for f in seen.flags)
            borne_out = bool(not grave and seen.evidence) and self._is_said(seen.text)
            worth = candidate.worth * (1 if stands_alone(seen.text) else LEANING)
            slight = seen.text.endswith("?") or self._is_headline(seen)
            worth *= ASKING if slight else 1
            worth *= DOUBTFUL if seen.flags else 1
            worth *= 1 if borne_out else NOT_BORNE_OUT
            judged = replace(candidate, evidence=seen.evidence, borne_out=borne_out, doubted=bool(seen.flags))
            found.append(replace(judged, worth=worth, undoubted=candidate.worth, slight=slight))
        return found

    def stand_ins(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """For each candidate the translation of the nearest source sentence without a doubt, where there is one."""
        if isinstance(self.material, Document):
            return []
        options: list[Candidate] = []
        for candidate in candidates:
            near = [self.material.pairs[e.sentence] for e in candidate.evidence]
            texts = [tidied(p.target, numbered=self.numbered) for p in near if not p.flags and is_whole(p.target)]
            for text in texts:
                worth = STAND_IN * candidate.undoubted * (1 if stands_alone(text) else LEANING)
                option = replace(candidate, text=text, flags=(), extracted=True, worth=worth)
                options.append(replace(option, doubted=False, slight=False))
        # The first that is clean for each place: the options of one candidate are in the order of their evidence.
        first: dict[float, Candidate] = {}
        for option in self._clean(options):
            first.setdefault(option.at, option)
        return list(first.values())

    def fillers(self, words: int) -> list[Candidate]:
        """The best translated sentences of the article, for a summary that would be too short without them."""
        if isinstance(self.material, Document):
            return []
        pairs = [self.material.pairs[i] for i in self.index.places]
        worth = worths(self.index.sources, [p.target for p in pairs])
        candidates = [
            Candidate(tidied(pair.target, numbered=self.numbered), place, FILLER * share, extracted=True)
            for place, pair, share in zip(self.index.places, pairs, worth, strict=True)
            if not pair.flags and pair.target.strip()
        ]
        return self._clean(foremost(candidates, words))

    def _is_said(self, text: str) -> bool:
        """Whether the article's English says most of the text, and its names and numbers with it."""
        if isinstance(self.material, Document):
            return True
        return self.index.coverage(text) >= LEAST_COVERAGE and not self.index.apart(text)

    def _is_headline(self, sentence: SummarySentence) -> bool:
        """Whether it says hardly more than the headline that it rests on."""
        nearest = sentence.evidence[0].sentence if sentence.evidence else None
        return (
            nearest is not None
            and is_headline(self.index.document.sentences[nearest].text)
            and self.index.coverage(sentence.text, [nearest]) >= HEADLINE
        )

    def _clean(self, extracted: Sequence[Candidate]) -> list[Candidate]:
        """Those that carry no doubt as sentences of a summary."""
        draft = Summary(tuple(SummarySentence(c.text) for c in extracted))
        checked = support(draft, self.material).sentences
        return [replace(c, evidence=s.evidence) for c, s in zip(extracted, checked, strict=True) if not s.flags]
