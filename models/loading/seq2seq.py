"""A checkpoint from the hub or a folder into an engine: fetched, looked over, converted if need be, loaded."""

import logging
from collections.abc import Callable, Iterator
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
from models.presets import ModelSpec

if TYPE_CHECKING:
    from models.engines.seq2seq import Seq2SeqSpec

Progress = Callable[[str, float], None]
Notice = Callable[[str], None]
_log = logging.getLogger(__name__)


def load_hub(
    model: ModelSpec,
    engine: str,
    device: str,
    compute_type: str | None,
    threads: int,
    cache: Path,
    progress: Progress | None,
    notice: Notice | None,
) -> Engine:
    """The engine for a model that is not the embedded one; `engine` is one of those there are.

    What can be said before a download is said before it. Raises UsageError, DeviceUnavailable and ModelUnavailable.
    """
    places = available_runtimes(engine, device, compute_type)
    fetched = fetch(model.id, revision=model.revision, cache=cache, progress=progress)
    if notice is not None and (warning := licence_notice(fetched.id, fetched.licence, model.licence)) is not None:
        notice(warning)
    with _explain_load_errors(fetched):
        placement = _choose_placement(model, fetched, places, compute_type)
        if notice is not None and (unsupported_settings := ", ".join(placement.checkpoint.unsupported_settings)):
            notice(f"{fetched.id} asks for what no search here does: {unsupported_settings}.")
        return _load_placed(placement, fetched, threads, cache, progress)


def convert_ahead(
    model: ModelSpec,
    fetched: DownloadedModel,
    cache: Path,
    progress: Progress | None,
    *,
    engine: str = "auto",
    device: str = "auto",
    compute_type: str | None = None,
) -> None:
    """Have what `load_hub` would load here for the same settings, where that is a conversion of what was fetched.

    Raises as `load_hub` does: ModelUnavailable where the files are not what their names say.
    """
    with _explain_load_errors(fetched):
        placement = _choose_placement(model, fetched, available_runtimes(engine, device, compute_type), compute_type)
        if placement.runtime == "ctranslate2":
            _convert(placement, fetched, cache, progress)


@dataclass(frozen=True, slots=True)
class _Placement:
    """How a checkpoint is to run."""

    checkpoint: "Seq2SeqSpec"
    runtime: Runtime
    device: Device
    compute_type: str


def _choose_placement(
    model: ModelSpec, fetched: DownloadedModel, places: dict[Runtime, Device], compute_type: str | None
) -> _Placement:
    """The one of the usable runtimes that suits the checkpoint best; takes those away from `places` that cannot."""
    from models.engines.convert import conversion_obstacle
    from models.engines.seq2seq import Seq2SeqSpec

    checkpoint = Seq2SeqSpec(fetched.folder, model)
    family = str(checkpoint.config.model_type)
    obstacle = conversion_obstacle(checkpoint) if "ctranslate2" in places else None
    if obstacle is not None:
        if "transformers" not in places:
            raise UsageError(f"CTranslate2 cannot run {fetched.id} ({obstacle}): choose --engine transformers.")
        del places["ctranslate2"]
    runtime = fastest_runtime(family, places)
    device = places[runtime]
    return _Placement(checkpoint, runtime, device, choose_compute_type(compute_type, runtime, device, family))


def _load_placed(
    placement: _Placement, fetched: DownloadedModel, threads: int, cache: Path, progress: Progress | None
) -> Engine:
    from models.engines.seq2seq_ctranslate2 import Seq2SeqCTranslate2
    from models.engines.seq2seq_transformers import Seq2SeqTransformers

    identity = {"id": fetched.id, "revision": fetched.revision}
    if placement.runtime == "transformers":
        return Seq2SeqTransformers.load(
            placement.checkpoint, placement.device, placement.compute_type, threads, identity
        )
    folder = _convert(placement, fetched, cache, progress)
    return Seq2SeqCTranslate2.load(
        folder, placement.checkpoint, placement.device, placement.compute_type, threads, identity
    )


def _convert(placement: _Placement, fetched: DownloadedModel, cache: Path, progress: Progress | None) -> Path:
    from models.engines.convert import convert

    return convert(placement.checkpoint, fetched.revision, placement.compute_type, cache, progress)


@contextmanager
def _explain_load_errors(fetched: DownloadedModel) -> Iterator[None]:
    """ModelUnavailable for whatever transformers, torch and CTranslate2 raise for files that are not what they seem."""
    try:
        yield
    except KurzumError:
        raise
    except Exception as error:
        _log.info("%s cannot be loaded", fetched.id, exc_info=True)
        raise ModelUnavailable(f"{fetched.id} cannot be loaded: {_reason(error)}.") from error


def available_runtimes(engine: str, device: str, compute_type: str | None) -> dict[Runtime, Device]:
    """The runtimes that `engine` allows, have the device and can compute as asked, each with its device.

    Raises UsageError or DeviceUnavailable where there is none.
    """
    runtimes: tuple[Runtime, ...] = ("ctranslate2", "transformers") if engine == "auto" else (_runtime(engine),)
    found: dict[Runtime, Device] = {}
    errors: list[KurzumError] = []
    for runtime in runtimes:
        try:
            place = choose_device(device, runtime)
            choose_compute_type(compute_type, runtime, place)
            found[runtime] = place
        except (DeviceUnavailable, UsageError) as error:
            errors.append(error)
    if not found:
        if all(isinstance(error, UsageError) for error in errors):  # each of the engines could do something else
            raise UsageError(" ".join(dict.fromkeys(map(str, errors))))
        # The first is CTranslate2's, which says more where only a library is missing.
        raise errors[0 if hardware.lacks_cublas() else -1]
    return found


def _runtime(engine: str) -> Runtime:
    return "ctranslate2" if engine == "ctranslate2" else "transformers"


def _reason(error: Exception) -> str:
    """The first line of what went wrong, without a full stop."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].strip().rstrip(".:")[:200]
