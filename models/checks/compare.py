"""A text held against the texts it should rest on, kind by kind.

No model is asked. A doubt is made to be believed: it is raised only where the other side, in German and in
English, has nothing like it. docs/checks.md has how often it is right.
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
from models.checks.quantities.check import quantity_flags
from models.checks.quantities.limits import limit_flags
from models.checks.quantities.signs import sign_flags
from models.checks.texts import LangText
from models.values import Document, Flag, Pair, Translation

NOT_ANYWHERE = "not in the article"
ELSEWHERE = "in the article, but not in its evidence"


@dataclass(frozen=True)
class ArticleFacts:
    """What an article bears out: its German and English sentences, each German one followed by its translation."""

    texts: tuple[LangText, ...]

    @classmethod
    def of(cls, material: Translation | Document) -> "ArticleFacts":
        """The facts of a document, and of its translation where there is one."""
        document = material.document if isinstance(material, Translation) else material
        return cls(tuple(texts_at(material, range(len(document.sentences)))))

    @cached_property
    def names(self) -> SourceIndex:
        """The index of names of the whole article; it lives as long as these facts."""
        return SourceIndex(self.texts)

    @cached_property
    def german_names(self) -> SourceIndex:
        """The index of names of the German sentences alone."""
        return SourceIndex([text for text in self.texts if text.lang == "de"])


def texts_at(material: Translation | Document, places: Sequence[int]) -> list[LangText]:
    """The sentences at these places as the checks take them.

    Sentences that were English from the start go first, so that none of them is taken for the translation of a
    German one that has none.
    """
    document = material.document if isinstance(material, Translation) else material
    sentences = [document.sentences[i] for i in places]
    texts = [LangText(s.text, "en") for s in sentences if s.lang == "en"]
    for place, sentence in zip(places, sentences, strict=True):
        if sentence.lang == "de":
            texts.append(LangText(sentence.text, "de"))
            if isinstance(material, Translation):
                texts.append(LangText(material.pairs[place].target, "en"))
    return texts


def unsupported_facts(text: str, facts: ArticleFacts, lang: Literal["en", "de"] = "en") -> tuple[Flag, ...]:
    """Values and names of a sentence that the article does not hold anywhere."""
    target = LangText(text, lang)
    flags = list(quantity_flags(facts.texts, target, complete=False, check_order=False))
    if lang == "en":
        flags += name_flags(facts.names, target)
    return tuple(dict.fromkeys(replace(f, detail=NOT_ANYWHERE) for f in flags))


def pair_flags(source: str, target: str) -> tuple[Flag, ...]:
    """What stands on one side only of a German sentence and its English: values, names, and what makes a claim one."""
    support, english = [LangText(source, "de")], LangText(target, "en")
    flags = [
        *quantity_flags(support, english, complete=True),
        *limit_flags(support, english),
        *sign_flags(support, english),
        *time_word_flags(support, english),
        *name_flags(support, english),
        *claim_flags(support, english),
        *antonym_flags(support, english),
    ]
    return tuple(dict.fromkeys(flags))


def summary_flags(
    text: str, evidence: Sequence[LangText], article: ArticleFacts, lang: Literal["en", "de"] = "en"
) -> tuple[Flag, ...]:
    """The doubts about a sentence of a summary.

    Claims, opposites, units, limits and the places of values are held against the evidence; names against the whole
    article, since a sentence that rests on "he" may say who. A value that only the evidence lacks is flagged as that.
    """
    target = LangText(text, lang)
    nowhere = unsupported_facts(text, article, lang)
    flags = [f for f in nowhere if f.kind == "name"]
    missing = {f.text for f in nowhere}
    for flag in quantity_flags(evidence, target, complete=False):
        absent = flag.detail == "not in the source"
        flags.append(replace(flag, detail=NOT_ANYWHERE if flag.text in missing else ELSEWHERE) if absent else flag)
    flags += limit_flags(evidence, target)
    flags += sign_flags(evidence, target)
    flags += time_word_flags(evidence, target)
    flags += claim_flags(evidence, target)
    flags += antonym_flags(evidence, target)
    return tuple(dict.fromkeys(flags))


def inherited_name_flags(text: str, pairs: Sequence[Pair], article: ArticleFacts) -> Iterator[Flag]:
    """The names in a summary's sentence that were doubted in a translation which it rests on: the translator's own.

    Held against the translation, too, they would seem borne out. What the German has elsewhere is left out, and what
    is made of ordinary words, since those are mostly a title or an office put into English.
    """
    for flag in (flag for pair in pairs for flag in pair.flags if flag.kind == "name"):
        if re.search(rf"(?<!\w){re.escape(flag.text)}(?!\w)", text):
            words = LETTER_RUN.findall(flag.text)
            ordinary = [is_ordinary(word) and not is_name(word) for word in words]
            supported = [article.german_names.supports(fold(word), acronym=word.isupper()) for word in words]
            if not all(a or b for a, b in zip(ordinary, supported, strict=True)):
                yield flag
