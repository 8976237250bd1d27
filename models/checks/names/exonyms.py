"""Names that German and English spell differently: what English words may stand for which German ones.

Countries, languages and cities come from the Unicode CLDR, which Babel carries; demonyms, regions, organisations,
and the ordinary words that names are made of ("Federal", "Ministry") from `exonyms.txt` beside this file.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from babel import Locale

from models.checks.names.spelling import WORD, fold

# A name of as many letters may stand anywhere in a German compound.
_COMPOUNDED = 5


@dataclass(frozen=True, slots=True)
class Exonyms:
    """`single`: an English word and the German stems it may stand for; `phrases`: the same for several words in a
    row, by their first word, longest first. Stems are looked for in folded German whose words stand between spaces.
    `longer`: an English word and the stems of other names that begin with it, Nigeria for Niger."""

    single: dict[str, tuple[str, ...]]
    phrases: dict[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]
    longer: dict[str, tuple[str, ...]]

    def stems(self, name: str) -> tuple[str, ...]:
        """The German stems for a folded English word, or for the word that it is the plural of."""
        found = self.single.get(name)
        if found is None and name.endswith("s"):
            found = self.single.get(name[:-1])
        return found or ()

    def differs(self, name: str) -> bool:
        """Whether the folded English word has German names of its own; then one that only sounds alike is another."""
        return bool(self.stems(name))


@cache
def exonyms() -> Exonyms:
    """The table, read once."""
    table: dict[tuple[str, ...], set[str]] = {}
    for english, german in [*_listed(), *_cldr()]:
        stems = {stem for word in german for stem in _stems(word)}
        for name in english:
            if key := words(name):
                table.setdefault(key, set()).update(stems)
    single = {key[0]: tuple(sorted(stems)) for key, stems in table.items() if len(key) == 1}
    phrases: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for key, stems in sorted(table.items(), key=lambda item: (-len(item[0]), item[0])):
        if len(key) > 1:
            phrases.setdefault(key[0], []).append((key, tuple(sorted(stems))))
    longer: dict[str, list[str]] = {}
    for stem in dict.fromkeys(stem.strip() for stems in single.values() for stem in stems):
        for shorter in (stem[:length] for length in range(_COMPOUNDED, len(stem))):
            if shorter in single and not any(own.strip() == stem for own in single[shorter]):
                longer.setdefault(shorter, []).append(stem)
    beginnings = {first: tuple(rest) for first, rest in phrases.items()}
    return Exonyms(single, beginnings, {name: tuple(stems) for name, stems in longer.items()})


def words(name: str) -> tuple[str, ...]:
    """The folded words of a name."""
    return tuple(fold(word) for word in WORD.findall(name))


def _stems(german: str) -> tuple[str, ...]:
    """What to look for: long stems anywhere, short ones and those with "^" only at the start of a word.

    With "*" a short one may also stand at a word's end; with "!" it is the whole word.
    """
    stem = " ".join(words(german))
    if len(stem) < 3 or german.isupper():  # an abbreviation, not the start of a word
        return (f" {stem} ", f" {stem}s ")
    if german.startswith("!"):
        return (f" {stem} ",)
    if len(stem) > 4 and not german.startswith("^"):
        return (stem,)
    if not german.startswith("*"):
        return (f" {stem}",)
    return (f" {stem}", f"{stem} ", f"{stem}s ", f"{stem}es ", f"{stem}en ", f"{stem}e ")


def _listed() -> Iterable[tuple[list[str], list[str]]]:
    for line in files("models.checks.names").joinpath("exonyms.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            english, german = line.split("=")
            yield [name.strip() for name in english.split(",")], [name.strip() for name in german.split(",")]


def _cldr() -> Iterable[tuple[list[str], list[str]]]:
    german, english = Locale("de"), Locale("en")
    countries = [fold(name) for name in german.territories.values()]
    for code, name in english.territories.items():
        there = german.territories.get(code, name)
        # Niger begins Nigeria, and is another country.
        begins = any(other.startswith(fold(there)) and other[len(fold(there)) :].isalpha() for other in countries)
        yield [name], [f"!{there}" if begins else there]
    for code, name in english.languages.items():
        # German languages are adjectives too: "Bulgarisch" stands for "bulgarischen".
        yield [name], [german.languages.get(code, name)]
    for zone, there in german.time_zones.items():
        here = english.time_zones.get(zone, {}).get("city") or zone.rsplit("/", 1)[-1].replace("_", " ")
        if "city" in there and zone != "Etc/Unknown":
            yield [here], [there["city"]]
