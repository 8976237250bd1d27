"""The words beside values, and which of them are the same in German and English.

Names and cognates share their first letters; other words are paired by `context_pairs.tsv`.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from models.checks.data import DataError, read_toml, row, rows, tsv_rows

_PACKAGE = "models.checks.quantities"
_FILE, _PAIRS_FILE = "context.toml", "context_pairs.tsv"
STEM_LENGTH = 5
# Only the beginning of a word decides; the rest of a long one is not looked at.
MAX_COMPARED_LETTERS = 40


@dataclass(frozen=True, slots=True)
class ContextLists:
    """The lists of `context.toml`, where comments say what each holds."""

    stop: frozenset[str]
    beside_years: frozenset[str]
    win: frozenset[str]
    loss: frozenset[str]
    defeat: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Translations:
    """German words and the English ones that translate any of them."""

    german: frozenset[str]
    english: frozenset[str]


def fold_cognate(word: str) -> str:
    """Return a word in a spelling that cognates of both languages share: "Physik" and "physics"."""
    plain = unicodedata.normalize("NFKD", word.casefold().replace("ß", "ss"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return plain.replace("c", "k").replace("y", "i").replace("ph", "f").replace("z", "s")


def _stem_tables() -> tuple[dict[str, frozenset[int]], dict[str, frozenset[int]]]:
    """The pairs of words, by their numbers, for each German and each English stem."""
    german: dict[str, set[int]] = {}
    english: dict[str, set[int]] = {}
    for number, pair in enumerate(tsv_rows(_PACKAGE, _PAIRS_FILE, _Translations)):
        for table, words in ((german, pair.german), (english, pair.english)):
            for word in words:
                table.setdefault(fold_cognate(word)[:STEM_LENGTH], set()).add(number)
    return {w: frozenset(n) for w, n in german.items()}, {w: frozenset(n) for w, n in english.items()}


def _lists() -> ContextLists:
    table = {name: value for name, value in read_toml(_PACKAGE, _FILE).items() if name != "preposition"}
    return row(_FILE, table, ContextLists)


def _prepositions() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for pair in rows(_FILE, read_toml(_PACKAGE, _FILE), "preposition", _Translations):
        for word in pair.german:
            if word in found:
                raise DataError(f"{_FILE}: the preposition {word} stands there twice.")
            found[word] = pair.english
    return found


GERMAN_STEMS, ENGLISH_STEMS = _stem_tables()
NO_ENTRIES: frozenset[int] = frozenset()
LISTS = _lists()
# What an English preposition may be for each German one.
PREPOSITIONS = _prepositions()


def context_key(word: str, lang: str) -> tuple[str, frozenset[int]]:
    """Return the beginning of a word, and the entries of the list that it stands in."""
    return _context_key(word[:MAX_COMPARED_LETTERS], lang)


@lru_cache(maxsize=8192)
def _context_key(word: str, lang: str) -> tuple[str, frozenset[int]]:
    folded = fold_cognate(word)
    table = GERMAN_STEMS if lang == "de" else ENGLISH_STEMS
    for length in range(STEM_LENGTH, 2, -1):
        if (entry := table.get(folded[:length])) is not None and (length == STEM_LENGTH or len(folded) - length <= 2):
            return folded[:STEM_LENGTH], entry
    return folded[:STEM_LENGTH], NO_ENTRIES
