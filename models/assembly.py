"""From a preset's name to a pipeline that is ready to run: which engine does which task, loaded once."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from models.engines.base import Decoding, Engine, Task
from models.engines.load import load_engine
from models.pipeline import Pipeline
from models.presets import Preset, load_preset
from models.summarization import Summarizer
from models.translation import Translator

Progress = Callable[[str, float], None]
TASKS: tuple[Task, ...] = ("translation", "summarization", "direct")


def build_pipeline(
    preset: str = "embedded",
    *,
    engine: str = "auto",
    device: str = "auto",
    compute_type: str | None = None,
    threads: int | None = None,
    cache: Path,
    max_characters: int = 400_000,
    progress: Progress | None = None,
) -> Pipeline:
    """Load the preset's models and join them; `progress` hears of each step of a first build, share from 0 to 1.

    Raises UsageError for unknown names, ModelUnavailable and DeviceUnavailable for what cannot be had.
    """
    chosen = load_preset(preset)
    engines: dict[str, Engine] = {}
    for task in TASKS:
        model = chosen.model_for(task)
        if model is not None and model.id not in engines:
            engines[model.id] = load_engine(
                chosen,
                task,
                engine=engine,
                device=device,
                compute_type=compute_type,
                threads=threads,
                cache=cache,
                progress=progress,
            )
    return join(chosen, engines, max_characters)


def join(preset: Preset, engines: Mapping[str, Engine], max_characters: int = 400_000) -> Pipeline:
    """The pipeline of a preset whose engines, by model id, are loaded."""
    uses: dict[Task, tuple[Engine, Decoding]] = {}
    for task in TASKS:
        if (model := preset.model_for(task)) is not None:
            uses[task] = (engines[model.id], model.tasks[task].decoding)
    translator = Translator(*uses["translation"])
    summarizer = Summarizer(*uses["summarization"])
    return Pipeline(translator, summarizer, _receipt(preset, uses), max_characters)


def _receipt(preset: Preset, uses: Mapping[Task, tuple[Engine, Decoding]]) -> dict[str, Any]:
    """What a report says about the models that made it."""
    engine, _ = uses["translation"]
    return {
        "kurzum": version("kurzum"),
        "preset": preset.name,
        **{key: engine.receipt[key] for key in ("engine", "device", "compute_type")},
        "models": [{"task": task, **{k: e.receipt[k] for k in ("id", "revision")}} for task, (e, _) in uses.items()],
        "decoding": {task: asdict(e.search(task, decoding)) for task, (e, decoding) in uses.items()},
    }
