"""The card's figures in one command: which runs make them, and what counts as a sound translation."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from models.decoding import Decoding, Hypothesis
from models.training import evaluate
from models.training.evaluate import FIGURES, figures, soundness, sources
from tests.fakes import FakeEngine
from tests.models.embedded.data import article, write_pairs, write_summaries

GERMAN = "Der Hund schläft seit gestern Abend ruhig im Garten hinter dem Haus."
ENGLISH = "The dog has been sleeping quietly in the garden behind the house."


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name in ("newstest2019_de-en", "flores_devtest"):
        write_pairs(tmp_path, f"dev.{name}", [(f"{name}: Der Hund {n}.", f"The dog {n}.") for n in range(3)])
    long = "Der Hund schläft im Garten. Die Katze sitzt auf dem Dach und sieht ihm zu. Es regnet in der Stadt. " * 3
    write_summaries(tmp_path, "dev.cnndm_mtde_en", [article(long, "The dog sleeps.")] * 2)
    english = "The dog sleeps in the garden. The cat sits on the roof and watches him. It rains in the city. " * 3
    write_summaries(tmp_path, "dev.cnndm_en", [article(english, "The dog sleeps.")] * 2)
    return tmp_path


def test_each_figure_is_what_kurzum_evaluate_prints_with_the_command_that_gives_it(tmp_path: Path) -> None:
    asked: list[tuple[list[str], Path]] = []

    def run(command: list[str], folder: Path) -> str:
        asked.append((command, folder))
        return json.dumps({"count": len(asked)})

    table = figures(tmp_path, Path("cache"), 7, run)
    assert list(table) == list(FIGURES)
    assert [row["count"] for row in table.values()] == [1, 2, 3, 4, 5]
    assert table["cnndm_mtde_en direct"]["command"] == (
        "kurzum evaluate summary summaries/dev.cnndm_mtde_en.jsonl.gz --max-words 55 --mode direct --json --limit 7"
    )
    for (command, folder), row in zip(asked, table.values(), strict=True):
        assert folder == tmp_path
        assert command == [*row["command"].split(), "--cache-dir", "cache"]
    assert "--limit" not in figures(tmp_path, Path("cache"), None, run)["newstest2019"]["command"]


@pytest.mark.parametrize(
    ("first", "again", "kind"),
    [
        ("", ENGLISH, "empty"),
        (f"{ENGLISH} " + "in the garden " * 9, ENGLISH, "loop"),
        (Hypothesis(ENGLISH, 20, finished=False), ENGLISH, "unfinished"),
        ("Le chien dort tranquillement depuis hier soir dans le jardin derrière la maison.", ENGLISH, "language"),
        (GERMAN, ENGLISH, "copy"),
    ],
)
def test_a_fault_counts_at_the_first_try_and_not_after_the_guard_mended_it(first: Any, again: str, kind: str) -> None:
    def answer(_task: str, source: str, search: Any) -> str | Hypothesis:
        if source != GERMAN:
            return ENGLISH
        return first if search.num_beams == 1 else again

    found = soundness(FakeEngine(answer), Decoding(), 50, [GERMAN, "Die Katze schläft seit gestern Abend im Haus."])
    assert found == {
        "count": 2,
        "first try": {"sound": 50, "faults": {kind: 1}},
        "guarded": {"sound": 100, "faults": {}},
    }


def test_a_fault_that_stays_counts_after_the_guard_too_and_a_wrong_number_is_none() -> None:
    looping = f"{ENGLISH} " + "in the garden " * 9
    found = soundness(FakeEngine(lambda *_: looping), Decoding(), 50, [GERMAN])
    assert found["guarded"] == found["first try"] == {"sound": 0, "faults": {"loop": 1}}
    numbered = soundness(FakeEngine(lambda *_: ENGLISH), Decoding(), 50, [GERMAN.replace("ruhig", "12 Stunden")])
    assert numbered["guarded"]["sound"] == 100


def test_half_of_the_sentences_are_news(data: Path) -> None:
    assert sources(data, 4) == [
        f"{name}: Der Hund {n}." for name in ("newstest2019_de-en", "flores_devtest") for n in (0, 1)
    ]


@pytest.mark.slow
def test_the_command_measures_the_real_model(
    data: Path, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One set of each kind is enough to see that the real command answers.
    kinds = {name: FIGURES[name] for name in ("newstest2019", "cnndm_mtde_en direct")}
    monkeypatch.setattr(evaluate, "FIGURES", kinds)
    out = tmp_path / "figures.json"
    monkeypatch.setattr(
        sys, "argv", ["evaluate", "--data", str(data), "--limit", "1", "--cache-dir", str(cache), "--out", str(out)]
    )
    evaluate.main()
    report = json.loads(out.read_text(encoding="utf-8"))
    assert {name: row["count"] for name, row in report["figures"].items()} == dict.fromkeys(kinds, 1)
    assert report["figures"]["newstest2019"]["scores"]["kurzum"]["BLEU"]["score"] > 0
    assert report["soundness"]["count"] == 2
    assert set(report["versions"]) == {"kurzum", "ctranslate2", "torch", "sacrebleu", "rouge-score"}
    assert len(report["revision"]) == 12
