"""Training in the arithmetic that ships: frozen projections multiply in int8, forwards and for the input's gradient.

Weights have a scale for each output; activations and gradients have one for each row. The adapter is trained with the
rounding of CTranslate2, and a step is short on a processor with int8 instructions (AVX512-VNNI). The adapter's own
matrices and their gradients stay in float32. This is SwitchBack (Wortsman et al., "Stable and low-precision training
for large-scale vision-language models", 2023) for frozen weights.
"""

import shutil
from typing import Any

import torch
from peft.tuners.lora import Linear as LoraLinear
from torch import Tensor, nn

MAX_INT8 = 127
Rows = tuple[Tensor, Tensor]


def quantised(values: Tensor) -> Rows:
    """int8 values of shape (rows, columns) and the float scale of each row, (rows, 1)."""
    scale = values.abs().amax(1, keepdim=True).clamp(min=1e-12) / MAX_INT8
    return (values / scale).round().to(torch.int8), scale


def _quantised_product(values: Tensor, columns: Tensor) -> Rows:
    return quantised(values * columns)


def _scaled(products: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    return products.float() * rows * columns


def has_compiler() -> bool:
    """Whether there is the C++ compiler that torch.compile asks for."""
    return shutil.which("g++") is not None


class CompiledSteps:
    """The operations around the products, each compiled to one pass where there is a C++ compiler."""

    def __init__(self) -> None:
        self.compiled = has_compiler()
        self.quantised_product = self._compiled(_quantised_product)
        self.scaled = self._compiled(_scaled)
        self._quantised = self._compiled(quantised)
        self._last: tuple[Tensor, Rows] | None = None

    def quantised(self, source: Tensor) -> Rows:
        """`quantised(source)`, done once for layers in a row that read the same source."""
        if self._last is None or self._last[0].data_ptr() != source.data_ptr() or self._last[0].shape != source.shape:
            self._last = source, self._quantised(source)
        return self._last[1]

    def _compiled(self, function: Any) -> Any:
        return torch.compile(function, dynamic=True) if self.compiled else function


class FrozenInt8(nn.Module):
    """A layer's frozen weight: `weight` of shape (outputs, inputs), `scale` (outputs,)."""

    weight: Tensor
    scale: Tensor
    one: Tensor

    def __init__(self, weight: Tensor, steps: CompiledSteps) -> None:
        super().__init__()
        self.steps = steps
        values, scale = quantised(weight)
        self.register_buffer("weight", values)
        self.register_buffer("scale", scale.flatten())
        self.register_buffer("one", scale.new_ones(1))

    def product(self, source: Tensor) -> Tensor:
        """`source @ weight.T`, (rows, inputs) to (rows, outputs)."""
        values, rows = self.steps.quantised(source)
        product: Tensor = self.steps.scaled(torch._int_mm(values, self.weight.t()), rows, self.scale)
        return product

    def gradient(self, gradient: Tensor) -> Tensor:
        """The source's gradient from the product's, (rows, outputs) to (rows, inputs)."""
        values, rows = self.steps.quantised_product(gradient, self.scale)
        product: Tensor = self.steps.scaled(torch._int_mm(values, self.weight), rows, self.one)
        return product


class _Product(torch.autograd.Function):
    """`source @ (frozen + b @ a).T`, the first in int8 and without a gradient."""

    @staticmethod
    def forward(ctx: Any, source: Tensor, a: Tensor, b: Tensor, frozen: FrozenInt8) -> Tensor:
        low = source @ a.t()
        ctx.frozen = frozen
        ctx.save_for_backward(source, low, a, b)
        return frozen.product(source).addmm_(low, b.t())

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor, Tensor, None]:
        source, low, a, b = ctx.saved_tensors
        of_low = gradient @ b
        of_source = ctx.frozen.gradient(gradient).addmm_(of_low, a)
        return of_source, of_low.t() @ source, gradient.t() @ low, None


class Int8Lora(LoraLinear):
    """A LoRA layer whose base is a `FrozenInt8`; PEFT saves it like any other LoRA layer."""

    def forward(self, source: Tensor) -> Tensor:
        """(…, inputs) to (…, outputs), float32."""
        (adapter,) = self.active_adapters
        a, b = self.lora_A[adapter].weight, self.lora_B[adapter].weight
        product: Tensor = _Product.apply(source.reshape(-1, source.shape[-1]), a, b, self.base_layer)  # type: ignore[no-untyped-call]
        return product.view(*source.shape[:-1], -1)


def quantise_frozen(model: nn.Module) -> None:
    """Put the frozen weight of each of the model's LoRA layers into int8, and compile its small layers.

    To be called once, after the adapter is in place. Raises ValueError for an adapter that is scaled or has dropout,
    and for layers with a bias.
    """
    steps = CompiledSteps()
    # Norms of two ranks, and batches of one row and of several, are compiled separately.
    torch._dynamo.config.recompile_limit = 64
    for layer in model.modules():
        if isinstance(layer, LoraLinear):
            (adapter,) = layer.active_adapters
            dropout = not isinstance(layer.lora_dropout[adapter], nn.Identity)
            if layer.scaling[adapter] != 1 or dropout or layer.base_layer.bias is not None:
                raise ValueError("a layer with dropout, a bias or a scaled adapter cannot be trained in int8")
            layer.base_layer = FrozenInt8(layer.base_layer.weight.data, steps)
            layer.__class__ = Int8Lora
        elif steps.compiled and type(layer).__name__.endswith(("RMSNorm", "GELUTanh")):
            layer.compile(dynamic=True)
