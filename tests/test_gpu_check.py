"""The way to a GPU with a stand-in where the machine is asked for its devices; no test here computes on one."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import models.assembly
from models.assembly import build_pipeline
from models.engines import hardware
from models.engines.causal_ctranslate2 import CausalCTranslate2
from models.engines.causal_transformers import CausalTransformers
from models.engines.device import Device
from models.errors import DeviceUnavailable
from tests import gpu_check

ROOT = Path(__file__).parent.parent


@pytest.fixture
def two_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine of which both engines say that it has two CUDA devices."""
    monkeypatch.setattr(hardware, "ctranslate2_cuda_devices", lambda: 2)
    monkeypatch.setattr(hardware, "torch_cuda_devices", lambda: 2)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str, str], list[str]]:
    """Pipelines that say what this dict holds for engine, device and compute type, or one sentence twice."""
    answers: dict[tuple[str, str, str], list[str]] = {}

    def build(**settings: Any) -> Any:
        key = (settings["engine"], settings["device"], settings["compute_type"])
        receipt = dict(zip(("engine", "device", "compute_type"), key, strict=True))
        targets = answers.get(key, ["One.", "Two."])
        report = {
            "receipt": receipt,
            "translation": {"sentences": [{"target": target} for target in targets]},
            "summary": {"text": "Three."},
        }
        return SimpleNamespace(summarize=lambda _article: SimpleNamespace(to_dict=lambda: report))

    monkeypatch.setattr(models.assembly, "build_pipeline", build)
    return answers


@pytest.mark.slow
def test_without_a_gpu_the_check_is_one_sentence_and_exit_code_3() -> None:
    command = [sys.executable, ROOT / "tests" / "gpu_check.py", "--device", "cuda:7"]
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


@pytest.mark.parametrize("other", [["One.", "Other."], ["One."], ["Two.", "One."]])
def test_a_device_that_says_something_else_ends_with_1(
    two_gpus: None, said: dict[tuple[str, str, str], list[str]], capsys: pytest.CaptureFixture[str], other: list[str]
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
        build_pipeline(engine=engine, device=asked, cache=tmp_path)
    assert found.value.args[0] == (device, kind)
    with pytest.raises(DeviceUnavailable, match="finds only 2 of them here"):
        build_pipeline(engine=engine, device="cuda:2", cache=tmp_path)
