"""The first stage: an article as it came to a document of sentences, each with its place, language and paragraph.

Nothing is lost on the way: every character that can be seen stands in exactly one sentence or in exactly one
dropped stretch. Every step takes linear time, so that a hostile text costs no more than a long one.
"""

import hashlib
import re
from collections.abc import Sequence
from itertools import pairwise

from models.errors import EmptyText, TextTooLong, UnknownLanguage
from models.reading.boilerplate import find_boilerplate
from models.reading.encoding import normalise
from models.reading.html import extract
from models.reading.language import detect
from models.reading.sentences import split_sentences
from models.values import Article, Document, Dropped, Lang, Sentence

Span = tuple[int, int]

# Before anything is done: normalising takes out a part of a text at most, while a page is mostly mark-up.
_RAW_FACTOR = {"text": 2, "html": 20}
# Mail programs and editors wrap at 60 to 80 columns; a wrapped line is that long, a heading seldom.
_MIN_WRAPPED, _MAX_WRAPPED = 40, 100
# The widest line that breaks off inside a sentence may be a word narrower than the widest of all.
_RAGGED = 12
_ITEM = re.compile(r"(?:[-–—•*·▪►>]|\d{1,3}[.)]|[a-zA-Z]\)) ")
_CLOSED = frozenset('.!?…:;"“”«»)')
_LINE = re.compile(r"[^\n]+")


def read(article: Article, max_characters: int = 400_000) -> Document:
    """The document of an article.

    Raises TextTooLong, EmptyText (also where only page furniture is left), UnknownLanguage where no sentence is
    German or English, and InputError for HTML that cannot be parsed.
    """
    if len(article.text) > max_characters * _RAW_FACTOR[article.format]:
        raise _too_long(len(article.text), max_characters, article.format)
    title, text = article.title, article.text
    if article.format == "html":
        found, text = extract(text)
        title = title if title is not None else found and (" ".join(normalise(found).split()) or None)
    text = normalise(text)
    if len(text) > max_characters:
        raise _too_long(len(text), max_characters, "text")
    if not text.strip():
        raise EmptyText("The text is blank: send the text of an article.")
    paragraphs, dropped = _drop_boilerplate(text, paragraph_spans(text))
    if not paragraphs:
        raise EmptyText("The text holds no article, only page furniture or lines without a letter.")
    sentences = _sentences(text, paragraphs, article)
    if all(sentence.lang == "other" for sentence in sentences):
        raise UnknownLanguage(
            "Not one sentence is German or English: send a German article, or name its language if this is one."
        )
    id_ = article.id if article.id is not None else hashlib.sha256(text.encode()).hexdigest()[:16]
    return Document(id_, title, text, sentences, dropped)


def _too_long(length: int, limit: int, format_: str) -> TextTooLong:
    if format_ == "html":
        return TextTooLong(
            f"The HTML has {length:,} characters, more than {_RAW_FACTOR['html']} times the limit of {limit:,} on "
            "text: send the article without the page around it, or raise the limit."
        )
    return TextTooLong(
        f"The text has {length:,} characters, the limit is {limit:,}: send it in parts, or raise the limit."
    )


def paragraph_spans(text: str) -> list[Span]:
    """The lines that are not blank, without the space around them; wrapped lines joined to their paragraph."""
    lines: list[Span] = []
    for match in _LINE.finditer(text):
        stripped = match.group().strip()
        if stripped:
            start = match.start() + match.group().index(stripped[0])
            lines.append((start, start + len(stripped)))
    if not lines:
        return []
    joins = _joins(text, lines)
    paragraphs: list[Span] = []
    for line, joined in zip(lines, joins, strict=True):
        paragraphs.append((paragraphs.pop()[0], line[1]) if joined else line)
    return paragraphs


def _joins(text: str, lines: Sequence[Span]) -> list[bool]:
    """For each line whether it goes on with the sentence or the paragraph of the line before.

    That a text is wrapped shows where lines of a mail's width break off inside a sentence. The widest of these
    gives the width; then a line also goes on where its first word had no room on the line before.
    """
    flows, fits = [False], [0]
    for before, line in pairwise(lines):
        length = before[1] - before[0]
        candidate = (
            _MIN_WRAPPED <= length <= _MAX_WRAPPED
            and line[1] - line[0] <= _MAX_WRAPPED
            and text.count("\n", before[1], line[0]) == 1
        )
        head = text[line[0] : line[0] + _MAX_WRAPPED]
        item = _ITEM.match(head)
        first = head[item.end() if item and not head[0].isalnum() else 0 :][:1]
        last = text[before[1] - 1]
        flows.append(candidate and ((first.islower() and last not in _CLOSED) or (last in ",-" and not item)))
        fits.append(length + 1 + len(head.split(" ", 1)[0]) if candidate and not item else 0)
    lengths = [before[1] - before[0] for before, flow in zip(lines, flows[1:], strict=False) if flow]
    if not lengths:
        return flows
    wrapped = len(lengths) >= 0.1 * sum(map(bool, fits))
    width = max(lengths)
    narrow = [0, *(before[1] - before[0] for before in lines[:-1])]
    return [
        flow or (wrapped and fit > width and length <= width + _RAGGED)
        for flow, fit, length in zip(flows, fits, narrow, strict=True)
    ]


def _drop_boilerplate(text: str, paragraphs: Sequence[Span]) -> tuple[list[Span], tuple[Dropped, ...]]:
    """The paragraphs of the article, and the furniture around it, neighbours of one kind as one."""
    kept: list[Span] = []
    dropped: list[Dropped] = []
    previous = False
    for (start, end), reason in zip(paragraphs, find_boilerplate([text[s:e] for s, e in paragraphs]), strict=True):
        if reason is None:
            kept.append((start, end))
        elif previous and dropped[-1].reason == reason:
            dropped[-1] = Dropped(dropped[-1].start, end, reason)
        else:
            dropped.append(Dropped(start, end, reason))
        previous = reason is not None
    return kept, tuple(dropped)


def _sentences(text: str, paragraphs: Sequence[Span], article: Article) -> tuple[Sentence, ...]:
    spans = [
        (start + first, start + last, number)
        for number, (start, end) in enumerate(paragraphs)
        for first, last in split_sentences(text[start:end])
    ]
    texts = [text[start:end] for start, end, _ in spans]
    langs: Sequence[Lang] = (
        detect(texts)
        if article.source_lang == "auto"
        else [article.source_lang if any(map(str.isalpha, sentence)) else "other" for sentence in texts]
    )
    return tuple(
        Sentence(sentence, start, end, lang, number)
        for sentence, (start, end, number), lang in zip(texts, spans, langs, strict=True)
    )
