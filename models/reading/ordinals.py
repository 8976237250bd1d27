"""Whether a number with a full stop ends a sentence: ordinals and dates go on, list numbers belong to their items."""

import re
from typing import Literal, NamedTuple

from models.reading.abbreviations import abbreviations

OPENING_MARKS = "\"„“”»«‚‘'(["
_DATE_OR_TIME = re.compile(r"\d{1,2}\.\d{1,2}")
_DAY = re.compile(r"\d{1,2}\.")
_OPENS_BY_FORM = re.compile(
    r"(?:Ge|Be|Ver|Er|Ent|Zer|Ab|An|Auf|Aus|Ein)[a-zäöüß]{2,20}t|[A-ZÄÖÜ][a-zäöüß]{2,12}(?:tags|abends|nachts|wochs)"
)
_PARTICIPLE = re.compile(r"[a-zäöüß]+(?:end|ig|lich|isch)e[nmrs]?")


class NextWord(NamedTuple):
    """The word behind a possible end of a sentence: how it begins, and whether it is one that opens sentences."""

    kind: Literal["capital", "small", "digit", "other"]
    word: str
    bracket: bool
    is_regent: bool = False

    @property
    def opens(self) -> bool:
        """Whether this word begins a sentence wherever it has a capital."""
        return self.kind == "capital" and self.word.lower() in abbreviations("de").openers


def ends_at_number(number: str, words: list[str], following: NextWord, at_start: bool) -> bool:
    """Ordinal ("am 3. Oktober"), list number ("1. Das Geld fehlt"), or a plain number at the end of a sentence."""
    if following.kind == "small" or (not words and at_start and len(number) < 4):
        return False
    number = number.rpartition("./")[2]
    if _DATE_OR_TIME.fullmatch(number):
        return following.opens or (following.kind == "capital" and _is_verb_or_adverb(following.word))
    in_date = words and _DAY.fullmatch(words[-1]) and number.isdigit() and int(number[:3]) <= 12
    if in_date and following.kind == "capital":
        return following.opens or _is_verb_or_adverb(following.word)
    if not number.isdigit() or len(number) > 3:
        return True
    if following.kind == "digit":
        return len(number) > 2
    if following.opens:
        return True
    return not (following.word.lower() in abbreviations("de").ordinal_nouns or _ordinal_may_follow(words))


def _is_verb_or_adverb(word: str) -> bool:
    """Whether a word with a capital is small inside a sentence by its form ("Bezahlt", "Montags")."""
    return word.lower() not in abbreviations("de").ordinal_nouns and _OPENS_BY_FORM.fullmatch(word) is not None


def _ordinal_may_follow(words: list[str]) -> bool:
    known = abbreviations("de")
    while words and words[-1].lower() in known.fillers:
        words = words[:-1]
    if not words:
        return True
    last = words[-1].lstrip(OPENING_MARKS).lower()
    return (
        last in known.before_ordinal
        or last.startswith(tuple(known.possessives))
        or last.endswith((",", "/", "–", ".", ":"))
        or bool(_PARTICIPLE.fullmatch(last))
    )
