"""The whole program on one page: German article in, English or German summary out, with what it rests on.

    bytes -> Article -> Document -> Translation -> Summary -> evidence and checks -> Report

Each stage is a function or a small object that takes one value and returns the next; only engines hold state.
"""

import itertools
import time
from dataclasses import dataclass
from typing import Any

from models.evidence.attribution import support
from models.options import DEFAULT, OnProgress, Options, ignore_progress
from models.reading.article import read
from models.report import Report, Seconds
from models.summarization.extractive import extract, receipt
from models.summarization.summarizer import Summarizer
from models.translation.translator import Translator
from models.values import Article, Summary, Translation


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A translator and a summariser, ready to run; `receipt` says which models, engines and settings they are."""

    translator: Translator
    summarizer: Summarizer
    receipt: dict[str, Any]
    max_characters: int = 400_000

    def summarize(
        self, article: Article, options: Options = DEFAULT, on_progress: OnProgress = ignore_progress
    ) -> Report:
        """The report on one article.

        Raises InputError for an article that cannot be used, UsageError for a mode the models cannot do, and
        whatever `on_progress` raises to stop the work.
        """
        if options.summary_lang == "de":
            return german_report(article, options, self.receipt, self.max_characters)
        clock = [time.monotonic()]
        document = read(article, self.max_characters)
        clock.append(time.monotonic())
        translation: Translation | None = None
        # What is shorter than its summary comes back as its translation, so that it must have one.
        spoken = sum(len(s.text.split()) for s in document.sentences if s.lang != "other")
        if options.mode == "pivot" or spoken <= options.words:
            translation = self.translator.translate(document, on_progress)
        clock.append(time.monotonic())
        material = translation or document
        draft = self.summarizer.summarize(material, options, on_progress)
        clock.append(time.monotonic())
        summary: Summary = support(draft, material)
        clock.append(time.monotonic())
        tokens = sum(p.source_tokens for p in translation.pairs) if translation else draft.read_tokens
        return Report(document, translation, summary, tokens, self.receipt, _seconds(clock))

    def translate(self, article: Article, on_progress: OnProgress = ignore_progress) -> Report:
        """The report with the aligned translation and no summary; raises as `summarize` does."""
        clock = [time.monotonic()]
        document = read(article, self.max_characters)
        clock.append(time.monotonic())
        translation = self.translator.translate(document, on_progress)
        clock += [time.monotonic()] * 3
        tokens = sum(p.source_tokens for p in translation.pairs)
        return Report(document, translation, None, tokens, self.receipt, _seconds(clock))


def german_report(article: Article, options: Options, made_by: dict[str, Any], max_characters: int) -> Report:
    """The report with the article's own best sentences, which need no model, no translation and no checks.

    `made_by` is a pipeline's receipt, or as much of it as is known without one. Raises InputError for an article that
    cannot be used.
    """
    clock = [time.monotonic()]
    document = read(article, max_characters)
    clock += [time.monotonic()] * 2
    extracted = extract(document, options)
    clock += [time.monotonic()] * 2
    return Report(document, None, extracted, 0, made_by | receipt(), _seconds(clock))


def _seconds(clock: list[float]) -> Seconds:
    """Five points of time as the four spans between them and the whole."""
    read, translate, summarize, check = (end - start for start, end in itertools.pairwise(clock))
    return Seconds(read, translate, summarize, check, clock[-1] - clock[0])
