"""The recipe on a base of a few thousand weights: it learns, saves, goes on, and always sees the same."""

import json
import math
import re
import signal
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from models.embedded import build as builds
from models.training import train
from models.training.examples import BATCH_TOKENS, BLOCK_BATCHES, MAX_ARTICLE_TOKENS, Examples, read_history
from models.training.mixture import MIXTURE, PROMPTS, Part
from models.training.train import loss_of, rate_at

pytestmark = [
    pytest.mark.slow,
    # peft asks transformers by the old name.
    pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning"),
]


def seen(text: str) -> int:
    """The tokens that the run says it has seen."""
    (said,) = re.findall(r"saved after (\d+) tokens", text)
    return int(said)


def test_a_run_saves_an_adapter_that_the_build_merges(run: Any, tmp_path: Path) -> None:
    saved = run(tmp_path / "out", "--steps", "2")
    assert len(saved) == 2 * 7 * 6  # two factors for each of seven projections in six layers
    assert all(tensor.abs().max() > 0 for tensor in saved.values())  # the second factor begins at nothing
    builds.use_adapter(tmp_path / "try", tmp_path / "out")
    adapted = load_file(builds.prepare(tmp_path / "try").transformers / "model.safetensors")
    plain = load_file(tmp_path / "base" / "model.safetensors")
    changed = {name for name in plain if (plain[name] != adapted[name]).any()}
    assert changed == {name for name in plain if "_proj" in name}


def test_the_same_command_gives_the_same_adapter(run: Any, tmp_path: Path) -> None:
    first, second = (run(tmp_path / name, "--steps", "2") for name in ("one", "two"))
    assert all((first[name] == second[name]).all() for name in first)


def test_a_resumed_run_goes_on_from_its_weights_its_optimizer_and_its_count(
    run: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    before = run(out, "--steps", "2")
    count = seen(capsys.readouterr().out)
    unchanged = run(out, "--resume", "--steps", "0")
    assert seen(capsys.readouterr().out) == count
    assert all((before[name] == unchanged[name]).all() for name in before)
    after = run(out, "--resume", "--steps", "1")
    assert seen(capsys.readouterr().out) > count > 0
    assert any((before[name] != after[name]).any() for name in before)
    steps = {float(row["step"]) for row in torch.load(out / "state.pt")["optimizer"]["state"].values()}
    assert steps == {3}


def test_a_run_from_an_adapter_begins_with_its_weights_and_where_it_stopped_reading(
    run: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = run(tmp_path / "given", "--steps", "2")
    count = seen(capsys.readouterr().out)
    taken = run(tmp_path / "out", "--from", str(tmp_path / "given"), "--steps", "0")
    assert all((given[name] == taken[name]).all() for name in given)
    assert seen(capsys.readouterr().out) == count > 0
    history = read_history(tmp_path / "out")
    assert history == read_history(tmp_path / "given")
    assert all(history["places"][part.name] > 0 for part in MIXTURE)
    run(tmp_path / "out", "--from", str(tmp_path / "given"), "--steps", "1")
    steps = {float(row["step"]) for row in torch.load(tmp_path / "out" / "state.pt")["optimizer"]["state"].values()}
    assert steps == {1}


def test_a_run_that_gets_sigterm_ends_after_its_step_with_everything_saved(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = 0

    def interrupted(*rest: Any) -> Any:
        nonlocal calls
        calls += 1
        signal.raise_signal(signal.SIGTERM)
        return loss_of(*rest)

    monkeypatch.setattr(train, "loss_of", interrupted)
    saved = run(tmp_path / "out", "--steps", "5")
    assert calls == 1
    assert all(tensor.abs().max() > 0 for tensor in saved.values())
    assert json.loads((tmp_path / "out" / "adapter_config.json").read_bytes())["r"] == 2
    assert (tmp_path / "out" / "state.pt").is_file()


def test_a_save_leaves_the_mean_of_the_weights_since_the_one_before(run: Any, tmp_path: Path) -> None:
    one, two = (run(tmp_path / str(steps), "--steps", str(steps)) for steps in (1, 2))
    (folder,) = (tmp_path / "2" / train.MEANS_FOLDER).iterdir()
    mean = load_file(folder / "adapter_model.safetensors")
    assert any((one[name] != two[name]).any() for name in one)
    for name in one:
        torch.testing.assert_close(mean[name], (one[name] + two[name]) / 2)
    assert read_history(folder) == read_history(tmp_path / "2")
    assert int(folder.name) == read_history(folder)["seen"]


def test_each_mean_begins_anew_and_ends_at_a_save(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train, "SAVE_INTERVAL_SECONDS", -1)
    last = run(tmp_path / "out", "--steps", "2")
    first, second = sorted((tmp_path / "out" / train.MEANS_FOLDER).iterdir())
    ends = [load_file(folder / "adapter_model.safetensors") for folder in (first, second)]
    assert all((ends[1][name] == last[name]).all() for name in last)
    assert any((ends[0][name] != last[name]).any() for name in last)


class Letters:
    """A tokenizer whose tokens are characters."""

    eos_token_id = 1

    def __call__(self, text: str, *, add_special_tokens: bool = True) -> Any:
        class Encoded:
            input_ids = [2] * add_special_tokens + [ord(c) for c in text]

        return Encoded

    def decode(self, ids: list[int]) -> str:
        return "".join(map(chr, ids))


def material(length: int = 20) -> dict[Part, list[tuple[str, str]]]:
    return {part: [(f"{part.name} {n} ".ljust(length, "x"), f"answer {n}") for n in range(40)] for part in MIXTURE}


def texts(batch: list[Any]) -> list[str]:
    return ["".join(map(chr, prompt[1:] + answer[:-1])) for prompt, answer in batch]


def test_what_is_seen_follows_from_the_seed_alone() -> None:
    first, second, other = (
        [texts(batch) for batch in islice(Examples(Letters(), material(), seed).batches(), 50)] for seed in (1, 1, 2)
    )
    assert first == second != other


def test_an_example_is_the_prompt_and_the_answer_with_its_end() -> None:
    batch = next(Examples(Letters(), material(), 1).batches())
    for prompt, answer in batch:
        assert (prompt[0], answer[-1]) == (2, 1)
        (text,) = texts([(prompt, answer)])
        name = next(part for part in MIXTURE if f" {part.name} " in text)
        number = re.search(r"answer (\d+)$", text)
        assert number
        source = f"{name.name} {number.group(1)} ".ljust(20, "x")
        assert text == PROMPTS[name.prompt].format(source=source) + f" answer {number.group(1)}"


def test_each_part_has_its_share_of_the_tokens_and_no_batch_is_too_large() -> None:
    tokens = dict.fromkeys([part.name for part in MIXTURE], 0)
    whole = 0
    for batch in Examples(Letters(), material(), 1).batches():
        assert max(len(p) + len(a) for p, a in batch) * len(batch) <= BATCH_TOKENS
        for text, (prompt, answer) in zip(texts(batch), batch, strict=True):
            part = next(part for part in MIXTURE if f": {part.name} " in text)
            tokens[part.name] += len(prompt) + len(answer)
        whole += sum(len(p) + len(a) for p, a in batch)
        if whole > 3 * BLOCK_BATCHES * BATCH_TOKENS:
            break
    for part in MIXTURE:
        assert tokens[part.name] / whole == pytest.approx(part.share, abs=0.01)


def test_every_row_is_seen_once_before_any_is_seen_again() -> None:
    few = {MIXTURE[0]: [(f"row {n:02} ".ljust(500, "x"), "a") for n in range(40)]}
    examples = Examples(Letters(), few, 1)
    rounds = [[texts([examples.take(MIXTURE[0])])[0] for _ in range(40)] for _ in range(2)]
    assert len(set(rounds[0])) == 40
    assert sorted(rounds[0]) == sorted(rounds[1])
    assert rounds[0] != rounds[1]


def test_who_begins_at_the_places_of_another_run_reads_on_there() -> None:
    whole = Examples(Letters(), material(), 1)
    first = whole.batches()
    size = 0
    while size < 3 * BLOCK_BATCHES * BATCH_TOKENS:  # Into a block that will not be read to its end.
        size += sum(len(prompt) + len(answer) for prompt, answer in next(first))
    part = MIXTURE[0]
    rest = Examples(Letters(), material(), 1, dict(whole.places))
    assert [rest.take(part) for _ in range(60)] == [whole.take(part) for _ in range(60)]
    assert next(rest.batches()) != next(Examples(Letters(), material(), 1).batches())


def test_an_adapter_without_a_record_has_read_nothing_that_is_known(tmp_path: Path) -> None:
    assert read_history(None) == read_history(tmp_path) == {"seen": 0, "places": {}}


def test_articles_are_cut_and_pairs_that_are_too_long_passed_over() -> None:
    direct = next(part for part in MIXTURE if part.prompt == "direct")
    rows = {direct: [("a" * 1000, "b")], MIXTURE[0]: [("a" * 1000, "b"), ("c", "d")]}
    examples = Examples(Letters(), rows, 1)
    assert texts([examples.take(direct)])[0].count("a" * MAX_ARTICLE_TOKENS) == 1
    assert texts([examples.take(direct)])[0].count("a" * (MAX_ARTICLE_TOKENS + 1)) == 0
    assert {texts([examples.take(MIXTURE[0])])[0] for _ in range(4)} == {"German: c\nEnglish: d"}


def test_the_rate_warms_up_stays_and_falls_in_the_last_share() -> None:
    assert [rate_at(step, 0.0, 1.0, 0.0) for step in (1, 20, 40, 400)] == [1 / 40, 0.5, 1, 1]
    assert rate_at(400, 1.0, 1.0, 0.0) == 1
    assert [round(rate_at(400, share, 1.0, 0.4), 3) for share in (0.6, 0.8, 1.0)] == [1, 0.51, 0.02]


def test_the_loss_is_that_of_the_answers_whatever_stands_beside_them(base: Path) -> None:
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    plain = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    model = get_peft_model(plain, LoraConfig(r=2, target_modules=["q_proj"]))
    long, short = ([2, 6, 7, 8, 9, 10], [11, 12, 1]), ([2, 13], [14, 1])
    alone = [loss_of(model.base_model.model, [example]) for example in (long, short)]
    together, tokens = loss_of(model.base_model.model, [long, short])
    assert tokens == 9 + 4
    # The mean over five answer tokens: three of one example, two of the other, padding and prompts left out.
    assert together.item() == pytest.approx((3 * alone[0][0].item() + 2 * alone[1][0].item()) / 5, rel=1e-4)
    ids = torch.tensor([short[0] + short[1]])
    steps = torch.log_softmax(plain(input_ids=ids).logits[0], -1)
    expected = -(steps[1, 14] + steps[2, 1]).item() / 2
    assert alone[1][0].item() == pytest.approx(expected, rel=1e-4)
    assert math.isfinite(expected)
