"""Presets: which models do the tasks, read from `presets.toml` or from a user's own file, so that adding one is data.

A model that the user names alone takes the place of the preset's for its task: `with_models`.
"""

import functools
import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from models.decoding import Decoding, Task
from models.errors import UsageError
from models.options import Mode

ModelSource = Literal["embedded", "hub"]
SOURCE_SLOT = "{source}"
# The name of the preset where the user has named a model.
CUSTOM_PRESET = "own"
# Words of one summary by a model that nobody has described: most are trained on CNN/DailyMail.
DEFAULT_SUMMARY_WORDS = 55
# The longest file of a preset: a device such as /dev/zero has no end.
MAX_PRESET_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class TaskSpec:
    """How a model is used for one task; `words` is about the number of words of one summary.

    The embedded model needs a prompt. Another model without one is prompted as its family was trained.
    """

    prompt: str | None = None
    decoding: Decoding = field(default_factory=Decoding)
    words: int | None = None
    measured: str | None = None


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """One checkpoint: the embedded one, or any by its hub id or folder.

    `window` is the longest source in tokens, prompt and special tokens not counted. Where `window` or `licence` is
    None, only the checkpoint itself says it. The languages are for checkpoints that know more than one pair.
    """

    id: str
    source: ModelSource
    tasks: Mapping[Task, TaskSpec]
    licence: str | None = None
    window: int | None = None
    revision: str | None = None
    source_lang: str | None = None
    target_lang: str | None = None

    @property
    def key(self) -> str:
        """The id with the revision: two models with the same key are one checkpoint."""
        return f"{self.id}@{self.revision}" if self.revision else self.id


@dataclass(frozen=True, slots=True)
class Preset:
    """A named choice of models that together translate and summarise."""

    name: str
    description: str
    models: tuple[ModelSpec, ...]

    def model_for(self, task: Task) -> ModelSpec | None:
        """The first model that does the task, or None (only "direct" may be missing)."""
        return next((model for model in self.models if task in model.tasks), None)

    def check_mode(self, mode: Mode) -> None:
        """Raise UsageError for a mode that no model of the preset can do."""
        if mode == "direct" and self.model_for("direct") is None:
            raise UsageError(f"The preset {self.name} has no model that reads German: choose mode=pivot or another.")

    @property
    def receipt(self) -> dict[str, str]:
        """What every report says about the preset, also where no model was needed."""
        return {"kurzum": version("kurzum"), "preset": self.name}


def preset_names() -> tuple[str, ...]:
    """All presets there are, in the order of the file."""
    return tuple(_presets())


def load_preset(name: str) -> Preset:
    """The preset of that name, or the one in the file at that path: `.toml` at its end or a slash makes it a path.

    Raises UsageError that lists the names there are, or says what is wrong with the file.
    """
    if name.endswith(".toml") or "/" in name:
        return _from_file(Path(os.path.expanduser(name)))  # noqa: PTH111
    try:
        return _presets()[name]
    except KeyError:
        known = ", ".join(_presets())
        raise UsageError(
            f"There is no preset {name!r}: choose from {known}, or name a .toml file of your own."
        ) from None


def with_models(preset: Preset, translation: str | None = None, summary: str | None = None) -> Preset:
    """The preset with models of the user's, each a hub id, `id@revision` or a folder, in place of its own.

    A summary model takes `direct` away: nobody has said that it reads German. Raises UsageError for an empty name.
    """
    named: dict[Task, str] = {}
    if translation is not None:
        named["translation"] = translation
    if summary is not None:
        named["summarization"] = summary
    if not named:
        return preset
    replaced: set[Task] = set(named) | ({"direct"} if summary is not None else set())
    own: dict[tuple[str, str | None], dict[Task, TaskSpec]] = {}
    for task, name in named.items():
        words = DEFAULT_SUMMARY_WORDS if task == "summarization" else None
        own.setdefault(_id_and_revision(name), {})[task] = TaskSpec(words=words)
    models = [ModelSpec(id, "hub", MappingProxyType(tasks), revision=revision) for (id, revision), tasks in own.items()]
    for model in preset.models:
        if left := {task: spec for task, spec in model.tasks.items() if task not in replaced}:
            models.append(replace(model, tasks=MappingProxyType(left)))
    return Preset(CUSTOM_PRESET, "Models of the user's choice.", tuple(models))


def parse_presets(text: str) -> dict[str, Preset]:
    """Presets from the text of a TOML file. Raises ValueError that names the place where it is not as expected."""
    from pydantic import ConfigDict, TypeAdapter, ValidationError  # takes longer to import than a preset to read

    tables = tomllib.loads(text)
    adapter = TypeAdapter(dict[str, _PresetTable], config=ConfigDict(extra="forbid", strict=True))
    try:
        # As JSON, because strict validation takes a table for a dataclass only there.
        found = adapter.validate_json(json.dumps(tables, default=str))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = _place(tables, [part for part in first["loc"] if part != "[key]"])
        raise ValueError(f"{where}: {first['msg'].removeprefix('Value error, ')}") from error
    return {name: _preset(name, table) for name, table in found.items()}


@dataclass(frozen=True, slots=True)
class _PresetTable:
    """One preset as the file has it, where its name is the key."""

    description: str
    models: tuple[ModelSpec, ...]


def _place(tables: dict[str, Any], keys: list[int | str]) -> str:
    """The keys to a wrong value, in words; a model is called by its id."""
    preset, *rest = keys or ["?"]
    if rest[:1] == ["models"] and len(rest) > 1:
        model = tables[str(preset)]["models"][rest[1]]
        name = model.get("id", rest[1]) if isinstance(model, dict) else rest[1]
        rest = [f"model {name}", *rest[2:]]
    return ", ".join((f"preset {preset}", *map(str, rest)))


@functools.cache
def _presets() -> dict[str, Preset]:
    return parse_presets(files("models").joinpath("presets.toml").read_text(encoding="utf-8"))


def _from_file(path: Path) -> Preset:
    """The one preset in a user's file, in which `./folder` is one beside the file and `~/folder` one at home."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_PRESET_BYTES + 1)
        if len(data) > MAX_PRESET_BYTES:
            raise UsageError(f"The preset file {path} is longer than {MAX_PRESET_BYTES:,} bytes.")
        presets = parse_presets(data.decode("utf-8"))
    except OSError as error:
        raise UsageError(f"The preset file {path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise UsageError(f"The preset file {path} holds no valid preset: {error}.") from error
    if len(presets) != 1:
        raise UsageError(f"The preset file {path} holds {len(presets)} presets: leave one.")
    (preset,) = presets.values()
    return replace(preset, models=tuple(_beside(path.parent, model) for model in preset.models))


def _beside(folder: Path, model: ModelSpec) -> ModelSpec:
    if model.source == "hub" and model.id.startswith("~"):
        return replace(model, id=os.path.expanduser(model.id))  # noqa: PTH111  # pathlib's raises for "~nobody"
    here = model.source == "hub" and model.id.startswith(("./", "../"))
    return replace(model, id=str((folder / model.id).resolve())) if here else model


def _id_and_revision(name: str) -> tuple[str, str | None]:
    """`id@revision` in its parts; a folder may have an @ in its name."""
    if not name.strip():
        raise UsageError("A model needs a name: a hub id, id@revision or a folder.")
    folder = os.path.expanduser(name)  # noqa: PTH111
    if Path(folder).is_dir():
        return folder, None
    id, _, revision = name.partition("@")
    return id, revision or None


def _preset(name: str, table: _PresetTable) -> Preset:
    """The preset with this name, if its models can do what a preset must do. Raises ValueError."""
    for model in table.models:
        _check_model(f"preset {name}, model {model.id}", model)
    models = tuple(replace(model, tasks=MappingProxyType(dict(model.tasks))) for model in table.models)
    preset = Preset(name, table.description, models)
    for task in ("translation", "summarization"):
        if preset.model_for(task) is None:
            raise ValueError(f"preset {name}: no model for {task}")
    return preset


def _check_model(where: str, model: ModelSpec) -> None:
    """Raise ValueError for numbers out of range and for prompts with which the model cannot be asked."""
    embedded = model.source == "embedded"
    if embedded and model.window is None:
        raise ValueError(f"{where}: the embedded model needs a window")
    for number in (model.window, *(task.words for task in model.tasks.values())):
        if number is not None and number < 1:
            raise ValueError(f"{where}: window and words must be greater than 0")
    for task, spec in model.tasks.items():
        if (embedded and spec.prompt is None) or (spec.prompt or SOURCE_SLOT).count(SOURCE_SLOT) != 1:
            raise ValueError(
                f"{where}, {task}: the embedded model needs a prompt, and a prompt must hold {SOURCE_SLOT} once"
            )
