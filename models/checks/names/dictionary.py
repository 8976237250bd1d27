"""Which English words are ordinary words, so that a capital at the start of a sentence says nothing.

The forms come from simplemma's English dictionary: it has "house" written small and "Berlin" with its capital. What
a dictionary cannot say stands in `capitals.toml` beside this file.
"""

import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files


@lru_cache(maxsize=50_000)
def ordinary(word: str) -> bool:
    """Whether the word, written small, is an English word."""
    return word.lower() in _dictionary()


@lru_cache(maxsize=50_000)
def proper(word: str) -> bool:
    """Whether the word is a name besides being an ordinary word: "Turkey", "Trump", "Cook"."""
    return word in _dictionary() or word.lower() in capitals("also_names")


@cache
def capitals(kind: str) -> frozenset[str]:
    """One of the lists of `capitals.toml`."""
    return frozenset(
        tomllib.loads(files("models.checks.names").joinpath("capitals.toml").read_text("utf-8"))[kind].split()
    )


@cache
def _dictionary() -> Mapping[str, str]:
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    return DefaultDictionaryFactory().get_dictionary("en")
