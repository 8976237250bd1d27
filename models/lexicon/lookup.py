"""A sentence's content words with their English in the lexicon: inflected, separated and compound words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from models.lexicon.compounds import Splitter
from models.lexicon.matching import EnglishWords
from models.lexicon.words import MAX_WORD_CHARACTERS, lemma, word_list

Kind = Literal["common", "rare", "compound"]
# A term in fewer than 2 to the power of this many of the 90,000 sentences that were counted is rare.
COMMON_FREQUENCY = 5
_TOKEN = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*|[^\w\s]|\d+")


@dataclass(frozen=True, slots=True)
class Entry:
    """A German term: its word class, English terms (most usual first), and frequency (a binary logarithm)."""

    term: str
    word_class: str
    frequency: int
    english: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnownWord:
    """A content word of a sentence that the lexicon knows, as a whole or by the parts of a compound.

    `parts` has one entry for a plain word and one for each part of a compound that is not listed itself.
    """

    word: str
    parts: tuple[Entry, ...]
    kind: Kind

    @property
    def english(self) -> tuple[str, ...]:
        """English terms of the word; of a compound, the most usual term of each part in one."""
        if len(self.parts) == 1:
            return self.parts[0].english
        return (" ".join(part.english[0] for part in self.parts),)

    def translated_in(self, english: EnglishWords) -> bool:
        """Whether an English text has a listed term for the word, or for each of its parts."""
        return all(english.contain_any(part.english) for part in self.parts)


@dataclass(frozen=True)
class Lexicon:
    """German terms by their spelling in lower case."""

    entries: dict[str, tuple[Entry, ...]]
    splitter: Splitter

    def find(self, word: str) -> Entry | None:
        """The entry of a word in any form, with the terms of its homonyms behind its own.

        First comes the homonym with the same capital as the word, then the more frequent one, then the base form.
        """
        forms = dict.fromkeys(form.lower() for form in (word, lemma(word), lemma(word.lower())))
        found = [entry for form in forms for entry in self.entries.get(form, ())]
        if not found:
            return None
        found.sort(
            key=lambda e: ((e.word_class == "noun") == word[0].isupper(), e.frequency, e.term != word), reverse=True
        )
        return replace(found[0], english=tuple(dict.fromkeys(term for entry in found for term in entry.english)))

    def known_words(self, sentence: str) -> list[KnownWord]:
        """The content words of a German sentence that the lexicon knows, in order."""
        tokens = _TOKEN.findall(sentence)
        return [known for i in range(len(tokens)) if (known := self._known(tokens, i))]

    def _known(self, tokens: list[str], place: int) -> KnownWord | None:
        word = tokens[place]
        if not 3 <= len(word) <= MAX_WORD_CHARACTERS or not word[0].isalpha():
            return None
        base = lemma(word.lower() if place == 0 else word).lower()
        particle = self._particle(tokens, place)
        entry = self.find(word)
        if particle and (separable := self.entries.get(particle + base)):
            entry = separable[0]
        elif not {base, word.lower()}.isdisjoint(word_list("function_words")) or word in word_list("particles"):
            return None
        if entry and entry.term.lower() not in word_list("function_words"):
            compound = len(word) >= 10 and entry.word_class == "noun" and self.splitter.split(entry.term)
            kind: Kind = "compound" if compound else "common" if entry.frequency >= COMMON_FREQUENCY else "rare"
            return KnownWord(word, (entry,), kind)
        if entry or not word[0].isupper():
            return None
        parts = [self.find(part) for part in self.splitter.split(word)]
        found = tuple(part for part in parts if part)
        return KnownWord(word, found, "compound") if len(found) == len(parts) > 1 else None

    def _particle(self, tokens: list[str], place: int) -> str | None:
        """The particle of a separated verb: the last word of the clause that the verb stands in."""
        if not tokens[place].islower():
            return None
        for i, token in enumerate(tokens[place + 1 :], place + 1):
            if token in ",;:.!?–—" and tokens[i - 1] in word_list("particles") and i - 1 > place:
                return tokens[i - 1]
            if token in ";:.!?":
                return None
        return tokens[-1] if tokens[-1] in word_list("particles") else None


def _rows(text: str) -> Iterator[Entry]:
    for line in text.splitlines():
        term, word_class, frequency, english = line.split("\t")
        yield Entry(term, word_class, int(frequency), tuple(english.split("; ")))


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lexicon that comes with the product, read once."""
    found: dict[str, tuple[Entry, ...]] = {}
    for entry in _rows(files("models.lexicon").joinpath("german_english.tsv").read_text("utf-8")):
        found[entry.term.lower()] = (*found.get(entry.term.lower(), ()), entry)
    parts = {term: max(e.frequency for e in group) for term, group in found.items()}
    return Lexicon(found, Splitter(parts))
