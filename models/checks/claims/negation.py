"""Find denials that only the English has, and English adjectives that say the opposite of a German one with "un-".

The words are in `negation.toml`. Denials that the English lost are found by `check.py`, like every other marker.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.checks.claims.markers import NEGATION
from models.checks.data import read_toml, row, rows
from models.checks.texts import LangText, SourceSentence, all_texts
from models.checks.word_patterns import compile_words
from models.values import Flag

_FILE = "negation.toml"


@dataclass(frozen=True, slots=True)
class _Words:
    """The lists of `negation.toml`; its comments say what each holds."""

    negative_words: str
    added: str
    not_added: str


@dataclass(frozen=True, slots=True)
class _Excuse:
    """A row `[[excuse]]`: German words that English may deny, and English words that translate them otherwise."""

    german: str
    translated_by: str = ""


_TABLE = dict(read_toml("models.checks.claims", _FILE))
_ADJECTIVES: dict[str, str] = _TABLE.pop("opposite_adjectives")
_EXCUSES = tuple(
    (
        compile_words(excuse.german, f"{_FILE}, {excuse.german}", ignore_case=True),
        compile_words(excuse.translated_by, f"{_FILE}, {excuse.german}", ignore_case=True)
        if excuse.translated_by
        else None,
    )
    for excuse in rows(_FILE, _TABLE, "excuse", _Excuse)
)
del _TABLE["excuse"]
_WORDS = row(_FILE, _TABLE, _Words)
_NEGATIVE_WORDS = compile_words(_WORDS.negative_words, f"{_FILE}, negative_words")
_ADDED = compile_words(_WORDS.added, f"{_FILE}, added", ignore_case=True)
_NOT_ADDED = compile_words(_WORDS.not_added, f"{_FILE}, not_added", ignore_case=True)
_NEGATED_ADJECTIVE = re.compile(rf"\b({'|'.join(map(re.escape, _ADJECTIVES))})(?:e[mnrs]?)?\b")
_POSITIVE_ADJECTIVES = {
    german: compile_words(english, f"{_FILE}, {german}", ignore_case=True) for german, english in _ADJECTIVES.items()
}


def count_negative_words(german: str) -> int:
    """Return 1 if the German has a word that English translates by a trace of a negation, such as "Stopp", else 0."""
    return int(_NEGATIVE_WORDS.search(german) is not None)


def opposite_adjectives(german: str, target: str) -> Iterator[Flag]:
    """Yield a flag for "clear" if the German says "unklar" and the English denies nothing."""
    match = _NEGATED_ADJECTIVE.search(german)
    if match and not NEGATION.traces.search(target):
        positive = _POSITIVE_ADJECTIVES[match[1]].search(target)
        if positive:
            yield Flag("claim", positive.group(), f"the source says the opposite: “{match.group()}”", "lost_denial")


def added_negations(sources: Sequence[SourceSentence], target: str) -> Iterator[Flag]:
    """Yield a flag for a denial of the target that no source can be translated by.

    The translation of one German sentence may have as many denials as its source, and one for each word that English
    may deny and that it has not translated otherwise. If there are several sources or a translation, any denial in
    them is enough.
    """
    exceptions = [match.span() for match in _NOT_ADDED.finditer(target)]
    denials = [m for m in _ADDED.finditer(target) if not any(start <= m.start() < end for start, end in exceptions)]
    if not denials:
        return
    texts = list(all_texts(sources))
    allowed = sum(_count_denials(text, target) for text in texts)
    if len(denials) > allowed and (allowed == 0 or len(texts) == 1):
        yield Flag("claim", denials[allowed].group(), "denied here, not in the source", "added_denial")


def _count_denials(text: LangText, target: str) -> int:
    if text.lang == "en":
        return sum(1 for _ in NEGATION.traces.finditer(text.text))
    count = sum(1 for _ in NEGATION.german.finditer(text.text))
    for german, english in _EXCUSES:
        if found := sum(1 for _ in german.finditer(text.text)):
            count += max(0, found - (sum(1 for _ in english.finditer(target)) if english else 0))
    return count
