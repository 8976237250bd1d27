"""Which device and which number format: what was asked for, or an error; never a silent fallback."""

import re
from dataclasses import dataclass
from typing import Literal

from models.engines import hardware
from models.errors import DeviceUnavailable, UsageError

Kind = Literal["cpu", "cuda", "mps"]
Runtime = Literal["ctranslate2", "transformers"]

# The first of each is the default. Gemma's activations leave float16's range in torch, hence bfloat16 there.
COMPUTE_TYPES: dict[tuple[Runtime, Kind], tuple[str, ...]] = {
    ("ctranslate2", "cpu"): ("int8", "int8_float32", "float32"),
    ("ctranslate2", "cuda"): ("float16", "bfloat16", "int8_float16", "int8_bfloat16", "float32"),
    ("transformers", "cpu"): ("float32", "bfloat16"),
    ("transformers", "cuda"): ("bfloat16", "float16", "float32"),
    ("transformers", "mps"): ("float32", "bfloat16", "float16"),
}
# Seq2seq families that were trained in bfloat16 and leave float16's range; the others keep more digits in float16.
WIDE_FAMILIES = frozenset(["mt5", "pegasus", "t5"])


@dataclass(frozen=True, slots=True)
class Device:
    """A device that is there."""

    kind: Kind
    index: int = 0

    def __str__(self) -> str:
        return f"cuda:{self.index}" if self.kind == "cuda" else self.kind


def choose_device(asked: str, runtime: Runtime) -> Device:
    """The device for "auto" (a CUDA device if `runtime` can use one, else the CPU), "cpu", "cuda", "cuda:N" or "mps".

    Raises UsageError for any other word, DeviceUnavailable for a device that `runtime` cannot use here.
    """
    match = re.fullmatch(r"(auto|cpu|mps|cuda)|cuda:(\d+)", asked)
    if match is None:
        raise UsageError(f"There is no device {asked!r}: choose auto, cpu, cuda, cuda:N or mps.")
    name, number = match[1] or "cuda", match[2]
    if name == "cpu":
        return Device("cpu")
    if name == "mps":
        if runtime == "ctranslate2":
            raise DeviceUnavailable("CTranslate2 cannot use mps: choose --engine transformers or another device.")
        if not hardware.torch_has_mps():
            raise DeviceUnavailable("There is no mps device here: choose --device cpu.")
        return Device("mps")
    count = hardware.ctranslate2_cuda_devices() if runtime == "ctranslate2" else hardware.torch_cuda_devices()
    if name == "auto":
        return Device("cuda") if count else Device("cpu")
    index = int(number or 0)
    if runtime == "ctranslate2" and not count and hardware.lacks_cublas():
        raise DeviceUnavailable(
            f"{asked} was asked for, but CTranslate2 cannot load {hardware.CUBLAS} here: install nvidia-cublas-cu12, "
            "or choose --device cpu or auto."
        )
    if index >= count:
        there = f"only {count} of them" if count else "none"
        raise DeviceUnavailable(
            f"{asked} was asked for, but {runtime} finds {there} here: choose --device cpu or auto."
        )
    return Device("cuda", index)


def choose_compute_type(asked: str | None, runtime: Runtime, device: Device, family: str | None = None) -> str:
    """The number format asked for, or the default. Raises UsageError that names the allowed ones.

    `family` is Hugging Face's `model_type` where the model is a seq2seq model; a causal one has int8 in torch, too,
    where this processor can. In CTranslate2 an older GPU that lacks the default computes in float32.
    """
    allowed = COMPUTE_TYPES[runtime, device.kind]
    if (runtime, device.kind) == ("ctranslate2", "cuda"):
        able = hardware.ctranslate2_cuda_formats(device.index)
        allowed = tuple(name for name in allowed if name in able)
    if asked == "int8" and family is None and (runtime, device.kind) == ("transformers", "cpu"):
        allowed += ("int8",) if hardware.torch_packs_int8() else ()
    if asked in (None, "auto"):
        wanted = COMPUTE_TYPES[runtime, device.kind][0]
        if family is not None and device.kind == "cuda":
            wanted = "bfloat16" if family in WIDE_FAMILIES else "float16"
        return wanted if wanted in allowed else "float32"
    if asked not in allowed:
        raise UsageError(f"{runtime} on {device} cannot compute in {asked!r}: choose from {', '.join(allowed)}.")
    return asked
