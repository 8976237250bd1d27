"""Words that say the opposite of the German's: "rose" for "gesunken", "won" for "verloren", "son" for "Tochter".

A translator may look at a thing from the other side ("A lost to B" is "B beat A"), so that a doubt wants all of it: the
German says the one, the English the other, neither is denied beside, and neither side has a word that could stand for
what it lacks.
"""

import re
from collections.abc import Iterator, Sequence

from models.checks.claims.antonym_pairs import AXES
from models.checks.texts import Text, aligned
from models.values import Flag

# "Nicht gewonnen" may be lost; so many characters beside the word are looked at.
_DENIED = re.compile(r"\b(?:nicht|kein\w*|nie|niemals|not|no|never|cannot)\b|n['’]t\b")
_BESIDE = 20
SAYS = "the source says “"
WAYS = (*AXES, *((there, here) for here, there in AXES))


def opposite_flags(support: Sequence[Text], target: Text) -> tuple[Flag, ...]:
    """Words of the English that say the opposite of a word of the German."""
    own = [text for text, _ in aligned(support)]
    if target.lang != "en" or not own or any(text.lang != "de" for text in own):
        return ()
    return tuple(_turned(" ".join(text.text for text in own), target.text))


def is_opposite(flag: Flag) -> bool:
    """Whether this is such a doubt: a claim that is not less sure in the source but another one."""
    return flag.kind == "claim" and flag.detail.startswith(SAYS)


def _turned(german: str, english: str) -> Iterator[Flag]:
    there, here = (text.lower() for text in (german, english))
    for said, turned in WAYS:
        ours = turned.english.search(here)
        theirs = said.german.search(there) if ours else None
        if not ours or not theirs or turned.german_like.search(there) or said.english_like.search(here):
            continue
        if not _is_denied(theirs) and not _is_denied(ours):
            yield Flag("claim", _as_written(ours, english), f"{SAYS}{_as_written(theirs, german)}”")


def _as_written(word: re.Match[str], text: str) -> str:
    """The word with its capitals; a few letters of other languages are two when they are small."""
    return text[word.start() : word.end()] if len(word.string) == len(text) else word.group()


def _is_denied(word: re.Match[str]) -> bool:
    return _DENIED.search(word.string, max(0, word.start() - _BESIDE), word.end() + _BESIDE) is not None
