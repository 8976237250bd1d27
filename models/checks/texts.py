"""The texts that the checks compare: a text with its language, and the source sentences that should support it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class LangText:
    """German or English text: a sentence, or several."""

    text: str
    lang: Literal["de", "en"]


@dataclass(frozen=True, slots=True)
class SourceSentence:
    """A sentence of the source, German or English, and its translation where there is one."""

    text: str
    lang: Literal["de", "en"]
    translation: str | None = None


def all_texts(sources: Sequence[SourceSentence]) -> Iterator[LangText]:
    """Each source sentence, and after it its translation."""
    for source in sources:
        yield LangText(source.text, source.lang)
        if source.translation is not None:
            yield LangText(source.translation, "en")
