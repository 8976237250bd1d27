"""Each sentence of a summary with the source sentences that support it and with the flags that they give reason for."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain

from models.checks.compare import inherited_name_flags, sources_at, summary_flags
from models.evidence.index import EvidenceIndex
from models.options import CheckStop, SummaryLang, never_stop
from models.values import Flag, Summary, SummarySentence, Translation


def attribute(summary: Summary, index: EvidenceIndex, check_stop: CheckStop = never_stop) -> Summary:
    """The summary with the evidence and the flags of each sentence."""
    sentences = []
    for sentence in summary.sentences:
        check_stop()
        sentences.append(attribute_sentence(sentence, index, summary.lang))
    return replace(summary, sentences=tuple(sentences))


def attribute_sentence(sentence: SummarySentence, index: EvidenceIndex, lang: SummaryLang = "en") -> SummarySentence:
    """The sentence with its evidence and its flags, after those that it already has."""
    evidence = index.evidence(sentence.text)
    places = [e.sentence for e in evidence]
    found = summary_flags(sentence.text, sources_at(index.material, places), index.facts, lang)
    inherited: Iterable[Flag] = ()
    if lang == "en" and isinstance(index.material, Translation):
        inherited = inherited_name_flags(sentence.text, [index.material.pairs[i] for i in places], index.facts)
    return replace(sentence, evidence=evidence, flags=merge_flags(sentence.flags, found, inherited))


def merge_flags(*groups: Iterable[Flag]) -> tuple[Flag, ...]:
    """All flags in their order, of several on the same words of one kind the first."""
    first: dict[tuple[str, str], Flag] = {}
    for flag in chain(*groups):
        first.setdefault((flag.kind, flag.text), flag)
    return tuple(first.values())
