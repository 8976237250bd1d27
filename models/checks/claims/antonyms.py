"""Words that say the opposite of the German's: "rose" for "gesunken", "won" for "verloren", "son" for "Tochter".

A translator may look at a thing from the other side ("A lost to B" is "B beat A"), so that a doubt wants all of it: the
German says the one, the English the other, neither is denied beside, and neither side has a word that could stand for
what it lacks.
"""

import re
from collections.abc import Iterator, Sequence

from models.checks.claims.antonym_pairs import ANTONYM_PAIRS
from models.checks.texts import LangText, SourceSentence
from models.values import Flag

# "Nicht gewonnen" may be lost; so many characters beside the word are looked at.
_NEGATION = re.compile(r"\b(?:nicht|kein\w*|nie|niemals|not|no|never|cannot)\b|n['’]t\b")
_NEGATION_WINDOW = 20
ANTONYM_DIRECTIONS = (*ANTONYM_PAIRS, *((there, here) for here, there in ANTONYM_PAIRS))


def antonym_flags(sources: Sequence[SourceSentence], target: LangText) -> tuple[Flag, ...]:
    """Words of the English that say the opposite of a word of the German."""
    if target.lang != "en" or not sources or any(source.lang != "de" for source in sources):
        return ()
    return tuple(_antonyms(" ".join(source.text for source in sources), target.text))


def _antonyms(german: str, english: str) -> Iterator[Flag]:
    there, here = (text.lower() for text in (german, english))
    for said, turned in ANTONYM_DIRECTIONS:
        ours = turned.english.search(here)
        theirs = said.german.search(there) if ours else None
        if not ours or not theirs or turned.german_like.search(there) or said.english_like.search(here):
            continue
        if not _is_negated(theirs) and not _is_negated(ours):
            yield Flag(
                "claim", _as_written(ours, english), f"the source says “{_as_written(theirs, german)}”", "opposite"
            )


def _as_written(word: re.Match[str], text: str) -> str:
    """The word with its capitals; a few letters of other languages are two when they are small."""
    return text[word.start() : word.end()] if len(word.string) == len(text) else word.group()


def _is_negated(word: re.Match[str]) -> bool:
    return (
        _NEGATION.search(word.string, max(0, word.start() - _NEGATION_WINDOW), word.end() + _NEGATION_WINDOW)
        is not None
    )
