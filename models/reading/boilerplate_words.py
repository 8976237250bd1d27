"""The lists of `boilerplate.toml`: what the lines around an article are made of.

They are data that an editor can extend; what is wrong in the file's structure is refused when it is read.
"""

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any

_PHRASES = frozenset(("labels", "maybe", "link_list_headings", "contact_headings"))


@dataclass(frozen=True, slots=True)
class BoilerplateWords:
    """Words and phrases in small letters; the comments in the file say what each list holds."""

    labels: frozenset[str]
    maybe: frozenset[str]
    sections: frozenset[str]
    link_list_headings: frozenset[str]
    contact_headings: frozenset[str]
    contact_fields: frozenset[str]
    agencies: frozenset[str]
    in_brackets: frozenset[str]
    date_words: frozenset[str]
    date_fillers: frozenset[str]


@cache
def boilerplate_words() -> BoilerplateWords:
    """The lists, read once."""
    text = files("models.reading").joinpath("boilerplate.toml").read_text(encoding="utf-8")
    return parse_boilerplate_words(tomllib.loads(text))


def parse_boilerplate_words(table: dict[str, Any]) -> BoilerplateWords:
    """Check the lists and turn them into sets.

    Raises ValueError for a list that is missing or unknown, is not one text, is not in small letters, or holds an
    entry twice.
    """
    known = {field.name for field in fields(BoilerplateWords)}
    if wrong := sorted(known ^ set(table)):
        raise ValueError(f"boilerplate.toml: missing or unknown: {', '.join(wrong)}.")
    lists: dict[str, frozenset[str]] = {}
    for name, text in table.items():
        if not isinstance(text, str):
            raise ValueError(f"boilerplate.toml: {name} must be one text.")
        entries = [line.strip() for line in text.strip().split("\n")] if name in _PHRASES else text.split()
        if doubled := sorted({entry for entry in entries if entries.count(entry) > 1}):
            raise ValueError(f"boilerplate.toml: {name} holds {', '.join(doubled)} twice.")
        if capital := [entry for entry in entries if entry != entry.casefold() and "ß" not in entry]:
            raise ValueError(f"boilerplate.toml: {name} must be in small letters: {', '.join(capital)}.")
        lists[name] = frozenset(entry.casefold() for entry in entries)
    return BoilerplateWords(**lists)
