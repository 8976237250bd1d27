"""The whole program on one page: German article in, English or German summary out, with what it rests on.

    bytes -> Article -> Document -> Translation -> Summary -> evidence and checks -> Report

Each stage is a function or a small object that takes one value and returns the next; only engines hold state.
"""

import time
from dataclasses import dataclass
from typing import Any

from models.evidence.index import EvidenceIndex
from models.options import DEFAULT, OnProgress, Options, ignore_progress
from models.reading.article import read
from models.report import Report, Seconds
from models.summarization.extractive import extract, receipt
from models.summarization.summarizer import Summarizer, is_short_article
from models.translation.translator import Translator
from models.values import Article, Document, Translation


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A translator and a summariser, ready to run; `receipt` says which models, engines and settings they are."""

    translator: Translator
    summarizer: Summarizer
    receipt: dict[str, Any]
    max_characters: int = 400_000

    def summarize(
        self, article: Article | Document, options: Options = DEFAULT, on_progress: OnProgress = ignore_progress
    ) -> Report:
        """The report on one article, read already or not.

        Raises InputError for an article that cannot be used, UsageError for a mode the models cannot do, and
        whatever `on_progress` raises to stop the work.
        """
        if options.summary_lang == "de":
            return german_report(article, options, self.receipt, self.max_characters, on_progress)
        self.summarizer.check_mode(options.mode)
        clock = _Clock()
        document = _read(article, self.max_characters, on_progress)
        reading = clock.lap()
        translation: Translation | None = None
        if options.mode == "pivot" or is_short_article(document, options.words):
            translation = self.translator.translate(document, on_progress)
        translating = clock.lap()
        index = EvidenceIndex.of(translation or document, lambda: on_progress("check", 0, 1))
        indexing = clock.lap()
        summary = self.summarizer.summarize(index, options, on_progress)
        seconds = Seconds.of(reading, translating, clock.lap(), indexing)
        return Report.of(
            document,
            translation=translation,
            summary=summary,
            source_tokens=_source_tokens(translation) if translation else summary.source_tokens,
            receipt=self.receipt,
            seconds=seconds,
        )

    def translate(self, article: Article | Document, on_progress: OnProgress = ignore_progress) -> Report:
        """The report with the aligned translation and no summary; raises as `summarize` does."""
        clock = _Clock()
        document = _read(article, self.max_characters, on_progress)
        reading = clock.lap()
        translation = self.translator.translate(document, on_progress)
        seconds = Seconds.of(reading, clock.lap())
        tokens = _source_tokens(translation)
        return Report.of(document, translation=translation, source_tokens=tokens, receipt=self.receipt, seconds=seconds)


def german_report(
    article: Article | Document,
    options: Options,
    made_by: dict[str, Any],
    max_characters: int,
    on_progress: OnProgress = ignore_progress,
) -> Report:
    """The report with the article's own best sentences, which need no model, no translation and no checks.

    `made_by` is a pipeline's receipt, or as much of it as is known without one. Raises InputError for an article that
    cannot be used, and whatever `on_progress` raises to stop the work.
    """
    clock = _Clock()
    document = _read(article, max_characters, on_progress)
    reading = clock.lap()
    summary = extract(document, options, lambda: on_progress("summarize", 0, 1))
    seconds = Seconds.of(reading, summarize=clock.lap())
    return Report.of(document, summary=summary, receipt=made_by | receipt(), seconds=seconds)


def _read(article: Article | Document, max_characters: int, on_progress: OnProgress) -> Document:
    """The document, read now if it was not before."""
    if isinstance(article, Document):
        return article
    return read(article, max_characters, lambda: on_progress("read", 0, 1))


def _source_tokens(translation: Translation) -> int:
    return sum(pair.source_tokens for pair in translation.pairs)


class _Clock:
    """Measures stage after stage."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def lap(self) -> float:
        """The seconds since the last call, or since the start."""
        before, self._last = self._last, time.monotonic()
        return self._last - before
