"""The words of a source, in a form in which names are looked up fast."""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property

from models.checks.names.exonyms import Exonyms, exonyms
from models.checks.names.spelling import (
    LETTER_RUN,
    consonant_key,
    differs_by_one_letter,
    fold,
    phonetic_key,
    roman_numerals,
)
from models.checks.quantities.parser import values
from models.checks.texts import SourceSentence, all_texts
from models.options import CheckStop, never_stop

_NOT_ALPHANUMERIC = re.compile(r"[^a-z0-9]")
# Small words that may stand inside a name: the abbreviation VDA of "Verband der Automobilindustrie" skips them.
_PARTICLES = frozenset("am an bei de den der des die du for from im in of the und and von zu zum zur".split())  # noqa: SIM905
# What may begin the German name of a region: "Südosttürkei" is southeastern Turkey, "Großmähren" Great Moravia.
_REGION_PREFIX = re.compile(r"(?:(?:nord|sud)(?:ost|west)?|ost|west|gross|klein|mittel|zentral|neu|alt)(\w{4,})")
# Islamisation is Islamisierung.
_ISATION = re.compile("i[sz]ation$")
# Endings of adjectives inside German names: "die Friedliche Revolution" is not a person.
_ADJECTIVE_ENDINGS = ("en", "em", "es")
# So many letters of two words must agree for one to be an inflection of the other.
_PREFIX = 4


class SourceIndex:
    """The folded words of sources and their translations, and their names, sounds, numerals and neighbouring words."""

    def __init__(self, sources: Sequence[SourceSentence], check_stop: CheckStop = never_stop) -> None:
        support = tuple(all_texts(sources))
        self.exonyms: Exonyms = exonyms()
        self.words: set[str] = set()
        self.capitalised: set[str] = set()
        # For a German word with a capital, by its first letters: the words with capitals next to it ("Elon Musk").
        self._words_before: dict[str, set[str]] = {}
        self._words_after: dict[str, set[str]] = {}
        german: list[str] = []
        english: list[str] = []
        initials: list[str] = []
        for text in support:
            check_stop()
            found = list(LETTER_RUN.finditer(text.text))
            folded = [fold(match.group()) for match in found]
            capital = [match.group()[0].isupper() for match in found]
            self.words.update(folded)
            self.capitalised.update(word for word, is_capital in zip(folded, capital, strict=True) if is_capital)
            initials.append(_initials(folded, capital))
            if text.lang == "en":
                english += [*folded, "|"]
                # The German names of the names in a translation; "federal" in small letters does not mean Germany.
                for word, is_capital in zip(folded, capital, strict=True):
                    german += [stem.strip() for stem in self.exonyms.single.get(word, ()) if is_capital]
                continue
            parts = [match[1] for match in map(_REGION_PREFIX.fullmatch, folded) if match]
            self.words.update(parts)
            german += [*folded, *parts, "|"]
            for i in range(len(found) - 1):
                between = text.text[found[i].end() : found[i + 1].start()]
                if capital[i] and capital[i + 1] and between in (" ", "-"):
                    self._words_after.setdefault(folded[i][:_PREFIX], set()).add(folded[i + 1])
                    self._words_before.setdefault(folded[i + 1][:_PREFIX], set()).add(folded[i])
        self.german = f" {' '.join(german)} "
        self.english = f" {' '.join(english)} "
        self.initials = " ".join(initials)
        self.support = support
        self.compact = _NOT_ALPHANUMERIC.sub("", " ".join(text.text for text in support).casefold())
        self.phonetic_keys = {phonetic_key(word) for word in self.capitalised}
        self.consonant_keys = {consonant_key(word) for word in self.capitalised}

    def supports(self, name: str, *, acronym: bool) -> bool:
        """Return whether the source has the folded name: its German exonym, or itself in a similar spelling."""
        if self.has_exonym(name):
            return True
        return self._has_stem(name) if self.exonyms.has_stems(name) else self.has_spelling(name, acronym=acronym)

    def _has_stem(self, name: str) -> bool:
        """Return whether a word is the folded name itself, or contains its stem if the name has five letters or more.

        The stem of a long name lacks its ending. A word that goes on as another name does not count: Nigeria is not
        Niger.
        """
        bare = name.removesuffix("s")
        stem = bare[: max(6, len(bare) - 2)]
        same = not self.words.isdisjoint({name, bare, bare + "s"})
        others = self.exonyms.longer_names.get(bare, ())
        return same or (
            len(bare) > 4 and any(stem in word and not any(other in word for other in others) for word in self.words)
        )

    def has_exonym(self, name: str) -> bool:
        """Return whether the source has a German name that the folded English name may translate."""
        return any(stem in self.german for stem in self.exonyms.stems(name))

    def contains_phrase(self, phrase: Sequence[str]) -> bool:
        """Return whether the folded English words stand in a row in the source."""
        row = f" {' '.join(phrase)} "
        return row in self.german or row in self.english

    def has_spelling(self, name: str, *, acronym: bool = False) -> bool:
        """Return whether the source has the folded name in a similar spelling, inflected, or in a compound."""
        bare = _ISATION.sub("isierung", name[:-1] if name.endswith("s") and len(name) > 3 else name)
        if not {name, bare, bare + "s"}.isdisjoint(self.words):
            return True
        if len(bare) < 3:
            return len(bare) < 2
        if acronym and bare in self.initials:
            return True
        if len(bare) == 3:
            return any(word.startswith(bare) and len(word) <= 5 for word in self.capitalised)
        return self._has_inflection(bare) or self._has_similar_sound(bare)

    def _has_inflection(self, bare: str) -> bool:
        head = bare[: max(_PREFIX, -(-len(bare) * 7 // 10))]
        for word in self.capitalised if len(bare) < 6 else self.words:
            if word.startswith(head) or word.endswith(bare) or (len(bare) > 4 and bare in word):
                return True
            if len(bare) > 5 and len(word) > 4 and bare.startswith(word):
                return True
        return False

    def _has_similar_sound(self, bare: str) -> bool:
        key = phonetic_key(bare)
        if key in self.phonetic_keys or (len(key) > 4 and any(other.startswith(key) for other in self.phonetic_keys)):
            return True
        if len(bare) > 4 and any(differs_by_one_letter(bare, word) for word in self.capitalised):
            return True
        consonants = consonant_key(bare)
        if len(consonants) == 2:
            return any(other[:3] == key[:3] and abs(len(other) - len(key)) < 2 for other in self.phonetic_keys)
        return len(consonants) > 2 and not {consonants, consonants + "s"}.isdisjoint(self.consonant_keys)

    def has_similar_start(self, word: str) -> bool:
        """Return whether a German word contains the first sounds of the folded one: Uranium, Urananreicherung."""
        start = phonetic_key(word)[:_PREFIX]
        return len(start) == _PREFIX and any(start in other for other in self.phonetic_keys)

    def contains_code(self, code: str) -> bool:
        """Return whether the source has a code of letters and digits, however it is divided: GSG 9, GSG-9, GSG9."""
        return _NOT_ALPHANUMERIC.sub("", code.casefold()) in self.compact

    @cached_property
    def roman_numerals(self) -> frozenset[int]:
        """The values of the Roman numerals that follow a word: Ludwig XIV."""
        return frozenset(value for text in self.support for _, value in roman_numerals(text.text))

    @cached_property
    def number_values(self) -> frozenset[Decimal]:
        """Every number of the source, including ordinals and number words."""
        return frozenset().union(*(values(text.text, text.lang) for text in self.support))

    def has_untranslated_neighbour(self, name: str, target: Sequence[str], *, before: bool) -> bool:
        """Return whether a German name stands before or after this one that no folded target word may translate.

        It tells that "Watch" in "Elon Watch" stands for "Musk": alone it could translate any German word.
        """
        neighbours = (self._words_before if before else self._words_after).get(name[:_PREFIX], set())
        for german in neighbours:
            if len(german) < 2 or (before and german.endswith(_ADJECTIVE_ENDINGS)):
                continue
            if not any(self._may_translate(word, german) for word in target):
                return True
        return False

    def _may_translate(self, word: str, german: str) -> bool:
        if word[:_PREFIX] == german[:_PREFIX] or (len(word) > 4 and word in german):
            return True
        return any(stem in f" {german} " for stem in self.exonyms.stems(word))


def _initials(folded: Sequence[str], capital: Sequence[bool]) -> str:
    """Return the first letters of words with capitals, and of "für" (AfD), divided by words that no name contains.

    Without the divisions some sequence of initials would equal any abbreviation in a long article.
    """
    letters = []
    for word, is_capital in zip(folded, capital, strict=True):
        if is_capital or word == "fur":
            letters.append(word[:1])
        elif word not in _PARTICLES:
            letters.append(" ")
    return "".join(letters)
