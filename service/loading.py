"""The pipeline when it is first needed: what can be refused without a model is refused before one is loaded."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from models.options import Options, Watch
from models.report import Report
from models.values import Article
from service.settings import ModelSettings
from service.terminal import note

if TYPE_CHECKING:
    from models.assembly import Progress
    from models.pipeline import Pipeline


class LazyPipeline:
    """A pipeline that opens at the first article worth it, and stays open."""

    def __init__(self, opener: Callable[[], "Pipeline"], max_characters: int) -> None:
        self._open = opener
        self._max_characters = max_characters
        self._pipeline: Pipeline | None = None

    def summarize(self, article: Article, options: Options, watch: Watch) -> Report:
        """As `Pipeline.summarize`."""
        return self._for(article).summarize(article, options, watch)

    def translate(self, article: Article, watch: Watch) -> Report:
        """As `Pipeline.translate`."""
        return self._for(article).translate(article, watch)

    def get(self) -> "Pipeline":
        """The pipeline, opened if need be; raises what opening it raises."""
        if self._pipeline is None:
            self._pipeline = self._open()
        return self._pipeline

    def _for(self, article: Article) -> "Pipeline":
        if self._pipeline is None:
            from models.reading import read

            read(article, self._max_characters)
        return self.get()


def lazy_pipeline(models: ModelSettings, max_characters: int, progress: "Progress | None") -> LazyPipeline:
    """The pipeline for these settings, not opened yet."""
    return LazyPipeline(lambda: open_pipeline(models, max_characters, progress), max_characters)


def open_pipeline(models: ModelSettings, max_characters: int, progress: "Progress | None") -> "Pipeline":
    """The pipeline for these settings; raises as `build_pipeline` does."""
    from models.assembly import build_pipeline

    return build_pipeline(
        models.preset,
        translation_model=models.translation_model,
        summary_model=models.summary_model,
        engine=models.engine,
        device=models.device,
        compute_type=models.compute_type,
        threads=models.threads,
        cache=models.cache,
        max_characters=max_characters,
        progress=progress,
        notice=note,
    )
