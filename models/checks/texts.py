"""A text with its language: what the checks of every kind compare."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Text:
    """German or English text: a sentence, or several."""

    text: str
    lang: Literal["de", "en"]


def aligned(support: Sequence[Text]) -> list[tuple[Text, str]]:
    """The texts of the source, each with its translation, or "" where there is none.

    An English text is the translation of the first German one before it that has none; where there is no such
    text, it is of the source itself.
    """
    own: list[tuple[Text, str]] = []
    for text in support:
        waiting = next((i for i, (t, english) in enumerate(own) if t.lang == "de" and not english), None)
        if text.lang == "en" and waiting is not None:
            own[waiting] = (own[waiting][0], text.text)
        else:
            own.append((text, ""))
    return own
