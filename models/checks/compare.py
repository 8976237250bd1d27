"""Compare a text with the sentences that should support it, by all checks of values, names and claims.

No model is used. A flag must be worth reading, so it is raised only if the other side, in German and in English, has
nothing like it. docs/benchmarks.md says how often flags are right.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from models.checks.claims.antonyms import antonym_flags
from models.checks.claims.check import claim_flags
from models.checks.claims.time_words import time_word_flags
from models.checks.names.check import name_flags
from models.checks.names.dictionary import is_name, is_ordinary
from models.checks.names.source_index import SourceIndex
from models.checks.names.spelling import LETTER_RUN, fold
from models.checks.quantities.check import SourceQuantities, quantity_flags
from models.checks.quantities.limits import limit_flags
from models.checks.quantities.signs import sign_flags
from models.checks.texts import LangText, SourceSentence
from models.options import CheckStop, never_stop
from models.values import Document, Flag, Pair, Translation

NOT_ANYWHERE = "not in the article"
ELSEWHERE = "in the article, but not in its evidence"


@dataclass(frozen=True)
class ArticleFacts:
    """The German and English sentences of an article, and what the checks look up in them, made once."""

    sources: tuple[SourceSentence, ...]
    check_stop: CheckStop = never_stop

    @classmethod
    def of(cls, material: Translation | Document, check_stop: CheckStop = never_stop) -> "ArticleFacts":
        """Return the facts of a document, and of its translation if there is one."""
        document = material.document if isinstance(material, Translation) else material
        return cls(tuple(sources_at(material, range(len(document.sentences)))), check_stop)

    @cached_property
    def quantities(self) -> SourceQuantities:
        """The quantities of all sentences."""
        return SourceQuantities.of(self.sources, self.check_stop)

    @cached_property
    def names(self) -> SourceIndex:
        """The names of all sentences and their translations."""
        return SourceIndex(self.sources, self.check_stop)

    @cached_property
    def german_names(self) -> SourceIndex:
        """The names of the German sentences, without their translations."""
        german = [replace(source, translation=None) for source in self.sources if source.lang == "de"]
        return SourceIndex(german, self.check_stop)


def sources_at(material: Translation | Document, places: Sequence[int]) -> list[SourceSentence]:
    """Return the German and English sentences at these places, with their translations."""
    document = material.document if isinstance(material, Translation) else material
    found = []
    for place in places:
        sentence = document.sentences[place]
        if sentence.lang == "en":
            found.append(SourceSentence(sentence.text, "en"))
        elif sentence.lang == "de":
            target = material.pairs[place].target if isinstance(material, Translation) else None
            found.append(SourceSentence(sentence.text, "de", target))
    return found


def unsupported_facts(text: str, facts: ArticleFacts, lang: Literal["en", "de"] = "en") -> tuple[Flag, ...]:
    """Flag values and names of a sentence that the article does not have anywhere."""
    flags = list(quantity_flags(facts.quantities, LangText(text, lang), complete=False, check_order=False))
    if lang == "en":
        flags += name_flags(facts.names, text)
    return tuple(dict.fromkeys(replace(f, detail=NOT_ANYWHERE, cause="added") for f in flags))


def pair_flags(source: str, target: str) -> tuple[Flag, ...]:
    """Flag values, names and markers of claims that only a German sentence or only its English has."""
    sources, english = [SourceSentence(source, "de")], LangText(target, "en")
    quantities = SourceQuantities.of(sources)
    flags = [
        *quantity_flags(quantities, english, complete=True),
        *limit_flags(sources, english),
        *sign_flags(quantities, english),
        *time_word_flags(sources, english),
        *name_flags(SourceIndex(sources), target),
        *claim_flags(sources, english),
        *antonym_flags(sources, english),
    ]
    return tuple(dict.fromkeys(flags))


def summary_flags(
    text: str, evidence: Sequence[SourceSentence], article: ArticleFacts, lang: Literal["en", "de"] = "en"
) -> tuple[Flag, ...]:
    """Return the flags of a summary sentence.

    Claims, opposites, units, limits and the order of values are compared with the evidence. Names are compared with the
    whole article, since the summary may name whom its evidence calls "he". A value that the article has, but not the
    evidence, gets a cause of its own.
    """
    target = LangText(text, lang)
    nowhere = unsupported_facts(text, article, lang)
    flags = [f for f in nowhere if f.kind == "name"]
    missing = {f.text for f in nowhere}
    quantities = SourceQuantities.of(evidence)
    for flag in quantity_flags(quantities, target, complete=False):
        if flag.cause != "added":
            flags.append(flag)
        elif flag.text in missing:
            flags.append(replace(flag, detail=NOT_ANYWHERE))
        else:
            flags.append(replace(flag, detail=ELSEWHERE, cause="elsewhere"))
    flags += limit_flags(evidence, target)
    flags += sign_flags(quantities, target)
    flags += time_word_flags(evidence, target)
    flags += claim_flags(evidence, target)
    flags += antonym_flags(evidence, target)
    return tuple(dict.fromkeys(flags))


def inherited_name_flags(text: str, pairs: Sequence[Pair], article: ArticleFacts) -> Iterator[Flag]:
    """Yield the names in a summary sentence that were flagged in the translations that support it.

    The translation would seem to support them. Names that the German has elsewhere are left out, and names made of
    ordinary words, which are mostly a title or an office put into English.
    """
    for flag in (flag for pair in pairs for flag in pair.flags if flag.kind == "name"):
        if re.search(rf"(?<!\w){re.escape(flag.text)}(?!\w)", text):
            words = LETTER_RUN.findall(flag.text)
            ordinary = [is_ordinary(word) and not is_name(word) for word in words]
            supported = [article.german_names.supports(fold(word), acronym=word.isupper()) for word in words]
            if not all(a or b for a, b in zip(ordinary, supported, strict=True)):
                yield flag
