"""A checkpoint from the hub or a folder into an engine: fetched, checked, converted where it pays, loaded."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from models.decoding import Engine
from models.engines import hardware
from models.engines.choice import fastest_runtime
from models.engines.device import Device, Runtime, choose_compute_type, choose_device
from models.errors import DeviceUnavailable, KurzumError, ModelUnavailable, UsageError
from models.hub.fetch import DownloadedModel, fetch
from models.hub.licence import licence_notice
from models.loading.settings import LoadSettings
from models.options import LOG_ONLY, Listener
from models.presets import ModelSpec

if TYPE_CHECKING:
    from models.engines.seq2seq import Seq2SeqSpec

_log = logging.getLogger(__name__)


def load_hub(model: ModelSpec, settings: LoadSettings, listener: Listener = LOG_ONLY) -> Engine:
    """The engine for a model of the hub or in a folder.

    What can be refused before a download is refused before it. Raises UsageError, DeviceUnavailable and
    ModelUnavailable.
    """
    places = available_runtimes(settings)
    downloaded = _fetch(model, settings, listener)
    with _explain_load_errors(downloaded):
        placement = _choose_placement(model, downloaded, places, settings.compute_type)
        if unsupported := ", ".join(placement.checkpoint.unsupported_settings):
            listener.notice(f"{downloaded.id} asks for settings that no engine here supports: {unsupported}.")
        return _load_placed(placement, downloaded, settings, listener)


def prepare_hub(model: ModelSpec, settings: LoadSettings, listener: Listener = LOG_ONLY) -> None:
    """Fetch and convert what `load_hub` would load with these settings, and load nothing.

    Raises as `load_hub` does: ModelUnavailable where the files are not what their names say.
    """
    places = available_runtimes(settings)
    downloaded = _fetch(model, settings, listener)
    with _explain_load_errors(downloaded):
        placement = _choose_placement(model, downloaded, places, settings.compute_type)
        if placement.runtime == "ctranslate2":
            _convert(placement, downloaded, settings, listener)


def _fetch(model: ModelSpec, settings: LoadSettings, listener: Listener) -> DownloadedModel:
    """The checkpoint on this machine; a licence that forbids commercial use is a notice."""
    downloaded = fetch(model.id, revision=model.revision, cache=settings.cache, listener=listener)
    if (warning := licence_notice(downloaded.id, downloaded.licence, model.licence)) is not None:
        listener.notice(warning)
    return downloaded


@dataclass(frozen=True, slots=True)
class _Placement:
    """How a checkpoint is to run."""

    checkpoint: "Seq2SeqSpec"
    runtime: Runtime
    device: Device
    compute_type: str


def _choose_placement(
    model: ModelSpec, downloaded: DownloadedModel, places: dict[Runtime, Device], compute_type: str | None
) -> _Placement:
    """The fastest available runtime for the checkpoint; removes from `places` what cannot run it."""
    from models.engines.convert import conversion_obstacle
    from models.engines.seq2seq import Seq2SeqSpec

    checkpoint = Seq2SeqSpec(downloaded.folder, model)
    family = str(checkpoint.config.model_type)
    obstacle = conversion_obstacle(checkpoint) if "ctranslate2" in places else None
    if obstacle is not None:
        if "transformers" not in places:
            raise UsageError(f"CTranslate2 cannot run {downloaded.id} ({obstacle}): choose --engine transformers.")
        del places["ctranslate2"]
    runtime = fastest_runtime(family, places)
    device = places[runtime]
    return _Placement(checkpoint, runtime, device, choose_compute_type(compute_type, runtime, device, family))


def _load_placed(
    placement: _Placement, downloaded: DownloadedModel, settings: LoadSettings, listener: Listener
) -> Engine:
    from models.engines.seq2seq_ctranslate2 import Seq2SeqCTranslate2
    from models.engines.seq2seq_transformers import Seq2SeqTransformers

    spec, device, compute_type = placement.checkpoint, placement.device, placement.compute_type
    identity = {"id": downloaded.name, "revision": downloaded.revision}
    threads = settings.threads or hardware.physical_cores()
    if placement.runtime == "transformers":
        return Seq2SeqTransformers.load(spec, device, compute_type, threads, identity)
    folder = _convert(placement, downloaded, settings, listener)
    return Seq2SeqCTranslate2.load(folder, spec, device, compute_type, threads, identity)


def _convert(placement: _Placement, downloaded: DownloadedModel, settings: LoadSettings, listener: Listener) -> Path:
    from models.engines.convert import convert

    return convert(placement.checkpoint, downloaded.revision, placement.compute_type, settings.cache, listener.progress)


@contextmanager
def _explain_load_errors(downloaded: DownloadedModel) -> Iterator[None]:
    """Turn what transformers, torch and CTranslate2 raise for damaged or mislabelled files into ModelUnavailable."""
    try:
        yield
    except KurzumError:
        raise
    except Exception as error:
        _log.info("%s cannot be loaded", downloaded.id, exc_info=True)
        raise ModelUnavailable(f"{downloaded.id} cannot be loaded: {_reason(error)}.") from error


def available_runtimes(settings: LoadSettings) -> dict[Runtime, Device]:
    """The runtimes that the settings allow, that have the device and can compute as asked, each with its device.

    Raises UsageError or DeviceUnavailable where there is none.
    """
    runtimes: tuple[Runtime, ...] = ("ctranslate2", "transformers")
    if settings.engine != "auto":
        runtimes = tuple(runtime for runtime in runtimes if runtime == settings.engine)
    found: dict[Runtime, Device] = {}
    errors: list[KurzumError] = []
    for runtime in runtimes:
        try:
            place = choose_device(settings.device, runtime)
            choose_compute_type(settings.compute_type, runtime, place)
            found[runtime] = place
        except (DeviceUnavailable, UsageError) as error:
            errors.append(error)
    if not found:
        if all(isinstance(error, UsageError) for error in errors):  # each of the engines could do something else
            raise UsageError(" ".join(dict.fromkeys(map(str, errors))))
        # The first is CTranslate2's, which says more where only a library is missing.
        raise errors[0 if hardware.lacks_cublas() else -1]
    return found


def _reason(error: Exception) -> str:
    """The first line of what went wrong, without a full stop."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].strip().rstrip(".:")[:200]
