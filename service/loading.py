"""The pipeline when it is first needed: what can be refused without a model is refused before one is loaded."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from models.loading.settings import LoadSettings
from models.options import LOG_ONLY, Listener, OnProgress, Options
from models.report import Report
from models.values import Article, Document

if TYPE_CHECKING:
    from models.pipeline import Pipeline

# From settings, the limit on characters and a listener to a pipeline that is ready to run.
OpenPipeline = Callable[[LoadSettings, int, Listener], "Pipeline"]


def open_pipeline(settings: LoadSettings, max_characters: int, listener: Listener = LOG_ONLY) -> "Pipeline":
    """The pipeline for these settings; raises as `build_pipeline` does."""
    from models.loading.pipeline import build_pipeline

    return build_pipeline(settings, listener, max_characters)


class LazyPipeline:
    """The pipeline for these settings, which opens at the first article that needs a model, and stays open."""

    def __init__(
        self,
        settings: LoadSettings,
        max_characters: int,
        listener: Listener = LOG_ONLY,
        opener: OpenPipeline = open_pipeline,
    ) -> None:
        self._open = opener
        self._settings = settings
        self._max_characters = max_characters
        self._listener = listener
        self._pipeline: Pipeline | None = None

    def summarize(self, article: Article, options: Options, on_progress: OnProgress) -> Report:
        """As `Pipeline.summarize`; a German summary needs no model, so that none is loaded for it."""
        if options.summary_lang == "de":
            from models.pipeline import german_report

            receipt = self._settings.resolve_preset().receipt
            return german_report(article, options, receipt, self._max_characters, on_progress)
        if self._pipeline is None:
            self._settings.resolve_preset().check_mode(options.mode)
        document = self._read_first(article, on_progress)
        return self.get().summarize(document, options, on_progress)

    def translate(self, article: Article, on_progress: OnProgress) -> Report:
        """As `Pipeline.translate`."""
        document = self._read_first(article, on_progress)
        return self.get().translate(document, on_progress)

    def get(self) -> "Pipeline":
        """The pipeline, opened if need be; raises what opening it raises."""
        if self._pipeline is None:
            self._pipeline = self._open(self._settings, self._max_characters, self._listener)
        return self._pipeline

    def _read_first(self, article: Article, on_progress: OnProgress) -> Article | Document:
        """The article, read if no model is loaded yet: one that cannot be used is refused before."""
        if self._pipeline is not None:
            return article
        from models.reading.article import read

        return read(article, self._max_characters, lambda: on_progress("read", 0, 1))


def check_settings(settings: LoadSettings) -> None:
    """Refuse a device or a number format that cannot be had here, before anything is fetched or loaded.

    Raises UsageError and DeviceUnavailable.
    """
    if settings.device in ("auto", "cpu") and settings.compute_type is None:
        return  # What is always there need not be looked for: that takes a second.
    from models.loading.engine import check_available

    check_available(settings.resolve_preset(), settings)
