"""From a preset's name to a pipeline that is ready to run: which engine does which task, loaded once."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from models.decoding import Engine, Task
from models.evidence.embeddings import preload
from models.loading.engine import load_engine
from models.pipeline import Pipeline
from models.presets import ModelSpec, Preset, load_preset, with_models
from models.summarization.summarizer import Summarizer
from models.translation.translator import Translator

Progress = Callable[[str, float], None]
Notice = Callable[[str], None]
RECEIPT_KEYS = ("task", "id", "revision", "engine", "device", "compute_type")
TASKS: tuple[Task, ...] = ("translation", "summarization", "direct")


def build_pipeline(
    preset: str = "embedded",
    *,
    translation_model: str | None = None,
    summary_model: str | None = None,
    engine: str = "auto",
    device: str = "auto",
    compute_type: str | None = None,
    threads: int | None = None,
    cache: Path,
    max_characters: int = 400_000,
    progress: Progress | None = None,
    notice: Notice | None = None,
) -> Pipeline:
    """Load the preset's models, or the two named in their place, and join them.

    `progress` hears of each step of a download or a first build, share from 0 to 1; `notice` hears what a user should
    know about a model, such as that its licence forbids commercial use. Raises UsageError for unknown names,
    ModelUnavailable and DeviceUnavailable for what cannot be had.
    """
    chosen = with_models(load_preset(preset), translation_model, summary_model)
    preload()
    engines: dict[str, Engine] = {}
    for task in TASKS:
        model = chosen.model_for(task)
        if model is not None and model.key not in engines:
            engines[model.key] = load_engine(
                chosen,
                task,
                engine=engine,
                device=device,
                compute_type=compute_type,
                threads=threads,
                cache=cache,
                progress=progress,
                notice=notice,
            )
    return join(chosen, engines, max_characters)


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
    summarizer = Summarizer(engine, how.decoding, writer.window or 0)
    if how.words is not None:
        summarizer.words_per_chunk = how.words
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
