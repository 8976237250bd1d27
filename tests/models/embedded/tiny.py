"""Base weights of a few kilobytes in the format of the real ones."""

from pathlib import Path

import numpy as np

LAYERS, HIDDEN, INNER, HEADS, HEAD_DIM = 6, 32, 64, 2, 16
TOKENS = ["<pad>", "<eos>", "<bos>", "<unk>", "\n", "▁", *"abcdefghijklmnopqrstuvwxyz", "ab", "er", "▁d", "der"]
TYPES = [3, 3, 3, 3, 4] + [1] * (len(TOKENS) - 5)
KEPT = [number for number, token in enumerate(TOKENS) if token not in ("x", "y", "▁d")]
METADATA = {
    "block_count": LAYERS,
    "context_length": 64,
    "embedding_length": HIDDEN,
    "feed_forward_length": INNER,
    "attention.head_count": HEADS,
    "attention.head_count_kv": 1,
    "attention.key_length": HEAD_DIM,
    "attention.sliding_window": 8,
}


def shapes() -> dict[str, tuple[int, ...]]:
    """Each tensor of a Gemma 3 of this size, by GGUF's names."""
    found: dict[str, tuple[int, ...]] = {"token_embd.weight": (len(TOKENS), HIDDEN), "output_norm.weight": (HIDDEN,)}
    for n in range(LAYERS):
        for norm in ("attn_norm", "post_attention_norm", "ffn_norm", "post_ffw_norm"):
            found[f"blk.{n}.{norm}.weight"] = (HIDDEN,)
        found[f"blk.{n}.attn_q_norm.weight"] = found[f"blk.{n}.attn_k_norm.weight"] = (HEAD_DIM,)
        found[f"blk.{n}.attn_q.weight"] = (HEADS * HEAD_DIM, HIDDEN)
        found[f"blk.{n}.attn_k.weight"] = found[f"blk.{n}.attn_v.weight"] = (HEAD_DIM, HIDDEN)
        found[f"blk.{n}.attn_output.weight"] = (HIDDEN, HEADS * HEAD_DIM)
        found[f"blk.{n}.ffn_gate.weight"] = found[f"blk.{n}.ffn_up.weight"] = (INNER, HIDDEN)
        found[f"blk.{n}.ffn_down.weight"] = (HIDDEN, INNER)
    return found


def write_gguf(path: Path) -> dict[str, np.ndarray]:
    """Random weights by the library's own writer: norms unpacked, everything else in Q8_0. Returns what went in."""
    from gguf import GGMLQuantizationType, GGUFWriter
    from gguf.quants import quantize

    writer = GGUFWriter(path, "gemma3")
    for key, number in METADATA.items():
        writer.add_uint32(f"gemma3.{key}", number)
    writer.add_float32("gemma3.attention.layer_norm_rms_epsilon", 1e-6)
    writer.add_float32("gemma3.rope.freq_base", 1e6)
    writer.add_bool("general.small", True)
    writer.add_token_list(TOKENS)
    writer.add_token_types(TYPES)
    for key, number in (("bos", 2), ("eos", 1), ("padding", 0)):
        writer.add_uint32(f"tokenizer.ggml.{key}_token_id", number)
    random = np.random.default_rng(3)
    values = {}
    for name, shape in shapes().items():
        values[name] = random.normal(1.0 if "norm" in name else 0.0, 0.1 if "norm" in name else 0.4, shape).astype("f")
        if "norm" in name:
            writer.add_tensor(name, values[name])
        else:
            kind = GGMLQuantizationType.Q8_0
            writer.add_tensor(name, quantize(values[name], kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return values
