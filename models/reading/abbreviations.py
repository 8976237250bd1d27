"""The word lists of `abbreviations.toml`, which decide whether a full stop ends a sentence.

The lists are data that a linguist can edit; what is misspelled in the file's structure is refused when it is read.
"""

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Abbreviations:
    """The word lists of one language; the comments in the file say what each holds."""

    never_final: frozenset[str]
    may_be_final: frozenset[str] = frozenset()
    before_number: frozenset[str] = frozenset()
    also_a_word: frozenset[str] = frozenset()
    never_final_parts: frozenset[str] = frozenset()
    may_be_final_parts: frozenset[str] = frozenset()
    final_parts: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    ordinal_nouns: frozenset[str] = frozenset()
    before_ordinal: frozenset[str] = frozenset()
    possessives: frozenset[str] = frozenset()
    fillers: frozenset[str] = frozenset()
    exclaimed: frozenset[str] = frozenset()
    openers: frozenset[str] = frozenset()


@cache
def abbreviations(lang: Literal["de", "en"]) -> Abbreviations:
    """The lists of one language, read once."""
    text = files("models.reading").joinpath("abbreviations.toml").read_text(encoding="utf-8")
    return parse_abbreviations(tomllib.loads(text)[lang])


def parse_abbreviations(table: dict[str, Any]) -> Abbreviations:
    """Check one language's table and turn it into sets of words.

    Raises ValueError for an unknown list, a list that is not one text of words, and a word that stands twice in a
    list or both among those that never and those that may end a sentence.
    """
    known = {field.name for field in fields(Abbreviations)}
    lists: dict[str, frozenset[str]] = {}
    for name, text in table.items():
        if name not in known:
            raise ValueError(f"abbreviations.toml: there is no list called {name!r}.")
        if not isinstance(text, str):
            raise ValueError(f"abbreviations.toml: {name} must be one text of words separated by white space.")
        words = text.split()
        if doubled := sorted({word for word in words if words.count(word) > 1}):
            raise ValueError(f"abbreviations.toml: {name} holds {', '.join(doubled)} twice.")
        lists[name] = frozenset(words)
    found = Abbreviations(**lists)
    for never, maybe in ((found.never_final, found.may_be_final), (found.never_final_parts, found.may_be_final_parts)):
        if both := sorted(never & maybe):
            raise ValueError(f"abbreviations.toml: {', '.join(both)} cannot both never and sometimes end a sentence.")
    return found
