"""Find English words that say the opposite of a German word: "rose" for "gesunken", "won" for "verloren".

A translator may tell a thing from the other side ("A lost to B" is "B beat A"). So a word is flagged only if the German
has one side of a pair and the English the other, neither is denied, and neither text has a word that may stand for the
side that it lacks. The pairs are in `antonym_pairs.toml`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from models.checks.data import read_toml, rows
from models.checks.texts import LangText, SourceSentence
from models.checks.word_patterns import add_lists, compile_words
from models.values import Flag

_FILE = "antonym_pairs.toml"
# A word is denied if a negation stands within this many characters: "nicht gewonnen" may be translated by "lost".
_NEGATION_WINDOW = 20
_NEGATION = re.compile(r"\b(?:nicht|kein\w{0,3}|nie|niemals|not|no|never|cannot)\b|n['’]t\b")


@dataclass(frozen=True, slots=True)
class Antonym:
    """One side of a pair of opposites. The patterns are for texts in small letters: to ignore case takes longer."""

    word: str
    """An English word of this side."""
    german: re.Pattern[str]
    english: re.Pattern[str]
    german_like: re.Pattern[str]
    """Every word that may have this meaning, including those of `german`."""
    english_like: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Side:
    word: str
    german: str
    english: str
    german_like: str
    english_like: str


@dataclass(frozen=True, slots=True)
class _Pair:
    first: _Side
    second: _Side


def _compile(side: _Side, lists: Mapping[str, str]) -> Antonym:
    where = f"{_FILE}, {side.word}"
    return Antonym(
        word=side.word,
        german=compile_words(side.german, where, lists),
        english=compile_words(side.english, where, lists),
        german_like=compile_words(f"{side.german}\n{side.german_like}", where, lists, parts=True),
        english_like=compile_words(f"{side.english}\n{side.english_like}", where, lists, parts=True),
    )


def _read() -> tuple[tuple[Antonym, Antonym], ...]:
    table = read_toml("models.checks.claims", _FILE)
    lists = add_lists(f"{_FILE}, words", table["words"])
    return tuple(
        (_compile(pair.first, lists), _compile(pair.second, lists)) for pair in rows(_FILE, table, "pair", _Pair)
    )


ANTONYM_PAIRS = _read()
# What the German says, and what the English says instead.
ANTONYM_DIRECTIONS = (*ANTONYM_PAIRS, *((second, first) for first, second in ANTONYM_PAIRS))


def antonym_flags(sources: Sequence[SourceSentence], target: LangText) -> tuple[Flag, ...]:
    """Return a flag for each word of the English that says the opposite of a word of the German."""
    if target.lang != "en" or not sources or any(source.lang != "de" for source in sources):
        return ()
    return tuple(_antonyms(" ".join(source.text for source in sources), target.text))


def _antonyms(german: str, english: str) -> Iterator[Flag]:
    german_lower, english_lower = german.lower(), english.lower()
    for source, opposite in ANTONYM_DIRECTIONS:
        here = opposite.english.search(english_lower)
        there = source.german.search(german_lower) if here else None
        if not here or not there:
            continue
        if opposite.german_like.search(german_lower) or source.english_like.search(english_lower):
            continue
        if not _is_negated(there) and not _is_negated(here):
            detail = f"the source says “{_as_written(there, german)}”"
            yield Flag("claim", _as_written(here, english), detail, "opposite")


def _as_written(word: re.Match[str], text: str) -> str:
    """Return the word with its capitals. Some letters of other languages become two when they are made small."""
    return text[word.start() : word.end()] if len(word.string) == len(text) else word.group()


def _is_negated(word: re.Match[str]) -> bool:
    start, end = max(0, word.start() - _NEGATION_WINDOW), word.end() + _NEGATION_WINDOW
    return _NEGATION.search(word.string, start, end) is not None
