"""The tiny base in place of the real one, as installed packages bring it."""

import hashlib
import importlib
import json
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file
from safetensors.torch import load_file

from models.embedded import base as bases
from models.embedded import build as builds
from models.training import int8, train
from tests.models.embedded.data import write_data
from tests.models.embedded.tiny import HIDDEN, KEPT, write_gguf


@pytest.fixture(scope="session")
def gguf_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gguf") / "tiny.gguf"
    values = write_gguf(path)
    np.savez(path.with_suffix(".npz"), **values)
    return path


@pytest.fixture
def shipped(gguf_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The tiny weights in place of the real ones, as an installed package in two parts; the folder of our own data."""
    package = tmp_path / "site" / "tiny_weights"
    (package / "data").mkdir(parents=True)
    whole = gguf_file.read_bytes()
    (package / "data" / "part0").write_bytes(whole[:5000])
    (package / "data" / "part1").write_bytes(whole[5000:])
    (package / "data" / "GEMMA_TERMS.html").write_bytes(b"<p>terms</p>")
    (package / "__init__.py").write_text(
        "from pathlib import Path\n"
        "def chunk_paths():\n    return [Path(__file__).parent / 'data' / f'part{n}' for n in range(2)]\n",
        encoding="utf-8",
    )
    data = tmp_path / "data"
    (data / "adapter").mkdir(parents=True)
    (data / "kept_tokens.json").write_text(json.dumps(KEPT), encoding="utf-8")
    (data / "GEMMA_NOTICE.md").write_text("notice", encoding="utf-8")
    (data / "adapter" / "adapter_config.json").write_text('{"r": 1, "lora_alpha": 2}', encoding="utf-8")
    prefix = "base_model.model.model.layers.1.self_attn.v_proj"
    pair = {f"{prefix}.lora_A.weight": np.ones((1, HIDDEN), "f"), f"{prefix}.lora_B.weight": np.ones((16, 1), "f")}
    save_file(pair, data / "adapter" / "adapter_model.safetensors")
    monkeypatch.setattr(sys, "path", [str(package.parent), *sys.path])
    importlib.invalidate_caches()
    monkeypatch.setattr(bases, "BASE_PACKAGE", "tiny_weights")
    monkeypatch.setattr(bases, "BASE_SHA256", hashlib.sha256(whole).hexdigest())
    monkeypatch.setattr(builds, "_data", data.joinpath)
    yield data
    sys.modules.pop("tiny_weights", None)


@pytest.fixture
def base(shipped: Path, tmp_path: Path) -> Path:
    """The trimmed base as the build writes it."""
    builds.build_base(tmp_path / "base")
    return tmp_path / "base"


@pytest.fixture
def run(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The training command; the process's threads and signals are afterwards as they were."""
    monkeypatch.setattr(int8, "has_compiler", lambda: False)  # Compiling takes longer than these runs.
    data = write_data(tmp_path / "training")
    threads = torch.get_num_threads()
    handlers = [(number, signal.getsignal(number)) for number in (signal.SIGTERM, signal.SIGINT)]

    def command(out: Path, *options: str) -> dict[str, torch.Tensor]:
        rest = ["--data", str(data), "--threads", "1", "--rank", "2", "--rate", "1", *options]
        monkeypatch.setattr(sys, "argv", ["train", str(base), str(out), *rest])
        train.main()
        return load_file(out / "adapter_model.safetensors")

    yield command
    torch.set_num_threads(threads)
    for number, handler in handlers:
        signal.signal(number, handler)
