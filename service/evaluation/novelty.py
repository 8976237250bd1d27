"""How much of a summary is the article's own: sentences that were copied, numbers and names that it does not hold.

Counted on the surface and without the program's own checks, which have already thrown out what they doubt: a figure
from the same checks would measure nothing. Numbers are digits without points and commas, so that 1.234,5 is 1,234.5;
number words do not count. A name is a word with a capital that does not open a sentence.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.values import SummarySentence

_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_GENITIVE = re.compile(r"['’]s?$")
# What has a capital in English wherever it stands; a German article has other words for it.
_CAPITALISED_WORDS = re.compile(
    r"i|(mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august"
    r"|(septem|octo|novem|decem)ber",
    re.IGNORECASE,
)

Count = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Novelty:
    """Of one summary, each as how many of how many."""

    copied: Count
    extracted: Count
    numbers: Count
    names: Count


def novelty(sentences: Sequence[SummarySentence], article: str) -> Novelty:
    """What of the sentences the article holds; `article` is all its text, in German and in English.

    A sentence is copied where its words stand in the article in one run; `extracted` is what the summariser itself
    took from the translation.
    """
    run = " ".join(_words(article))
    there = set(run.split())
    figures = {_digits(figure) for figure in _FIGURE.findall(article)}
    texts = [sentence.text for sentence in sentences]
    numbers = [_digits(figure) for text in texts for figure in _FIGURE.findall(text)]
    found = [name for text in texts for name in names(text)]
    return Novelty(
        copied=(sum(f" {' '.join(_words(text))} " in f" {run} " for text in texts), len(texts)),
        extracted=(sum(sentence.extracted for sentence in sentences), len(sentences)),
        numbers=(sum(number not in figures for number in numbers), len(numbers)),
        names=(sum(not _occurs(name, there) for name in found), len(found)),
    )


def names(sentence: str) -> list[str]:
    """The words of a sentence that have a capital and do not open it or a quotation in it."""
    found = []
    for match in _WORD.finditer(sentence):
        word = _GENITIVE.sub("", match.group())
        before = sentence[: match.start()].rstrip()
        opens = not before or before[-1] in '"“”„»«‘:.!?(' or (before[-1] in "'’" and before[-2:-1] in ("", " "))
        if len(word) > 1 and word[0].isupper() and not opens and not _CAPITALISED_WORDS.fullmatch(word):
            found.append(word)
    return found


def _words(text: str) -> list[str]:
    return [_GENITIVE.sub("", word).lower() for word in _WORD.findall(text)]


def _occurs(name: str, words: set[str]) -> bool:
    """Whether the name is there, whole or each of its parts: "UK-based" in "based in the UK"."""
    return name.lower() in words or all(part in words for part in re.split(r"[-'’]", name.lower()))


def _digits(figure: str) -> str:
    return re.sub(r"\D", "", figure)
