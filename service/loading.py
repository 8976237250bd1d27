"""The pipeline when it is first needed: what can be refused without a model is refused before one is loaded."""

from typing import TYPE_CHECKING

from models.options import OnProgress, Options
from models.report import Report
from models.values import Article
from service.cli.terminal import note
from service.settings import ModelSettings

if TYPE_CHECKING:
    from models.loading.pipeline import Progress
    from models.pipeline import Pipeline
    from models.presets import Preset


class LazyPipeline:
    """The pipeline for these settings, which opens at the first article that asks a model, and stays open."""

    def __init__(self, models: ModelSettings, max_characters: int, progress: "Progress | None") -> None:
        self._models = models
        self._max_characters = max_characters
        self._progress = progress
        self._pipeline: Pipeline | None = None

    def summarize(self, article: Article, options: Options, on_progress: OnProgress) -> Report:
        """As `Pipeline.summarize`; a German summary asks no model, so that none is loaded for it."""
        if options.summary_lang == "de":
            return self._german(article, options)
        return self._for(article).summarize(article, options, on_progress)

    def translate(self, article: Article, on_progress: OnProgress) -> Report:
        """As `Pipeline.translate`."""
        return self._for(article).translate(article, on_progress)

    def get(self) -> "Pipeline":
        """The pipeline, opened if need be; raises what opening it raises."""
        if self._pipeline is None:
            self._pipeline = open_pipeline(self._models, self._max_characters, self._progress)
        return self._pipeline

    def _german(self, article: Article, options: Options) -> Report:
        from models.pipeline import german_report
        from models.presets import load_preset, with_models

        models = self._models
        preset = with_models(load_preset(models.preset), models.translation_model, models.summary_model)
        return german_report(article, options, preset.receipt, self._max_characters)

    def _for(self, article: Article) -> "Pipeline":
        if self._pipeline is None:
            from models.reading.article import read

            read(article, self._max_characters)
        return self.get()


def check_settings(models: ModelSettings, preset: "Preset | None" = None) -> None:
    """Refuse a device or a number format that cannot be had here, before anything is fetched or loaded.

    `preset` is the settings' own where it is at hand. Raises UsageError and DeviceUnavailable.
    """
    if models.device in ("auto", "cpu") and models.compute_type is None:
        return  # What is always there need not be looked for: that takes a second.
    from models.loading.engine import check_available
    from models.presets import load_preset, with_models

    preset = preset or with_models(load_preset(models.preset), models.translation_model, models.summary_model)
    check_available(preset, engine=models.engine, device=models.device, compute_type=models.compute_type)


def open_pipeline(models: ModelSettings, max_characters: int, progress: "Progress | None") -> "Pipeline":
    """The pipeline for these settings; raises as `build_pipeline` does."""
    from models.loading.pipeline import build_pipeline

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
