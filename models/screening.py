"""What a model wrote, held against the article: a sentence that it does not bear out gives way to one of its own.

A sentence with a number or a name that the article does not hold, or with words that no two of its sentences hold,
is not shown: the translation of the source sentence nearest to it stands in its place, marked as extracted.
"""

from collections.abc import Sequence
from dataclasses import replace

from models.checks.compare import Facts, doubts
from models.evidence import Index
from models.selection import Candidate
from models.values import Document, Translation

# A sentence of whose weight the two nearest source sentences hold less says something that they do not.
LEAST_COVERAGE = 0.6


def screen(candidates: Sequence[Candidate], material: Translation | Document) -> list[Candidate]:
    """The candidates, the doubtful ones replaced by what the source says; nothing left means the lead is taken."""
    facts, index = Facts.of(material), Index.of(material)
    screened: list[Candidate] = []
    for candidate in candidates:
        borne_out = index.coverage(candidate.text) >= LEAST_COVERAGE or isinstance(material, Document)
        if borne_out and not candidate.flags and not doubts(candidate.text, facts):
            screened.append(candidate)
        elif isinstance(material, Translation) and (text := _nearest(candidate.text, index, material)):
            screened.append(replace(candidate, text=text, flags=(), extracted=True))
        elif isinstance(material, Document):
            screened.append(candidate)
    if not screened and isinstance(material, Translation):
        lead = [p.target for p in material.pairs if p.source.lang != "other" and not p.flags][:3]
        screened = [Candidate(text, 0, place, extracted=True) for place, text in enumerate(lead)]
    return screened


def _nearest(text: str, index: Index, material: Translation) -> str:
    """The English of the source sentence nearest to the text, of those about which there is no doubt."""
    for number, score in index.best(text)[:3]:
        pair = material.pairs[number]
        if score > 0 and not pair.flags:
            return pair.target
    return ""
