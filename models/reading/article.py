"""The first stage: an article as it came to a document of sentences, each with its place, language and paragraph.

Nothing is lost on the way: every character that can be seen stands in a sentence or in a dropped stretch. Every step
takes linear time, so that a hostile text costs no more than a long one.
"""

import hashlib
from collections.abc import Iterator, Sequence

from models.errors import EmptyText, TextTooLong, UnknownLanguage
from models.options import CheckStop, never_stop
from models.reading.boilerplate import find_boilerplate
from models.reading.capitals import is_in_capitals, sentence_case, usual_spellings
from models.reading.encoding import repair
from models.reading.formats.plain_text import blocks_of_lines, layout_plain_text
from models.reading.language import detect
from models.reading.layout import Reading
from models.reading.sentences import split_sentences
from models.values import Article, Block, Document, Dropped, Format, Lang, Layout, Sentence

Span = tuple[int, int]

# Before anything is done: normalising takes out a part of a text at most, while a page is mostly mark-up.
_RAW_FACTOR: dict[Format, int] = {"text": 2, "markdown": 4, "html": 20, "rich_text": 20}


def read(article: Article, max_characters: int = 400_000, check_stop: CheckStop = never_stop) -> Document:
    """The document of an article.

    Raises TextTooLong, EmptyText (also where only page furniture is left), UnknownLanguage where no sentence is
    German or English, InputError for HTML that cannot be parsed, and whatever `check_stop` raises.
    """
    check_stop()
    layout = article.layout or lay_out(article, max_characters)
    check_stop()
    if len(layout.text) > max_characters:
        raise _too_long(len(layout.text), max_characters, "text")
    if not layout.text.strip():
        raise EmptyText("The text is blank: send the text of an article.")
    kept, dropped = _drop_boilerplate(layout)
    if not kept:
        raise EmptyText("The text holds no article, only page furniture or lines without a letter.")
    check_stop()
    sentences = _sentences(layout.text, kept, article, check_stop)
    if all(sentence.lang == "other" for sentence in sentences):
        raise UnknownLanguage(
            "Not one sentence is German or English: send a German article, or name its language if this is one."
        )
    title = article.title if article.title is not None else layout.title
    id_ = article.id if article.id is not None else hashlib.sha256(layout.text.encode()).hexdigest()[:16]
    return Document(id_, title, layout.text, sentences, dropped, layout.warnings)


def lay_out(article: Article, max_characters: int) -> Layout:
    """The text of an article and its blocks, by its format; raises TextTooLong, EmptyText and InputError."""
    if len(article.text) > max_characters * _RAW_FACTOR[article.format]:
        raise _too_long(len(article.text), max_characters, article.format)
    text, warnings = repair(article.text, entities=article.format == "text")
    if article.format == "text":
        layout = layout_plain_text(text)
    elif article.format == "markdown":
        from models.reading.formats.markdown import layout_markdown

        layout = layout_markdown(text)
    else:
        from models.reading.formats.html import layout_document, layout_page

        layout = layout_page(text) if article.format == "html" else layout_document(text)
    return Layout(layout.text, layout.blocks, layout.title, (*article.warnings, *warnings, *layout.warnings))


def _too_long(length: int, limit: int, format_: Format) -> TextTooLong:
    if format_ != "text":
        return TextTooLong(
            f"The mark-up has {length:,} characters, more than {_RAW_FACTOR[format_]} times the limit of {limit:,} on "
            "text: send the article without the page around it, or raise the limit."
        )
    return TextTooLong(
        f"The text has {length:,} characters, the limit is {limit:,}: send it in parts, or raise the limit."
    )


def paragraph_texts(text: str) -> list[str]:
    """What is read of each paragraph of a normalised plain text: wrapped lines joined."""
    blocks = blocks_of_lines(text, 0, len(text))
    return [Reading(text, block.start, block.end, block.edits).text for block in blocks]


def _drop_boilerplate(layout: Layout) -> tuple[list[tuple[Block, Reading]], tuple[Dropped, ...]]:
    """The blocks of the article with what is read of them, and what is dropped, neighbours of one kind as one."""
    readings = [Reading(layout.text, block.start, block.end, block.edits) for block in layout.blocks]
    candidates = [n for n, block in enumerate(layout.blocks) if block.reason is None]
    reasons = [block.reason for block in layout.blocks]
    lines = [readings[n].text.strip() for n in candidates]
    for n, line, reason in zip(candidates, lines, find_boilerplate(lines), strict=True):
        # What is struck out as a whole leaves nothing to read.
        reasons[n] = reason if line else "not_article"
    kept: list[tuple[Block, Reading]] = []
    dropped: list[Dropped] = []
    previous = False
    for block, reading, reason in zip(layout.blocks, readings, reasons, strict=True):
        if reason is None:
            kept.append((block, reading))
        elif previous and dropped[-1].reason == reason:
            dropped[-1] = Dropped(dropped[-1].start, block.end, reason)
        else:
            dropped.append(Dropped(block.start, block.end, reason))
        previous = reason is not None
    return kept, tuple(dropped)


def _sentences(
    text: str, blocks: Sequence[tuple[Block, Reading]], article: Article, check_stop: CheckStop
) -> tuple[Sentence, ...]:
    shouted = {n for n, (_, reading) in enumerate(blocks) if is_in_capitals(reading.text)}
    spellings = usual_spellings(r.text for n, (_, r) in enumerate(blocks) if n not in shouted) if shouted else {}
    found: list[tuple[str, Span, int, bool]] = []
    for number, (block, reading) in enumerate(blocks):
        check_stop()
        read_as = sentence_case(reading.text, spellings) if number in shouted else reading.text
        spans = list(_spans(block, reading, read_as))
        for (first, last), place in zip(spans, _places(text, block, reading, spans), strict=True):
            found.append((" ".join(read_as[first:last].split()), place, number, block.row))
    texts = [sentence for sentence, *_ in found]
    langs: Sequence[Lang] = (
        detect(texts, check_stop=check_stop)
        if article.source_lang == "auto"
        else [article.source_lang if any(map(str.isalpha, sentence)) else "other" for sentence in texts]
    )
    return tuple(
        Sentence(sentence, start, end, lang, number, row)
        for (sentence, (start, end), number, row), lang in zip(found, langs, strict=True)
    )


def _spans(block: Block, reading: Reading, read_as: str) -> Iterator[Span]:
    """The sentences of a block as offsets into what is read of it; cells of a row apart."""
    if not block.row:
        yield from split_sentences(read_as)
        return
    at = 0
    for end in block.cells or (block.end,):
        last = reading.before(end) if block.cells else len(read_as)
        stripped = read_as[at:last].strip()
        if stripped:
            first = at + read_as[at:last].index(stripped[0])
            yield first, first + len(stripped)
        at = last


def _places(text: str, block: Block, reading: Reading, spans: Sequence[Span]) -> list[Span]:
    """The sentences as offsets into the document: from one to the next, so that what is not read belongs to one too."""
    starts = [reading.place(first) for first, _ in spans]
    ends = [reading.place(last - 1) + 1 for _, last in spans]
    if starts:
        starts[0], ends[-1] = block.start, block.end
    for n in range(len(spans) - 1):
        between = text[ends[n] : starts[n + 1]].rstrip()
        ends[n] += len(between) if between.strip() else 0
    return list(zip(starts, ends, strict=True))
