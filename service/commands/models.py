"""`kurzum models`: the presets there are, what is ready on this machine, and getting one ready ahead of time."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.commands.options import PresetName, cache_option
from service.settings import ModelSettings
from service.terminal import Progress, emit, note

if TYPE_CHECKING:
    from models.presets import ModelSpec, Preset


def models_key(settings: ModelSettings) -> str:
    """What changes whenever these settings would run other models or run them otherwise; loads none of them.

    A folder counts by what is in its files, a model of the hub by its name and the revision asked for: that the hub has
    a newer one is no reason to do a folder again, and it need not be reached. Nor are threads, which change how fast an
    answer comes. Raises ModelUnavailable for a folder without a model.
    """
    from models.presets import load_preset, with_models

    preset = with_models(load_preset(settings.preset), settings.translation_model, settings.summary_model)
    contents = [_contents(model, settings.cache) for model in preset.models]
    return json.dumps([repr(preset), contents, settings.engine, settings.device, settings.compute_type])


def _contents(model: "ModelSpec", cache: Path) -> str:
    """What a model that lies on this machine is made of."""
    if model.source == "embedded":
        from models.embedded.build import digest

        return digest()
    if Path(model.id).is_dir():
        from models.hub import fetch

        return fetch(model.id, cache=cache).revision
    return ""


@click.group()
def models() -> None:
    """The presets, what they are made of, and getting them ready."""


@models.command("list")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON a preset.")
@cache_option()
def list_presets(as_json: bool, cache: Path) -> None:
    """All presets: where from, licence, whether ready here."""
    from models.presets import load_preset, preset_names

    for name in preset_names():
        preset = load_preset(name)
        about = _about(preset, cache)
        if as_json:
            emit(json.dumps(about, ensure_ascii=False))
            continue
        emit(f"{name}: {preset.description}")
        for row in about["models"]:
            emit(f"  {row['id']} ({row['source']}; {row['licence']}): {_state(row)}")


@models.command()
@click.argument("preset", metavar="NAME", type=PresetName())
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@cache_option()
def info(preset: str, as_json: bool, cache: Path) -> None:
    """What the preset NAME is made of, how it decodes and where it lies."""
    from models.presets import load_preset

    about = _about(load_preset(preset), cache)
    if as_json:
        emit(json.dumps(about, ensure_ascii=False))
        return
    emit(f"{about['preset']}: {about['description']}")
    for row in about["models"]:
        emit(f"\n{row['id']}")
        facts = {
            "from": row["source"],
            "revision": row["revision"] or "the newest",
            "licence": row["licence"],
            "family": row["family"],
            "window": f"{row['window']} tokens",
            "tasks": ", ".join(row["tasks"]),
            "state": _state(row),
            "folder": row["folder"] or "where the hub's client keeps its models",
        }
        for name, fact in facts.items():
            emit(f"  {name:9} {fact}")


@models.command()
@click.argument("name", required=False, metavar="[NAME]", type=PresetName())
@click.option("--preset", type=PresetName(), envvar="KURZUM_PRESET", show_envvar=True, help="The same as NAME.")
@cache_option()
def prepare(name: str | None, preset: str | None, cache: Path) -> None:
    """Build or fetch the models of a preset now, so that the first article need not wait."""
    from models.presets import load_preset

    wanted = load_preset(name or preset or "embedded")
    with Progress() as progress:
        for model in wanted.models:
            if model.source == "embedded":
                from models.embedded.build import prepare as build_embedded

                build_embedded(cache, progress.building)
    for row in _about(wanted, cache)["models"]:
        note(f"{row['id']}: {_state(row)}.")


def _about(preset: "Preset", cache: Path) -> dict[str, Any]:
    """A preset as JSON values, with what is on this machine."""
    return {
        "preset": preset.name,
        "description": preset.description,
        "models": [_model(model, cache) for model in preset.models],
    }


def _model(model: "ModelSpec", cache: Path) -> dict[str, Any]:
    ready: bool | None = None
    folder, size, revision = None, None, model.revision
    if model.source == "embedded":
        from models.embedded.build import status

        found = status(cache)
        ready, revision = found.ready, found.digest
        folder, size = str(found.folder), found.size if found.ready else None
    return {
        "id": model.id,
        "source": model.source,
        "revision": revision,
        "licence": model.licence,
        "family": model.family,
        "window": model.window,
        "tasks": sorted(model.tasks),
        "ready": ready,
        "bytes": size,
        "folder": folder,
    }


def _state(row: dict[str, Any]) -> str:
    """In words whether a model is on this machine; None is for models whose client keeps them in its own cache."""
    if row["ready"] is None:
        return "fetched from the hub when first used"
    if not row["ready"]:
        return "not built yet"
    return f"ready, {row['bytes'] / 1e6:,.0f} MB"
