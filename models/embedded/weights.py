"""From the base's tensors to the adapted model's: Hugging Face names, bfloat16 values, the LoRA adapter merged.

Values are rounded to bfloat16 twice, as they were for training (the base) and as they are stored (the sum), so that
both engines run the very same weights. Products are numpy's: another library's sums would round a few values otherwise.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np

from models.embedded.base import BaseWeights, Floats

_LAYER_NAMES = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_q_norm": "self_attn.q_norm",
    "attn_k_norm": "self_attn.k_norm",
    "attn_output": "self_attn.o_proj",
    "post_attention_norm": "post_attention_layernorm",
    "ffn_norm": "pre_feedforward_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
    "post_ffw_norm": "post_feedforward_layernorm",
}
EMBEDDING_NAME = "model.embed_tokens.weight"


def rounded(values: Floats) -> Floats:
    """The nearest bfloat16 of each value, ties to even, in float32."""
    import torch

    nearest: Floats = torch.tensor(values).bfloat16().float().numpy()
    return nearest


def hugging_face_name(name: str) -> str:
    """`blk.3.attn_q.weight` is `model.layers.3.self_attn.q_proj.weight`."""
    if name == "token_embd.weight":
        return EMBEDDING_NAME
    if name == "output_norm.weight":
        return "model.norm.weight"
    _, layer, what, _ = name.split(".")
    return f"model.layers.{layer}.{_LAYER_NAMES[what]}.weight"


@dataclass(frozen=True, slots=True)
class Adapter:
    """A LoRA adapter as `peft` saves it: for a projection W, the pair A and B of W + scale * B @ A."""

    scale: float
    pairs: dict[str, tuple[Floats, Floats]]

    @classmethod
    def read(cls, folder: Traversable) -> "Adapter":
        """Read `adapter_config.json` and `adapter_model.safetensors` (bfloat16 or float32)."""
        from safetensors.torch import load

        config = json.loads(folder.joinpath("adapter_config.json").read_text(encoding="utf-8"))
        unknown = [key for key in ("use_dora", "use_rslora", "alpha_pattern", "rank_pattern") if config.get(key)]
        if unknown or config.get("bias", "none") != "none":
            raise ValueError(f"this kind of LoRA adapter cannot be merged here: {', '.join(unknown) or 'bias'}")
        loaded = load(folder.joinpath("adapter_model.safetensors").read_bytes())
        if strange := sorted({str(tensor.dtype) for tensor in loaded.values()} - {"torch.bfloat16", "torch.float32"}):
            raise ValueError(f"an adapter in {strange[0]} cannot be read")
        tensors = {name.removeprefix("base_model.model."): tensor.float().numpy() for name, tensor in loaded.items()}
        pairs = {
            name.replace(".lora_A", ""): (values, tensors[name.replace("lora_A", "lora_B")])
            for name, values in tensors.items()
            if ".lora_A." in name
        }
        return cls(config["lora_alpha"] / config["r"], pairs)

    def merge(self, name: str, weights: Floats) -> Floats:
        """The weights of that name with the adapter's part added, where it has one."""
        if name not in self.pairs:
            return weights
        a, b = self.pairs[name]
        return weights + np.float32(self.scale) * (b @ a)


def adapted_weights(base: BaseWeights, kept: Sequence[int], adapter: Adapter | None) -> Iterator[tuple[str, Floats]]:
    """Each tensor of the adapted model by its Hugging Face name; values are bfloat16's, in float32.

    GGUF stores the norms' weights as they multiply, Hugging Face what is to be added to 1 (as Gemma was trained).
    """
    rows = np.asarray(kept, dtype=np.int64)
    for name in base.tensors:
        values = base.weights(name, rows if name == "token_embd.weight" else None)
        if name.endswith("norm.weight"):
            values = values - 1
        values = rounded(values)
        name = hugging_face_name(name)
        if adapter is not None and name in adapter.pairs:
            values = rounded(adapter.merge(name, values))
        yield name, values


def model_config(base: BaseWeights, vocab_size: int) -> dict[str, Any]:
    """The `config.json` of the adapted model (`Gemma3TextConfig`)."""
    read = {key.removeprefix("gemma3."): value for key, value in base.metadata.items()}
    layers = read["block_count"]
    return {
        "architectures": ["Gemma3ForCausalLM"],
        "model_type": "gemma3_text",
        "dtype": "bfloat16",
        "vocab_size": vocab_size,
        "hidden_size": read["embedding_length"],
        "intermediate_size": read["feed_forward_length"],
        "num_hidden_layers": layers,
        "num_attention_heads": read["attention.head_count"],
        "num_key_value_heads": read["attention.head_count_kv"],
        "head_dim": read["attention.key_length"],
        "query_pre_attn_scalar": read["attention.key_length"],
        "max_position_embeddings": read["context_length"],
        "rms_norm_eps": read["attention.layer_norm_rms_epsilon"],
        "hidden_activation": "gelu_pytorch_tanh",
        "sliding_window": read["attention.sliding_window"],
        # Gemma 3 looks at the whole text in every sixth layer and at a window in the others.
        "layer_types": ["sliding_attention" if (n + 1) % 6 else "full_attention" for n in range(layers)],
        "rope_parameters": {
            "full_attention": {"rope_theta": read["rope.freq_base"], "rope_type": "default"},
            "sliding_attention": {"rope_theta": 10000.0, "rope_type": "default"},
        },
        "attention_bias": False,
        "attention_dropout": 0.0,
        "tie_word_embeddings": True,
        "bos_token_id": read["tokenizer.ggml.bos_token_id"],
        "eos_token_id": read["tokenizer.ggml.eos_token_id"],
        "pad_token_id": read["tokenizer.ggml.padding_token_id"],
        "use_cache": True,
    }


def write_safetensors(path: Path, weights: Mapping[str, Floats]) -> None:
    """Save values that are bfloat16's as bfloat16."""
    import torch
    from safetensors.torch import save_file

    tensors = {name: torch.tensor(values).bfloat16() for name, values in weights.items()}
    save_file(tensors, path, metadata={"format": "pt"})
