"""The way to a GPU with a stand-in where the machine is asked for its devices; no test here computes on one."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

import models.loading.pipeline
from models.engines import hardware
from models.engines.causal_ctranslate2 import CausalCTranslate2
from models.engines.causal_transformers import CausalTransformers
from models.engines.device import COMPUTE_TYPES, Device
from models.engines.seq2seq_ctranslate2 import Seq2SeqCTranslate2
from models.engines.seq2seq_transformers import Seq2SeqTransformers
from models.errors import DeviceUnavailable
from models.loading.engine import load_engine
from models.loading.pipeline import build_pipeline
from models.loading.settings import LoadSettings
from models.presets import load_preset, with_models
from service.cli.main import kurzum
from tests import gpu_check
from tests.checkpoints import FAMILIES

ROOT = Path(__file__).parent.parent


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Say how many CUDA devices each engine can use, and whether CTranslate2 could but for its cuBLAS."""

    def has(ctranslate2: int, torch: int, lacks_cublas: bool = False) -> None:
        monkeypatch.setattr(hardware, "ctranslate2_cuda_devices", lambda: ctranslate2)
        monkeypatch.setattr(hardware, "torch_cuda_devices", lambda: torch)
        monkeypatch.setattr(hardware, "ctranslate2_cuda_formats", lambda _: COMPUTE_TYPES["ctranslate2", "cuda"])
        monkeypatch.setattr(hardware, "lacks_cublas", lambda: lacks_cublas)

    return has


@pytest.fixture
def two_gpus(machine: Callable[..., None]) -> None:
    """A machine of which both engines say that it has two CUDA devices."""
    machine(2, 2)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str, str | None], list[str]]:
    """Pipelines that say what this dict holds for engine, device and compute type, or one sentence twice."""
    answers: dict[tuple[str, str, str | None], list[str]] = {}

    def build(settings: LoadSettings) -> Any:
        key = (settings.engine, settings.device, settings.compute_type)
        receipt = dict(zip(("engine", "device", "compute_type"), key, strict=True))
        targets = answers.get(key, ["One.", "Two."])
        report = {
            "receipt": receipt,
            "translation": {"sentences": [{"target": target} for target in targets]},
            "summary": {"text": "Three."},
        }
        return SimpleNamespace(summarize=lambda _article: SimpleNamespace(to_dict=lambda: report))

    monkeypatch.setattr(models.loading.pipeline, "build_pipeline", build)
    return answers


@pytest.mark.slow
def test_without_a_gpu_the_check_is_one_sentence_and_exit_code_3() -> None:
    command = [sys.executable, str(ROOT / "tests" / "gpu_check.py"), "--device", "cuda:7"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert (result.returncode, result.stdout) == (3, "")
    assert result.stderr.startswith("Nothing was compared: cuda:7 was asked for, but ctranslate2 finds ")
    assert result.stderr.count("\n") == 1


def test_all_that_agrees_is_named_and_good(two_gpus: None, said: object, capsys: pytest.CaptureFixture[str]) -> None:
    assert gpu_check.main(["--device", "cuda:1"]) == 0
    shown = capsys.readouterr().out
    for engine in ("ctranslate2", "transformers"):
        for kind in ("float32", "auto"):
            assert f"  {engine} cuda:1 {kind}: 100.0% of 2 sentences, the same summary: agrees" in shown


@pytest.mark.parametrize(
    ("words", "engines"),
    [
        (["--engine", "transformers"], ["transformers"]),
        (["--engine", "ctranslate2"], ["ctranslate2"]),
        (["--engine", "transformers", "--engine", "ctranslate2"], ["transformers", "ctranslate2"]),
        (["--engine", "transformers", "--engine", "transformers"], ["transformers"]),
    ],
)
def test_only_the_engines_that_are_named_are_asked_for_the_device_and_compared(
    machine: Callable[..., None], said: object, capsys: pytest.CaptureFixture[str], words: list[str], engines: list[str]
) -> None:
    machine(int("ctranslate2" in engines), int("transformers" in engines))
    assert gpu_check.main(words) == 0
    _, *lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [engine for engine in engines for _ in gpu_check.WANTED]


def test_an_engine_that_is_named_and_has_no_device_is_one_sentence_and_exit_code_3(
    machine: Callable[..., None], said: object, capsys: pytest.CaptureFixture[str]
) -> None:
    machine(0, 1)
    assert gpu_check.main(["--engine", "transformers", "--engine", "ctranslate2"]) == 3
    assert capsys.readouterr() == (
        "",
        "Nothing was compared: cuda was asked for, but ctranslate2 finds none here: choose --device cpu or auto.\n",
    )
    with pytest.raises(SystemExit) as ended:
        gpu_check.main(["--engine", "onnx"])
    assert ended.value.code == 2


@pytest.mark.parametrize("other", [["One.", "Other."], ["One."], ["Two.", "One."]])
def test_a_device_that_says_something_else_ends_with_1(
    two_gpus: None,
    said: dict[tuple[str, str, str | None], list[str]],
    capsys: pytest.CaptureFixture[str],
    other: list[str],
) -> None:
    said["transformers", "cuda", "float32"] = other
    assert gpu_check.main([]) == 1
    assert capsys.readouterr().out.count("DOES NOT AGREE") == 1


@pytest.mark.parametrize(
    ("engine", "asked", "device", "kind"),
    [
        ("auto", "auto", Device("cuda"), "float16"),
        ("ctranslate2", "cuda:1", Device("cuda", 1), "float16"),
        ("transformers", "cuda:1", Device("cuda", 1), "bfloat16"),
        ("transformers", "cpu", Device("cpu"), "float32"),
    ],
)
def test_the_engine_is_loaded_on_the_device_that_was_asked_for(
    two_gpus: None,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    engine: str,
    asked: str,
    device: Device,
    kind: str,
) -> None:
    class Loaded(Exception):
        pass

    def load(_folder: Path, _prompts: object, _window: int, *given: Any) -> None:
        raise Loaded(given[:2])

    for one in (CausalCTranslate2, CausalTransformers):
        monkeypatch.setattr(one, "load", load)
    built = SimpleNamespace(ctranslate2=tmp_path, transformers=tmp_path, digest="")
    monkeypatch.setattr("models.embedded.build.prepare", lambda *_: built)
    with pytest.raises(Loaded) as found:
        build_pipeline(LoadSettings(engine=engine, device=asked, cache=tmp_path))
    assert found.value.args[0] == (device, kind)
    with pytest.raises(DeviceUnavailable, match="finds only 2 of them here"):
        build_pipeline(LoadSettings(engine=engine, device="cuda:2", cache=tmp_path))


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Tiny checkpoints of three families."""
    parent = tmp_path_factory.mktemp("checkpoints")
    for name in ("marian", "t5", "fsmt"):
        FAMILIES[name](parent / name)
    return {path.name: path for path in parent.iterdir()}


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch, folders: dict[str, Path], tmp_path: Path) -> Callable[..., list[Any]]:
    """What would be converted and loaded for a family's checkpoint: engine, device and numbers."""

    def load(family: str, **options: Any) -> list[Any]:
        done: list[Any] = []
        monkeypatch.setattr(Seq2SeqTransformers, "load", lambda _c, *given: done.append(("transformers", *given[:2])))
        monkeypatch.setattr(Seq2SeqCTranslate2, "load", lambda _f, _c, *given: done.append(("ctranslate2", *given[:2])))
        monkeypatch.setattr("models.engines.convert.convert", lambda _c, _r, kind, *_: done.append(("convert", kind)))
        load_engine(
            with_models(load_preset("embedded"), str(folders[family])),
            LoadSettings(cache=tmp_path, threads=1, **options),
        )
        return done

    return load


@pytest.mark.parametrize(("family", "kind"), [("marian", "float16"), ("t5", "bfloat16")])
def test_a_model_of_the_hub_is_converted_and_loaded_for_the_device_that_was_asked_for(
    two_gpus: None, steps: Callable[..., list[Any]], family: str, kind: str
) -> None:
    place = (Device("cuda", 1), kind)
    assert steps(family, engine="transformers", device="cuda:1") == [("transformers", *place)]
    assert steps(family, engine="ctranslate2", device="cuda:1") == [("convert", kind), ("ctranslate2", *place)]
    assert steps(family, engine="ctranslate2", device="cuda:1", compute_type="int8_float16")[0][1] == "int8_float16"
    for engine in ("auto", "ctranslate2", "transformers"):
        with pytest.raises(DeviceUnavailable, match="finds only 2 of them here"):
            steps(family, engine=engine, device="cuda:2")


@pytest.mark.parametrize(
    ("ctranslate2", "torch", "family", "expected"),
    [
        (1, 0, "marian", ("ctranslate2", Device("cuda"), "float16")),
        (1, 0, "t5", ("ctranslate2", Device("cuda"), "bfloat16")),
        (1, 0, "fsmt", ("transformers", Device("cpu"), "float32")),  # which CTranslate2 cannot run at all
        (0, 1, "marian", ("transformers", Device("cuda"), "float16")),  # though the other is faster on a CPU
        (0, 1, "t5", ("transformers", Device("cuda"), "bfloat16")),
        (1, 1, "marian", ("transformers", Device("cuda"), "float16")),
        (0, 0, "marian", ("ctranslate2", Device("cpu"), "int8")),
    ],
)
def test_by_itself_the_engine_is_taken_that_has_the_gpu(
    machine: Callable[..., None],
    steps: Callable[..., list[Any]],
    ctranslate2: int,
    torch: int,
    family: str,
    expected: tuple[Any, ...],
) -> None:
    machine(ctranslate2, torch)
    assert steps(family)[-1] == expected


@pytest.mark.parametrize("engine", ["auto", "ctranslate2"])
@pytest.mark.parametrize("family", ["embedded", "marian"])
def test_a_gpu_without_cublas_is_one_sentence_that_names_it_and_exit_code_3(
    machine: Callable[..., None], folders: dict[str, Path], tmp_path: Path, family: str, engine: str
) -> None:
    machine(0, 0, lacks_cublas=True)
    article = tmp_path / "article.txt"
    article.write_text("Der Hund schläft seit drei Tagen im Garten der Familie Meier.", encoding="utf-8")
    models = [] if family == "embedded" else ["--translation-model", str(folders[family])]
    words = ["summarize", "--device", "cuda", "--engine", engine, "--cache-dir", str(tmp_path), *models, str(article)]
    result = CliRunner().invoke(kurzum, words)
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr == (
        "kurzum: cuda was asked for, but CTranslate2 cannot load libcublas.so.12 here: install nvidia-cublas-cu12, "
        "or choose --device cpu or auto.\n"
    )
