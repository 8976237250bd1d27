"""Which English words are ordinary words, so that a capital at the start of a sentence says nothing.

The word forms come from simplemma's English dictionary, which has "house" in small letters and "Berlin" with its
capital. What a dictionary cannot say is in `capitals.toml` beside this file.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


def is_ordinary(word: str) -> bool:
    """Return whether the word, in small letters, is an English word."""
    return word.lower() in _dictionary()


def is_name(word: str) -> bool:
    """Return whether the word is a name, perhaps besides being an ordinary word: "Turkey", "Trump", "Cook"."""
    return word in _dictionary() or word.lower() in capital_words("also_names")


@cache
def capital_words(kind: str) -> frozenset[str]:
    """Return one of the word lists of `capitals.toml`."""
    return frozenset(
        tomllib.loads(files("models.checks.names").joinpath("capitals.toml").read_text("utf-8"))[kind].split()
    )


@cache
def _dictionary() -> Mapping[str, str]:
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    return DefaultDictionaryFactory().get_dictionary("en")
