"""Which engine `--engine auto` takes: read from `choice.toml`, which a benchmark made; nothing is timed at run time."""

import functools
import tomllib
from collections.abc import Mapping
from importlib.resources import files

from models.engines.device import Device, Runtime

# The families whose checkpoints CTranslate2's converter knows, by Hugging Face's `model_type`; tests hold what it makes
# of each against `generate`. FSMT is not among them.
CTRANSLATE2_FAMILIES = frozenset(["bart", "m2m_100", "marian", "mbart", "mt5", "pegasus", "t5"])


def fastest_runtime(family: str, places: Mapping[Runtime, Device]) -> Runtime:
    """The engine for the family among those in `places`, by the device each has there.

    Where one has a CUDA device, it is taken before one that has none. What was not measured is done by transformers,
    which can do everything.
    """
    best = {runtime: device for runtime, device in places.items() if device.kind == "cuda"} or places
    (kind, *_) = (device.kind for device in best.values())
    chosen = _table().get(kind, {}).get(family, "transformers")
    return chosen if chosen in best else next(iter(best))


@functools.cache
def _table() -> dict[str, dict[str, Runtime]]:
    """The faster engine by device and family."""
    table: dict[str, dict[str, Runtime]] = tomllib.loads(
        files("models.engines").joinpath("choice.toml").read_text(encoding="utf-8")
    )["faster"]
    return table
