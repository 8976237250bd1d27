"""What models there are, which of them are on this machine, and getting them ready. Asks no hub except to `prepare`."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from models.embedded import build as embedded
from models.hub.cache import CachedCheckpoint, cached_checkpoints, find_cached
from models.hub.fetch import fetch
from models.hub.files import longest_source
from models.hub.licence import non_commercial
from models.loading.seq2seq import prepare_hub
from models.loading.settings import LoadSettings
from models.options import LOG_ONLY, Listener
from models.presets import ModelSource, ModelSpec, Preset, load_preset, preset_names


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """A model and what of it is on this machine.

    `window` is what the preset says of the longest source; `longest` is what the model's own files say, special tokens
    counted. `bytes` is None where nothing is here, `ready` means that all of it is here and has been checked.
    """

    id: str
    source: ModelSource
    window: int | None = None
    longest: int | None = None
    tasks: tuple[str, ...] = ()
    revision: str | None = None
    licence: str | None = None
    ready: bool = False
    bytes: int | None = None
    folder: str | None = None

    @property
    def non_commercial(self) -> bool:
        """Whether the licence forbids commercial use."""
        return non_commercial(self.licence)

    def to_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self) | {"non_commercial": self.non_commercial}


@dataclass(frozen=True, slots=True)
class PresetStatus:
    """A preset and the state of its models."""

    preset: str
    description: str
    models: tuple[ModelStatus, ...]

    def to_dict(self) -> dict[str, Any]:
        """As JSON values."""
        rows = [model.to_dict() for model in self.models]
        return {"preset": self.preset, "description": self.description, "models": rows}


def list_models(cache: Path) -> tuple[list[PresetStatus], list[ModelStatus]]:
    """All shipped presets, and what else is in the cache."""
    presets = [describe(load_preset(name), cache) for name in preset_names()]
    known = {model.folder for preset in presets for model in preset.models}
    others = [_cached_status(found) for found in cached_checkpoints(cache) if str(found.folder) not in known]
    return presets, others


def describe(preset: Preset, cache: Path) -> PresetStatus:
    """The preset with the state of its models in this cache."""
    return PresetStatus(preset.name, preset.description, tuple(_status(model, cache) for model in preset.models))


def prepare(preset: Preset, settings: LoadSettings, listener: Listener = LOG_ONLY) -> PresetStatus:
    """Build, fetch and convert the models of the preset as these settings would load them; the state afterwards.

    Raises UsageError, DeviceUnavailable and ModelUnavailable.
    """
    for model in preset.models:
        if model.source == "embedded":
            embedded.prepare(settings.cache, listener.progress)
        else:
            prepare_hub(model, settings, listener)
    return describe(preset, settings.cache)


def fingerprint(settings: LoadSettings) -> str:
    """A text that changes whenever these settings would run other models or run them in another way. Loads none.

    A folder counts by the contents of its files, the embedded model by the weights that the cache would build, and a
    model of the hub by its name and the revision asked for, so that the hub need not be reached. Threads do not count:
    they change the speed only. Raises ModelUnavailable for a folder without a model.
    """
    preset = settings.resolve_preset()
    contents = [_contents(model, settings.cache) for model in preset.models]
    return json.dumps([repr(preset), contents, settings.engine, settings.device, settings.compute_type])


def _contents(model: ModelSpec, cache: Path) -> str:
    """What a model that is on this machine consists of."""
    if model.source == "embedded":
        return embedded.status(cache).digest
    if Path(model.id).is_dir():
        return fetch(model.id, revision=model.revision, cache=cache).revision
    return ""


def _status(model: ModelSpec, cache: Path) -> ModelStatus:
    """The model of a preset, with what is on this machine."""
    tasks = tuple(sorted(model.tasks))
    row = ModelStatus(model.id, model.source, model.window, None, tasks, model.revision, model.licence)
    if model.source == "embedded":
        built = embedded.status(cache)
        size = built.size if built.ready else None
        return replace(row, revision=built.digest, ready=built.ready, bytes=size, folder=str(built.folder))
    found = find_cached(model.id, model.revision, cache)
    if found is None:
        return row
    return replace(
        row,
        longest=longest_source(found.folder, model.window),
        revision=found.revision or model.revision,
        licence=found.licence or model.licence,  # What the model's own card says counts.
        ready=found.ready,
        bytes=found.size,
        folder=str(found.folder),
    )


def _cached_status(found: CachedCheckpoint) -> ModelStatus:
    """A model in the cache that belongs to no preset."""
    return ModelStatus(
        found.id,
        "hub",
        longest=longest_source(found.folder),
        revision=found.revision,
        licence=found.licence,
        ready=found.ready,
        bytes=found.size,
        folder=str(found.folder),
    )
