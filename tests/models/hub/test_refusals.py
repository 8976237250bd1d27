"""What a user hears of a folder that cannot be used as a model, word for word; and what does no harm there."""

import json
from pathlib import Path

import pytest

from models.errors import ModelUnavailable
from models.hub.fetch import fetch
from tests.models.bart import save_bart
from tests.models.hub.test_fetch import evil_pickle

# The tokenizer and the weights of the folder that is whole.
TOKENIZER, WEIGHTS = "tokenizer.json", "model.safetensors"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a tiny BART."""
    folder = tmp_path_factory.mktemp("whole")
    save_bart(folder)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def config(kind: str, *heads: str, both: bool = True) -> bytes:
    return json.dumps({"model_type": kind, "architectures": heads, "is_encoder_decoder": both}).encode()


def pickle_found(name: str) -> str:
    return f"{name} may be a pickle, which can run code when it is read: take it out of the folder"


def no_weights(found: str) -> str:
    return f"it has no weights in model.safetensors or pytorch_model.bin ({found}), and no other format is read"


def no_writer(what: str) -> str:
    return f"it is no sequence-to-sequence model but {what}: take one that writes a text from a text"


ADAPTER = "it has or is an adapter (adapter_config.json): merge it into its model and save the whole"
NO_CONFIG = "it has no config.json, so it is no model that transformers can load"
NO_TOKENIZER = "it has no tokenizer (such as tokenizer.json, spiece.model or source.spm with its vocabulary)"
CODE = "asks for Python code that comes with the model (modeling_x.py), which is never run"
POINTER = "model.safetensors is only Git LFS's pointer to the weights: run git lfs pull in its folder"
SHARD = "model-00001-of-00002.safetensors"
INDEX = json.dumps({"weight_map": {"weight": SHARD}}).encode()
REMOTE = json.dumps({"auto_map": {"AutoModelForSeq2SeqLM": "modeling_x.X"}}).encode()
OTHERS = ("tf_model.h5", "flax_model.msgpack", "model.onnx", "rust_model.ot", "model.gguf", "model.ckpt", "weights.pkl")

KERNELS: list[tuple[dict[str, object], str]] = [
    ({"attn_implementation": "owner/kernel"}, "owner/kernel"),
    ({"_attn_implementation": {"": "sdpa", "decoder": "owner/kernel@v1"}}, "owner/kernel@v1"),
    ({"encoder": {"attn_implementation": "flash_attention_2"}}, "flash_attention_2"),
]


# What is taken away from the whole folder, what is put there, and the reason why it is then refused.
Case = tuple[tuple[str, ...], dict[str, bytes], str]
CASES: list[Case] = [
    *(((), {name: b"x"}, pickle_found(name)) for name in ("weights.pkl", "model.pt", "extra.bin", "old.joblib")),
    *(((WEIGHTS,), {name: b"x"}, no_weights(f"there is {name}")) for name in OTHERS),
    ((WEIGHTS,), {"optimizer.pt": b"x", "training_args.bin": b"x"}, no_weights("there are none")),
    (("config.json",), {"adapter_config.json": b"{}", "adapter_model.safetensors": b"x"}, ADAPTER),
    ((), {"adapter_config.json": b"{}", "adapter_model.safetensors": b"x"}, ADAPTER),
    (("config.json",), {}, NO_CONFIG),
    ((TOKENIZER,), {}, NO_TOKENIZER),
    ((TOKENIZER,), {"source.spm": b"x", "target.spm": b"x"}, NO_TOKENIZER),
    (
        (),
        {"config.json": config("bart", "BartForSequenceClassification")},
        no_writer("bart (BartForSequenceClassification)"),
    ),
    ((), {"config.json": config("t5", "T5ForTokenClassification")}, no_writer("t5 (T5ForTokenClassification)")),
    ((), {"config.json": config("bart", "BartForQuestionAnswering")}, no_writer("bart (BartForQuestionAnswering)")),
    ((), {"config.json": config("t5", "T5EncoderModel")}, no_writer("t5 (T5EncoderModel)")),
    ((), {"config.json": config("bert", "BertModel", both=False)}, no_writer("bert (BertModel)")),
    ((), {"config.json": config("gpt2", "GPT2LMHeadModel", both=False)}, no_writer("gpt2 (GPT2LMHeadModel)")),
    *(
        (
            (),
            {"config.json": json.dumps(json.loads(config("bart")) | asked).encode()},
            f"config.json asks for compiled code from elsewhere ({kernel}), which is never fetched",
        )
        for asked, kernel in KERNELS
    ),
    ((), {"config.json": b"{}"}, no_writer("unknown")),
    ((), {"config.json": b"{"}, "config.json is damaged (it is not JSON)"),
    ((), {"config.json": b"[]"}, "config.json is damaged (it is not a JSON object)"),
    *(
        ((), {name: REMOTE}, f"{name} {CODE}")
        for name in ("config.json", "tokenizer_config.json", "generation_config.json")
    ),
    ((), {WEIGHTS: b"version https://git-lfs.github.com/spec/v1\n"}, POINTER),
    ((WEIGHTS,), {f"{WEIGHTS}.index.json": INDEX}, f"{SHARD}, which {WEIGHTS}.index.json names, is missing"),
    ((WEIGHTS,), {f"{WEIGHTS}.index.json": b"{}"}, f"{WEIGHTS}.index.json is damaged (it names no weights)"),
]


def write(folder: Path, files: dict[str, bytes]) -> Path:
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.mark.parametrize(("without", "added", "reason"), CASES, ids=[f"{n} {c[2][:40]}" for n, c in enumerate(CASES)])
def test_a_folder_that_cannot_be_used_is_refused_with_its_reason(
    whole: dict[str, bytes], tmp_path: Path, without: tuple[str, ...], added: dict[str, bytes], reason: str
) -> None:
    files = {name: content for name, content in whole.items() if name not in without} | added
    folder = write(tmp_path / "mine", files)
    with pytest.raises(ModelUnavailable) as refused:
        fetch(str(folder), cache=tmp_path / "cache")
    assert str(refused.value) == f"{folder} cannot be used: {reason}."


@pytest.mark.parametrize(("behind", "revision"), [("@v2", None), ("", "v2"), ("@v1", "v2")])
def test_a_folder_with_a_revision_is_refused(
    whole: dict[str, bytes], tmp_path: Path, behind: str, revision: str | None
) -> None:
    folder = write(tmp_path / "mine", whole)
    with pytest.raises(ModelUnavailable) as refused:
        fetch(f"{folder}{behind}", revision=revision, cache=tmp_path / "cache")
    assert str(refused.value) == f"{folder} is a folder, which has no revisions: leave out v2."
    assert fetch(str(write(tmp_path / "mine@v2", whole)), cache=tmp_path / "cache").folder == tmp_path / "mine@v2"


def test_weights_that_end_too_early_are_refused(whole: dict[str, bytes], tmp_path: Path) -> None:
    folder = write(tmp_path / "mine", whole | {WEIGHTS: whole[WEIGHTS][:-9]})
    with pytest.raises(ModelUnavailable, match=r"cannot be used: model\.safetensors is damaged or cut short \(.+\)\.$"):
        fetch(str(folder), cache=tmp_path / "cache")


@pytest.mark.parametrize("zipped", [True, False], ids=["zip", "older"])
@pytest.mark.parametrize("share", [0, 0.5, 0.99])
def test_pytorchs_own_files_that_end_too_early_are_refused(
    whole: dict[str, bytes], tmp_path: Path, share: float, zipped: bool
) -> None:
    import torch

    torch.save({"a": torch.ones(200, 200)}, tmp_path / "file", _use_new_zipfile_serialization=zipped)
    content = (tmp_path / "file").read_bytes()
    files = {name: content for name, content in whole.items() if name != WEIGHTS}
    folder = write(tmp_path / "mine", files | {"pytorch_model.bin": content[: int(share * len(content))]})
    with pytest.raises(ModelUnavailable, match=r"pytorch_model\.bin is damaged or cut short \(\w+Error\)\.$"):
        fetch(str(folder), cache=tmp_path / "cache")


def test_a_pickle_that_holds_code_is_refused_and_the_code_does_not_run(whole: dict[str, bytes], tmp_path: Path) -> None:
    mark = tmp_path / "it ran"
    files = {name: content for name, content in whole.items() if name != WEIGHTS}
    folder = write(tmp_path / "mine", files | {"pytorch_model.bin": evil_pickle(mark)})
    with pytest.raises(ModelUnavailable, match="holds more than weights, and reading it could run code"):
        fetch(str(folder), cache=tmp_path / "cache")
    assert not mark.exists()


def test_what_training_and_other_programs_leave_does_no_harm(whole: dict[str, bytes], tmp_path: Path) -> None:
    left = ("optimizer.pt", "scheduler.pt", "scaler.pt", "rng_state_0.pth", "training_args.bin", "pytorch_model.bin")
    others = ("tf_model.h5", "model.onnx", "modeling_x.py", "notes.txt")
    config = json.dumps(json.loads(whole["config.json"]) | {"attn_implementation": "sdpa"}).encode()
    folder = write(tmp_path / "mine", whole | {"config.json": config} | dict.fromkeys(left + others, b"x"))
    assert fetch(str(folder), cache=tmp_path / "cache").folder == folder
