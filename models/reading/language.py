"""Which sentences are German, which English, which neither.

A naive Bayes model over byte n-grams (py3langid) says how likely each language is for a sentence alone; the rest
of the document says what to expect, which decides headlines, names and half sentences. Measured beside other
libraries in docs/benchmarks.md.
"""

import math
import re
from collections.abc import Sequence
from functools import cache
from typing import Any, Literal, NamedTuple

from models.options import CheckStop, never_stop
from models.values import Lang


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Enough to tell a language, and a bound on the time for a line without an end.
_MAX_CHARACTERS = 600
# European languages in Latin letters and the two largest others. Leaving out the neighbours that hardly stand in a
# German article (Luxembourgish, Afrikaans, Galician) keeps headlines with names from being taken for them.
_LANGUAGES = _words("de en fr es it pt nl da sv no nn pl cs sk sl hr hu ro fi et lv lt sq tr ca id vi is")
# Letters that are not Latin ones.
_FOREIGN = re.compile(r"[^\W\d_A-Za-zªºÀ-ÖØ-öø-ɏḀ-ỿ]")
_WORD = re.compile(r"[^\W\d_]+")

# Words of one of the two languages that are no words of the other, nor common ones of any language above.
_GERMAN = _words(
    """aber auch auf aus bis dass deren dich dieser doch durch ein eine einem einen einer eines für gegen haben ihm ihn
    ihr ihre ist jetzt kann kein keine mich nach nicht nichts nur oder schon sehr seine sich sie sind über und uns unter
    vom von wenn werden wird wurde wurden zu zum zur zwischen"""
)
_ENGLISH = _words(
    """about after and because could from his how into it its not our she should than that the their there they this to
    were what when where which while who why with would you your"""
)
# So many of them, and none of the other language, need no model: it takes two thirds of the time otherwise.
_MIN_TELLING_WORDS = 3
# What one such word weighs, in natural logarithms, and how much the rest of the document does for German, English
# and others; measured on news. A single English headline in a German article is common, a Danish one is not.
_WORD_WEIGHT = 0.7
_CONTEXT_WEIGHTS = (0.6, 0.6, 1.3)
_SHARE_FLOOR = 0.01
# What is expected before anything is read, as if so many characters of German, English and others had been seen:
# an article may be either, a translation is English but for its faults.
_PRIOR = {"de": (20.0, 5.0, 5.0), "en": (5.0, 500.0, 5.0)}


class _Scores(NamedTuple):
    de: float
    en: float
    other: float


def detect(
    sentences: Sequence[str], expect: Literal["de", "en"] = "de", check_stop: CheckStop = never_stop
) -> list[Lang]:
    """The language of each sentence, the others being its context; without a letter it is "other".

    `expect` is what a text is taken for that says nothing itself: "en" for what a translator made.
    """
    scores: dict[str, _Scores | None] = {}
    for sentence in sentences:
        if sentence not in scores:
            check_stop()
            scores[sentence] = _score(sentence[:_MAX_CHARACTERS])
    found = [(len(sentence), score) for sentence in sentences if (score := scores[sentence])]
    expected = _expected(found, _PRIOR[expect])
    verdicts = {sentence: _decide(score, expected) for sentence, score in scores.items()}
    return [verdicts[sentence] for sentence in sentences]


def _decide(score: _Scores | None, expected: _Scores) -> Lang:
    if score is None:
        return "other"
    de, en, other = (alone + around for alone, around in zip(score, expected, strict=True))
    if max(de, en) < other:
        return "other"
    return "de" if de >= en else "en"


def _expected(scores: list[tuple[int, _Scores]], before: tuple[float, float, float]) -> _Scores:
    """How much the document favours each language; a text that says nothing is what was expected before."""
    shares = list(before)
    for length, score in scores:
        top = max(score)
        odds = [math.exp(value - top) for value in score]
        for index, odd in enumerate(odds):
            shares[index] += length * odd / sum(odds)
    whole = sum(shares)
    return _Scores(
        *(
            weight * math.log(share / whole + _SHARE_FLOOR)
            for weight, share in zip(_CONTEXT_WEIGHTS, shares, strict=True)
        )
    )


def _score(sentence: str) -> _Scores | None:
    """Logarithms of how likely each language is for this sentence alone; None without a letter."""
    words = _WORD.findall(sentence.lower())
    if not words:
        return None
    if not sentence.isascii() and len(_FOREIGN.findall(sentence)) > 0.5 * sum(map(len, words)):
        return _Scores(-50.0, -50.0, 0.0)
    german, english = len(_GERMAN.intersection(words)), len(_ENGLISH.intersection(words))
    if german >= _MIN_TELLING_WORDS and not english:
        return _Scores(0.0, -30.0, -30.0)
    if english >= _MIN_TELLING_WORDS and not german:
        return _Scores(-30.0, 0.0, -30.0)
    ranks = dict(_identifier().rank(sentence))
    # The model's probabilities are single precision: nothing smaller than this floor is told apart.
    de = math.log(ranks.pop("de") + 1e-30) + _WORD_WEIGHT * german
    en = math.log(ranks.pop("en") + 1e-30) + _WORD_WEIGHT * english
    other = math.log(max(ranks.values()) + 1e-30)
    # A single word is often a name: let the context weigh twice as much.
    return _Scores(de, en, other) if len(words) > 1 else _Scores(de / 2, en / 2, other / 2)


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # type: ignore[import-untyped]

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_LANGUAGES)
    return identifier
