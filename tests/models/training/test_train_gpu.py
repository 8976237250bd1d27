"""The whole recipe, each stage a step or two long, on the tiny base and without a GPU."""

import itertools
import json
import sys
import threading
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoTokenizer

from models.training import sampling, train_gpu
from models.training.examples import SEED, Examples, read_history
from models.training.mixture import MIXTURE, rows

pytestmark = [
    pytest.mark.slow,
    # peft asks transformers by the old name.
    pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning"),
]
EOS = 1


class Speaking:
    """A model that answers with the given rows, each behind the prompt."""

    device = torch.device("cpu")
    config = SimpleNamespace(pad_token_id=0, eos_token_id=EOS)

    def __init__(self, *rows: list[int]) -> None:
        self.rows = rows
        self.asked: dict[str, Any] = {}

    def generate(self, **asked: Any) -> torch.Tensor:
        self.asked = asked
        prompts = asked["input_ids"].repeat_interleave(len(self.rows) // len(asked["input_ids"]), 0)
        return torch.cat([prompts, torch.tensor(self.rows)], 1)


def test_answers_end_with_their_end_token_and_are_not_repeated() -> None:
    model = Speaking([5, 6, EOS, 0], [5, 6, EOS, 0], [7, EOS, 0, 0], [8, 8, 8, 8], [EOS, 0, 0, 0], [9, EOS, 0, 0])
    found = sampling.generate_answers(model, [[2, 4, 4], [2, 3]], 4, do_sample=False)
    assert found == [[[5, 6, EOS], [7, EOS]], [[9, EOS]]]
    assert model.asked["input_ids"].tolist() == [[2, 4, 4], [0, 2, 3]]
    assert model.asked["attention_mask"].tolist() == [[1, 1, 1], [0, 1, 1]]
    assert model.asked["do_sample"] is False


def test_groups_hold_every_prompt_and_no_more_than_they_may() -> None:
    examples = [([2] * n, [1]) for n in (50, 3, 200, 90, 41)]
    groups = sampling.grouped(examples, 6, 6 * 2 * 210)
    assert [[len(prompt) for prompt, _ in group] for group in groups] == [[200], [90, 50], [41, 3]]


def test_pairs_that_are_held_out_are_in_no_segment() -> None:
    news, segments = MIXTURE[:2]
    pairs = [(f"Satz {n}.", f"Sentence {n}.") for n in range(10, 50)]
    joined = [(f"{a[0]} {b[0]}", f"{a[1]} {b[1]}") for a, b in itertools.pairwise(pairs)]
    material = {news: list(pairs), segments: joined}
    held = train_gpu.held_out(material, 5)
    assert len(held) == 5
    assert sorted([*held, *material[news]]) == pairs
    left = {sentence for source, _ in material[segments] for sentence, _ in pairs if sentence in source}
    assert left
    assert not left & {source for source, _ in held}


def test_what_another_thread_makes_comes_whole_in_order_and_can_be_left() -> None:
    assert list(train_gpu.prefetch(iter(range(300)), 4)) == list(range(300))
    endless = train_gpu.prefetch(itertools.count(), 4)
    assert next(endless) == 0
    threads = threading.active_count()
    endless.close()
    assert threading.active_count() == threads - 1


def test_what_fails_in_the_other_thread_fails_here() -> None:
    made = train_gpu.prefetch(1 // (2 - n) for n in range(5))
    assert [next(made), next(made)] == [0, 1]
    with pytest.raises(ZeroDivisionError):
        next(made)


def test_rounds_end_where_there_is_no_time_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([0.0, 0.1, 0.4, 0.4, 0.5, 0.8, 0.8])
    rewards: Future[tuple[float, ...]] = Future()
    rewards.set_result((0.2, 0.4))
    told = [([2, 3], [[5, EOS], [6, EOS], [7, EOS]], rewards)]
    monkeypatch.setattr(sampling, "sample", lambda *_: iter(told))
    both: Any = SimpleNamespace(causal="model", places={"news": 1})
    made: list[Any] = list(train_gpu.risk_rounds(both, None, both, {}, lambda: next(times), None))
    assert len(made) == 2  # The third would be over at 1.2.
    assert {loss.args[0] for loss in made} == {"model"}
    assert [choice.rewards for choice in made[0].args[1]] == [(0.2, 0.4)]


def test_sampling_ends_while_there_is_time_to_learn(monkeypatch: pytest.MonkeyPatch) -> None:
    rewards: Future[tuple[float, ...]] = Future()
    rewards.set_result((0.2,))
    monkeypatch.setattr(sampling, "sample", lambda *_: itertools.repeat(([2], [[5, EOS], [6, EOS]], rewards)))
    times = itertools.count(0.0, 0.1)
    both: Any = SimpleNamespace(causal=None, places={"news": 1})
    made: list[Any] = list(train_gpu.risk_rounds(both, None, both, {}, lambda: next(times), None))
    assert sum(len(loss.args[1]) for loss in made) == 8


@pytest.mark.parametrize("share", ["-0.1", "0.97", "1"])
def test_a_share_that_leaves_no_time_for_the_rounds_is_refused(share: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["train_gpu", "base", "out", "--data", "data", f"--likelihood={share}"])
    with pytest.raises(SystemExit):
        train_gpu.arguments()


def test_a_round_without_samples_has_no_losses(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([0.0, 0.9, 0.9])
    monkeypatch.setattr(sampling, "sample", lambda *_: iter(()))
    nothing: Any = SimpleNamespace(causal=None, places={"news": 0})
    assert list(train_gpu.risk_rounds(nothing, None, nothing, {}, lambda: next(times), None)) == []


def test_each_stage_leaves_an_adapter(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tmp_path / "given", "--steps", "1")
    before = read_history(tmp_path / "given")
    monkeypatch.setattr(train_gpu, "REWARD_WORKERS", 1)
    monkeypatch.setattr(train_gpu, "BATCH_TOKENS", 100)
    monkeypatch.setattr(sampling, "ROUND_TOKENS", 300)

    def said(model: Any, prompts: Any, most: int, **how: Any) -> list[list[list[int]]]:
        return [[[6, 7, EOS], [8, EOS]] for _ in prompts]

    monkeypatch.setattr(sampling, "generate_answers", said)  # A few weights by chance end no sentence by themselves.
    options = [
        "--data",
        str(tmp_path / "training"),
        "--from",
        str(tmp_path / "given"),
        "--rank",
        "4",
        "--held-out",
        "1",
    ]
    rest = ["--minutes", "600", "--device", "cpu", "--steps", "2"]
    monkeypatch.setattr(sys, "argv", ["train_gpu", str(tmp_path / "base"), str(tmp_path / "out"), *options, *rest])
    train_gpu.main()
    told = capsys.readouterr().out
    assert all(f"{stage}: BLEU" in told for stage in ("start", "likelihood", "risk"))
    likelihood, risk = (
        load_file(tmp_path / "out" / stage / "adapter_model.safetensors") for stage in ("likelihood", "risk")
    )
    assert any((likelihood[name] != risk[name]).any() for name in likelihood)
    assert {min(tensor.shape) for tensor in likelihood.values()} == {4}
    assert json.loads((tmp_path / "out" / "risk" / "adapter_config.json").read_bytes())["r"] == 4
    first, second = (read_history(tmp_path / "out" / stage) for stage in ("likelihood", "risk"))
    assert before["seen"] < first["seen"] < second["seen"]
    assert all(second["places"][part.name] > before["places"][part.name] for part in MIXTURE)
    # The block at hand is counted, what was made ahead of it is not.
    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "base")
    material = {part: rows(part, tmp_path / "training", None) for part in MIXTURE}
    train_gpu.held_out(material, 1)
    block = Examples(tokenizer, material, SEED, before["places"], 100)
    next(block.batches())
    assert first["places"] == block.places
