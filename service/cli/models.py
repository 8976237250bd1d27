"""`kurzum models`: the presets there are, what is ready on this machine, and getting one ready ahead of time."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from models.loading.settings import LoadSettings
from service.cli.options import PresetParam, cache_option, device_option, model_settings
from service.cli.terminal import Progress, emit, note
from service.json import json_line
from service.loading import check_settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models.loading.catalog import ModelStatus


@click.group()
def models() -> None:
    """The presets, what they are made of, and getting them ready."""


@models.command("list")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON a preset, and one for what else is here.")
@device_option()
@cache_option()
def list_presets(as_json: bool, device: str, cache: Path) -> None:
    """List all presets and other models that are here: source, licence, window, whether ready. Asks no hub.

    --device works as in the other commands: a device that is absent is refused.
    """
    check_settings(LoadSettings(device=device))
    from models.loading.catalog import list_models

    presets, others = list_models(cache)
    if as_json:
        for preset in presets:
            emit(json_line(preset.to_dict()))
        emit(json_line({"preset": None, "models": [model.to_dict() for model in others]}))
        return
    for preset in presets:
        emit(f"{preset.preset}: {preset.description}")
        _emit_models(preset.models)
    if others:
        emit("Also here:")
        _emit_models(others)


@models.command()
@click.argument("preset", metavar="NAME", type=PresetParam())
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@device_option()
@cache_option()
def info(preset: str, as_json: bool, device: str, cache: Path) -> None:
    """Show what the preset NAME is made of, and where it lies.

    --device works as in the other commands: a device that is absent is refused.
    """
    settings = LoadSettings(preset=preset, device=device)
    check_settings(settings)
    from models.loading.catalog import describe

    about = describe(settings.resolve_preset(), cache)
    if as_json:
        emit(json_line(about.to_dict()))
        return
    emit(f"{about.preset}: {about.description}")
    for model in about.models:
        emit(f"\n{model.id}")
        facts = {
            "from": model.source,
            "revision": model.revision or "the newest",
            "licence": _licence(model),
            "window": _window(model),
            "tasks": ", ".join(model.tasks),
            "state": _state(model),
            "folder": model.folder or f"will lie below {cache / 'hub'}",
        }
        for name, fact in facts.items():
            emit(f"  {name:9} {fact}")


@models.command()
@click.argument("name", required=False, metavar="[NAME]", type=PresetParam())
@model_settings
def prepare(name: str | None, models: LoadSettings) -> None:
    """Build or fetch the models of the preset NAME now, as they will run, so that the first article need not wait."""
    preset_from = click.get_current_context().get_parameter_source("preset")
    if name is not None and preset_from is ParameterSource.COMMANDLINE:
        raise click.UsageError("Name the preset once: as NAME or with --preset.")
    settings = replace(models, preset=name or models.preset)
    check_settings(settings)
    from models.loading import catalog

    with Progress() as progress:
        about = catalog.prepare(settings.resolve_preset(), settings, progress.listener)
    for model in about.models:
        note(f"{model.id}: {_state(model)}.")


def _emit_models(models: "Iterable[ModelStatus]") -> None:
    for model in models:
        about = "; ".join((model.source, _licence(model), _window(model)))
        emit(f"  {model.id} ({about}): {_state(model)}")


def _licence(model: "ModelStatus") -> str:
    if model.licence is None:
        return "licence not stated"
    return f"{model.licence}, not for commercial use" if model.non_commercial else model.licence


def _window(model: "ModelStatus") -> str:
    """The longest source: what the model's own files say where it is here, or what the preset says of it."""
    if model.longest:
        return f"{model.longest} tokens with special ones"
    return f"{model.window} tokens" if model.window else "window as its own files say"


def _state(model: "ModelStatus") -> str:
    """In words whether a model is on this machine, and which revision of it."""
    if model.ready and model.bytes is not None:
        at = f", revision {model.revision[:19]}" if model.source == "hub" and model.revision else ""
        return f"ready, {model.bytes / 1e6:,.{0 if model.bytes >= 1e7 else 1}f} MB{at}"
    if model.source == "embedded":
        return "not built yet"
    if model.folder and model.bytes is not None:
        return f"{model.bytes / 1e6:,.1f} MB are here, not all or not checked yet: run kurzum models prepare"
    return "not here; fetched from the hub when first used"
