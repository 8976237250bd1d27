"""The whole recipe on one GPU, in minutes: cross-entropy first, then minimum risk training.

Stage one reads the mixture in large batches while the learning rate falls to almost nothing, and saves OUT/likelihood.
Stage two repeats rounds: the model translates and summarises rows of the mixture, as a beam or as samples, and learns
to prefer the answers with the higher reward (`rewards.py`, `risk.py`). It saves OUT/risk. The adapter that ships is a
mean with the adapter before (`average.py`). After each stage the run prints BLEU and chrF on `--held-out` news pairs
that no training reads. `--likelihood` is the first stage's share of the minutes; 0 skips it.

usage: python -m models.training.train_gpu BASE OUT --data FOLDER [--from ADAPTER] [--rank 64] [--minutes 9]

Hypotheses are learned from at once and not kept. Reading continues where the record of the adapter ends. A CPU can run
it, slowly; `train.py` is made for that. PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True in the environment keeps
batches of many shapes from fragmenting the memory.
"""

import argparse
import queue
import random
import statistics
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import islice, takewhile
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import torch
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from transformers import AutoModelForCausalLM, AutoTokenizer

from models.training import risk, sampling
from models.training.development import Development
from models.training.examples import SEED, Examples, read_history, write_history
from models.training.lowrank import LowRankModel
from models.training.mixture import MIXTURE, Part, Row, rows
from models.training.train import loss_of, rate_at

# Share of the minutes for training; the rest is for the last evaluation.
TRAINING_SHARE = 0.97
# Share of the second stage after which no more samples are made, so that there is time to learn from them.
SAMPLING_SHARE = 0.85
BATCH_TOKENS, RISK_BATCH_TOKENS = 16_384, 24_576
LEARNING_RATES = {"likelihood": 8e-4, "risk": 2e-4}
REWARD_WORKERS = 12


class Clock:
    """The share of a run that is over."""

    def __init__(self, minutes: float) -> None:
        self._began = time.monotonic()
        self._seconds = 60 * minutes

    def within(self, start: float, end: float) -> float:
        """The share that is over of a stage between two shares of the run."""
        return ((time.monotonic() - self._began) / self._seconds - start) / (end - start)


def prefetch(made: Iterable[Any], count: int = 80) -> Generator[Any, None, None]:
    """The same items, made by another thread, up to `count` ahead."""
    ready: queue.Queue[Any] = queue.Queue(count)
    end = object()
    stopped = threading.Event()

    def work() -> None:
        last: Any = end
        try:
            for one in made:
                if stopped.is_set():
                    return
                ready.put(one)
        except Exception as error:
            last = error
        ready.put(last)

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    try:
        while (one := ready.get()) is not end:
            if isinstance(one, Exception):
                raise one
            yield one
    finally:
        stopped.set()
        while worker.is_alive():  # Its source must not move on after this.
            while not ready.empty():
                ready.get_nowait()
            worker.join(0.01)


def train_stage(
    model: LowRankModel,
    losses: Iterable[Callable[[], tuple[torch.Tensor, int]]],
    highest: float,
    share: Callable[[], float],
) -> int:
    """Take a step for each loss until the stage is over; the number of tokens that were read."""
    fused = model.causal.device.type == "cuda"
    optimizer = torch.optim.AdamW(model.weights, lr=highest, betas=(0.9, 0.99), weight_decay=0.0, fused=fused)
    began, tokens = time.monotonic(), 0
    total = torch.zeros((), device=model.causal.device)
    for step, loss_and_count in enumerate(losses, 1):
        over = share()
        if over >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = rate_at(step, over, highest, decay=1)
        loss, count = loss_and_count()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.weights, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        tokens += count
        total += loss.detach()
        if step % 50 == 0:
            pace = tokens / (time.monotonic() - began)
            print(
                f"step {step}, {tokens} tokens, loss {total.item() / 50:.3f}, {pace:.0f} a second, {over:.0%}",
                flush=True,
            )
            total.zero_()
    return tokens


def risk_rounds(
    model: LowRankModel,
    tokenizer: Any,
    examples: Examples,
    parts: dict[str, Part],
    share: Callable[[], float],
    steps: int | None,
) -> Iterator[Callable[[], tuple[torch.Tensor, int]]]:
    """Rounds of sampling answers to the next rows and yielding their losses, as long as there is time for both.

    `share` is the part of the stage that is over; `steps` cuts a round short.
    """
    with ProcessPoolExecutor(REWARD_WORKERS, get_context("spawn")) as pool:
        took = 0.0
        while (so_far := share()) + took <= 1:
            began = time.monotonic()
            in_time = takewhile(
                lambda _: share() < SAMPLING_SHARE, sampling.sample(model, tokenizer, examples, parts, pool)
            )
            samples = list(islice(in_time, steps and 8 * steps))
            found = [risk.Candidates(prompt, answers, rewards.result()) for prompt, answers, rewards in samples]
            means = [statistics.fmean(choice.rewards) for choice in found] or [0.0]
            seconds = time.monotonic() - began
            print(
                f"{len(found)} rows sampled in {seconds:.0f} s, mean reward {statistics.fmean(means):.4f}", flush=True
            )
            for batch in risk.batches(found, examples.places["news"], RISK_BATCH_TOKENS):
                yield partial(risk.loss_of, model.causal, batch)
            took = share() - so_far


def held_out(material: dict[Part, list[Row]], count: int) -> list[Row]:
    """Take `count` news pairs, and the segments that contain them, out of the material; the pairs."""
    (news, segments, *_) = material
    held = random.Random(SEED).sample(material[news], min(count, len(material[news]) // 4))
    sources = {source for source, _ in held}
    material[news] = [row for row in material[news] if row[0] not in sources]
    if held:
        material[segments] = [row for row in material[segments] if not any(source in row[0] for source in sources)]
    return held


def evaluate_held_out(
    model: LowRankModel, examples: Examples, tokenizer: Any, part: Part, held: Sequence[Row], stage: str
) -> None:
    """Print BLEU and chrF of the model's translations of the held-out pairs, with a beam of four."""
    if not held:
        return
    by_prompt = {tuple(examples.encode(part, source, target)[0]): target for source, target in held}
    said, wanted = [], []
    with model.merged() as causal:
        for group in sampling.grouped([(list(prompt), []) for prompt in by_prompt], 4, sampling.MAX_BATCH_TOKENS):
            found = sampling.generate_answers(
                causal, [p for p, _ in group], 160, num_beams=4, length_penalty=0.85, do_sample=False
            )
            for (prompt, _), best in zip(group, found, strict=True):
                said.append(tokenizer.decode(best[0], skip_special_tokens=True).strip() if best else "")
                wanted.append(by_prompt[tuple(prompt)])
    bleu, chrf = BLEU().corpus_score(said, [wanted]), CHRF().corpus_score(said, [wanted])
    words = sum(len(text.split()) for text in said) / sum(len(text.split()) for text in wanted)
    print(f"{stage}: BLEU {bleu.score:.2f}, chrF {chrf.score:.2f}, {words:.3f} of the reference's words", flush=True)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--from", dest="start", type=Path)
    parser.add_argument("--rank", type=int, default=64)
    parser.add_argument("--minutes", type=float, default=9)
    parser.add_argument("--likelihood", type=float, default=0.5, help="its share of the minutes")
    parser.add_argument("--held-out", type=int, default=500, help="pairs of the news that are not read")
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--steps", type=int, help="end each stage after this many steps, to try the recipe")
    args = parser.parse_args()
    if not 0 <= args.likelihood < TRAINING_SHARE:
        parser.error(f"--likelihood is a share of the minutes, from 0 to less than {TRAINING_SHARE}")
    return args


def main() -> None:
    """Train as the command line says."""
    args = arguments()
    clock = Clock(args.minutes)
    torch.manual_seed(SEED)
    torch.set_float32_matmul_precision("high")
    tokenizer = AutoTokenizer.from_pretrained(args.base)
    causal: Any = AutoModelForCausalLM.from_pretrained(args.base, dtype=torch.bfloat16, attn_implementation="sdpa")
    model = LowRankModel(causal.to(args.device), args.rank, args.start)
    development = Development.read(args.data)
    material = {part: rows(part, args.data, development) for part in MIXTURE}
    held = held_out(material, args.held_out)
    parts = {part.name: part for part in MIXTURE}
    history = read_history(args.start)
    examples = Examples(tokenizer, material, SEED, history["places"], BATCH_TOKENS)
    print({part.name: f"{examples.places[part.name]} of {len(found)}" for part, found in material.items()}, flush=True)

    def save(stage: str, tokens: int) -> None:
        history["seen"] += tokens
        model.save_pretrained(args.out / stage)
        write_history({"seen": history["seen"], "places": {**history["places"], **examples.places}}, args.out / stage)
        evaluate_held_out(model, examples, tokenizer, MIXTURE[0], held, stage)

    evaluate_held_out(model, examples, tokenizer, MIXTURE[0], held, "start")
    if args.likelihood:
        placed = prefetch((dict(examples.places), batch) for batch in examples.batches())
        places = dict(examples.places)

        def likelihood() -> Iterator[Callable[[], tuple[torch.Tensor, int]]]:
            nonlocal places
            for so_far, batch in placed:
                places = so_far
                yield partial(loss_of, causal, batch)

        first = islice(likelihood(), args.steps)
        tokens = train_stage(model, first, LEARNING_RATES["likelihood"], partial(clock.within, 0, args.likelihood))
        placed.close()
        examples.places = places  # Without the batches that were made ahead.
        save("likelihood", tokens)
    risk_share = partial(clock.within, args.likelihood, TRAINING_SHARE)
    second = islice(risk_rounds(model, tokenizer, examples, parts, risk_share, args.steps), args.steps)
    save("risk", train_stage(model, second, LEARNING_RATES["risk"], risk_share))


if __name__ == "__main__":
    main()
