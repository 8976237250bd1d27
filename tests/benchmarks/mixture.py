"""What a part of the mixture brings: the same adapter trained on with it and without, at equal tokens.

Each mixture starts from the shipped adapter with a new optimizer, reads as many tokens as the others, the rate falling
to nothing, and is held against development sets: the mean cross-entropy of a token of the human answer (lower is
better). All see the same held-out rows, so that small differences tell; whether a reader would notice, they do not.

usage: python -m tests.benchmarks.mixture BASE DATA [TOKENS] [THREADS] [MIXTURE...]
"""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from transformers import AutoTokenizer

from models.training.development import Development
from models.training.examples import SEED, Examples, grouped
from models.training.int8 import quantise_frozen
from models.training.mixture import MIXTURE, Part, rows
from models.training.train import loss_of
from tests.benchmarks.training import adapted

RATE, WARM_UP_STEPS = 3e-4, 20
HELD_OUT = {
    Part("sentences", "translation", 1, ("dev.newstest2019*",)): 300,
    Part("segments", "translation", 1, ("dev.newstest2019*",), segments=True): 60,
    Part("summaries", "summarization", 1, ("dev.cnndm_en*",)): 50,
    Part("direct", "direct", 1, ("dev.cnndm_mtde_en*",)): 50,
}


def without(*names: str) -> tuple[Part, ...]:
    """The mixture without some of its parts, the others in the same proportion."""
    left = [part for part in MIXTURE if part.name not in names]
    whole = sum(part.share for part in left)
    return tuple(replace(part, share=part.share / whole) for part in left)


MIXTURES = {
    "as it is": MIXTURE,
    "without back-translated": without("back-translated"),
    "without segments": without("segments"),
    "without other": without("other"),
    "translation only": without("summaries", "direct"),
}


def trained(base: str, examples: Examples, tokens: int) -> Any:
    """The shipped adapter, trained for so many tokens."""
    torch.manual_seed(SEED)
    model = adapted(base)
    quantise_frozen(model)
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=RATE, betas=(0.9, 0.99), weight_decay=0.0)
    seen = 0
    for step, batch in enumerate(examples.batches(), 1):
        if seen >= tokens:
            return model
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(1.0, step / WARM_UP_STEPS) * (1 - seen / tokens)
        loss, count = loss_of(model.base_model.model, batch)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        seen += count
    raise AssertionError("batches do not end")


def held_out(model: Any, tokenizer: Any, data: Path) -> dict[str, float]:
    """The cross-entropy of an answer's token in each held-out set."""
    found = {}
    for part, most in HELD_OUT.items():
        material = rows(part, data, None)[:most]
        examples = Examples(tokenizer, {part: material}, SEED)
        total, tokens = 0.0, 0
        with torch.no_grad():
            for batch in grouped([examples.take(part) for _ in material]):
                answers = sum(len(answer) for _, answer in batch)
                total += loss_of(model.base_model.model, batch)[0].item() * answers
                tokens += answers
        found[part.name] = total / tokens
    return found


def main(base: str, data: str, tokens: str = "60000", threads: str = "2", *names: str) -> None:
    """Print a line for each mixture, the untrained adapter first."""
    torch.set_num_threads(int(threads))
    tokenizer, folder = AutoTokenizer.from_pretrained(base), Path(data)
    development = Development.read(folder)
    every = {part.name: rows(part, folder, development) for part in MIXTURE}
    for name in ["before", *(names or MIXTURES)]:
        mixture = MIXTURES.get(name, MIXTURE)
        examples = Examples(tokenizer, {part: every[part.name] for part in mixture}, SEED)
        model = trained(base, examples, 0 if name == "before" else int(tokens))
        measured = held_out(model, tokenizer, folder)
        print(f"{name:24s}", "  ".join(f"{part} {loss:.4f}" for part, loss in measured.items()), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
