"""Low-rank adaptation for a GPU: projections are merged at every step, and rounded as the int8 engine rounds.

`peft` adds the adapter's product to the result of each projection, which is cheaper where a step reads a thousand
tokens. With tens of thousands it is cheaper to merge: W + B A is one small product. Weights and activations are rounded
to int8 with a scale for each row, and gradients ignore the rounding, so that the adapter is trained as it will run.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn.functional import linear

from models.embedded.weights import Adapter
from models.training.int8 import quantised
from models.training.train import PROJECTIONS

WEIGHTS = "adapter_model.safetensors"


def round_to_int8(values: Tensor) -> Tensor:
    """Rows rounded to int8, in the type and with the gradient of the values."""
    whole, scale = quantised(values.float().flatten(0, -2))
    return (whole * scale).view_as(values).to(values.dtype).detach() + (values - values.detach())


def rms_norm(weight: Tensor, epsilon: float, values: Tensor) -> Tensor:
    """Gemma's norm, as transformers computes it."""
    wide = values.float().flatten(0, -2)
    wide = wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + epsilon) * (1.0 + weight.float())
    return wide.view_as(values).to(values.dtype)


def _compiled(device: torch.device, *functions: Any) -> Iterator[Any]:
    """The functions, compiled on a GPU to one pass over memory; on a CPU compiling takes too long."""
    if device.type != "cuda":
        return iter(functions)
    torch._dynamo.config.recompile_limit = 64  # Types, widths and modes make more variants than the default of eight.
    return (torch.compile(function, dynamic=True) for function in functions)


class LowRank(nn.Module):
    """A projection without bias: frozen weights (out, in), and the factors a (rank, in) and b (out, rank)."""

    def __init__(self, frozen: Tensor, a: Tensor, b: Tensor, rounding: Any) -> None:
        super().__init__()
        self.frozen = frozen
        self.a, self.b = nn.Parameter(a), nn.Parameter(b)
        self.merged: Tensor | None = None
        self._rounding = rounding

    def effective(self) -> Tensor:
        """The merged weights, rounded, in the type of the frozen ones."""
        whole: Tensor = self._rounding(torch.addmm(self.frozen.float(), self.b, self.a))
        return whole.to(self.frozen.dtype)

    def forward(self, values: Tensor) -> Tensor:
        """As `nn.Linear`."""
        if self.merged is not None:
            return linear(values, self.merged)
        return linear(self._rounding(values), self.effective())


class LowRankModel:
    """A causal model of Hugging Face whose projections are `LowRank`, from an adapter where one is given.

    A rank above that of the adapter gives it new directions, which at first add nothing.
    """

    def __init__(self, causal: Any, rank: int, start: Path | None = None) -> None:
        self.causal = causal
        self._rank = rank
        pairs = {}
        if start:
            adapter = Adapter.read(start)
            pairs = {name: (a, adapter.scale * b) for name, (a, b) in adapter.pairs.items()}
        rounding, norm = _compiled(causal.device, round_to_int8, rms_norm)
        self._layers: dict[str, LowRank] = {}
        for weight in causal.parameters():
            weight.requires_grad = False
        for name, module in list(causal.named_modules()):
            if isinstance(module, nn.Linear) and name.rpartition(".")[2] in PROJECTIONS:
                a, b = _factors(module.weight, rank, pairs.get(f"{name}.weight"))
                self._layers[name] = LowRank(module.weight.data, a, b, rounding)
                causal.set_submodule(name, self._layers[name])
            elif type(module).__name__ == "Gemma3RMSNorm":
                module.forward = partial(norm, module.weight, module.eps)

    @property
    def weights(self) -> list[nn.Parameter]:
        """The factors."""
        return [factor for layer in self._layers.values() for factor in (layer.a, layer.b)]

    @contextmanager
    def merged(self) -> Iterator[Any]:
        """The causal model with its projections merged once, for generation."""
        with torch.no_grad():
            for layer in self._layers.values():
                layer.merged = layer.effective()
            try:
                yield self.causal
            finally:
                for layer in self._layers.values():
                    layer.merged = None

    def save_pretrained(self, out: Path) -> None:
        """Write the adapter as `peft` does, in bfloat16."""
        out.mkdir(parents=True, exist_ok=True)
        kept = {}
        for name, layer in self._layers.items():
            for letter, factor in (("A", layer.a), ("B", layer.b)):
                values = factor.detach().to("cpu", torch.bfloat16).contiguous()
                kept[f"base_model.model.{name}.lora_{letter}.weight"] = values
        save_file(kept, out / WEIGHTS, metadata={"format": "pt"})
        LoraConfig(
            r=self._rank, lora_alpha=self._rank, target_modules=PROJECTIONS, inference_mode=True
        ).save_pretrained(str(out))


def _factors(weight: Tensor, rank: int, given: Sequence[Any] | None) -> tuple[Tensor, Tensor]:
    """Factors for a weight (out, in), in float32 beside it; the first directions are the given ones."""
    columns = weight.shape[1]
    a = torch.empty(rank, columns).uniform_(-1 / math.sqrt(columns), 1 / math.sqrt(columns))  # as peft begins
    b = torch.zeros(weight.shape[0], rank)
    if given is not None:
        known, other = (torch.from_numpy(factor) for factor in given)
        if len(known) > rank:
            raise ValueError(f"the adapter has rank {len(known)}, more than {rank}")
        a[: len(known)], b[:, : len(known)] = known, other
    return a.to(weight.device), b.to(weight.device)
