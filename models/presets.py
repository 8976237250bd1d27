"""Presets: which models do the tasks, read from `presets.toml` and checked, so that adding one needs no code."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal, get_args

from models.engines.base import Decoding, Task
from models.errors import UsageError

Source = Literal["embedded", "hub"]
Family = Literal["causal", "seq2seq"]
SLOT = "{source}"


@dataclass(frozen=True, slots=True)
class TaskSpec:
    """How a model is used for one task: prompt (causal models), default decoding, what was measured with it."""

    prompt: str | None = None
    decoding: Decoding = field(default_factory=Decoding)
    measured: str | None = None


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """One checkpoint; `window` is the longest source in tokens, prompt and special tokens not counted."""

    id: str
    source: Source
    family: Family
    licence: str
    window: int
    tasks: Mapping[Task, TaskSpec]
    revision: str | None = None


@dataclass(frozen=True, slots=True)
class Preset:
    """A named choice of models that together translate and summarise."""

    name: str
    description: str
    models: tuple[ModelSpec, ...]

    def model_for(self, task: Task) -> ModelSpec | None:
        """The first model that does the task, or None (only "direct" may be missing)."""
        return next((model for model in self.models if task in model.tasks), None)


def preset_names() -> tuple[str, ...]:
    """All presets there are, in the order of the file."""
    return tuple(_presets())


def load_preset(name: str) -> Preset:
    """The preset of that name. Raises UsageError that lists those there are."""
    try:
        return _presets()[name]
    except KeyError:
        raise UsageError(f"There is no preset {name!r}: choose from {', '.join(_presets())}.") from None


def parse_presets(text: str) -> dict[str, Preset]:
    """Presets from the text of a TOML file. Raises ValueError where it is not as `presets.toml` says."""
    presets = {}
    for name, table in tomllib.loads(text).items():
        try:
            presets[name] = _preset(name, table)
        except (KeyError, TypeError) as error:
            # The dataclasses know the keys: one too few is a KeyError here or their TypeError, as is one too many.
            raise ValueError(f"preset {name}: a key is missing or is none of those there are: {error}") from error
    return presets


@functools.cache
def _presets() -> dict[str, Preset]:
    return parse_presets(files("models").joinpath("presets.toml").read_text(encoding="utf-8"))


def _preset(name: str, table: dict[str, Any]) -> Preset:
    preset = Preset(name, table["description"], tuple(_model(name, row) for row in table["models"]))
    for task in ("translation", "summarization"):
        if preset.model_for(task) is None:
            raise ValueError(f"preset {name}: no model for {task}")
    return preset


def _model(preset: str, row: dict[str, Any]) -> ModelSpec:
    where = f"preset {preset}, model {row['id']}"
    if row["source"] not in get_args(Source) or row["family"] not in get_args(Family):
        raise ValueError(f"{where}: source or family is none of those there are")
    if unknown := set(row["tasks"]) - set(get_args(Task)):
        raise ValueError(f"{where}: no such task: {', '.join(sorted(unknown))}")
    tasks = {}
    for task, settings in row["tasks"].items():
        prompt = settings.get("prompt")
        if (row["family"] == "causal") != (prompt is not None) or (prompt or SLOT).count(SLOT) != 1:
            raise ValueError(f"{where}: a causal model needs a prompt with one {SLOT} for {task}, any other none")
        tasks[task] = TaskSpec(**(settings | {"decoding": Decoding(**settings.get("decoding", {}))}))
    return ModelSpec(**(row | {"tasks": MappingProxyType(tasks)}))
