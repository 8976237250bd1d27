"""From a preset's name to a pipeline that is ready to run: which engine does which task, loaded once."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from models.decoding import Engine, Task
from models.evidence.embeddings import preload
from models.loading.engine import load_engine
from models.loading.settings import LoadSettings
from models.options import LOG_ONLY, Listener
from models.pipeline import Pipeline
from models.presets import ModelSpec, Preset
from models.summarization.summarizer import WORDS_PER_CHUNK, Summarizer
from models.translation.translator import Translator

RECEIPT_KEYS = ("task", "id", "revision", "engine", "device", "compute_type")
TASKS: tuple[Task, ...] = ("translation", "summarization", "direct")


def load(
    preset: str = "embedded", *, listener: Listener = LOG_ONLY, max_characters: int = 400_000, **settings: Any
) -> Pipeline:
    """Load a preset's models and return the pipeline that translates and summarises with them.

    `settings` are the further fields of `LoadSettings`: `translation_model`, `summary_model`, `engine`, `device`,
    `compute_type`, `threads`, `cache`. The first call fetches or builds what is not in the cache. Raises as
    `build_pipeline` does.
    """
    return build_pipeline(LoadSettings(preset, **settings), listener, max_characters)


def build_pipeline(settings: LoadSettings, listener: Listener = LOG_ONLY, max_characters: int = 400_000) -> Pipeline:
    """Load the models that the settings name, each once, and join them.

    Raises UsageError for unknown names, ModelUnavailable and DeviceUnavailable for what cannot be had.
    """
    preset = settings.resolve_preset()
    preload()
    engines: dict[str, Engine] = {}
    for task in TASKS:
        model = preset.model_for(task)
        if model is not None and model.key not in engines:
            engines[model.key] = load_engine(preset, settings, task, listener)
    return join(preset, engines, max_characters)


def join(preset: Preset, engines: Mapping[str, Engine], max_characters: int = 400_000) -> Pipeline:
    """The pipeline of a preset whose engines, by `ModelSpec.key`, are loaded."""
    uses: dict[Task, tuple[ModelSpec, Engine]] = {}
    for task in TASKS:
        if (model := preset.model_for(task)) is not None:
            uses[task] = (model, engines[model.key])
    reader, engine = uses["translation"]
    translator = Translator(engine, reader.tasks["translation"].decoding, reader.window or 0)
    writer, engine = uses["summarization"]
    how = writer.tasks["summarization"]
    summarizer = Summarizer(engine, how.decoding, writer.window or 0, how.words or WORDS_PER_CHUNK)
    return Pipeline(translator, summarizer, _receipt(preset, uses), max_characters)


def _receipt(preset: Preset, uses: Mapping[Task, tuple[ModelSpec, Engine]]) -> dict[str, Any]:
    """What a report says about the models that made it; at its top the translation's engine, device and numbers."""
    rows = [{"task": task, **engine.receipt} for task, (_, engine) in uses.items()]
    return {
        **preset.receipt,
        **{key: rows[0][key] for key in ("engine", "device", "compute_type")},
        "models": [{key: row[key] for key in RECEIPT_KEYS} for row in rows],
        "decoding": {
            task: asdict(engine.resolve(task, model.tasks[task].decoding)) | engine.prompt_template(task)
            for task, (model, engine) in uses.items()
        },
    }
