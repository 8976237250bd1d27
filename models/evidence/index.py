"""The sentences of an article as an index: which of them support a text, and how much of it they say.

A text is compared with the English of every source sentence, word by word and letter by letter (with the German
itself where there is no translation), and by meaning with the German, which no translator has touched. The score is
the mean of both, from 0 to 1: 1 is the same in the same words. docs/evidence.md says which score is how often right.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from models.checks.compare import ArticleFacts
from models.checks.names.dictionary import is_ordinary
from models.evidence.embeddings import embed
from models.evidence.tfidf import LETTERS_AND_DIGITS, TermIndex, letter_ngrams, stems
from models.options import CheckStop, never_stop
from models.reading.sentence_form import stands_alone
from models.values import Document, Evidence, Translation

if TYPE_CHECKING:
    from models.evidence.embeddings import Rows

MAX_EVIDENCE = 3
# Two to four in a hundred sentences of another article reach this; of its own, one in two hundred does not.
MIN_SCORE = 0.2
# A further source sentence is evidence only if its score is at least this share of the best one's.
MIN_SHARE_OF_BEST = 0.25
# How much of a source sentence's meaning counts as said when the next one is looked for.
SAID_SHARE = 0.8
_INSIDE_NUMBER = re.compile(r"(?<=\d)[.,](?=\d)")


@dataclass(frozen=True)
class EvidenceIndex:
    """The German and English sentences of an article, ready to be searched; `places` are their numbers in it.

    Built once for each article. `facts` is what the checks look up in the same article.
    """

    material: Translation | Document
    places: tuple[int, ...]
    embeddings: "Rows"
    words: TermIndex
    letters: TermIndex
    stem_sets: tuple[frozenset[str], ...]
    # The same with each number as one stem, and whether a sentence says itself what it speaks of.
    fact_stems: tuple[frozenset[str], ...]
    self_contained: tuple[bool, ...]
    facts: ArticleFacts

    @classmethod
    def of(cls, material: Translation | Document, check_stop: CheckStop = never_stop) -> "EvidenceIndex":
        """Index an article: a translation for English texts, a document alone for texts of either language."""
        document = material.document if isinstance(material, Translation) else material
        places = tuple(i for i, s in enumerate(document.sentences) if s.lang != "other")
        sources = [document.sentences[i].text for i in places]
        texts = [material.pairs[i].target for i in places] if isinstance(material, Translation) else sources
        facts = ArticleFacts.of(material, check_stop)
        # Each is made once, when it is first looked at: here, so that no summary sentence waits for it.
        _ = facts.quantities, facts.names
        return cls(
            material=material,
            places=places,
            embeddings=embed(sources, check_stop),
            words=TermIndex.of(texts, stems, check_stop),
            letters=TermIndex.of(texts, letter_ngrams, check_stop),
            stem_sets=tuple(frozenset(stems(text)) for text in texts),
            fact_stems=tuple(map(_fact_stems, texts)),
            self_contained=tuple(map(stands_alone, texts)),
            facts=facts,
        )

    @property
    def document(self) -> Document:
        """The article's sentences with their offsets."""
        return self.material.document if isinstance(self.material, Translation) else self.material

    def nearest(self, text: str) -> list[tuple[int, float]]:
        """The nearest source sentences with their scores, at most three; none where nothing is near.

        Each but the first is sought with what those before it have not said, so that both halves of a sentence
        merged from two are found.
        """
        if not self.places or not letter_ngrams(text):
            return []
        alike = (self.words.similarities(text) + self.letters.similarities(text)) / 2
        unsaid = embed([text])[0]
        ranked: list[tuple[int, float]] = []
        taken: list[int] = []
        highest = 1.0
        while len(taken) < min(MAX_EVIDENCE, len(self.places)):
            scores = (alike + (self.embeddings @ unsaid).clip(0.0).astype(float)) / 2
            scores[taken] = -1.0
            nearest = int(scores.argmax())
            # What is left of the text may be a little nearer to a sentence than the whole was: best stays first.
            highest = min(highest, float(scores[nearest]))
            if not ranked and highest < MIN_SCORE:
                break
            ranked.append((self.places[nearest], highest))
            taken.append(nearest)
            row = self.embeddings[nearest]
            unsaid = unsaid - SAID_SHARE * (unsaid @ row) * row
        return ranked

    def evidence(self, text: str) -> tuple[Evidence, ...]:
        """The sentences that support the text, best first, at most three; none where nothing is near."""
        found = []
        for place, score in (ranked := self.nearest(text)):
            if score >= MIN_SHARE_OF_BEST * ranked[0][1]:
                sentence = self.document.sentences[place]
                found.append(Evidence(place, sentence.start, sentence.end, round(score, 3)))
        return tuple(found)

    def coverage(self, text: str, among: Sequence[int] | None = None) -> float:
        """The share of the text's weight in words that two source sentences contain together, from 0 to 1.

        The two are sought `among` these sentences, by their numbers in the document, or all.
        """
        sources = self.stem_sets if among is None else [self.stem_sets[self.places.index(n)] for n in among]
        wanted = frozenset(stems(text))
        left = wanted
        for _ in range(2):
            left = min((left - source for source in sources), key=self.words.weight, default=left)
        total = self.words.weight(wanted)
        return 1 - self.words.weight(left) / total if total else 0.0

    def out_of_context_facts(self, text: str) -> frozenset[str]:
        """Numbers and names of an English text whose only place in the article is not where most of the text stands.

        That is two sentences that follow each other; where one of them points back ("He promised …"), the name of whom
        it speaks may stand anywhere. Such a fact may be true of another: "Vienna grew by 115,000" where Austria did.
        They come as stems, numbers without what groups their digits.
        """
        said = frozenset(stems(text))
        pairs = list(pairwise(range(len(self.stem_sets))))
        if not pairs:
            return frozenset()
        sets = self.stem_sets
        one, other = min(pairs, key=lambda pair: self.words.weight(said - sets[pair[0]] - sets[pair[1]]))
        with_names = self.self_contained[one] and self.self_contained[other]
        words = enumerate(LETTERS_AND_DIGITS.findall(_INSIDE_NUMBER.sub("", text)))
        facts = (w for n, w in words if w[0].isdigit() or (with_names and _is_name(w, first=n == 0)))
        elsewhere = frozenset(stems(" ".join(facts))) - self.fact_stems[one] - self.fact_stems[other]
        return frozenset(fact for fact in elsewhere if sum(fact in source for source in self.fact_stems) == 1)


def _fact_stems(text: str) -> frozenset[str]:
    return frozenset(stems(_INSIDE_NUMBER.sub("", text)))


def _is_name(word: str, *, first: bool) -> bool:
    return word[0].isupper() and not (first and is_ordinary(word))
