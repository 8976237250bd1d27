"""Find minus signs that only one side has: "minus 0,3 Prozent" and "0.3 percent".

English often expresses a minus by a verb or an adverb ("fell 0.3 percent", "below zero"), so a sign counts as lost or
added only if the other side has no word that may express it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.checks.data import read_toml, row
from models.checks.quantities.check import SourceQuantities
from models.checks.quantities.lookup import QuantityIndex
from models.checks.quantities.parser import ParsedText, parse
from models.checks.quantities.tokens import Quantity
from models.checks.texts import LangText
from models.checks.word_patterns import compile_words
from models.values import Flag

_FILE = "signs.toml"
Side = tuple[ParsedText, Quantity]


@dataclass(frozen=True, slots=True)
class _SignWords:
    words: str


# The longest text before a value in which its sign is looked for.
MAX_SIGN_CHARACTERS = 30
SIGN_BEFORE = re.compile(
    r"(?:(?<!plus/)(?<!plus or )(?<!oder )\b(?:minus|negative)\s(?:of\s)?|(?<![^\s(])[-−–])(?:[$€£]|US\$)?\Z",
    re.IGNORECASE,
)
# Words of either language that may express a minus.
NEGATIVE_WORDS = compile_words(
    row(_FILE, read_toml("models.checks.quantities", _FILE), _SignWords).words, _FILE, ignore_case=True, parts=True
)


def sign_flags(source: SourceQuantities, target: LangText) -> tuple[Flag, ...]:
    """Flag values that the English target and a German source share, but with a minus on one side only."""
    if target.lang != "en" or not source.sentences or any(sentence.lang != "de" for sentence in source.sentences):
        return ()
    parsed = parse(target.text, "en")
    there = [(sentence, q) for sentence in source.sentences for q in sentence.quantities]
    return tuple(dict.fromkeys(f for q in parsed.quantities for f in _changes((parsed, q), there, source.index)))


def _changes(here: Side, there: Sequence[Side], index: QuantityIndex) -> Iterator[Flag]:
    """The flags of one value of the target."""
    parsed, value = here
    if not value.claim or value.kind != "number":
        return
    equal = [there[place] for place, other in index.equal_values(value) if other.kind == "number"]
    if not equal:
        return
    other = equal[0][1]
    if all(_has_sign(side) for side in equal) and not _has_sign(here) and not NEGATIVE_WORDS.search(parsed.text):
        yield Flag("number", value.text, f"the source says minus {other.text}", "changed")
    if _has_sign(here) and not any(NEGATIVE_WORDS.search(side.text) for side, _ in equal):
        yield Flag("number", f"-{value.text}", f"the source says {other.text}", "changed")


def _has_sign(side: Side) -> bool:
    parsed, value = side
    start = max(0, value.start - MAX_SIGN_CHARACTERS)
    return SIGN_BEFORE.search(parsed.text, start, value.start) is not None
