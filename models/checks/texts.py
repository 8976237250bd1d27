"""A text with its language: what the checks of every kind compare."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class LangText:
    """German or English text: a sentence, or several."""

    text: str
    lang: Literal["de", "en"]


def aligned(support: Sequence[LangText]) -> list[tuple[LangText, str]]:
    """The texts of the source, each with its translation, or "" where there is none.

    An English text is the translation of the first German one before it that has none; where there is no such
    text, it is of the source itself.
    """
    own: list[tuple[LangText, str]] = []
    waiting: list[int] = []
    for text in support:
        if text.lang == "en" and waiting:
            place = waiting.pop(0)
            own[place] = (own[place][0], text.text)
            continue
        if text.lang == "de":
            waiting.append(len(own))
        own.append((text, ""))
    return own
