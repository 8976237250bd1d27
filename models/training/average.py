"""Average adapters of one line of training, factor by factor, into the bfloat16 adapter that ships.

Two adapters of one line of training differ by the noise of small batches. Their mean has less noise, and smaller
matrices. LOG.md says what that brought.

usage: python -m models.training.average OUT ADAPTER [ADAPTER...] [--shares 0.4 0.6]

Configuration and record are copied from the last adapter. An adapter of a lower rank than the last counts as zero in
the directions that it does not have.
"""

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from models.training.examples import HISTORY_FILE

WEIGHTS, CONFIGURATION = "adapter_model.safetensors", "adapter_config.json"
Weights = dict[str, torch.Tensor]


def average(adapters: Sequence[Path], shares: Sequence[float], out: Path) -> None:
    """Write the mean of the adapters, each with its share.

    Raises ValueError for shares that are not one for each adapter or not 1 in all, and for adapters of other shapes.
    """
    if len(shares) != len(adapters) or abs(sum(shares) - 1) > 1e-6:
        raise ValueError(f"{len(adapters)} adapters need as many shares that make 1: {', '.join(map(str, shares))}")
    loaded = [load_file(adapter / WEIGHTS) for adapter in adapters]
    loaded = [_pad_to_rank(weights, loaded[-1]) for weights in loaded]
    shapes = [{name: tensor.shape for name, tensor in weights.items()} for weights in loaded]
    if any(other != shapes[0] for other in shapes):
        raise ValueError("the adapters have different matrices: only those of one line of training can be averaged")
    mean = {
        name: sum(share * weights[name].float() for share, weights in zip(shares, loaded, strict=True))
        for name in shapes[0]
    }
    out.mkdir(parents=True, exist_ok=True)
    kept = {name: torch.as_tensor(tensor).to(torch.bfloat16).contiguous() for name, tensor in mean.items()}
    save_file(kept, out / WEIGHTS, metadata={"format": "pt"})
    for name in (CONFIGURATION, HISTORY_FILE):
        if (adapters[-1] / name).is_file():
            shutil.copyfile(adapters[-1] / name, out / name)


def _pad_to_rank(weights: Weights, other: Weights) -> Weights:
    """The adapter at the rank of the other: A of the new directions is the other's, B is zero."""
    found = {}
    for name, values in weights.items():
        wanted = other.get(name, values)
        more = wanted.detach().clone()
        if "lora_A" in name and more.shape[1:] == values.shape[1:] and len(more) > len(values):
            more[: len(values)] = values
        elif "lora_B" in name and len(more) == len(values) and more.shape[1] > values.shape[1]:
            more.zero_()[:, : values.shape[1]] = values
        else:
            more = values
        found[name] = more
    return found


def main() -> None:
    """Average as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("adapters", type=Path, nargs="+")
    parser.add_argument("--shares", type=float, nargs="+", help="of each adapter, 1 in all; else equal ones")
    args = parser.parse_args()
    try:
        average(args.adapters, args.shares or [1 / len(args.adapters)] * len(args.adapters), args.out)
    except ValueError as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
