"""Which source sentences a summary sentence rests on, best first, by what the two share in words and in meaning.

A summary sentence is held against the English of every source sentence, word by word and letter by letter (the
German itself where there is no translation), and by its meaning against the German, which no translator has
touched. The score is the mean of both, from 0 to 1: 1 is the same in the same words. docs/evidence.md has the
figures: which score is how often right, and what was tried beside this.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from models.checks.compare import ArticleFacts, inherited_name_flags, sources_at, summary_flags
from models.checks.names.dictionary import is_ordinary
from models.evidence.embeddings import vectors
from models.evidence.tfidf import WORD, Terms, letter_runs, stems
from models.reading.sentence_form import stands_alone
from models.values import Document, Evidence, Flag, Summary, Translation

MOST = 3
# Two to four in a hundred sentences of another article reach this; of its own, one in two hundred does not.
LEAST_SCORE = 0.2
# A further source sentence is named when its score is at least this share of the best one's.
BESIDE_THE_BEST = 0.25
# So much of what a source sentence says counts as said when the next one is looked for.
SAID = 0.8
_IN_NUMBER = re.compile(r"(?<=\d)[.,](?=\d)")


@dataclass(frozen=True, slots=True)
class Index:
    """The sentences of an article that may be evidence, ready to be searched."""

    document: Document
    places: tuple[int, ...]
    sources: tuple[str, ...]
    words: Terms
    letters: Terms
    held: tuple[frozenset[str], ...]
    # The same with each number as one, and whether the sentence says itself what it speaks of.
    whole: tuple[frozenset[str], ...]
    alone: tuple[bool, ...]

    @classmethod
    def of(cls, material: Translation | Document, summary_lang: Literal["en", "de"] = "en") -> "Index":
        """Index the German and English sentences; a German summary is compared with the source as it stands."""
        document = material.document if isinstance(material, Translation) else material
        places = tuple(i for i, s in enumerate(document.sentences) if s.lang != "other")
        sources = tuple(document.sentences[i].text for i in places)
        texts = list(sources)
        if summary_lang == "en" and isinstance(material, Translation):
            texts = [material.pairs[i].target for i in places]
        words, letters = Terms.of(texts, stems), Terms.of(texts, letter_runs)
        held, whole = tuple(frozenset(stems(text)) for text in texts), tuple(map(_whole, texts))
        return cls(document, places, sources, words, letters, held, whole, tuple(map(stands_alone, texts)))

    def best(self, text: str) -> list[tuple[int, float]]:
        """The nearest source sentences with their scores, at most three; none where nothing is near.

        Each but the first is sought with what those before it have not said, so that both halves of a sentence
        merged from two are found.
        """
        if not self.places or not letter_runs(text):
            return []
        alike = [(a + b) / 2 for a, b in zip(self.words.cosines(text), self.letters.cosines(text), strict=True)]
        rows, unsaid = vectors(self.sources), vectors((text,))[0]
        ranked: list[tuple[int, float]] = []
        left, most = list(range(len(self.places))), 1.0
        while left and len(ranked) < MOST:
            meant = (rows @ unsaid).tolist()
            scores = {i: (alike[i] + max(0.0, meant[i])) / 2 for i in left}
            nearest = max(left, key=scores.__getitem__)
            # What is left of the text may be a little nearer to a sentence than the whole was: best stays first.
            most = min(most, scores[nearest])
            if not ranked and most < LEAST_SCORE:
                break
            ranked.append((self.places[nearest], most))
            unsaid = unsaid - SAID * (unsaid @ rows[nearest]) * rows[nearest]
            left.remove(nearest)
        return ranked

    def evidence(self, text: str) -> tuple[Evidence, ...]:
        """The sentences that support the text, at most three; none where nothing is near."""
        found = []
        for place, score in (ranked := self.best(text)):
            if score >= BESIDE_THE_BEST * ranked[0][1]:
                sentence = self.document.sentences[place]
                found.append(Evidence(place, sentence.start, sentence.end, round(score, 3)))
        return tuple(found)

    def coverage(self, text: str, among: Sequence[int] | None = None) -> float:
        """The share of the text's weight in words that two source sentences hold together, from 0 to 1.

        The two are sought `among` these sentences, by their numbers in the document, or all.
        """
        sources = self.held if among is None else [self.held[self.places.index(number)] for number in among]
        wanted = frozenset(stems(text))
        left = wanted
        for _ in range(2):
            left = min((left - held for held in sources), key=self.words.weight, default=left)
        total = self.words.weight(wanted)
        return 1 - self.words.weight(left) / total if total else 0.0

    def apart(self, text: str) -> frozenset[str]:
        """Numbers and names of an English text whose one place in the article is not where it says most of the text.

        That is two sentences that follow each other; where one of them points back ("He promised …"), the name of whom
        it speaks may stand anywhere. What is apart may be true of another: "Vienna grew by 115,000" where Austria did.
        They come as stems (`likeness.stems`), numbers without what groups their digits.
        """
        said = frozenset(stems(text))
        pairs = list(pairwise(range(len(self.held))))
        if not pairs:
            return frozenset()
        one, other = min(pairs, key=lambda pair: self.words.weight(said - self.held[pair[0]] - self.held[pair[1]]))
        alone = self.alone[one] and self.alone[other]
        words = enumerate(WORD.findall(_IN_NUMBER.sub("", text)))
        facts = (w for n, w in words if w[0].isdigit() or (alone and _is_name(w, first=n == 0)))
        elsewhere = frozenset(stems(" ".join(facts))) - self.whole[one] - self.whole[other]
        return frozenset(fact for fact in elsewhere if sum(fact in held for held in self.whole) == 1)


def _whole(text: str) -> frozenset[str]:
    return frozenset(stems(_IN_NUMBER.sub("", text)))


def _is_name(word: str, *, first: bool) -> bool:
    return word[0].isupper() and not (first and is_ordinary(word))


def support(summary: Summary, material: Translation | Document, summary_lang: Literal["en", "de"] = "en") -> Summary:
    """The summary with the evidence and the doubts of each sentence."""
    index, facts = Index.of(material, summary_lang), ArticleFacts.of(material)
    sentences = []
    for sentence in summary.sentences:
        evidence = index.evidence(sentence.text)
        texts = sources_at(material, [e.sentence for e in evidence])
        flags = [*sentence.flags, *summary_flags(sentence.text, texts, facts, summary_lang)]
        if summary_lang == "en" and isinstance(material, Translation):
            flags += inherited_name_flags(sentence.text, [material.pairs[e.sentence] for e in evidence], facts)
        once: dict[tuple[str, str], Flag] = {}
        for flag in flags:
            once.setdefault((flag.kind, flag.text), flag)
        sentences.append(replace(sentence, evidence=evidence, flags=tuple(once.values())))
    return replace(summary, sentences=tuple(sentences))
