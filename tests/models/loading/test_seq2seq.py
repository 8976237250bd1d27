"""From a folder with a checkpoint to an engine: which runtime, which numbers, said aloud or refused in a sentence."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.decoding import Decoding
from models.engines import choice, hardware
from models.engines.choice import CTRANSLATE2_FAMILIES, fastest_runtime
from models.engines.device import Device, choose_compute_type
from models.errors import DeviceUnavailable, ModelUnavailable, UsageError
from models.loading.engine import load_engine
from models.loading.seq2seq import available_runtimes
from models.loading.settings import LoadSettings
from models.options import LOG_ONLY, Listener
from models.presets import load_preset, with_models
from tests.checkpoints import bart, fsmt


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bart")
    bart(folder)
    return folder


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., Any]:
    def loader(folder: Path, listener: Listener = LOG_ONLY, **options: Any) -> Any:
        preset = with_models(load_preset("embedded"), summary=str(folder))
        settings = LoadSettings(**{"device": "cpu", "threads": 1, "cache": tmp_path, **options})
        return load_engine(preset, settings, "summarization", listener)

    return loader


@pytest.mark.parametrize(
    ("options", "runtime", "compute_type"),
    [
        ({}, "ctranslate2", "int8"),
        ({"compute_type": "float32"}, "ctranslate2", "float32"),
        ({"compute_type": "bfloat16"}, "transformers", "bfloat16"),  # which CTranslate2 cannot on a CPU
        ({"engine": "transformers"}, "transformers", "float32"),
        ({"engine": "ctranslate2", "compute_type": "int8_float32"}, "ctranslate2", "int8_float32"),
    ],
)
def test_engine_and_numbers_are_those_asked_for_or_those_of_the_table(
    checkpoint: Path, load: Callable[..., Any], options: dict[str, Any], runtime: str, compute_type: str
) -> None:
    engine = load(checkpoint, **options)
    assert (engine.receipt["engine"], engine.receipt["compute_type"]) == (runtime, compute_type)
    assert engine.receipt["id"] == checkpoint.name  # and not where it lies, which a report must not tell
    assert engine.tasks == {"summarization"}


def test_a_family_that_ctranslate2_does_not_know_goes_to_transformers_and_is_refused_where_it_was_asked_for(
    tmp_path: Path, load: Callable[..., Any]
) -> None:
    fsmt(tmp_path / "fsmt")
    assert load(tmp_path / "fsmt").receipt["engine"] == "transformers"
    with pytest.raises(UsageError, match=r"CTranslate2 cannot run .*fsmt.* choose --engine transformers"):
        load(tmp_path / "fsmt", engine="ctranslate2")


@pytest.mark.parametrize("engine", ["auto", "ctranslate2", "transformers"])
def test_an_absent_device_is_said_before_the_model_is_looked_for(
    load: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    monkeypatch.setattr(hardware, "ctranslate2_cuda_devices", lambda: 0)
    monkeypatch.setattr(hardware, "torch_cuda_devices", lambda: 0)
    monkeypatch.setattr(hardware, "lacks_cublas", lambda: False)
    with pytest.raises(DeviceUnavailable, match="cuda was asked for"):
        load(Path("no/such/folder"), engine=engine, device="cuda")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (
            {"do_sample": True, "top_k": 50, "exponential_decay_length_penalty": [5, 1.1]},
            ": do_sample, exponential_decay_length_penalty.",
        ),
        ({"do_sample": False, "num_beam_groups": 1, "diversity_penalty": 0.0, "guidance_scale": 1.0}, None),
        ({"renormalize_logits": True, "temperature": 0.7}, None),
    ],
)
def test_settings_that_no_engine_supports_are_one_notice(
    changed: Callable[..., Path], load: Callable[..., Any], asked: dict[str, Any], told: str | None
) -> None:
    folder = changed(generation_config=asked)
    said: list[str] = []
    load(folder, Listener(notice=said.append))
    assert said == ([f"{folder} asks for settings that no engine here supports{told}"] if told else [])


@pytest.mark.parametrize("compute_type", ["float16", "int3"])
def test_numbers_that_no_engine_computes_in_are_answered_with_those_of_both(compute_type: str) -> None:
    with pytest.raises(UsageError) as refused:
        available_runtimes(LoadSettings(device="cpu", compute_type=compute_type))
    assert str(refused.value) == (
        f"ctranslate2 on cpu cannot compute in '{compute_type}': choose from int8, int8_float32, float32. "
        f"transformers on cpu cannot compute in '{compute_type}': choose from float32, bfloat16."
    )
    with pytest.raises(UsageError, match=r"^There is no device 'tpu': choose [^.]+\.$"):
        available_runtimes(LoadSettings(device="tpu"))


@pytest.fixture
def changed(tmp_path: Path, checkpoint: Path) -> Callable[..., Path]:
    """A copy of the checkpoint with other values in its JSON files; `None` is null."""

    def copy(**files: dict[str, Any]) -> Path:
        folder = shutil.copytree(checkpoint, tmp_path / "bart")
        for name, values in files.items():
            file = folder / f"{name}.json"
            file.write_text(json.dumps(json.loads(file.read_text()) | values))
        return folder

    return copy


@pytest.mark.parametrize("engine", ["ctranslate2", "transformers"])
@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"generation_config": {"num_beams": "many"}}, "num_beams is a whole number of 1 or more, not 'many'"),
        ({"generation_config": {"num_beams": 0}}, "num_beams is a whole number of 1 or more, not 0"),
        ({"generation_config": {"length_penalty": "long"}}, "length_penalty is a number, not 'long'"),
        (
            {"generation_config": {"eos_token_id": None}, "config": {"eos_token_id": None}},
            "nothing says which token ends a text (eos_token_id)",
        ),
        ({"tokenizer_config": {"model_max_length": 2}}, "it takes 2 tokens, which leaves no room for a source"),
    ],
)
def test_values_that_cannot_be_are_one_sentence_before_anything_is_computed(
    changed: Callable[..., Path], load: Callable[..., Any], engine: str, files: dict[str, dict[str, Any]], told: str
) -> None:
    folder = changed(**files)
    with pytest.raises(ModelUnavailable) as refused:
        load(folder, engine=engine)
    assert str(refused.value) == f"{folder} cannot be loaded: {told}."


def test_without_a_padding_token_the_end_token_fills_up_a_batch(
    changed: Callable[..., Path], checkpoint: Path, load: Callable[..., Any]
) -> None:
    folder = changed(generation_config={"pad_token_id": None}, config={"pad_token_id": None})
    sources = ["Ein Satz.", "Noch ein Satz, der länger ist als der erste."]
    ours, theirs = (load(one, engine="transformers") for one in (folder, checkpoint))
    asked = ("summarization", sources, Decoding(), 12)
    assert [one.text for one in ours.generate(*asked)] == [one.text for one in theirs.generate(*asked)]


def test_a_damaged_tokenizer_is_one_sentence(tmp_path: Path, checkpoint: Path, load: Callable[..., Any]) -> None:
    folder = shutil.copytree(checkpoint, tmp_path / "bart")
    (folder / "tokenizer.json").write_text(json.dumps({"model": "none"}))
    with pytest.raises(ModelUnavailable, match=r"bart cannot be loaded: [^\n]+\.$"):
        load(folder)


@pytest.mark.parametrize(
    ("family", "runtime", "expected"),
    [
        ("marian", "transformers", "float16"),
        ("bart", "ctranslate2", "float16"),
        ("t5", "transformers", "bfloat16"),
        ("mt5", "ctranslate2", "bfloat16"),
    ],
)
def test_numbers_on_a_gpu_suit_the_family(
    monkeypatch: pytest.MonkeyPatch, family: str, runtime: Any, expected: str
) -> None:
    monkeypatch.setattr(hardware, "ctranslate2_cuda_formats", lambda _: {"float16", "bfloat16", "float32"})
    assert choose_compute_type(None, runtime, Device("cuda"), family) == expected


def test_the_table_names_only_what_there_is() -> None:
    table = choice._table()
    assert set(table) <= {"cpu", "cuda", "mps"}
    for families in table.values():
        assert set(families) <= CTRANSLATE2_FAMILIES | {"gemma3_text"}  # the embedded model's, which both can run
        assert set(families.values()) <= {"ctranslate2", "transformers"}


def test_what_the_table_does_not_know_is_done_by_transformers_and_what_cannot_be_is_done_by_the_other() -> None:
    both: Any = {"ctranslate2": Device("cpu"), "transformers": Device("cpu")}
    assert fastest_runtime("marian", both) == choice._table()["cpu"]["marian"]
    assert fastest_runtime("unheard-of", both) == "transformers"
    assert fastest_runtime("unheard-of", {"ctranslate2": Device("cpu")}) == "ctranslate2"
