"""The numbers of the build on arrays that can be checked by hand: bfloat16, LoRA, names and files."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from models.embedded.base import BaseWeights, Floats, Tensor
from models.embedded.weights import Adapter, adapted_weights, hugging_face_name, rounded, write_safetensors

Q_PROJ = "model.layers.0.self_attn.q_proj.weight"
A = np.array([[1, 2, 3]], dtype=np.float32)  # rank 1
B = np.array([[10], [-1]], dtype=np.float32)


def save_adapter(folder: Path, a: Any = A, b: Any = B, **config: Any) -> Path:
    """An adapter as `peft` saves it."""
    prefix = "base_model.model.model.layers.0.self_attn.q_proj"
    save_file({f"{prefix}.lora_A.weight": a, f"{prefix}.lora_B.weight": b}, folder / "adapter_model.safetensors")
    settings = {"r": 4, "lora_alpha": 2, "bias": "none", "use_dora": False, **config}
    (folder / "adapter_config.json").write_text(json.dumps(settings), encoding="utf-8")
    return folder


def test_values_are_rounded_to_the_nearest_bfloat16_and_ties_to_even() -> None:
    halfway = np.array([1.00390625, 1.01171875, -1.00390625, 0.0], dtype=np.float32)
    assert rounded(halfway).tolist() == [1.0, 1.015625, -1.0, 0.0]


def test_a_merged_projection_is_w_plus_scale_times_b_times_a(tmp_path: Path) -> None:
    adapter = Adapter.read(save_adapter(tmp_path))
    assert adapter.scale == 0.5
    assert set(adapter.pairs) == {Q_PROJ}
    merged = adapter.merge(Q_PROJ, np.array([[1, 1, 1], [0, 0, 0]], dtype=np.float32))
    assert merged.dtype == np.float32
    assert merged.tolist() == [[6, 11, 16], [-0.5, -1, -1.5]]


def test_a_projection_that_the_adapter_does_not_know_stays_as_it_is(tmp_path: Path) -> None:
    weights = np.ones((2, 3), dtype=np.float32)
    assert Adapter.read(save_adapter(tmp_path)).merge("model.norm.weight", weights) is weights


def test_an_adapter_in_bfloat16_is_read_as_one_in_float32(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import save_file as save_tensors

    save_adapter(tmp_path)
    prefix = "base_model.model.model.layers.0.self_attn.q_proj"
    tensors = {
        f"{prefix}.lora_A.weight": torch.tensor(A).bfloat16(),
        f"{prefix}.lora_B.weight": torch.tensor(B).bfloat16(),
    }
    save_tensors(tensors, tmp_path / "adapter_model.safetensors")
    a, b = Adapter.read(tmp_path).pairs[Q_PROJ]
    assert (a.tolist(), b.tolist()) == (A.tolist(), B.tolist())


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ({"use_dora": True}, "use_dora"),
        ({"use_rslora": True}, "use_rslora"),
        ({"alpha_pattern": {"q_proj": 3}}, "alpha_pattern"),
        ({"rank_pattern": {"q_proj": 3}}, "rank_pattern"),
        ({"bias": "all"}, "bias"),
    ],
)
def test_an_adapter_that_would_be_merged_wrongly_is_refused(tmp_path: Path, config: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=f"cannot be merged here: {told}"):
        Adapter.read(save_adapter(tmp_path, **config))


def test_an_adapter_in_another_number_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="float16"):
        Adapter.read(save_adapter(tmp_path, a=A.astype(np.float16)))


@pytest.mark.parametrize(
    ("gguf", "name"),
    [
        ("token_embd.weight", "model.embed_tokens.weight"),
        ("output_norm.weight", "model.norm.weight"),
        ("blk.0.attn_q.weight", Q_PROJ),
        ("blk.11.ffn_norm.weight", "model.layers.11.pre_feedforward_layernorm.weight"),
        ("blk.3.post_ffw_norm.weight", "model.layers.3.post_feedforward_layernorm.weight"),
    ],
)
def test_tensors_get_the_names_that_transformers_uses(gguf: str, name: str) -> None:
    assert hugging_face_name(gguf) == name


def test_a_tensor_of_an_unknown_kind_is_not_passed_over() -> None:
    with pytest.raises(KeyError):
        hugging_face_name("blk.0.attn_sinks.weight")


def in_float32(tensors: dict[str, Floats]) -> BaseWeights:
    """A base of unpacked tensors."""
    blob, found = b"", {}
    for name, values in tensors.items():
        found[name] = Tensor(values.shape, 0, len(blob))
        blob += values.tobytes()
    return BaseWeights(memoryview(blob), {}, found)


def test_norms_are_what_is_to_be_added_to_one_and_sums_are_rounded_to_bfloat16(tmp_path: Path) -> None:
    base = in_float32(
        {
            "output_norm.weight": np.array([1.5, 0.25], dtype=np.float32),
            "blk.0.attn_q.weight": np.array([[1, 1, 1], [256, 0, 0]], dtype=np.float32),
            "blk.0.attn_k.weight": np.array([[1.00390625 + 1e-6]], dtype=np.float32),
        }
    )
    adapter = Adapter.read(save_adapter(tmp_path, a=A, b=B))
    weights = dict(adapted_weights(base, [], adapter))
    assert weights["model.norm.weight"].tolist() == [0.5, -0.75]
    assert weights[Q_PROJ].tolist() == [[6, 11, 16], [256, -1, -1.5]]  # 255.5 has no bfloat16: ties go to even
    assert weights["model.layers.0.self_attn.k_proj.weight"].tolist() == [[1.0078125]]
    plain = dict(adapted_weights(base, [], None))
    assert plain[Q_PROJ].tolist() == [[1, 1, 1], [256, 0, 0]]


def test_what_is_written_as_safetensors_is_read_by_the_library_in_bfloat16(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file

    weights = {"a": np.array([[1, 2.5], [-3, 0]], dtype=np.float32), "b.long.name": np.array([7], dtype=np.float32)}
    write_safetensors(tmp_path / "x.safetensors", weights)
    read = load_file(tmp_path / "x.safetensors")
    assert set(read) == set(weights)
    for name, values in weights.items():
        assert read[name].dtype == torch.bfloat16
        assert read[name].float().tolist() == values.tolist()
