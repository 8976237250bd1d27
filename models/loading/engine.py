"""From a preset's model to a loaded engine: which runtime, which device, which number format."""

from models.decoding import Engine, Task
from models.engines import hardware
from models.engines.choice import fastest_runtime
from models.engines.device import Device, Runtime, choose_compute_type, choose_device
from models.errors import UsageError
from models.loading.settings import LoadSettings
from models.options import LOG_ONLY, Listener
from models.presets import ModelSpec, Preset


def load_engine(
    preset: Preset, settings: LoadSettings, task: Task = "translation", listener: Listener = LOG_ONLY
) -> Engine:
    """The engine for the preset's model that does `task`; `preset.model_for` says which tasks share one.

    Raises UsageError, DeviceUnavailable and ModelUnavailable.
    """
    model = preset.model_for(task)
    if model is None:
        raise UsageError(f"The preset {preset.name} has no model for {task}.")
    if model.source == "hub":
        from models.loading.seq2seq import load_hub

        return load_hub(model, settings, listener)
    return _load_embedded(model, settings, listener)


def check_available(preset: Preset, settings: LoadSettings) -> None:
    """Refuse a device or a number format that `load_engine` would refuse, before anything is fetched or loaded.

    Raises UsageError and DeviceUnavailable.
    """
    for model in preset.models:
        if model.source == "hub":
            from models.loading.seq2seq import available_runtimes

            available_runtimes(settings)
        else:
            _choose_placement(settings)


def _choose_placement(settings: LoadSettings) -> tuple[Runtime, Device, str]:
    """Where and how the embedded model runs."""
    engine, compute_type = settings.engine, settings.compute_type
    runtime: Runtime = (
        "transformers" if engine == "transformers" or (engine, settings.device) == ("auto", "mps") else "ctranslate2"
    )
    place = choose_device(settings.device, runtime)
    # In int8 on a CPU torch is several times faster, where it can: see choice.toml.
    both: dict[Runtime, Device] = {"ctranslate2": place, "transformers": place}
    open_choice = engine == "auto" and place.kind == "cpu" and compute_type in (None, "auto", "int8")
    if open_choice and fastest_runtime("gemma3_text", both) == "transformers" and hardware.torch_packs_int8():
        runtime, compute_type = "transformers", "int8"
    return runtime, place, choose_compute_type(compute_type, runtime, place)


def _load_embedded(model: ModelSpec, settings: LoadSettings, listener: Listener) -> Engine:
    from models.embedded.build import prepare
    from models.engines.causal_ctranslate2 import CausalCTranslate2
    from models.engines.causal_transformers import CausalTransformers
    from models.engines.gemma3_int8.engine import CausalInt8

    runtime, device, compute_type = _choose_placement(settings)
    prompts = {task: spec.prompt for task, spec in model.tasks.items() if spec.prompt is not None}
    built = prepare(settings.cache, listener.progress, runtime)
    window, threads = model.window or 0, settings.threads or hardware.physical_cores()
    identity = {"id": model.id, "revision": built.digest}
    if runtime == "transformers" and compute_type == "int8":
        return CausalInt8.load(built.transformers, prompts, window, threads, identity)
    if runtime == "transformers":
        return CausalTransformers.load(built.transformers, prompts, window, device, compute_type, threads, identity)
    return CausalCTranslate2.load(built.ctranslate2, prompts, window, device, compute_type, threads, identity)
