"""Exonyms: names that German and English spell differently, and which English word may translate which German one.

Countries, languages and cities come from the Unicode CLDR, which Babel ships. Demonyms, regions, organisations, and
the ordinary words that names are made of ("Federal", "Ministry") come from `exonyms.txt` beside this file.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from babel import Locale

from models.checks.data import DataError
from models.checks.names.spelling import LETTER_RUN, fold

# A name of at least this many letters may stand anywhere in a German compound, a shorter one only at its start.
_MIN_LETTERS_INSIDE_COMPOUND = 5
# Shorter names and abbreviations must be whole words.
_MIN_LETTERS_OF_STEM = 3


@dataclass(frozen=True, slots=True)
class Exonyms:
    """The table of exonyms. Its German stems are looked up in folded German text whose words stand between spaces."""

    single: dict[str, tuple[str, ...]]
    """A folded English word, and the German stems that it may translate."""
    phrases: dict[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]
    """The same for English names of several words, by their first word, longest name first."""
    longer_names: dict[str, tuple[str, ...]]
    """A folded English name, and the German stems of other names that begin with it: Nigeria for Niger."""

    def stems(self, name: str) -> tuple[str, ...]:
        """Return the German stems for a folded English word, or for its singular."""
        found = self.single.get(name)
        if found is None and name.endswith("s"):
            found = self.single.get(name[:-1])
        return found or ()

    def has_stems(self, name: str) -> bool:
        """Return whether the folded English word has German names; a German name that only sounds alike is another."""
        return bool(self.stems(name))


@cache
def exonyms() -> Exonyms:
    """Return the table, which is read once."""
    text = files("models.checks.names").joinpath("exonyms.txt").read_text(encoding="utf-8")
    table: dict[tuple[str, ...], set[str]] = {}
    for english, german in [*parse_exonyms(text), *_from_cldr()]:
        stems = {stem for word in german for stem in _stems(word)}
        for name in english:
            if key := folded_words(name):
                table.setdefault(key, set()).update(stems)
    single = {key[0]: tuple(sorted(stems)) for key, stems in table.items() if len(key) == 1}
    phrases: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for key, stems in sorted(table.items(), key=lambda item: (-len(item[0]), item[0])):
        if len(key) > 1:
            phrases.setdefault(key[0], []).append((key, tuple(sorted(stems))))
    longer: dict[str, list[str]] = {}
    for stem in dict.fromkeys(stem.strip() for stems in single.values() for stem in stems):
        for shorter in (stem[:length] for length in range(_MIN_LETTERS_INSIDE_COMPOUND, len(stem))):
            if shorter in single and not any(own.strip() == stem for own in single[shorter]):
                longer.setdefault(shorter, []).append(stem)
    beginnings = {first: tuple(rest) for first, rest in phrases.items()}
    return Exonyms(single, beginnings, {name: tuple(stems) for name, stems in longer.items()})


def folded_words(name: str) -> tuple[str, ...]:
    """Return the folded words of a name."""
    return tuple(fold(word) for word in LETTER_RUN.findall(name))


def _stems(german: str) -> tuple[str, ...]:
    """Return the strings to look for; the head of `exonyms.txt` explains the signs "^", "*" and "!"."""
    stem = " ".join(folded_words(german))
    if len(stem) < _MIN_LETTERS_OF_STEM or german.isupper():
        return (f" {stem} ", f" {stem}s ")
    if german.startswith("!"):
        return (f" {stem} ",)
    if len(stem) >= _MIN_LETTERS_INSIDE_COMPOUND and not german.startswith("^"):
        return (stem,)
    if not german.startswith("*"):
        return (f" {stem}",)
    return (f" {stem}", f"{stem} ", f"{stem}s ", f"{stem}es ", f"{stem}en ", f"{stem}e ")


def parse_exonyms(text: str) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the English names and the German stems of each line of `exonyms.txt`.

    Raises DataError for a line that is not "English, English = German, German".
    """
    for number, line in enumerate(text.splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        sides = [[name.strip() for name in side.split(",")] for side in line.split("=")]
        if len(sides) != 2 or not all(name for side in sides for name in side):
            raise DataError(f"exonyms.txt, line {number}: {line!r} is not “English, English = German, German”.")
        yield sides[0], sides[1]


def _from_cldr() -> Iterable[tuple[list[str], list[str]]]:
    german, english = Locale("de"), Locale("en")
    countries = [fold(name) for name in german.territories.values()]
    for code, name in english.territories.items():
        there = german.territories.get(code, name)
        # "Nigeria" begins with "Niger", which is another country.
        begins_another = any(
            other.startswith(fold(there)) and other[len(fold(there)) :].isalpha() for other in countries
        )
        yield [name], [f"!{there}" if begins_another else there]
    for code, name in english.languages.items():
        # The German name of a language is the stem of its adjective too: "Bulgarisch" and "bulgarischen".
        yield [name], [german.languages.get(code, name)]
    for zone, there in german.time_zones.items():
        here = english.time_zones.get(zone, {}).get("city") or zone.rsplit("/", 1)[-1].replace("_", " ")
        if "city" in there and zone != "Etc/Unknown":
            yield [here], [there["city"]]
