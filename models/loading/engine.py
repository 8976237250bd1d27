"""From a preset's model to a loaded engine: which runtime, which device, which number format."""

from collections.abc import Callable
from pathlib import Path

from models.decoding import Engine, Task
from models.engines import hardware
from models.engines.choice import fastest_runtime
from models.engines.device import Device, Runtime, choose_compute_type, choose_device
from models.errors import UsageError
from models.presets import ModelSpec, Preset

ENGINES = ("auto", "ctranslate2", "transformers")
Progress = Callable[[str, float], None]
Notice = Callable[[str], None]


def load_engine(
    preset: Preset,
    task: Task = "translation",
    *,
    engine: str = "auto",
    device: str = "auto",
    compute_type: str | None = None,
    threads: int | None = None,
    cache: Path,
    progress: Progress | None = None,
    notice: Notice | None = None,
) -> Engine:
    """The engine for the preset's model that does `task`; `preset.model_for` says which tasks share one.

    `progress` hears of the steps of a download or a first build; `notice` of what a user should know about the model.
    Raises UsageError, DeviceUnavailable and ModelUnavailable.
    """
    model = preset.model_for(task)
    if model is None:
        raise UsageError(f"The preset {preset.name} has no model for {task}.")
    if threads is not None and threads < 1:
        raise UsageError(f"{threads} threads cannot compute anything: choose 1 or more.")
    _check_engine_name(engine)
    threads = threads or hardware.physical_cores()
    if model.source == "hub":
        from models.loading.seq2seq import load_hub

        return load_hub(model, engine, device, compute_type, threads, cache, progress, notice)
    return _load_embedded(model, *_choose_placement(engine, device, compute_type), threads, cache, progress)


def check_available(
    preset: Preset, *, engine: str = "auto", device: str = "auto", compute_type: str | None = None
) -> None:
    """Refuse what `load_engine` would refuse of an engine, a device and a number format, before anything is loaded.

    Raises UsageError and DeviceUnavailable.
    """
    _check_engine_name(engine)
    for model in preset.models:
        if model.source == "hub":
            from models.loading.seq2seq import available_runtimes

            available_runtimes(engine, device, compute_type)
        else:
            _choose_placement(engine, device, compute_type)


def _check_engine_name(engine: str) -> None:
    if engine not in ENGINES:
        raise UsageError(f"There is no engine {engine!r}: choose from {', '.join(ENGINES)}.")


def _choose_placement(engine: str, device: str, compute_type: str | None) -> tuple[Runtime, Device, str]:
    """Where and how the embedded model runs."""
    runtime: Runtime = (
        "transformers" if engine == "transformers" or (engine, device) == ("auto", "mps") else "ctranslate2"
    )
    place = choose_device(device, runtime)
    # In int8 on a CPU torch is several times faster, where it can: see choice.toml.
    both: dict[Runtime, Device] = {"ctranslate2": place, "transformers": place}
    open_choice = engine == "auto" and place.kind == "cpu" and compute_type in (None, "auto", "int8")
    if open_choice and fastest_runtime("gemma3_text", both) == "transformers" and hardware.torch_packs_int8():
        runtime, compute_type = "transformers", "int8"
    return runtime, place, choose_compute_type(compute_type, runtime, place)


def _load_embedded(
    model: ModelSpec,
    runtime: Runtime,
    device: Device,
    compute_type: str,
    threads: int,
    cache: Path,
    progress: Progress | None,
) -> Engine:
    from models.embedded.build import prepare
    from models.engines.causal_ctranslate2 import CausalCTranslate2
    from models.engines.causal_transformers import CausalTransformers
    from models.engines.gemma3_int8.engine import CausalInt8

    prompts = {task: spec.prompt for task, spec in model.tasks.items() if spec.prompt is not None}
    built = prepare(cache, progress, runtime)
    window = model.window or 0
    identity = {"id": model.id, "revision": built.digest}
    if runtime == "transformers" and compute_type == "int8":
        return CausalInt8.load(built.transformers, prompts, window, threads, identity)
    if runtime == "transformers":
        return CausalTransformers.load(built.transformers, prompts, window, device, compute_type, threads, identity)
    return CausalCTranslate2.load(built.ctranslate2, prompts, window, device, compute_type, threads, identity)
