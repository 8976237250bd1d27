"""Train the adapter on a CPU, in runs that resume: LoRA on all seven projections of the trimmed base.

The learning rate is constant after a short warm-up. `--decay SHARE` lowers it to almost nothing over the last share of
the minutes, for an adapter that is to be used. A run ends after `--minutes`, or at SIGTERM or Ctrl-C, with everything
saved; `--resume` continues it, `--from ADAPTER` starts from an adapter alone. `mixture.py` has the data, and the
adapter's `training.json` how far it was read: no row is read twice before all were read once.

Each save also writes the mean of the weights since the last save, as an adapter under `means/`, named by the tokens
seen; `average.py` joins several. Weights averaged over many steps translate better than those of any step (Izmailov et
al., Averaging Weights Leads to Wider Optima, 2018); LOG.md says by how much.

With `--hypotheses FILE`, made by `hypotheses.py`, the adapter learns from its own translations (`risk.py`), and from
summaries so that it does not forget them. Such a run ends with the file.

usage: python -m models.training.train BASE OUT --data FOLDER --minutes 150 [--resume | --from ADAPTER] [--decay 0.2]
       python -m models.training.train BASE OUT --data FOLDER --from ADAPTER --hypotheses FILE --rate 1.5e-4 --decay 1

BASE is the trimmed base in Hugging Face format (`python -m models.embedded.build --base FOLDER` makes it); needs the
extra `kurzum[train]`. With glibc, MALLOC_MMAP_MAX_=0 and MALLOC_TRIM_THRESHOLD_=4000000000 in the environment save a
few percent of the time, because each step reuses the memory of the last.
"""

import argparse
import math
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from torch.optim.swa_utils import get_swa_multi_avg_fn
from transformers import AutoModelForCausalLM, AutoTokenizer

from models.training import risk
from models.training.development import Development
from models.training.examples import SEED, Example, Examples, read_history, write_history
from models.training.int8 import quantise_frozen
from models.training.mixture import MIXTURE, rows

PROJECTIONS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
WARM_UP_STEPS = 40
SAVE_INTERVAL_SECONDS = 600
MEANS_FOLDER = "means"
# The parts of one optimiser step: each computes a loss and the number of tokens it read.
Step = Sequence[Callable[[], tuple[torch.Tensor, int]]]
# Weight of a batch of summaries beside two batches of hypotheses.
SUMMARY_WEIGHT = 0.5


def loss_of(causal: Any, batch: list[Example]) -> tuple[torch.Tensor, int]:
    """The mean cross-entropy of the answer tokens, and the number of tokens that were read.

    The padding needs no mask: it stands behind everything that a token can see.
    """
    lengths = [len(prompt) + len(answer) for prompt, answer in batch]
    ids = torch.zeros(len(batch), max(lengths), dtype=torch.long)
    labels = torch.full_like(ids, -100)
    for row, (prompt, answer) in enumerate(batch):
        ids[row, : lengths[row]] = torch.tensor(prompt + answer)
        labels[row, len(prompt) : lengths[row]] = torch.tensor(answer)
    labels = labels[:, 1:]
    row, column = (labels != -100).nonzero().T.to(causal.device)
    hidden = causal.model(input_ids=ids.to(causal.device), use_cache=False).last_hidden_state
    logits = causal.lm_head(hidden[row, column]).float()  # The head is computed for answer tokens only.
    return torch.nn.functional.cross_entropy(logits, labels[labels != -100].to(causal.device)), sum(lengths)


def likelihood_steps(causal: Any, examples: Examples) -> Iterator[Step]:
    """One step for each batch of the mixture, without end."""
    for batch in examples.batches():
        yield [partial(loss_of, causal, batch)]


def risk_steps(causal: Any, made: Sequence[Sequence[risk.Candidates]], summaries: Examples) -> Iterator[Step]:
    """One step for each batch of candidates; every second one also reads summaries, so that these are not forgotten."""

    def beside(batch: list[Example]) -> tuple[torch.Tensor, int]:
        loss, count = loss_of(causal, batch)
        return SUMMARY_WEIGHT * loss, count

    for number, (batch, others) in enumerate(zip(made, summaries.batches(), strict=False)):
        yield [partial(risk.loss_of, causal, batch), *([partial(beside, others)] if number % 2 else [])]


def rate_at(step: int, share: float, highest: float, decay: float) -> float:
    """The learning rate of a step when `share` of the run's time is over."""
    rate = highest * min(1.0, step / WARM_UP_STEPS)
    if decay and share > 1 - decay:
        rate *= 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * (share - 1 + decay) / decay))
    return rate


class RunningMean:
    """The mean of the trained weights over the steps since the last save."""

    def __init__(self, weights: list[torch.nn.Parameter]) -> None:
        self._weights = weights
        self._mean = [weight.detach().clone() for weight in weights]
        self._steps = 0
        self._update = get_swa_multi_avg_fn()  # type: ignore[no-untyped-call]

    def __bool__(self) -> bool:
        return self._steps > 0

    def add(self) -> None:
        """Add the current weights to the mean."""
        self._update(self._mean, [weight.detach() for weight in self._weights], self._steps)
        self._steps += 1

    def save(self, model: Any, out: Path) -> None:
        """Write the mean of at least one step as an adapter, and begin a new mean."""
        self._swap()
        model.save_pretrained(out)
        self._swap()
        self._steps = 0

    def _swap(self) -> None:
        for weight, mean in zip(self._weights, self._mean, strict=True):
            weight.data, mean.data = mean.data, weight.data


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=150)
    parser.add_argument("--decay", type=float, default=0.0)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--from", dest="start", type=Path)
    parser.add_argument("--hypotheses", type=Path, help="minimum risk training on these")
    parser.add_argument("--rank", type=int, default=32)
    parser.add_argument("--rate", type=float, default=6e-4)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--arithmetic", choices=["int8", "float32"], default="int8", help="of the frozen weights")
    parser.add_argument("--steps", type=int, help="end after this many steps, to try the recipe")
    args = parser.parse_args()
    if args.hypotheses and args.resume:
        parser.error("a run on --hypotheses reads its file once: it cannot be resumed, only begun --from an adapter")
    return args


def main() -> None:
    """Train as the command line says."""
    args = arguments()
    torch.set_num_threads(args.threads)
    torch.manual_seed(SEED)
    args.out.mkdir(parents=True, exist_ok=True)
    state_file = args.out / "state.pt"
    state = torch.load(state_file) if args.resume and state_file.exists() else None
    start = args.out if state else args.start
    history = state["history"] if state else read_history(args.start)
    seen, places = history["seen"], history["places"]

    tokenizer = AutoTokenizer.from_pretrained(args.base)
    model: Any = AutoModelForCausalLM.from_pretrained(args.base, dtype=torch.float32, attn_implementation="sdpa")
    if start:
        model = PeftModel.from_pretrained(model, start, is_trainable=True)
    else:
        model = get_peft_model(model, LoraConfig(r=args.rank, lora_alpha=args.rank, target_modules=PROJECTIONS))
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    if args.arithmetic == "int8":
        quantise_frozen(model)
    optimizer = torch.optim.AdamW(weights, lr=args.rate, betas=(0.9, 0.99), weight_decay=0.0)
    if state:
        optimizer.load_state_dict(state["optimizer"])
    mean = RunningMean(weights)

    def save() -> None:
        history = {"seen": seen, "places": {**places, **examples.places}}
        model.save_pretrained(args.out)
        write_history(history, args.out)
        if mean:
            of_these_steps = args.out / MEANS_FOLDER / f"{seen:09}"
            mean.save(model, of_these_steps)
            write_history(history, of_these_steps)
        fresh = state_file.with_suffix(".new")
        torch.save({"history": history, "optimizer": optimizer.state_dict()}, fresh)
        fresh.replace(state_file)

    stopped = False

    def stop(*_: object) -> None:
        nonlocal stopped
        stopped = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    development = Development.read(args.data)
    parts = [part for part in MIXTURE if not (args.hypotheses and part.prompt == "translation")]
    material = {part: rows(part, args.data, development) for part in parts}
    examples = Examples(tokenizer, material, SEED, places)
    print({part.name: f"{examples.places[part.name]} of {len(found)}" for part, found in material.items()}, flush=True)
    causal = model.base_model.model
    steps, length = likelihood_steps(causal, examples), math.inf
    if args.hypotheses:
        (news, *_) = MIXTURE
        made = risk.batches(risk.read_candidates(args.hypotheses, partial(examples.encode, news)), SEED)
        steps, length = risk_steps(causal, made, examples), len(made)
        places |= risk.places(args.hypotheses)
    began = saved = time.monotonic()
    tokens, losses = 0, []
    for step, parts_of_step in enumerate(islice(steps, args.steps), 1):
        share = max((time.monotonic() - began) / (60 * args.minutes), (step - 1) / length)
        if share >= 1 or stopped:
            break
        rate = rate_at(step, share, args.rate, args.decay)
        for group in optimizer.param_groups:
            group["lr"] = rate
        for part in parts_of_step:
            loss, count = part()
            loss.backward()  # type: ignore[no-untyped-call]
            seen, tokens = seen + count, tokens + count
            losses.append(loss.item())
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        mean.add()
        optimizer.zero_grad(set_to_none=True)
        if step % 50 == 0:
            pace = tokens / (time.monotonic() - began)
            print(
                f"{seen} tokens, loss {sum(losses) / len(losses):.3f}, rate {rate:.2e}, {pace:.0f} a second", flush=True
            )
            losses = []
        if time.monotonic() - saved > SAVE_INTERVAL_SECONDS:
            save()
            saved = time.monotonic()
    save()
    print(f"saved after {seen} tokens", flush=True)


if __name__ == "__main__":
    main()
