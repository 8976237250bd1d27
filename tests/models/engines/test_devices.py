"""What reaches the libraries for a device and a number format, with stand-ins where they are asked for their devices.

No GPU is needed: the weights of tiny checkpoints are read and converted for true, and only the step that would put them
on the device is caught.
"""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import ctranslate2
import pytest
import torch
import transformers

from models.embedded import build
from models.engines import hardware
from models.engines.device import COMPUTE_TYPES
from models.errors import DeviceUnavailable, ModelUnavailable, UsageError
from models.loading.engine import load_engine
from models.loading.settings import LoadSettings
from models.presets import load_preset, with_models
from tests.checkpoints import FAMILIES
from tests.models.engines.conftest import Tiny

# What CTranslate2 says of GPUs by their compute capability: since 8.0, since 7.0, and older ones.
INT8 = {"int8", "int8_float32", "float32"}
VOLTA = INT8 | {"float16", "int8_float16"}
AMPERE = VOLTA | {"bfloat16", "int8_bfloat16"}
pytestmark = pytest.mark.slow


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Answer for both libraries how many CUDA devices they find, what each can compute in, and whether there is mps."""

    def has(ctranslate2_cuda: int, torch_cuda: int, formats: tuple[set[str], ...] = (), mps: bool = False) -> None:
        def able(kind: str, index: int = 0) -> set[str]:
            assert (kind, index < ctranslate2_cuda) == ("cuda", True)
            return formats[index] if formats else AMPERE

        monkeypatch.setattr(ctranslate2, "get_cuda_device_count", lambda: ctranslate2_cuda)
        monkeypatch.setattr(ctranslate2, "get_supported_compute_types", able)
        monkeypatch.setattr(hardware, "_cublas_loads", lambda: True)
        monkeypatch.setattr(torch.cuda, "is_available", lambda: torch_cuda > 0)
        monkeypatch.setattr(torch.cuda, "device_count", lambda: torch_cuda)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)

    monkeypatch.setattr(hardware, "torch_packs_int8", lambda: False)
    has(0, 0)
    return has


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What was put where: library, device, its index, number format; for CTranslate2 also the threads that decode."""
    found: list[tuple[Any, ...]] = []

    def constructed(folder: str, device: str, *, device_index: int, compute_type: str, **threads: int) -> Any:
        assert (Path(folder) / "model.bin").is_file()
        assert threads.keys() == {"inter_threads", "intra_threads"}
        found.append(("ctranslate2", device, device_index, compute_type, threads["inter_threads"]))
        return SimpleNamespace()

    def moved(model: Any, place: str) -> Any:
        found.append(("torch", place, model.dtype))
        return model

    monkeypatch.setattr(ctranslate2, "Translator", constructed)
    monkeypatch.setattr(ctranslate2, "Generator", constructed)
    monkeypatch.setattr(transformers.PreTrainedModel, "to", moved)
    return found


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A tiny checkpoint of a family for float16 and of one for bfloat16."""
    parent = tmp_path_factory.mktemp("checkpoints")
    for name in ("marian", "t5"):
        FAMILIES[name](parent / name)
    return {path.name: path for path in parent.iterdir()}


@pytest.fixture
def load(
    folders: dict[str, Path], tiny: Tiny, reached: list[tuple[Any, ...]], tmp_path: Path, monkeypatch: Any
) -> Callable[..., dict[str, str]]:
    """Load a family's checkpoint, or the embedded model with a tiny one in its place, and give the receipt."""
    built = SimpleNamespace(ctranslate2=tiny.ctranslate2, transformers=tiny.transformers, digest="")
    monkeypatch.setattr(build, "prepare", lambda *_: built)

    def loader(family: str, **options: Any) -> dict[str, str]:
        preset = load_preset("embedded")
        if family != "embedded":
            preset = with_models(preset, str(folders[family]))
        return load_engine(preset, LoadSettings(cache=tmp_path, threads=3, **options)).receipt

    return loader


ON_TWO_GPUS = [
    # family, engine, device, number format asked for; what reaches the library
    ("marian", "ctranslate2", "auto", None, ("ctranslate2", "cuda", 0, "float16", 1)),
    ("marian", "ctranslate2", "cuda", None, ("ctranslate2", "cuda", 0, "float16", 1)),
    ("marian", "ctranslate2", "cuda:1", None, ("ctranslate2", "cuda", 1, "float16", 1)),
    ("t5", "ctranslate2", "cuda:1", "auto", ("ctranslate2", "cuda", 1, "bfloat16", 1)),
    ("t5", "ctranslate2", "cuda:1", "int8_float16", ("ctranslate2", "cuda", 1, "int8_float16", 1)),
    ("marian", "ctranslate2", "cpu", None, ("ctranslate2", "cpu", 0, "int8", 3)),
    ("t5", "ctranslate2", "cpu", "float32", ("ctranslate2", "cpu", 0, "float32", 3)),
    ("embedded", "ctranslate2", "auto", None, ("ctranslate2", "cuda", 0, "float16", 1)),
    ("embedded", "ctranslate2", "cuda:1", "int8_bfloat16", ("ctranslate2", "cuda", 1, "int8_bfloat16", 1)),
    ("embedded", "auto", "cuda:1", None, ("ctranslate2", "cuda", 1, "float16", 1)),
    ("embedded", "ctranslate2", "cpu", None, ("ctranslate2", "cpu", 0, "int8", 3)),
    ("marian", "transformers", "auto", None, ("torch", "cuda:0", torch.float16)),
    ("marian", "transformers", "cuda:1", None, ("torch", "cuda:1", torch.float16)),
    ("marian", "auto", "cuda:1", None, ("torch", "cuda:1", torch.float16)),
    ("t5", "transformers", "cuda", "auto", ("torch", "cuda:0", torch.bfloat16)),
    ("t5", "transformers", "cuda:1", "float32", ("torch", "cuda:1", torch.float32)),
    ("marian", "transformers", "mps", None, ("torch", "mps", torch.float32)),
    ("marian", "auto", "mps", "float16", ("torch", "mps", torch.float16)),
    ("marian", "transformers", "cpu", None, ("torch", "cpu", torch.float32)),
    ("t5", "transformers", "cpu", "bfloat16", ("torch", "cpu", torch.bfloat16)),
    ("embedded", "transformers", "cuda:1", None, ("torch", "cuda:1", torch.bfloat16)),
    ("embedded", "auto", "mps", None, ("torch", "mps", torch.float32)),
    ("embedded", "transformers", "cpu", None, ("torch", "cpu", torch.float32)),
]


@pytest.mark.parametrize(("family", "engine", "device", "kind", "expected"), ON_TWO_GPUS)
def test_device_index_and_numbers_reach_the_library_as_asked_for_and_the_receipt_says_so(
    machine: Callable[..., None],
    load: Callable[..., dict[str, str]],
    reached: list[tuple[Any, ...]],
    family: str,
    engine: str,
    device: str,
    kind: str | None,
    expected: tuple[Any, ...],
) -> None:
    machine(2, 2, mps=True)
    receipt = load(family, engine=engine, device=device, compute_type=kind)
    assert reached == [expected]
    if expected[0] == "ctranslate2":
        place = f"cuda:{expected[2]}" if expected[1] == "cuda" else "cpu"
        told = ("ctranslate2", place, expected[3])
    else:
        told = ("transformers", expected[1], str(expected[2]).removeprefix("torch."))
    assert (receipt["engine"], receipt["device"], receipt["compute_type"]) == told


@pytest.mark.parametrize(
    ("family", "device", "expected"),
    [
        ("marian", "cuda:0", "float32"),
        ("t5", "cuda:0", "float32"),
        ("embedded", "cuda:0", "float32"),
        ("marian", "cuda:1", "float16"),
        ("t5", "cuda:1", "float32"),
        ("embedded", "cuda:1", "float16"),
        ("t5", "cuda:2", "bfloat16"),
    ],
)
def test_a_gpu_that_lacks_the_default_computes_in_float32_with_ctranslate2(
    machine: Callable[..., None],
    load: Callable[..., dict[str, str]],
    reached: list[tuple[Any, ...]],
    family: str,
    device: str,
    expected: str,
) -> None:
    machine(3, 0, formats=(INT8, VOLTA, AMPERE))
    assert load(family, engine="ctranslate2", device=device)["compute_type"] == expected
    assert reached == [("ctranslate2", "cuda", int(device[-1]), expected, 1)]


@pytest.mark.parametrize("family", ["marian", "embedded"])
def test_numbers_that_a_gpu_lacks_are_refused_by_name_and_by_auto_left_to_torch(
    machine: Callable[..., None],
    load: Callable[..., dict[str, str]],
    reached: list[tuple[Any, ...]],
    family: str,
) -> None:
    machine(1, 1, formats=(VOLTA,))
    with pytest.raises(UsageError) as refused:
        load(family, engine="ctranslate2", device="cuda", compute_type="bfloat16")
    assert str(refused.value) == (
        "ctranslate2 on cuda:0 cannot compute in 'bfloat16': choose from float16, int8_float16, float32."
    )
    assert reached == []
    if family == "marian":
        load(family, device="cuda", compute_type="bfloat16")
        assert reached == [("torch", "cuda:0", torch.bfloat16)]


@pytest.mark.parametrize("family", ["marian", "embedded"])
@pytest.mark.parametrize(
    ("engine", "device", "kind", "error", "told"),
    [
        ("ctranslate2", "cuda", None, DeviceUnavailable, "ctranslate2 finds none here"),
        ("ctranslate2", "cuda:1", None, DeviceUnavailable, "ctranslate2 finds none here"),
        ("transformers", "cuda:2", None, DeviceUnavailable, "transformers finds only 1 of them here"),
        ("transformers", "mps", None, DeviceUnavailable, "There is no mps device here"),
        ("ctranslate2", "mps", None, DeviceUnavailable, "CTranslate2 cannot use mps"),
        ("ctranslate2", "cpu", "float16", UsageError, "choose from int8, int8_float32, float32"),
        ("ctranslate2", "auto", "bfloat16", UsageError, "choose from int8, int8_float32, float32"),
        ("transformers", "cpu", "float16", UsageError, "choose from float32, bfloat16"),
        ("transformers", "cuda", "int8", UsageError, "choose from bfloat16, float16, float32"),
    ],
)
def test_nothing_reaches_a_library_where_the_device_is_absent_or_cannot(
    machine: Callable[..., None],
    load: Callable[..., dict[str, str]],
    reached: list[tuple[Any, ...]],
    family: str,
    engine: str,
    device: str,
    kind: str | None,
    error: type[Exception],
    told: str,
) -> None:
    machine(0, 1)
    with pytest.raises(error, match=told):
        load(family, engine=engine, device=device, compute_type=kind)
    assert reached == []


def test_this_processor_can_compute_in_all_that_ctranslate2_is_asked_for_on_a_cpu() -> None:
    assert set(COMPUTE_TYPES["ctranslate2", "cpu"]) <= ctranslate2.get_supported_compute_types("cpu")


def test_what_a_library_says_of_a_gpu_that_is_full_is_one_sentence(
    machine: Callable[..., None], load: Callable[..., dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise RuntimeError("CUDA failed with error out of memory\nat some place in some file")

    machine(1, 1)
    monkeypatch.setattr(ctranslate2, "Translator", full)
    monkeypatch.setattr(transformers.PreTrainedModel, "to", full)
    for engine in ("ctranslate2", "transformers"):
        with pytest.raises(ModelUnavailable, match=r"cannot be loaded: CUDA failed with error out of memory\.$"):
            load("marian", engine=engine, device="cuda")
