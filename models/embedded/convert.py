"""The adapted model in CTranslate2's format, written from numpy arrays.

CTranslate2's own converter loads the checkpoint with transformers first, which takes longer than everything else here
together. This is its `Gemma3Loader` for one architecture, without that; a test holds the two against each other.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models.embedded.base import Floats
from models.embedded.weights import EMBEDDING_NAME


def write_ctranslate2(
    weights: Mapping[str, Floats],
    config: Mapping[str, Any],
    tokens: Sequence[str],
    target: Path,
    quantization: str = "int8",
) -> None:
    """Write `model.bin`, `config.json` and `vocabulary.json` into `target`, which must not exist.

    `weights` by Hugging Face names, `config` as `weights.model_config` makes it, `tokens` in the order of their ids.
    """
    from ctranslate2.specs import common_spec, transformer_spec

    local, everywhere = (config["rope_parameters"][kind] for kind in ("sliding_attention", "full_attention"))
    heads_kv = config["num_key_value_heads"]
    spec = transformer_spec.TransformerDecoderModelSpec.from_config(
        config["num_hidden_layers"],
        config["num_attention_heads"],
        activation=common_spec.Activation.GELUTanh,
        pre_norm=True,
        ffn_glu=True,
        rms_norm=True,
        rotary_dim=config["head_dim"],
        rotary_interleave=False,
        rotary_base=local["rope_theta"],
        num_heads_kv=None if heads_kv == config["num_attention_heads"] else heads_kv,
        head_dim=config["head_dim"],
        sliding_window=config["sliding_window"],
        pre_post_layer_norm=True,
        qk_norm=True,
    )
    decoder = spec.decoder
    decoder.scale_embeddings = True
    decoder.start_from_zero_embedding = False
    decoder.embeddings.weight = weights[EMBEDDING_NAME]
    decoder.projection.weight = weights[EMBEDDING_NAME]
    _set_norm(decoder.layer_norm, weights["model.norm.weight"])
    for number, (layer, kind) in enumerate(zip(decoder.layer, config["layer_types"], strict=True)):
        _set_layer(layer, weights, f"model.layers.{number}.")
        attention = layer.self_attention
        attention.rotary_base = np.float32((everywhere if kind == "full_attention" else local)["rope_theta"])
        attention.sliding_window = np.int32(0 if kind == "full_attention" else config["sliding_window"])
    spec.register_vocabulary(list(tokens))
    spec.config.bos_token = tokens[config["bos_token_id"]]
    spec.config.eos_token = tokens[config["eos_token_id"]]
    spec.config.unk_token = "<unk>"
    spec.config.layer_norm_epsilon = config["rms_norm_eps"]
    spec.validate()
    spec.optimize(quantization=quantization)
    target.mkdir(parents=True)
    spec.save(str(target))


def _set_layer(layer: Any, weights: Mapping[str, Floats], prefix: str) -> None:
    def of(name: str) -> Floats:
        return weights[f"{prefix}{name}.weight"]

    _set_norm(layer.input_layer_norm, of("input_layernorm"))
    _set_norm(layer.post_attention_layer_norm, of("post_attention_layernorm"))
    _set_norm(layer.pre_feedforward_layer_norm, of("pre_feedforward_layernorm"))
    _set_norm(layer.post_feedforward_layer_norm, of("post_feedforward_layernorm"))
    attention = layer.self_attention
    _set_norm(attention.q_norm, of("self_attn.q_norm"))
    _set_norm(attention.k_norm, of("self_attn.k_norm"))
    attention.linear[0].weight = np.concatenate([of(f"self_attn.{part}_proj") for part in "qkv"])
    attention.linear[1].weight = of("self_attn.o_proj")
    layer.ffn.linear_0.weight = of("mlp.gate_proj")
    layer.ffn.linear_0_noact.weight = of("mlp.up_proj")
    layer.ffn.linear_1.weight = of("mlp.down_proj")


def _set_norm(spec: Any, values: Floats) -> None:
    spec.gamma = values
    spec.layer_norm_use_residual = True  # multiply by 1 + gamma
