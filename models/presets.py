"""Presets: which models do the tasks, read from `presets.toml` or from a user's own file, so that adding one is data.

A model that the user names alone takes the place of the preset's for its task: `with_models`.
"""

import functools
import os
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args

from models.decoding import Decoding, Task
from models.errors import UsageError

ModelSource = Literal["embedded", "hub"]
Family = Literal["causal", "seq2seq"]
SOURCE_SLOT = "{source}"
# The name of the preset where the user has named a model.
CUSTOM_PRESET = "own"
# Words of one summary by a model that nobody has described: most are trained on CNN/DailyMail.
DEFAULT_SUMMARY_WORDS = 55


@dataclass(frozen=True, slots=True)
class TaskSpec:
    """How a model is used for one task; `words` is about how many words one summary of it has.

    A causal model needs a prompt; of any other one without is asked in the way of its family.
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
    family: Family
    tasks: Mapping[Task, TaskSpec]
    licence: str | None = None
    window: int | None = None
    revision: str | None = None
    source_lang: str | None = None
    target_lang: str | None = None

    @property
    def key(self) -> str:
        """What tells this checkpoint from every other."""
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

    @property
    def receipt(self) -> dict[str, str]:
        """What a report says of it, whether or not any of its models is asked."""
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
    models = [
        ModelSpec(id, "hub", "seq2seq", MappingProxyType(tasks), revision=revision)
        for (id, revision), tasks in own.items()
    ]
    for model in preset.models:
        if left := {task: spec for task, spec in model.tasks.items() if task not in replaced}:
            models.append(replace(model, tasks=MappingProxyType(left)))
    return Preset(CUSTOM_PRESET, "Models of the user's choice.", tuple(models))


def parse_presets(text: str) -> dict[str, Preset]:
    """Presets from the text of a TOML file. Raises ValueError where it is not as `presets.toml` says."""
    presets = {}
    for name, table in tomllib.loads(text).items():
        try:
            presets[name] = _preset(name, table)
        except KeyError as error:
            raise ValueError(f"preset {name}: a key is missing: {error.args[0]}") from error
        except (TypeError, AttributeError) as error:
            raise ValueError(f"preset {name}: something in it is no table, list or text, as it should be") from error
    return presets


@functools.cache
def _presets() -> dict[str, Preset]:
    return parse_presets(files("models").joinpath("presets.toml").read_text(encoding="utf-8"))


def _from_file(path: Path) -> Preset:
    """The one preset in a user's file, in which `./folder` is one beside the file and `~/folder` one at home."""
    try:
        presets = parse_presets(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"The preset file {path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise UsageError(f"The preset file {path} is not as a preset should be: {error}.") from error
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


def _preset(name: str, table: dict[str, Any]) -> Preset:
    _refuse_unknown(f"preset {name}", table, ("description", "models"))
    preset = Preset(name, table["description"], tuple(_model(name, row) for row in table["models"]))
    for task in ("translation", "summarization"):
        if preset.model_for(task) is None:
            raise ValueError(f"preset {name}: no model for {task}")
    return preset


def _model(preset: str, row: dict[str, Any]) -> ModelSpec:
    where = f"preset {preset}, model {row['id']}"
    _refuse_unknown(where, row, [one.name for one in fields(ModelSpec)])
    for name in ("id", "licence", "revision", "source_lang", "target_lang"):
        if not isinstance(row.get(name, ""), str):
            raise ValueError(f"{where}: {name} is a text, not {row[name]!r}")
    if (row["source"], row["family"]) not in (("embedded", "causal"), ("hub", "seq2seq")):
        raise ValueError(f"{where}: source or family is none of those there are (embedded and causal, hub and seq2seq)")
    if unknown := set(row["tasks"]) - set(get_args(Task)):
        raise ValueError(f"{where}: no such task: {', '.join(sorted(unknown))}")
    if row["family"] == "causal" and "window" not in row:
        raise ValueError(f"{where}: a causal model needs a window")
    for name in ("window", "words"):
        holders = [row] if name == "window" else row["tasks"].values()
        if any(type(holder.get(name, 1)) is not int or holder.get(name, 1) < 1 for holder in holders):
            raise ValueError(f"{where}: {name} is a whole number above 0")
    tasks = {}
    for task, settings in row["tasks"].items():
        _refuse_unknown(f"{where}, {task}", settings, [one.name for one in fields(TaskSpec)])
        prompt = settings.get("prompt")
        if (row["family"] == "causal" and prompt is None) or (prompt or SOURCE_SLOT).count(SOURCE_SLOT) != 1:
            raise ValueError(f"{where}: a causal model needs a prompt, and a prompt one {SOURCE_SLOT} for {task}")
        tasks[task] = TaskSpec(**(settings | {"decoding": _decoding(f"{where}, {task}", settings.get("decoding", {}))}))
    return ModelSpec(**(row | {"tasks": MappingProxyType(tasks)}))


def _decoding(where: str, table: dict[str, Any]) -> Decoding:
    _refuse_unknown(where, table, [one.name for one in fields(Decoding)])
    try:
        return Decoding(**table)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from error


def _refuse_unknown(where: str, table: dict[str, Any], known: Collection[str]) -> None:
    if unknown := sorted(set(table) - set(known)):
        raise ValueError(f"{where}: no such key: {', '.join(unknown)}; there are {', '.join(known)}")
