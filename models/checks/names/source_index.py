"""What the texts that a name should rest on hold, in a form in which names are looked up fast."""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property, lru_cache

from models.checks.names.exonyms import Exonyms, exonyms
from models.checks.names.spelling import WORD, fold, mistyped, numerals, skeleton, sound
from models.checks.quantities.parser import values
from models.checks.texts import Text

_NOT_ALPHANUMERIC = re.compile(r"[^a-z0-9]")
# Small words that may stand inside a name: "Verband der Automobilindustrie" is the VDA without them.
_JOINTS = frozenset("am an bei de den der des die du for from im in of the und and von zu zum zur".split())  # noqa: SIM905
# "Südosttürkei" is southeastern Turkey, "Großmähren" Great Moravia.
_COMPASS = re.compile(r"(?:(?:nord|sud)(?:ost|west)?|ost|west|gross|klein|mittel|zentral|neu|alt)(\w{4,})")
# Islamisation is Islamisierung.
_MAKING = re.compile("i[sz]ation$")
# The endings of adjectives inside German names: "die Friedliche Revolution" is no person.
_INFLECTED = ("en", "em", "es")


class Source:
    """The words of the support, folded, and what follows from them."""

    def __init__(self, support: Sequence[Text]) -> None:
        self.exonyms: Exonyms = exonyms()
        self.words: set[str] = set()
        self.capitalised: set[str] = set()
        # Pairs of German words with capitals that stand next to each other: "Elon Musk".
        self.neighbours: list[tuple[str, str]] = []
        german: list[str] = []
        english: list[str] = []
        initials: list[str] = []
        for text in support:
            found = list(WORD.finditer(text.text))
            folded = [fold(match.group()) for match in found]
            capital = [match.group()[0].isupper() for match in found]
            self.words.update(folded)
            self.capitalised.update(word for word, is_capital in zip(folded, capital, strict=True) if is_capital)
            initials.append(_initials(folded, capital))
            if text.lang == "en":
                english += [*folded, "|"]
                # What its names are called in German; "federal" written small is no Germany.
                for word, is_capital in zip(folded, capital, strict=True):
                    german += [stem.strip() for stem in self.exonyms.single.get(word, ()) if is_capital]
                continue
            parts = [match[1] for match in map(_COMPASS.fullmatch, folded) if match]
            self.words.update(parts)
            german += [*folded, *parts, "|"]
            for i in range(len(found) - 1):
                between = text.text[found[i].end() : found[i + 1].start()]
                if capital[i] and capital[i + 1] and between in (" ", "-"):
                    self.neighbours.append((folded[i], folded[i + 1]))
        self.german = f" {' '.join(german)} "
        self.english = f" {' '.join(english)} "
        self.initials = " ".join(initials)
        self.support = tuple(support)
        self.compact = _NOT_ALPHANUMERIC.sub("", " ".join(text.text for text in support).casefold())
        self.sounds = {sound(word) for word in self.capitalised}
        self.skeletons = {skeleton(word) for word in self.capitalised}

    def bears(self, name: str, *, acronym: bool) -> bool:
        """Whether the folded name stands there: as its German name, where it has one of its own, or nearly as it is."""
        if self.means(name):
            return True
        return self._begins(name) if self.exonyms.differs(name) else self.spells(name, acronym=acronym)

    def _begins(self, name: str) -> bool:
        """Whether a word is the folded name itself, or one of five letters and more is in it, of seven but for its end.

        A word that goes on as another name does is that: Nigeria is not Niger.
        """
        bare = name.removesuffix("s")
        stem = bare[: max(6, len(bare) - 2)]
        same = not self.words.isdisjoint({name, bare, bare + "s"})
        others = self.exonyms.longer.get(bare, ())
        return same or (
            len(bare) > 4 and any(stem in word and not any(other in word for other in others) for word in self.words)
        )

    def means(self, name: str) -> bool:
        """Whether a German name stands there that the folded English name may be a translation of."""
        return any(stem in self.german for stem in self.exonyms.stems(name))

    def says(self, phrase: Sequence[str]) -> bool:
        """Whether the folded words stand in a row in a text of the support, as they are in English."""
        row = f" {' '.join(phrase)} "
        return row in self.german or row in self.english

    def spells(self, name: str, *, acronym: bool = False) -> bool:
        """Whether the folded name stands there in the same or a similar spelling, inflected, or in a compound."""
        bare = _MAKING.sub("isierung", name[:-1] if name.endswith("s") and len(name) > 3 else name)
        if not {name, bare, bare + "s"}.isdisjoint(self.words):
            return True
        if len(bare) < 3:
            return len(bare) < 2
        if acronym and bare in self.initials:
            return True
        if len(bare) == 3:
            return any(word.startswith(bare) and len(word) <= 5 for word in self.capitalised)
        return self._inflects(bare) or self._sounds_like(bare)

    def _inflects(self, bare: str) -> bool:
        head = bare[: max(4, -(-len(bare) * 7 // 10))]
        for word in self.capitalised if len(bare) < 6 else self.words:
            if word.startswith(head) or word.endswith(bare) or (len(bare) > 4 and bare in word):
                return True
            if len(bare) > 5 and len(word) > 4 and bare.startswith(word):
                return True
        return False

    def _sounds_like(self, bare: str) -> bool:
        heard = sound(bare)
        if heard in self.sounds or (len(heard) > 4 and any(there.startswith(heard) for there in self.sounds)):
            return True
        if len(bare) > 4 and any(mistyped(bare, word) for word in self.capitalised):
            return True
        consonants = skeleton(bare)
        if len(consonants) == 2:
            return any(there[:3] == heard[:3] and abs(len(there) - len(heard)) < 2 for there in self.sounds)
        return len(consonants) > 2 and not {consonants, consonants + "s"}.isdisjoint(self.skeletons)

    def resembles(self, word: str) -> bool:
        """Whether a German word begins or goes on as the folded English word does: Uranium, Urananreicherung."""
        start = sound(word)[:4]
        return len(start) == 4 and any(start in there for there in self.sounds)

    def compounds(self, code: str) -> bool:
        """Whether a code of letters and digits stands there, however it is divided: GSG 9, GSG-9, GSG9."""
        return _NOT_ALPHANUMERIC.sub("", code.casefold()) in self.compact

    @cached_property
    def numerals(self) -> frozenset[int]:
        """The Roman numerals that stand behind a word: Ludwig XIV."""
        return frozenset(value for text in self.support for _, value in numerals(text.text))

    @cached_property
    def numbers(self) -> frozenset[Decimal]:
        """Every value of the support, ordinals and number words as well."""
        return frozenset().union(*(values(text.text, text.lang) for text in self.support))

    def replaced(self, name: str, target: Sequence[str], *, before: bool) -> bool:
        """Whether the German has, before or after this name, a name that the folded target words do not have.

        "Elon Watch" for "Elon Musk": "Watch" alone could be the translation of anything.
        """
        for left, right in self.neighbours:
            here, there = (right, left) if before else (left, right)
            if here[:4] != name[:4] or len(there) < 2 or (before and there.endswith(_INFLECTED)):
                continue
            if not any(self._renders(word, there) for word in target):
                return True
        return False

    def _renders(self, word: str, german: str) -> bool:
        if word[:4] == german[:4] or (len(word) > 4 and word in german):
            return True
        return any(stem in f" {german} " for stem in self.exonyms.stems(word))


def _initials(folded: Sequence[str], capital: Sequence[bool]) -> str:
    """The first letters of words with capitals, and of "für" (AfD), parted by what stands in no name.

    "Die Grünen gaben ihr Geld" holds no GG, which would otherwise stand somewhere in any long article.
    """
    letters = []
    for word, is_capital in zip(folded, capital, strict=True):
        if is_capital or word == "fur":
            letters.append(word[0])
        elif word not in _JOINTS:
            letters.append(" ")
    return "".join(letters)


@lru_cache(maxsize=256)
def source(support: tuple[Text, ...]) -> Source:
    """The source of a support; kept, since many targets are held against the same one."""
    return Source(support)
