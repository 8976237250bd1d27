"""A summary that somebody else wrote into its sentences: plain text with paragraphs, wrapped lines or points."""

import re
from collections.abc import Iterator

from models.errors import TextTooLong, UnusableSummary
from models.reading.article import paragraph_texts
from models.reading.encoding import normalise
from models.reading.sentences import sentence_texts

# What a list or a heading puts before its text; a number only where there are two, since "1. FC Köln" is a name.
_POINT = re.compile(r"(?:(?:[-–—•*·▪►>+✓●◦‣]|#{1,6}|[a-zA-Z]\)|\(\d{1,3}\))\s+)+")
_NUMBERED_POINT = re.compile(r"\d{1,3}[.)]\s+")
# Marks that lead to sources, as `kurzum summarize` and others set them: no numbers of the text. One in the middle of a
# clause ("We have [12] dogs") may be a word that was put in.
_CITATION = re.compile(r" ?\[[!^]?\d{1,3}\*?(?: ?[,;–-] ?\d{1,3}\*?)*\](?=\s*(?:\Z|[^\s\w])|\s+[A-ZÄÖÜ]|\s*\n)")
_BOLD = re.compile(r"\*{2,3}(?=\S)|(?<=\S)\*{2,3}")


def summary_sentences(summary: str, max_characters: int = 400_000) -> list[str]:
    """The sentences of a summary, without bullets, bold print and marks like [1]; those without a letter or digit are
    left out.

    Raises UnusableSummary where nothing is left, and TextTooLong.
    """
    length = len(summary)
    if length <= 2 * max_characters:  # Normalising takes out a part of a text at most.
        summary = normalise(summary)
        length = len(summary)
    if length > max_characters:
        raise TextTooLong(
            f"The summary has {length:,} characters, the limit is {max_characters:,}: check it in parts, or raise it."
        )
    summary = _BOLD.sub("", _CITATION.sub("", summary))
    paragraphs = paragraph_texts(summary)
    numbered = sum(_NUMBERED_POINT.match(paragraph) is not None for paragraph in paragraphs) > 1
    sentences = [s for paragraph in paragraphs for s in _sentences(paragraph, numbered=numbered)]
    if not sentences:
        raise UnusableSummary("The summary is empty or holds no words: send the text of a summary.")
    return sentences


def _sentences(paragraph: str, *, numbered: bool) -> Iterator[str]:
    mark = _POINT.match(paragraph) or (_NUMBERED_POINT.match(paragraph) if numbered else None)
    for sentence in sentence_texts(paragraph[mark.end() if mark else 0 :], "en"):
        if any(map(str.isalnum, sentence)):
            yield " ".join(sentence.split())
