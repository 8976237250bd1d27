"""Tokens a second of training with the frozen weights in float32 and in int8, and how far their gradients agree.

Two copies of the model take the same batches in turn, so that other work on the machine falls on both alike. The ratio
is the median over the batches, the first of each shape left out where it compiles.

usage: python -m tests.benchmarks.training BASE DATA [STEPS] [THREADS]
"""

import statistics
import sys
import time
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer

from models.training.examples import SEED, Examples
from models.training.int8 import quantise_frozen
from models.training.mixture import MIXTURE, rows
from models.training.train import PROJECTIONS, loss_of

WARM_UP_STEPS = 6
ADAPTER = Path(__file__).parents[2] / "models" / "embedded" / "adapter"


def adapted(base: str) -> Any:
    """The base under the shipped adapter, ready to be trained."""
    model: Any = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32, attn_implementation="sdpa")
    if (ADAPTER / "adapter_model.safetensors").exists():
        return PeftModel.from_pretrained(model, ADAPTER, is_trainable=True).float()
    return get_peft_model(model, LoraConfig(r=32, lora_alpha=32, target_modules=PROJECTIONS))


def main(base: str, data: str, steps: str = "20", threads: str = "2") -> None:
    """Print both speeds, their ratio and the cosine of the gradients."""
    torch.set_num_threads(int(threads))
    models = {"float32": adapted(base), "int8": adapted(base)}
    quantise_frozen(models["int8"])
    material = {part: rows(part, Path(data), None) for part in MIXTURE}
    batches = list(
        islice(Examples(AutoTokenizer.from_pretrained(base), material, SEED).batches(), WARM_UP_STEPS + int(steps))
    )
    speeds: dict[str, list[float]] = {name: [] for name in models}
    cosines = []
    for batch in batches:
        gradients = []
        for name, model in models.items():
            began = time.perf_counter()
            loss, tokens = loss_of(model.base_model.model, batch)
            loss.backward()  # type: ignore[no-untyped-call]
            speeds[name].append(tokens / (time.perf_counter() - began))
            gradients.append(torch.cat([w.grad.flatten() for w in model.parameters() if w.grad is not None]))
            model.zero_grad(set_to_none=True)
        cosines.append(torch.nn.functional.cosine_similarity(*gradients, dim=0).item())
    measured = {name: found[WARM_UP_STEPS:] for name, found in speeds.items()}
    ratio = statistics.median(b / a for a, b in zip(measured["float32"], measured["int8"], strict=True))
    told = ", ".join(f"{name} {statistics.median(found):.0f} tokens a second" for name, found in measured.items())
    print(f"{told}: {ratio:.2f} times; cosine of the gradients {statistics.median(cosines):.3f} in the median")


if __name__ == "__main__":
    main(*sys.argv[1:])
