"""A text with its language: what the checks of every kind compare."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Text:
    """German or English text: a sentence, or several."""

    text: str
    lang: Literal["de", "en"]
