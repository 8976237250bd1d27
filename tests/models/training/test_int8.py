"""int8 below an adapter: nearly the same values and gradients, and what is saved stays as it was."""

import copy
from typing import Any

import pytest
import torch
from peft import LoraConfig, get_peft_model
from peft.utils import get_peft_model_state_dict
from torch import nn

from models.training import int8
from models.training.int8 import Int8Lora, quantise_frozen, quantised

# peft asks transformers by the old name.
pytestmark = pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning")


class Pair(nn.Module):
    """Two projections of one source, as of a layer's queries and keys, and a third of what they give."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two = nn.Linear(64, 48, bias=False), nn.Linear(64, 48, bias=False)
        self.three = nn.Linear(48, 16, bias=False)

    def forward(self, source: torch.Tensor) -> torch.Tensor:
        return self.three(torch.nn.functional.gelu(self.one(source)) * self.two(source))


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Any:
    """An adapter on the pair whose second factors are not nothing; not compiled."""
    monkeypatch.setattr(int8, "has_compiler", lambda: False)
    torch.manual_seed(1)
    adapted = get_peft_model(Pair(), LoraConfig(r=4, lora_alpha=4, target_modules=["one", "two", "three"]))
    for name, weight in adapted.named_parameters():
        if "lora_B" in name:
            nn.init.normal_(weight, std=0.1)
    return adapted


def gradients(model: nn.Module, source: torch.Tensor) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    """The output, and the gradient of each trained weight and of the source."""
    source = source.clone().requires_grad_()
    output = model(source)
    output.square().sum().backward()
    found = {name: weight.grad for name, weight in model.named_parameters() if weight.requires_grad}
    return output.detach(), {**found, "source": source.grad}


def test_values_are_rounded_by_row_to_the_largest_of_each() -> None:
    values, scale = quantised(torch.tensor([[1.0, -2.0, 0.5], [0.0, 0.0, 0.0], [300.0, 1.0, -100.0]]))
    assert values.tolist() == [[64, -127, 32], [0, 0, 0], [127, 0, -42]]
    assert torch.allclose(values * scale, torch.tensor([[1.0, -2.0, 0.5], [0, 0, 0], [300, 0, -100]]), atol=1.2)


def test_outputs_and_gradients_are_nearly_those_of_float32(model: Any) -> None:
    source = torch.randn(3, 5, 64)
    exact = copy.deepcopy(model)
    quantise_frozen(model)
    assert sum(isinstance(layer, Int8Lora) for layer in model.modules()) == 3
    expected, wanted = gradients(exact, source)
    output, found = gradients(model, source)
    assert output.shape == expected.shape
    assert (output - expected).norm() < 0.03 * expected.norm()
    assert (output != expected).any()
    assert found.keys() == wanted.keys()
    for name, gradient in found.items():
        assert (gradient - wanted[name]).norm() < 0.05 * wanted[name].norm(), name


def test_sources_of_equal_shape_are_not_taken_for_each_other(model: Any) -> None:
    quantise_frozen(model)
    first, second = torch.randn(2, 64), torch.randn(2, 64)
    alone = model(second)
    model(first)
    assert (model(second) == alone).all()


def test_what_is_saved_is_the_adapter_under_its_names(model: Any) -> None:
    before = {name: weight.clone() for name, weight in get_peft_model_state_dict(model).items()}
    quantise_frozen(model)
    after = get_peft_model_state_dict(model)
    assert before.keys() == after.keys()
    assert all((before[name] == after[name]).all() for name in before)


def test_a_layer_that_it_would_compute_wrongly_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(int8, "has_compiler", lambda: False)
    scaled = get_peft_model(Pair(), LoraConfig(r=4, lora_alpha=8, target_modules=["one"]))
    with pytest.raises(ValueError, match="cannot be trained in int8"):
        quantise_frozen(scaled)


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # torch's compiler warns in itself.
def test_compiled_it_is_the_same(model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no C++ compiler, both are as written."""
    source = torch.randn(4, 64)
    compiled = copy.deepcopy(model)
    quantise_frozen(model)
    monkeypatch.undo()
    quantise_frozen(compiled)
    expected, wanted = gradients(model, source)
    output, found = gradients(compiled, source)
    assert torch.allclose(output, expected, atol=1e-4)
    for name, gradient in found.items():
        assert (gradient - wanted[name]).norm() < 0.02 * wanted[name].norm(), name
