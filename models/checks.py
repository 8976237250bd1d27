"""What a text claims that its source does not bear out: numbers of both languages as values, and names.

The checks compare texts alone; no model is asked. They are made to be believed: a doubt is raised only where
the source, in German and in English, has nothing like it.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from models.numbers import numbers, values
from models.values import Document, Flag, Translation

WORD = re.compile(r"[^\W\d_]+")
# Capitalised in English but no names, or the same in German under another name.
COMMON = frozenset(
    [
        "i",
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "german",
        "germany",
        "austria",
        "austrian",
        "vienna",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "english",
        "french",
        "italian",
        "russian",
        "european",
        "american",
        "british",
        "chinese",
        "us",
        "uk",
        "eu",
        "un",
        "christmas",
        "easter",
        "euro",
        "euros",
        "god",
        "ceo",
        "state",
        "government",
        "internet",
    ]
)
STEM = 5


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


def stem(word: str) -> str:
    """The first letters without case and accents, so that inflection and transliteration do not matter."""
    plain = unicodedata.normalize("NFKD", word.casefold().replace("ß", "ss"))
    return "".join(c for c in plain if (c.isalpha() and c.isascii()) or (not c.isascii() and c.isalpha()))[:STEM]


def doubts(text: str, facts: Facts) -> tuple[Flag, ...]:
    """Numbers and names of an English sentence that the article does not hold."""
    flags = [
        Flag("number", number.text, "not in the article")
        for number in numbers(text, "en")
        if number.claim and number.value not in facts.values
    ]
    flags += [Flag("name", name, "not in the article") for name in names(text) if not _known(name, facts)]
    return tuple(dict.fromkeys(flags))


def names(text: str) -> list[str]:
    """Words that are names for their capital: every capitalised word but a sentence's first, unless it is spelled
    in a way no ordinary word is ("OpenAI")."""
    found = []
    for match in WORD.finditer(text):
        word = match.group()
        first = not re.search(r"\w", re.split(r"[.!?:]\s", text[: match.start()])[-1])
        inner = any(c.isupper() for c in word[1:])
        if len(word) > 1 and word[0].isupper() and (inner or not first) and word.lower() not in COMMON:
            found.append(word)
    return found


def _known(name: str, facts: Facts) -> bool:
    wanted = stem(name)
    return wanted in facts.stems or len(wanted) < 3 or any(s.startswith(wanted) for s in facts.stems)


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
