"""What the number of steps of weights and activations costs the embedded model, in divergence from float32.

Each way computes the same references after the same prompts: printed are the mean Kullback-Leibler divergence a token
and the share of tokens whose most likely one is the same. "as loaded" has the scales of `int8_weights`; the others
divide a row by its largest weight alone. On a processor without VNNI "8 and 8 bits" overflows.

usage: python -m tests.benchmarks.int8_scales CACHE_FOLDER FILE.tsv.gz [LINES]     (German, English, one pair a line)
"""

import gzip
import sys
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

import torch
from torch import Tensor

from models.embedded.build import prepare
from models.engines.gemma3_int8.model import Gemma3, Int8Linear, load
from models.engines.prompting import Prompter
from models.presets import load_preset

Packing = Callable[[Tensor], Callable[[Tensor], Tensor]]


def in_float32(weight: Tensor) -> Callable[[Tensor], Tensor]:
    """The exact product."""
    return lambda rows: rows @ weight.t()


def rounded(weight_steps: int, activation_steps: int) -> Packing:
    """Products in FBGEMM with this many steps on each side of zero."""

    def pack(weight: Tensor) -> Callable[[Tensor], Tensor]:
        scale = weight.abs().amax(1).clamp(min=1e-12).double() / weight_steps
        zeros = torch.zeros_like(scale, dtype=torch.long)
        whole = torch.quantize_per_channel(weight, scale, zeros, 0, torch.qint8)
        packed = torch.ops.quantized.linear_prepack(whole, None)

        def product(rows: Tensor) -> Tensor:
            largest = rows.abs().amax(1, keepdim=True).clamp_(min=1e-12)
            found: Tensor = torch.ops.quantized.linear_with_input_q_dq_qweight_dq_output_fp32(
                rows / largest, 1 / activation_steps, activation_steps + 1, packed
            )
            return found.mul_(largest)

        return product

    return pack


WAYS: dict[str, Packing] = {
    "as loaded": Int8Linear,
    "weights 8, activations 8 bits": rounded(127, 127),
    "weights 7, activations 8 bits": rounded(63, 127),
    "weights 8, activations 7 bits": rounded(127, 63),
}


@torch.inference_mode()
def likelihoods(model: Gemma3, rows: Sequence[tuple[list[int], list[int]]]) -> list[Tensor]:
    """For each prompt and its continuation the log probabilities at each of its places."""
    found = []
    for prompt, continuation in rows:
        steps = [model.prefill([prompt + continuation[:at]], 1)[0][0] for at in range(len(continuation))]
        found.append(torch.stack(steps).log_softmax(-1))
    return found


def main(cache: str, file: str, lines: str = "10") -> None:
    """Print a line for each way."""
    torch.backends.quantized.engine = "fbgemm"
    built = prepare(Path(cache), part="transformers").transformers
    spec = load_preset("embedded").models[0]
    prompts = {task: used.prompt for task, used in spec.tasks.items() if used.prompt is not None}
    prompter = Prompter(built / "tokenizer.json", prompts, spec.window or 0)
    with gzip.open(file, "rt", encoding="utf-8", newline="\n") as text:
        pairs = [row.rstrip("\n").split("\t")[:2] for row in islice(text, int(lines))]
    sources = prompter.encode("translation", [source for source, _ in pairs])
    targets = [prompter.ids(f" {target}") for _, target in pairs]
    rows = list(zip(sources, targets, strict=True))
    expected = likelihoods(load(built, in_float32), rows)
    for name, linear in WAYS.items():
        found = likelihoods(load(built, linear), rows)
        both = list(zip(expected, found, strict=True))
        divergence = sum(float((one.exp() * (one - other)).sum()) for one, other in both)
        same = sum(int((one.argmax(-1) == other.argmax(-1)).sum()) for one, other in both)
        tokens = sum(map(len, expected))
        print(f"{name:32} divergence {divergence / tokens:.4f}  same token {same / tokens:.3f}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
