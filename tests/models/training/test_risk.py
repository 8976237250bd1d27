"""Learning to choose: a row of hypotheses is read as if each were alone, and the nearer one becomes likelier."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM

from models.decoding import Hypothesis
from models.embedded import build as builds
from models.training import hypotheses, risk
from models.training.examples import order
from models.training.mixture import MIXTURE
from models.training.risk import Candidates
from models.training.train import PROJECTIONS
from tests.fakes import FakeEngine
from tests.models.embedded.data import write_data, write_pairs

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning"),
]
CANDIDATES = [
    Candidates([2, 5, 6, 7], [[8, 9, 1], [10, 1], [11, 12, 8, 1]], (0.9, 0.1)),
    Candidates([2, 9], [[5, 1], [6, 7, 8, 9, 1], [10, 1], [11, 12, 1]], (0.2, 0.3, 0.7)),
]


@pytest.fixture
def model(shipped: Path, tmp_path: Path) -> Any:
    builds.build_base(tmp_path / "base")
    torch.manual_seed(1)
    base = AutoModelForCausalLM.from_pretrained(tmp_path / "base", dtype=torch.float32)
    return get_peft_model(base, LoraConfig(r=2, lora_alpha=2, target_modules=PROJECTIONS, init_lora_weights=False))


def likelihoods(model: Any, candidates: Candidates) -> list[torch.Tensor]:
    """The log probability of each answer, each read alone behind the prompt."""
    found = []
    for answer in candidates.answers:
        logits = model(input_ids=torch.tensor([candidates.prompt + answer])).logits[0, len(candidates.prompt) - 1 : -1]
        found.append(logits.log_softmax(-1)[torch.arange(len(answer)), torch.tensor(answer)].sum())
    return found


def expected_worth(model: Any, candidates: Candidates) -> float:
    lengths = torch.tensor([float(len(answer)) for answer in candidates.answers[:-1]])
    means = torch.stack(likelihoods(model, candidates)[:-1]) / lengths
    shares = (risk.SCORE_SHARPNESS * lengths.mean() * means).softmax(0)
    return float((shares * torch.tensor(candidates.rewards)).sum())


def test_a_row_of_hypotheses_is_as_if_each_were_read_alone(model: Any) -> None:
    with torch.no_grad():
        loss, tokens = risk.loss_of(model.base_model.model, CANDIDATES)
        human = [likelihoods(model, candidates)[-1] for candidates in CANDIDATES]
        entropy = -sum(float(one) for one in human) / sum(len(candidates.answers[-1]) for candidates in CANDIDATES)
        worse = [sum(c.rewards) / len(c.rewards) - expected_worth(model, c) for c in CANDIDATES]
    assert tokens == sum(candidates.tokens for candidates in CANDIDATES) == 4 + 9 + 2 + 12
    assert float(loss) == pytest.approx(entropy + risk.RISK_WEIGHT * sum(worse) / 2, rel=1e-4)


def test_what_is_nearer_to_the_humans_becomes_likelier(model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(risk, "RISK_WEIGHT", 100.0)
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.SGD(weights, lr=5e-3)
    with torch.no_grad():
        before = [expected_worth(model, candidates) for candidates in CANDIDATES]
    for _ in range(4):
        risk.loss_of(model.base_model.model, CANDIDATES)[0].backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        optimizer.zero_grad()
    with torch.no_grad():
        after = [expected_worth(model, candidates) for candidates in CANDIDATES]
    assert sum(after) > sum(before)


def test_batches_hold_every_choice_once_and_none_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(risk, "MAX_BATCH_TOKENS", 60)
    many = [Candidates([2] * (1 + n % 7), [[n, 1], [3, 1]], (0.5,)) for n in range(50)]
    made = risk.batches(many, 1)
    assert sorted(candidates.answers[0][0] for batch in made for candidates in batch) == list(range(50))
    assert all(len(batch) * max(candidates.tokens for candidates in batch) <= 60 for batch in made)
    assert made == risk.batches(many, 1) != risk.batches(many, 2)


def write(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_lines_that_leave_no_choice_are_passed_over_and_the_best_is_what_the_human_wrote(tmp_path: Path) -> None:
    human = "the dog sleeps in the garden today"
    said = [human, "a cat sleeps in the garden today", "nothing of the kind"]
    row = {"source": "s", "target": human, "part": "news", "place": 7}
    file = write(
        tmp_path / "said.jsonl",
        {**row, "hypotheses": said},
        {**row, "hypotheses": said[:1], "place": 9},
        {**row, "hypotheses": said[1:], "part": "other"},
    )
    first, second = risk.read_candidates(file, lambda source, text: ([len(source)], [len(text)]))
    assert first.rewards[0] == pytest.approx(1)
    assert 1 > first.rewards[1] > first.rewards[2] > 0
    assert first.answers == [[len(text)] for text in (*said, human)]
    assert len(second.rewards) == 2
    assert risk.places(file) == {"news": 9, "other": 7}


def test_the_sentences_are_the_next_that_training_would_read(tmp_path: Path) -> None:
    data = write_data(tmp_path / "data")
    write_pairs(data, "train.newstest2008", [(" ".join(["haus"] * n), " ".join(["house"] * n)) for n in range(5, 25)])
    (tmp_path / "training.json").write_text('{"seen": 5, "places": {"news": 3}}', encoding="utf-8")
    found = hypotheses.unread_pairs(FakeEngine(), data, tmp_path, 16)
    news = [one for one in found if one.part == "news"]
    (part,) = (part for part in MIXTURE if part.name == "news")
    rows = hypotheses.rows(part, data, None)
    ahead = list(enumerate(order(20261122, "news", 0, len(rows))[3:], 4))
    expected = [(*rows[n], place) for place, n in ahead if len(rows[n][0].split()) >= hypotheses.MIN_SIDE_TOKENS]
    assert [(one.source, one.target, one.place) for one in news] == expected[:14]
    assert len(news) == 14


def test_only_what_came_to_an_end_is_a_hypothesis() -> None:
    best = Hypothesis("one", 3, True, alternatives=(Hypothesis("two", 9, False), Hypothesis("three", 3, True)))
    engine = FakeEngine(lambda *_: best)
    (row,) = hypotheses.translate_unread(engine, [hypotheses.UnreadPair("ein Satz", "a sentence", "news", 4)])
    assert row == {
        "source": "ein Satz", "target": "a sentence", "part": "news", "place": 4, "hypotheses": ["one", "three"],
    }  # fmt: skip


def test_the_commands_make_hypotheses_and_learn_from_them(run: Any, tmp_path: Path, monkeypatch: Any) -> None:
    run(tmp_path / "given", "--steps", "1")
    data, said = tmp_path / "training", tmp_path / "said.jsonl"
    monkeypatch.setattr(hypotheses, "MIN_SIDE_TOKENS", 1)
    options = ["--data", str(data), "--adapter", str(tmp_path / "given"), "--sentences", "8"]
    monkeypatch.setattr(sys, "argv", ["hypotheses", str(tmp_path / "cache"), str(said), *options])
    hypotheses.main()
    rows = [json.loads(line) for line in said.read_text(encoding="utf-8").splitlines()]
    assert [row["part"] for row in rows].count("other") == 1
    made = write(said, *({**row, "hypotheses": ["the house", "a cat"]} for row in rows))
    before = json.loads((tmp_path / "given" / "training.json").read_bytes())
    run(tmp_path / "out", "--from", str(tmp_path / "given"), "--hypotheses", str(made), "--decay", "1")
    after = json.loads((tmp_path / "out" / "training.json").read_bytes())
    assert after["seen"] > before["seen"]
    assert after["places"]["segments"] == before["places"]["segments"]
    assert after["places"]["news"] == max(row["place"] for row in rows if row["part"] == "news")
