"""Which English words are ordinary words, so that a capital at the start of a sentence says nothing.

The word forms come from simplemma's English dictionary, which has "house" in small letters and "Berlin" with its
capital. What a dictionary cannot say is in `capitals.toml` beside this file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from models.checks.data import read_toml, row

_FILE = "capitals.toml"


@dataclass(frozen=True, slots=True)
class _Lists:
    """The lists of `capitals.toml`; its comments say what each holds."""

    not_checked: str
    also_names: str
    names_at_start: str
    ambiguous_at_start: str


def is_ordinary(word: str) -> bool:
    """Return whether the word, in small letters, is an English word."""
    return word.lower() in _dictionary()


def is_name(word: str) -> bool:
    """Return whether the word is a name, perhaps besides being an ordinary word: "Turkey", "Trump", "Cook"."""
    return word in _dictionary() or word.lower() in capital_words("also_names")


@cache
def capital_words(kind: str) -> frozenset[str]:
    """Return one of the word lists of `capitals.toml`."""
    lists = row(_FILE, read_toml("models.checks.names", _FILE), _Lists)
    return frozenset(getattr(lists, kind).split())


@cache
def _dictionary() -> Mapping[str, str]:
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    return DefaultDictionaryFactory().get_dictionary("en")
