"""Segments as translators have them, one a line: one target for each source, whatever the source is.

All segments of a stretch go through the translator as one document with a paragraph for each, so that batches stay
full. What a reader of articles would set aside, such as "Kommentar schreiben", is translated here: a line is a line.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from models.errors import EmptyText
from models.options import OnProgress, ignore_progress
from models.values import Article, Document, Lang, Sentence
from service.folder.files import SourceLang

if TYPE_CHECKING:
    from models.pipeline import Pipeline

# Segments at a time: enough for full batches of like length, few enough to see results come.
SEGMENTS_PER_DOCUMENT = 256


def translate_segments(
    pipeline: "Pipeline",
    segments: Sequence[str],
    source_lang: SourceLang = "auto",
    on_progress: OnProgress = ignore_progress,
) -> Iterator[str]:
    """One target for each segment, in order and each on one line; blank segments stay blank.

    `on_progress` hears of segments. Raises TextTooLong for one longer than the pipeline's limit on characters.
    """
    for start in range(0, len(segments), SEGMENTS_PER_DOCUMENT):
        on_progress("translate", start, len(segments))
        stretch = segments[start : start + SEGMENTS_PER_DOCUMENT]
        document = _document(stretch, source_lang, pipeline.max_characters)

        def share(stage: str, done: int, total: int, start: int = start, size: int = len(stretch)) -> None:
            on_progress(stage, start + size * done // max(total, 1), len(segments))

        targets: list[list[str]] = [[] for _ in stretch]
        for pair in pipeline.translator.translate(document, share).pairs:
            targets[pair.source.paragraph].append(pair.target)
        for parts in targets:
            yield " ".join(" ".join(parts).split())


def _document(segments: Sequence[str], source_lang: SourceLang, max_characters: int) -> Document:
    """The segments as one document: paragraph n is segment n."""
    from models.reading.language import detect

    texts = [" ".join(segment.split()) for segment in segments]
    # Each segment among its neighbours: alone, a headline or a name tells little.
    langs: Sequence[Lang] = detect(texts) if source_lang == "auto" else [source_lang] * len(texts)
    sentences: list[Sentence] = []
    read: list[str] = []
    position = 0
    for number, (segment, spoken) in enumerate(zip(texts, langs, strict=True)):
        text, parts = _parts(segment, spoken, max_characters)
        for start, end, lang in parts:
            sentences.append(Sentence(text[start:end], position + start, position + end, lang, number))
        read.append(text)
        position += len(text) + 2
    return Document("segments", None, "\n\n".join(read), tuple(sentences))


def _parts(segment: str, lang: Lang, max_characters: int) -> tuple[str, list[tuple[int, int, Lang]]]:
    """The segment's text as read, and its stretches with nothing set aside."""
    from models.reading.article import read

    if not segment:
        return "", []
    if lang == "other":
        return segment, [(0, len(segment), lang)]
    try:
        document = read(Article(segment, source_lang=lang), max_characters)
    except EmptyText:  # all of it is furniture, or there is no letter in it
        return segment, [(0, len(segment), lang)]
    parts: list[tuple[int, int, Lang]] = [(s.start, s.end, s.lang) for s in document.sentences]
    parts += [(d.start, d.end, lang if d.reason == "furniture" else "other") for d in document.dropped]
    return document.text, sorted(parts)
