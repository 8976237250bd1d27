"""`kurzum models`: the presets there are, what is ready on this machine, and getting one ready ahead of time."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from service.cli.options import PresetParam, cache_option, device_option, model_settings
from service.cli.terminal import Progress, emit, note
from service.json import json_line
from service.loading import check_settings
from service.settings import ModelSettings

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
        from models.hub.fetch import fetch

        return fetch(model.id, revision=model.revision, cache=cache).revision
    return ""


@click.group()
def models() -> None:
    """The presets, what they are made of, and getting them ready."""


@models.command("list")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON a preset, and one for what else is here.")
@device_option()
@cache_option()
def list_presets(as_json: bool, device: str, cache: Path) -> None:
    """All presets, and other models that are here: where from, licence, window, whether ready. Asks no hub.

    --device is there because the other commands have it: one that is absent is refused.
    """
    check_settings(ModelSettings(device=device))
    from models.presets import load_preset, preset_names

    presets = [_about(load_preset(name), cache) for name in preset_names()]
    others = _others(cache, {row["folder"] for about in presets for row in about["models"]})
    if as_json:
        for about in presets:
            emit(json_line(about))
        emit(json_line({"preset": None, "models": others}))
        return
    for about in presets:
        emit(f"{about['preset']}: {about['description']}")
        _emit_rows(about["models"])
    if others:
        emit("Also here:")
        _emit_rows(others)


@models.command()
@click.argument("preset", metavar="NAME", type=PresetParam())
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@device_option()
@cache_option()
def info(preset: str, as_json: bool, device: str, cache: Path) -> None:
    """What the preset NAME is made of, how it decodes and where it lies.

    --device is there because the other commands have it: one that is absent is refused.
    """
    check_settings(ModelSettings(preset=preset, device=device))
    from models.presets import load_preset

    about = _about(load_preset(preset), cache)
    if as_json:
        emit(json_line(about))
        return
    emit(f"{about['preset']}: {about['description']}")
    for row in about["models"]:
        emit(f"\n{row['id']}")
        facts = {
            "from": row["source"],
            "revision": row["revision"] or "the newest",
            "licence": _licence(row),
            "family": row["family"],
            "window": _window(row),
            "tasks": ", ".join(row["tasks"]),
            "state": _state(row),
            "folder": row["folder"] or f"will lie below {cache / 'hub'}",
        }
        for name, fact in facts.items():
            emit(f"  {name:9} {fact}")


@models.command()
@click.argument("name", required=False, metavar="[NAME]", type=PresetParam())
@model_settings
def prepare(name: str | None, models: ModelSettings) -> None:
    """Build or fetch the models of the preset NAME now, as they will run, so that the first article need not wait."""
    preset_from = click.get_current_context().get_parameter_source("preset")
    if name is not None and preset_from is ParameterSource.COMMANDLINE:
        raise click.UsageError("Name the preset once: as NAME or with --preset.")
    from models.presets import load_preset, with_models

    wanted = with_models(load_preset(name or models.preset), models.translation_model, models.summary_model)
    check_settings(models, wanted)
    with Progress() as progress:
        for model in wanted.models:
            if model.source == "embedded":
                from models.embedded.build import prepare as build_embedded

                build_embedded(models.cache, progress.building)
            else:
                _fetch(model, models, progress)
    for row in _about(wanted, models.cache)["models"]:
        note(f"{row['id']}: {_state(row)}.")


def _fetch(model: "ModelSpec", models: ModelSettings, progress: Progress) -> None:
    """Have a model of the hub, or look a folder over, and convert it where it runs so here.

    Its licence is said aloud where it forbids commercial use.
    """
    from models.hub.fetch import fetch
    from models.hub.licence import licence_notice
    from models.loading.seq2seq import convert_ahead

    cache = models.cache
    found = fetch(model.id, revision=model.revision, cache=cache, progress=progress.building, notice=note)
    if (warning := licence_notice(found.id, found.licence, model.licence)) is not None:
        note(warning)
    convert_ahead(
        model,
        found,
        cache,
        progress.building,
        engine=models.engine,
        device=models.device,
        compute_type=models.compute_type,
    )


def _about(preset: "Preset", cache: Path) -> dict[str, Any]:
    """A preset as JSON values, with what is on this machine."""
    return {
        "preset": preset.name,
        "description": preset.description,
        "models": [_model(model, cache) for model in preset.models],
    }


def _model(model: "ModelSpec", cache: Path) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": model.id,
        "source": model.source,
        "family": model.family,
        "window": model.window,
        "longest": None,
        "tasks": sorted(model.tasks),
    }
    if model.source == "embedded":
        from models.embedded.build import status

        found = status(cache)
        size = found.size if found.ready else None
        return row | _here(found.ready, found.digest, model.licence, size, str(found.folder))
    from models.hub.cache import find_cached
    from models.hub.files import longest_source

    cached = find_cached(model.id, model.revision, cache)
    row["longest"] = longest_source(cached.folder, model.window) if cached is not None else None
    if cached is None:
        return row | _here(False, model.revision, model.licence, None, None)
    licence = cached.licence or model.licence  # what its own card says counts
    return row | _here(cached.ready, cached.revision or model.revision, licence, cached.size, str(cached.folder))


def _others(cache: Path, known: set[str | None]) -> list[dict[str, Any]]:
    """What is in the cache beside the presets' models."""
    from models.hub.cache import cached_checkpoints
    from models.hub.files import longest_source

    about: dict[str, Any] = {"source": "hub", "family": "seq2seq", "window": None, "tasks": []}
    return [
        {"id": cached.id, **about, "longest": longest_source(cached.folder)}
        | _here(cached.ready, cached.revision, cached.licence, cached.size, str(cached.folder))
        for cached in cached_checkpoints(cache)
        if str(cached.folder) not in known
    ]


def _here(
    ready: bool, revision: str | None, licence: str | None, size: int | None, folder: str | None
) -> dict[str, Any]:
    from models.hub.licence import non_commercial

    return {
        "revision": revision,
        "licence": licence,
        "non_commercial": non_commercial(licence),
        "ready": ready,
        "bytes": size,
        "folder": folder,
    }


def _emit_rows(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        about = "; ".join((row["source"], _licence(row), _window(row)))
        emit(f"  {row['id']} ({about}): {_state(row)}")


def _licence(row: dict[str, Any]) -> str:
    if row["licence"] is None:
        return "licence not stated"
    return f"{row['licence']}, not for commercial use" if row["non_commercial"] else str(row["licence"])


def _window(row: dict[str, Any]) -> str:
    """How much the model reads at once: what its own files say where it is here, else what the preset says of it."""
    if row["longest"]:
        return f"{row['longest']} tokens with special ones"
    return f"{row['window']} tokens" if row["window"] else "window as its own files say"


def _state(row: dict[str, Any]) -> str:
    """In words whether a model is on this machine, and which state of it."""
    if row["ready"]:
        at = f", revision {row['revision'][:19]}" if row["source"] == "hub" and row["revision"] else ""
        return f"ready, {row['bytes'] / 1e6:,.{0 if row['bytes'] >= 1e7 else 1}f} MB{at}"
    if row["source"] == "embedded":
        return "not built yet"
    if row["folder"]:
        return f"{row['bytes'] / 1e6:,.1f} MB are here, not all or not looked over yet: run kurzum models prepare"
    return "not here; fetched from the hub when first used"
