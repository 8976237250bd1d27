"""Splits a German compound into words that the lexicon knows: Festplattenhersteller = Festplatte + Hersteller."""

from collections.abc import Iterator
from dataclasses import dataclass

from models.lexicon.words import MAX_WORD_CHARACTERS, lemma, word_list

MIN_PART_CHARACTERS = 3
MAX_PARTS = 4
# What may stand between the parts, beside nothing; the longest first.
_LINKS = ("ens", "en", "es", "er", "n", "s", "e")


@dataclass(frozen=True)
class Splitter:
    """Splits by a vocabulary: terms in lower case, with their frequency (a binary logarithm)."""

    vocabulary: dict[str, int]

    def split(self, word: str) -> tuple[str, ...]:
        """The base forms of a compound's parts, or nothing; of several splits the one with the fewest parts."""
        if "-" in word:
            parts = tuple(part for part in word.split("-") if part)
            return parts if len(parts) > 1 else ()
        if not 2 * MIN_PART_CHARACTERS < len(word) <= MAX_WORD_CHARACTERS:
            return ()
        found = sorted(self._splits(word.lower(), MAX_PARTS), key=lambda parts: (len(parts), -len(parts[-1])))
        return found[0] if found else ()

    def _splits(self, word: str, parts: int) -> Iterator[tuple[str, ...]]:
        for cut in range(MIN_PART_CHARACTERS, len(word) - MIN_PART_CHARACTERS + 1):
            head = self._base(word[cut:])
            if not head or head in word_list("suffixes"):
                continue
            if first := self._modifier(word[:cut]):
                yield first, head
            elif parts > 2:
                yield from ((*others, head) for others in self._splits(word[:cut], parts - 1))

    def _base(self, part: str) -> str | None:
        """The base form of the last part, which carries the ending of the whole."""
        for form in (part, lemma(part.capitalize()).lower(), lemma(part).lower()):
            if form in self.vocabulary and len(form) >= MIN_PART_CHARACTERS:
                return form
        return None

    def _modifier(self, part: str) -> str | None:
        """The base form of a part before the last, without what links it to the next."""
        if part in self.vocabulary:
            return part
        for link in _LINKS:
            if part.endswith(link) and (stem := part.removesuffix(link)) and len(stem) >= MIN_PART_CHARACTERS:
                for form in (stem, stem + "e"):
                    if form in self.vocabulary:
                        return form
        for ending in ("en", "n", "e"):  # a verb's stem, or a noun that lost its vowel: Schreibtisch, Schulhaus
            if part + ending in self.vocabulary:
                return part + ending
        return None
