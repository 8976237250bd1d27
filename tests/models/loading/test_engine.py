"""From names to a loaded engine: what is chosen by itself, what is refused, and in which words."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from models.embedded import build
from models.engines import hardware
from models.engines.causal_ctranslate2 import CausalCTranslate2
from models.engines.causal_transformers import CausalTransformers
from models.engines.device import COMPUTE_TYPES, Device, Runtime, choose_compute_type, choose_device
from models.engines.gemma3_int8.engine import CausalInt8
from models.errors import DeviceUnavailable, ModelUnavailable, UsageError
from models.loading.engine import load_engine
from models.loading.settings import ENGINES, LoadSettings
from models.presets import load_preset, parse_presets

Loaded = list[tuple[str, tuple[Any, ...]]]
HUB = """
[far]
description = "A model from the hub."
[[far.models]]
id = "someone/something"
source = "hub"
licence = "MIT"
window = 9
tasks = { translation = {}, summarization = {} }
"""


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Say what the machine has; at first nothing but its CPU."""

    def has(cuda: int = 0, torch_cuda: int | None = None, mps: bool = False, int8: bool = False) -> None:
        monkeypatch.setattr(hardware, "ctranslate2_cuda_devices", lambda: cuda)
        monkeypatch.setattr(hardware, "torch_cuda_devices", lambda: cuda if torch_cuda is None else torch_cuda)
        monkeypatch.setattr(hardware, "torch_has_mps", lambda: mps)
        monkeypatch.setattr(hardware, "ctranslate2_cuda_formats", lambda _: COMPUTE_TYPES["ctranslate2", "cuda"])
        monkeypatch.setattr(hardware, "lacks_cublas", lambda: False)
        monkeypatch.setattr(hardware, "torch_packs_int8", lambda: int8)

    has()
    return has


@pytest.fixture
def loaded(machine: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> Loaded:
    """What would have been built and loaded, with its arguments; nothing is."""
    calls: Loaded = []

    def prepare(*arguments: Any) -> Any:
        calls.append(("prepare", arguments))
        return SimpleNamespace(ctranslate2=Path("int8"), transformers=Path("hf"), digest="0123456789ab")

    monkeypatch.setattr(build, "prepare", prepare)
    engines: dict[str, Any] = {
        "ctranslate2": CausalCTranslate2,
        "transformers": CausalTransformers,
        "torch": CausalInt8,
    }
    for name, engine in engines.items():
        monkeypatch.setattr(engine, "load", lambda *arguments, name=name: calls.append((name, arguments)))
    return calls


def load(**options: Any) -> Any:
    return load_engine(load_preset("embedded"), LoadSettings(cache=Path("nowhere"), **options))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"engine": "onnx"}, ENGINES),
        ({"device": "tpu"}, ("auto", "cpu", "cuda", "cuda:N", "mps")),
        ({"device": "cuda:x"}, ("auto", "cpu", "cuda", "cuda:N", "mps")),
        ({"device": "cpu\n"}, ("auto", "cpu", "cuda", "cuda:N", "mps")),
        ({"compute_type": "int4"}, COMPUTE_TYPES["ctranslate2", "cpu"]),
        ({"compute_type": "int8", "engine": "transformers"}, COMPUTE_TYPES["transformers", "cpu"]),
        ({"threads": 0}, ("threads is 0", "1 or more")),
        ({"threads": -2}, ("threads is -2", "1 or more")),
    ],
)
def test_an_unknown_word_is_a_usage_error_that_names_the_allowed_ones(
    loaded: Loaded, options: dict[str, Any], told: tuple[str, ...]
) -> None:
    with pytest.raises(UsageError) as caught:
        load(**options)
    assert all(word in str(caught.value) for word in told)
    assert loaded == []


def test_a_task_that_the_preset_cannot_do_is_a_usage_error(machine: Callable[..., None]) -> None:
    with pytest.raises(UsageError, match="The preset far has no model for direct"):
        load_engine(parse_presets(HUB)["far"], LoadSettings(cache=Path("nowhere")), "direct")


def test_a_model_from_the_hub_is_unavailable_by_name(machine: Callable[..., None]) -> None:
    with pytest.raises(ModelUnavailable, match="someone/something"):
        load_engine(parse_presets(HUB)["far"], LoadSettings(cache=Path("nowhere")))


@pytest.mark.parametrize("engine", ["auto", "ctranslate2", "transformers"])
@pytest.mark.parametrize("asked", ["cuda", "cuda:0", "cuda:9999"])
def test_cuda_that_is_asked_for_and_absent_is_unavailable(loaded: Loaded, engine: str, asked: str) -> None:
    with pytest.raises(DeviceUnavailable, match=rf"^{asked} was asked for, .* finds none here"):
        load(engine=engine, device=asked)
    assert loaded == []


def test_a_cuda_number_beyond_those_there_are_is_unavailable(machine: Callable[..., None]) -> None:
    machine(cuda=2)
    assert choose_device("cuda:1", "ctranslate2") == Device("cuda", 1)
    with pytest.raises(DeviceUnavailable, match="only 2 of them"):
        choose_device("cuda:2", "ctranslate2")


@pytest.mark.parametrize("runtime", ["ctranslate2", "transformers"])
@pytest.mark.parametrize(("there", "chosen"), [(0, "cpu"), (1, "cuda:0")])
def test_auto_is_cuda_where_there_is_one_and_else_the_cpu(
    machine: Callable[..., None], runtime: Runtime, there: int, chosen: str
) -> None:
    machine(cuda=there)
    assert str(choose_device("auto", runtime)) == chosen


def test_each_runtime_is_asked_for_its_own_devices(machine: Callable[..., None]) -> None:
    machine(cuda=1, torch_cuda=0)
    assert (choose_device("auto", "ctranslate2").kind, choose_device("auto", "transformers").kind) == ("cuda", "cpu")
    machine(cuda=0, torch_cuda=1)
    assert (choose_device("auto", "ctranslate2").kind, choose_device("auto", "transformers").kind) == ("cpu", "cuda")


def test_the_cpu_is_used_when_asked_for_although_there_is_a_gpu(machine: Callable[..., None]) -> None:
    machine(cuda=1)
    assert choose_device("cpu", "ctranslate2") == Device("cpu")


def test_mps_is_refused_by_ctranslate2_and_taken_by_transformers(machine: Callable[..., None], loaded: Loaded) -> None:
    machine(mps=True)
    with pytest.raises(DeviceUnavailable, match="choose --engine transformers"):
        load(engine="ctranslate2", device="mps")
    assert loaded == []
    load(engine="auto", device="mps")
    name, arguments = loaded[-1]
    assert name == "transformers"
    assert arguments[3:5] == (Device("mps"), "float32")


@pytest.mark.parametrize(
    ("there", "options", "expected"),
    [
        ({"int8": True}, {}, "torch"),
        ({"int8": True}, {"compute_type": "int8"}, "torch"),
        ({"int8": True}, {"compute_type": "auto", "device": "cpu"}, "torch"),
        ({"int8": True}, {"engine": "transformers", "compute_type": "int8"}, "torch"),
        ({"int8": True, "cuda": 1}, {"device": "cpu"}, "torch"),
        ({"int8": True, "cuda": 1}, {}, "ctranslate2"),
        ({"int8": True}, {"engine": "ctranslate2"}, "ctranslate2"),
        ({"int8": True}, {"compute_type": "float32"}, "ctranslate2"),
        ({"int8": True}, {"compute_type": "int8_float32"}, "ctranslate2"),
        ({"int8": True}, {"engine": "transformers"}, "transformers"),
        ({"int8": False}, {}, "ctranslate2"),
        ({"int8": False}, {"compute_type": "int8"}, "ctranslate2"),
    ],
)
def test_int8_on_a_cpu_is_computed_in_torch_where_the_processor_can(
    machine: Callable[..., None], loaded: Loaded, there: dict[str, Any], options: dict[str, str], expected: str
) -> None:
    machine(**there)
    load(**options, threads=3)
    (_, prepared), (name, arguments) = loaded
    assert name == expected
    assert prepared[2] == ("ctranslate2" if expected == "ctranslate2" else "transformers")
    if expected == "torch":
        folder, _, window, threads, identity = arguments
        assert (folder, window, threads) == (Path("hf"), 440, 3)
        assert identity == {"id": "gemma-3-270m-de-en", "revision": "0123456789ab"}


def test_mps_that_is_absent_is_unavailable(machine: Callable[..., None]) -> None:
    with pytest.raises(DeviceUnavailable, match="no mps device here"):
        load(device="mps")


@pytest.mark.parametrize(
    ("there", "options", "runtime", "number_format"),
    [
        (0, {}, "ctranslate2", "int8"),
        (1, {}, "ctranslate2", "float16"),
        (0, {"engine": "transformers"}, "transformers", "float32"),
        (1, {"engine": "transformers"}, "transformers", "bfloat16"),
        (0, {"compute_type": "auto"}, "ctranslate2", "int8"),
        (0, {"compute_type": "float32"}, "ctranslate2", "float32"),
    ],
)
def test_the_runtime_gets_its_own_files_and_the_number_format_of_its_device(
    machine: Callable[..., None],
    loaded: Loaded,
    there: int,
    options: dict[str, str],
    runtime: Runtime,
    number_format: str,
) -> None:
    machine(cuda=there)
    load(**options, threads=3)
    (_, prepared), (name, arguments) = loaded
    assert name == runtime
    assert (prepared[0], prepared[2]) == (Path("nowhere"), runtime)
    folder, prompts, window, device, compute_type, threads, identity = arguments
    assert folder == Path("int8" if runtime == "ctranslate2" else "hf")
    assert (device.kind, compute_type, threads) == ("cuda" if there else "cpu", number_format, 3)
    model = load_preset("embedded").models[0]
    assert prompts == {task: spec.prompt for task, spec in model.tasks.items()}
    assert window == model.window
    assert identity == {"id": model.id, "revision": "0123456789ab"}


def test_threads_that_are_not_named_are_the_physical_cores(loaded: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardware, "physical_cores", lambda: 7)
    load()
    assert loaded[-1][1][5] == 7


@pytest.mark.parametrize(("key", "allowed"), COMPUTE_TYPES.items())
def test_the_first_allowed_number_format_is_the_default_and_each_is_taken(
    machine: Callable[..., None], key: tuple[Runtime, Any], allowed: tuple[str, ...]
) -> None:
    runtime, kind = key
    assert choose_compute_type(None, runtime, Device(kind)) == allowed[0]
    assert [choose_compute_type(name, runtime, Device(kind)) for name in allowed] == list(allowed)


def test_this_machine_answers_with_numbers_that_can_be() -> None:
    assert hardware.ctranslate2_cuda_devices() >= 0
    assert hardware.torch_cuda_devices() >= 0
    assert hardware.torch_has_mps() in (True, False)
    assert hardware.physical_cores() >= 1


@pytest.fixture
def cores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine of four CPUs, two to a core, and no limit; the folder holds `cpu.max`."""
    for cpu in range(4):
        topology = tmp_path / f"cpu{cpu}" / "topology"
        topology.mkdir(parents=True)
        (topology / "thread_siblings_list").write_text(f"{cpu % 2},{cpu % 2 + 2}\n", encoding="ascii")
    monkeypatch.setattr(hardware, "_CPUS", tmp_path)
    monkeypatch.setattr(hardware, "_CGROUP_LIMIT", tmp_path / "cpu.max")
    monkeypatch.setattr(hardware, "_CGROUP_V1_LIMIT", (tmp_path / "quota", tmp_path / "period"))
    monkeypatch.setattr(hardware.os, "sched_getaffinity", lambda _: {0, 1, 2, 3}, raising=False)
    return tmp_path


@pytest.mark.parametrize(
    ("limit", "count"),
    [(None, 2), ("max 100000\n", 2), ("100000 100000\n", 1), ("50000 100000\n", 1), ("900000 100000\n", 2)],
)
def test_two_threads_of_one_core_count_once_within_the_container_limit(
    cores: Path, limit: str | None, count: int
) -> None:
    if limit is not None:
        (cores / "cpu.max").write_text(limit, encoding="ascii")
    assert hardware.physical_cores() == count


@pytest.mark.parametrize(("quota", "count"), [("-1", 2), ("100000", 1), ("50000", 1), ("900000", 2)])
def test_the_limit_of_a_container_in_version_one_counts(cores: Path, quota: str, count: int) -> None:
    (cores / "quota").write_text(f"{quota}\n", encoding="ascii")
    (cores / "period").write_text("100000\n", encoding="ascii")
    assert hardware.physical_cores() == count


def test_only_cores_that_the_process_may_use_count(cores: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardware.os, "sched_getaffinity", lambda _: {1, 3})
    assert hardware.physical_cores() == 1


def test_a_cpu_whose_core_cannot_be_told_counts_as_one(cores: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardware, "_CPUS", cores / "nowhere")
    assert hardware.physical_cores() == 4


def test_a_system_without_affinity_counts_its_cpus(cores: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(hardware.os, "sched_getaffinity")
    monkeypatch.setattr(hardware.os, "cpu_count", lambda: 2)
    assert hardware.physical_cores() == 2
