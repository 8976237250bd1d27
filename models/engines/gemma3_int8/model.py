"""Gemma 3 in torch for a CPU: weights in int8 that are packed once, and one cache for all beams of a source.

CTranslate2 packs a weight anew for each product, on processors where it computes with oneDNN; in a search of few rows
that is most of its time. FBGEMM, which torch brings, packs at loading (Khudia et al., "FBGEMM: Enabling
High-Performance Low-Precision Deep Learning Inference", 2021). The shape is that of transformers' `Gemma3ForCausalLM`,
which tests hold this against.
"""

import json
import math
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn.functional import gelu, scaled_dot_product_attention

from models.engines.int8_weights import MAX_INT8, row_scales

# The steps a cache has room for before it grows.
CACHE_GROWTH_STEPS = 32
Linear = Callable[[Tensor], Tensor]
Packing = Callable[[Tensor], Linear]


class Int8Linear:
    """`rows @ weight.T`, the weight of shape (outputs, inputs) in int8 with a scale for each output.

    Each row of (rows, inputs) has a scale of its own, found as it comes, so that what shares its batch does not matter.
    Its sums are exact on every processor: see `int8_weights`.
    """

    def __init__(self, weight: Tensor) -> None:
        scale = torch.from_numpy(row_scales(weight.numpy()))
        zeros = torch.zeros_like(scale, dtype=torch.long)
        with warnings.catch_warnings(), _fbgemm():  # torch is pinned; a later release may want another way to pack.
            warnings.filterwarnings("ignore", "torch.quantize_per_tensor", UserWarning)
            whole = torch.quantize_per_channel(weight, scale, zeros, 0, torch.qint8)
            self._packed = torch.ops.quantized.linear_prepack(whole, None)

    def __call__(self, rows: Tensor) -> Tensor:
        """(rows, inputs) to (rows, outputs), float32."""
        largest = rows.abs().amax(1, keepdim=True).clamp_(min=1e-12)
        product: Tensor = torch.ops.quantized.linear_with_input_q_dq_qweight_dq_output_fp32(
            rows / largest, 1 / MAX_INT8, MAX_INT8 + 1, self._packed
        )
        return product.mul_(largest)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a configuration says of the computation, in its own words."""

    num_attention_heads: int
    num_key_value_heads: int
    head_dim: int
    query_pre_attn_scalar: float
    rms_norm_eps: float
    sliding_window: int
    layer_types: tuple[str, ...]

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> "Shape":
        """Raises ValueError for another architecture than the one computed here."""
        if config["model_type"] != "gemma3_text" or config.get("attention_bias") or not config["tie_word_embeddings"]:
            raise ValueError(f"{config['model_type']} of this kind is not a Gemma 3 that is computed here")
        values = {name: config[name] for name in cls.__dataclass_fields__}
        return cls(**values | {"layer_types": tuple(config["layer_types"])})


@dataclass(frozen=True, slots=True)
class Layer:
    """The weights of one layer; what reads the same rows is one matrix."""

    sliding: bool
    query_key_value: Linear
    out: Linear
    gate_up: Linear
    down: Linear
    norms: Mapping[str, Tensor]


class KVCache:
    """Keys and values of some sources, and which of them each of their beams sees.

    A source's prompt is held once, and what its beams add stands side by side behind it: a beam that goes on from
    another changes what it sees, and nothing is moved. `keys` and `values` are one tensor a layer, (sources, key-value
    heads, slots, head_dim); `seen`, added to the scores, is (sources, beams, slots), 0 or minus infinity; `places`,
    where a slot stands in its text, (sources, slots); `next` is the place of the next token of each source.
    """

    def __init__(self, keys: list[Tensor], values: list[Tensor], lengths: Tensor, beams: int) -> None:
        sources, slots = len(lengths), keys[0].shape[2]
        self.keys, self.values, self.beams = keys, values, beams
        self.filled, self.next = slots, lengths
        self.positions = torch.arange(slots).repeat(sources, 1)
        padding = self.positions >= lengths[:, None]
        self.mask = torch.zeros(sources, beams, slots).masked_fill_(padding[:, None], -math.inf)

    def keep(self, sources: Sequence[int]) -> None:
        """Forget all sources but these."""
        rows = torch.tensor(sources)
        for pools in (self.keys, self.values):
            for number, pool in enumerate(pools):
                pools[number] = pool[rows]
        self.next, self.positions, self.mask = self.next[rows], self.positions[rows], self.mask[rows]

    def append(self, origins: Tensor) -> None:
        """Make room for one more token a beam, which goes on from the beam that `origins` (sources, beams) names."""
        if self.filled == self.keys[0].shape[2]:
            for pools in (self.keys, self.values):
                for number, pool in enumerate(pools):
                    sources, heads, _, size = pool.shape
                    room = pool.new_empty(sources, heads, CACHE_GROWTH_STEPS * self.beams, size)
                    pools[number] = torch.cat([pool, room], 2)
        seen = self.mask.gather(1, origins[:, :, None].expand(-1, -1, self.filled))
        own = torch.full((self.beams, self.beams), -math.inf).fill_diagonal_(0)
        self.mask = torch.cat([seen, own.expand(len(seen), -1, -1)], 2)
        self.positions = torch.cat([self.positions, self.next[:, None].expand(-1, self.beams)], 1)
        self.filled += self.beams

    def mask_within(self, window: int) -> Tensor:
        """What the newest tokens see of the last `window` places, as `seen`."""
        beyond = self.next[:, None] - self.positions >= window
        return self.mask.masked_fill(beyond[:, None], -math.inf) if beyond.any() else self.mask


class Gemma3:
    """A Gemma 3 that reads prompts and then goes on from them, token by token."""

    def __init__(self, weights: Mapping[str, Tensor], config: Mapping[str, Any], linear: Packing = Int8Linear) -> None:
        """`weights` by their names in a Hugging Face folder; `linear` makes a product of each matrix, in float32."""
        self._shape = Shape.of(config)
        self._embedding = weights["model.embed_tokens.weight"]
        self._scale = math.sqrt(self._embedding.shape[1])
        self._head: Linear = linear(self._embedding.float())
        self._norm = 1 + weights["model.norm.weight"].float()
        self._layers = [
            _layer(weights, f"model.layers.{number}.", self._shape, kind == "sliding_attention", linear)
            for number, kind in enumerate(self._shape.layer_types)
        ]
        self._inverse_frequencies = {
            kind == "sliding_attention": _inverse_frequencies(rope["rope_theta"], self._shape.head_dim)
            for kind, rope in config["rope_parameters"].items()
        }

    def prefill(self, prompts: Sequence[Sequence[int]], beams: int) -> tuple[Tensor, KVCache]:
        """The logits after each prompt, (prompts, vocabulary), and the cache to go on with so many beams each."""
        lengths = torch.tensor([len(prompt) for prompt in prompts])
        longest = int(lengths.max())
        ids = torch.zeros(len(prompts), longest, dtype=torch.long)
        for row, prompt in enumerate(prompts):
            ids[row, : len(prompt)] = torch.tensor(prompt)
        turned = self._rotary(torch.arange(longest))
        near: Tensor | None = None
        if longest > self._shape.sliding_window:
            back = torch.arange(longest)[:, None] - torch.arange(longest)
            near = (back >= 0) & (back < self._shape.sliding_window)
        keys, values = [], []

        def attend(layer: Layer, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
            query, key, value = (rows.transpose(1, 2) for rows in (query, key, value))
            keys.append(key.contiguous())
            values.append(value.contiguous())
            mask = near if layer.sliding else None
            # What pads a shorter prompt stands behind it, where none of its tokens looks.
            read = scaled_dot_product_attention(
                query, key, value, mask, is_causal=mask is None, scale=self._query_scale, enable_gqa=True
            )
            return read.transpose(1, 2)

        hidden = self._run_layers(ids, turned, attend)
        last = hidden[torch.arange(len(prompts)), lengths - 1]
        logits = self._head(_rms_norm(last, self._norm, self._shape.rms_norm_eps))
        return logits, KVCache(keys, values, lengths, beams)

    def step(self, tokens: Tensor, origins: Tensor, cache: KVCache) -> Tensor:
        """The logits (sources, beams, vocabulary) after one more token for each beam.

        `tokens` and `origins`, the beam that each goes on from, are (sources, beams).
        """
        cache.append(origins)
        start, end = cache.filled - cache.beams, cache.filled
        seen = {True: cache.mask_within(self._shape.sliding_window), False: cache.mask}
        heads = self._shape.num_key_value_heads
        each = self._shape.num_attention_heads // heads
        sources, beams = tokens.shape
        masks = {kind: mask.repeat_interleave(each, 1)[:, None] for kind, mask in seen.items()}
        pools = iter(zip(cache.keys, cache.values, strict=True))

        def attend(layer: Layer, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
            all_keys, all_values = next(pools)
            all_keys[:, :, start:end] = key.transpose(1, 2)
            all_values[:, :, start:end] = value.transpose(1, 2)
            # All beams of a source and all heads of a key are rows of one product.
            rows = query.view(sources, beams, heads, each, -1).transpose(1, 2).reshape(sources, heads, beams * each, -1)
            read = scaled_dot_product_attention(
                rows, all_keys[:, :, :end], all_values[:, :, :end], masks[layer.sliding], scale=self._query_scale
            )
            return read.view(sources, heads, beams, each, -1).transpose(1, 2)

        hidden = self._run_layers(tokens, self._rotary(cache.next[:, None]), attend)
        cache.next = cache.next + 1
        rows = _rms_norm(hidden, self._norm, self._shape.rms_norm_eps).flatten(0, 1)
        return self._head(rows).view(sources, beams, -1)

    @property
    def _query_scale(self) -> float:
        return float(self._shape.query_pre_attn_scalar**-0.5)

    def _rotary(self, places: Tensor) -> dict[bool, tuple[Tensor, Tensor]]:
        """Cosine and sine for places, (…, 1 head, head_dim), in sliding layers and in others."""
        turned = {}
        for kind, rates in self._inverse_frequencies.items():
            angles = (places[..., None] * rates)[..., None, :]
            cosine, sine = angles.cos(), angles.sin()
            turned[kind] = torch.cat([cosine, cosine], -1), torch.cat([-sine, sine], -1)
        return turned

    def _run_layers(self, ids: Tensor, turned: Mapping[bool, tuple[Tensor, Tensor]], attend: Any) -> Tensor:
        """(rows, columns) of ids to their (rows, columns, hidden) after the last layer."""
        shape, eps = self._shape, self._shape.rms_norm_eps
        heads, others = shape.num_attention_heads, shape.num_key_value_heads
        hidden = self._embedding[ids.flatten()].float() * self._scale
        for layer in self._layers:
            norms = layer.norms
            rows = layer.query_key_value(_rms_norm(hidden, norms["input_layernorm"], eps))
            parts = rows.view(*ids.shape, heads + 2 * others, shape.head_dim)
            normed = _rms_norm(parts[:, :, : heads + others], norms["query_key"], eps)
            query, key = torch.split(_rotate(normed, *turned[layer.sliding]), [heads, others], 2)
            read = attend(layer, query, key, parts[:, :, heads + others :]).reshape(len(hidden), -1)
            hidden = _add_normalised(hidden, layer.out(read), norms["post_attention_layernorm"], eps)
            gate, up = layer.gate_up(_rms_norm(hidden, norms["pre_feedforward_layernorm"], eps)).chunk(2, 1)
            down = layer.down(gelu(gate, approximate="tanh").mul_(up))
            hidden = _add_normalised(hidden, down, norms["post_feedforward_layernorm"], eps)
        return hidden.view(*ids.shape, -1)


@contextmanager
def _fbgemm() -> Iterator[None]:
    """Pack for FBGEMM; the setting belongs to the process, and is put back."""
    before = torch.backends.quantized.engine
    torch.backends.quantized.engine = "fbgemm"
    try:
        yield
    finally:
        torch.backends.quantized.engine = before


def load(folder: Path, linear: Packing = Int8Linear) -> Gemma3:
    """The model of a Hugging Face folder. Raises ValueError for another architecture."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    return Gemma3(load_file(folder / "model.safetensors"), config, linear)


def _layer(weights: Mapping[str, Tensor], prefix: str, shape: Shape, sliding: bool, linear: Packing) -> Layer:
    def matrix(*names: str) -> Linear:
        return linear(torch.cat([weights[f"{prefix}{name}.weight"].float() for name in names]))

    norms = {
        name[len(prefix) : -len(".weight")]: 1 + values.float()
        for name, values in weights.items()
        if name.startswith(prefix) and name.endswith("norm.weight")
    }
    query, key = norms.pop("self_attn.q_norm"), norms.pop("self_attn.k_norm")
    norms["query_key"] = torch.cat(
        [query.expand(shape.num_attention_heads, -1), key.expand(shape.num_key_value_heads, -1)]
    )
    return Layer(
        sliding,
        matrix("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
        matrix("self_attn.o_proj"),
        matrix("mlp.gate_proj", "mlp.up_proj"),
        matrix("mlp.down_proj"),
        norms,
    )


def _inverse_frequencies(theta: float, size: int) -> Tensor:
    """How fast each half of a head's dimensions turns (Su et al., RoFormer, 2021)."""
    return theta ** -(torch.arange(0, size, 2) / size)


def _inverse_rms(values: Tensor, eps: float) -> Tensor:
    """One over the root mean square of the last dimension."""
    return (values * values).mean(-1, keepdim=True).add_(eps).rsqrt_()


def _rms_norm(values: Tensor, weight: Tensor, eps: float) -> Tensor:
    """Root mean square normalisation, in fewer passes than torch's own takes on a CPU."""
    return values.mul(_inverse_rms(values, eps)).mul_(weight)


def _add_normalised(hidden: Tensor, values: Tensor, weight: Tensor, eps: float) -> Tensor:
    """`hidden` with the normalised values added."""
    return torch.addcmul(hidden, values.mul(_inverse_rms(values, eps)), weight)


def _rotate(values: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    """Rotary embedding; the first half of `sine` is negative."""
    return torch.addcmul(values * cosine, values.roll(values.shape[-1] // 2, -1), sine)
