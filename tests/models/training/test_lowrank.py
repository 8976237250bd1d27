"""Projections merged at every step: the numbers of the adapter as it ships, and what is saved is what was learned."""

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

from models.embedded import build as builds
from models.training.lowrank import LowRankModel, rms_norm, round_to_int8
from models.training.train import loss_of

pytestmark = [
    pytest.mark.slow,
    # peft asks transformers by the old name.
    pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning"),
]
BATCH = [([2, 6, 7, 8, 9, 10], [11, 12, 1]), ([2, 13], [14, 1])]


def load(base: Path) -> Any:
    return AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)


def test_rows_are_rounded_to_255_values_and_gradients_pass() -> None:
    torch.manual_seed(1)
    values = torch.randn(2, 3, 40, requires_grad=True)
    found = round_to_int8(values)
    steps = found / (values.abs().amax(-1, keepdim=True) / 127)
    torch.testing.assert_close(steps, steps.round(), atol=1e-3, rtol=0)
    assert 0 < (found - values).abs().max() < values.abs().max() / 250
    found.sum().backward()  # type: ignore[no-untyped-call]
    assert values.grad is not None
    assert (values.grad == 1).all()


def test_the_norm_is_that_of_transformers(base: Path) -> None:
    norm = load(base).model.norm
    values = torch.randn(2, 5, 32)
    torch.testing.assert_close(rms_norm(norm.weight, norm.eps, values), norm(values))


def test_a_new_direction_adds_nothing_at_first_and_then_learns(run: Any, base: Path, tmp_path: Path) -> None:
    run(tmp_path / "given", "--steps", "2")
    losses = [loss_of(LowRankModel(load(base), rank, tmp_path / "given").causal, BATCH)[0] for rank in (2, 5)]
    torch.testing.assert_close(*losses)
    model = LowRankModel(load(base), 5, tmp_path / "given")
    optimizer = torch.optim.SGD(model.weights, lr=0.1)
    for _ in range(3):
        loss, tokens = loss_of(model.causal, BATCH)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        optimizer.zero_grad()
    assert tokens == 13
    assert loss < losses[0]
    with pytest.raises(ValueError, match="rank 2, more than 1"):
        LowRankModel(load(base), 1, tmp_path / "given")


def test_what_is_saved_is_merged_by_the_build_as_it_was_learned(base: Path, tmp_path: Path) -> None:
    model = LowRankModel(load(base), 3)
    for layer in model.weights[1::2]:
        torch.nn.init.normal_(layer, std=0.1)
    with model.merged() as causal:
        projection = causal.model.layers[1].mlp.up_proj.merged
    assert causal.model.layers[1].mlp.up_proj.merged is None
    model.save_pretrained(tmp_path / "saved")
    builds.use_adapter(tmp_path / "try", tmp_path / "saved")
    built = load_file(builds.prepare(tmp_path / "try").transformers / "model.safetensors")
    found = round_to_int8(built["model.layers.1.mlp.up_proj.weight"].float())
    torch.testing.assert_close(found, projection, atol=0.02, rtol=0)
    again = LowRankModel(load(base), 3, tmp_path / "saved")
    torch.testing.assert_close(loss_of(again.causal, BATCH)[0], loss_of(model.causal, BATCH)[0], rtol=0.01, atol=0)
