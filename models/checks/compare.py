"""A text held against the texts it should rest on, kind by kind.

No model is asked. A doubt is made to be believed: it is raised only where the other side, in German and in
English, has nothing like it.
"""

from dataclasses import dataclass
from decimal import Decimal

from models.checks.names import WORD, known, names, stem
from models.checks.numbers import numbers, values
from models.values import Document, Flag, Translation


@dataclass(frozen=True, slots=True)
class Facts:
    """What an article bears out: its values, and the stems of its words in German and in English."""

    values: frozenset[Decimal]
    stems: frozenset[str]

    @classmethod
    def of(cls, material: Translation | Document) -> "Facts":
        """The facts of a document, and of its translation where there is one.

        Values of German sentences are taken from the German alone: a number that the translation got wrong
        is no fact.
        """
        document = material.document if isinstance(material, Translation) else material
        supported: set[Decimal] = set()
        for sentence in document.sentences:
            supported |= values(sentence.text, "en" if sentence.lang == "en" else "de")
        words = document.text
        if isinstance(material, Translation):
            words += " " + material.text
        return cls(frozenset(supported), frozenset(stem(w) for w in WORD.findall(words)))


def doubts(text: str, facts: Facts) -> tuple[Flag, ...]:
    """Numbers and names of an English sentence that the article does not hold."""
    flags = [
        Flag("number", number.text, "not in the article")
        for number in numbers(text, "en")
        if number.claim and number.value not in facts.values
    ]
    flags += [Flag("name", name, "not in the article") for name in names(text) if not known(name, facts.stems)]
    return tuple(dict.fromkeys(flags))


def pair_flags(source: str, target: str) -> tuple[Flag, ...]:
    """Numbers that stand on one side only of a German sentence and its English."""
    there, here = values(source, "de"), values(target, "en")
    flags = [
        Flag("number", n.text, "not in the source") for n in numbers(target, "en") if n.claim and n.value not in there
    ]
    flags += [
        Flag("number", n.text, "not in the translation")
        for n in numbers(source, "de")
        if n.claim and n.value not in here
    ]
    return tuple(dict.fromkeys(flags))
