import json
from pathlib import Path

import pytest

from tests.service.cli.conftest import Run
from tests.service.cli.stand_in import Journal

ARTICLE = "Der Hund schläft im Garten. Er bellt nicht mehr. Die Nachbarn sind froh darüber."


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    path = tmp_path / "pairs.tsv"
    path.write_text("Der Hund schläft.\tThe dog sleeps.\nkein Tabulator\nEr bellt.\tHe barks.\nJa.\tYes.\n")
    return path


@pytest.fixture
def summaries(tmp_path: Path) -> Path:
    path = tmp_path / "summaries.jsonl"
    path.write_text(json.dumps({"article": ARTICLE, "summary": "The dog sleeps."}) + "\n")
    return path


def test_figures_are_on_stdout_and_bad_lines_on_stderr(run: Run, pairs: Path) -> None:
    result = run("evaluate", "translation", pairs)
    assert result.exit_code == 0
    assert "3 references" in result.stdout
    assert "chrF" in result.stdout
    assert "BLEU" in result.stdout
    assert f"kurzum: {pairs}, line 2: It needs German and English" in result.stderr


def test_json_is_one_line_a_file(run: Run, pairs: Path) -> None:
    result = run("evaluate", "translation", pairs, pairs, "--json", "--limit", "2")
    rows = list(map(json.loads, result.stdout.splitlines()))
    assert [row["file"] for row in rows] == [str(pairs)] * 2
    assert {row["count"] for row in rows} == {2}
    assert rows[0]["scores"] == rows[1]["scores"]
    assert rows[0]["task"] == "translation"


def test_summaries_are_made_as_asked_and_beside_lead_3(run: Run, summaries: Path, journal: Journal) -> None:
    result = run("evaluate", "summary", summaries, "--max-words", "12", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["scores"]["gain over lead-3 cut"].keys() == {
        "ROUGE-1", "ROUGE-2", "ROUGE-L",
    }  # fmt: skip
    assert journal.lines[-1].endswith("12 paragraph pivot")


def test_a_file_without_anything_of_use_ends_with_1_and_loads_nothing(
    run: Run, tmp_path: Path, journal: Journal
) -> None:
    empty = tmp_path / "empty.tsv"
    empty.write_text("nothing here\n")
    result = run("evaluate", "translation", empty)
    assert result.exit_code == 1
    assert f"kurzum: {empty}: " in result.stderr
    assert journal.lines == []


def test_a_missing_file_is_named_and_the_others_are_measured(run: Run, pairs: Path, tmp_path: Path) -> None:
    result = run("evaluate", "translation", tmp_path / "none.tsv", pairs)
    assert result.exit_code == 1
    assert "No such file or directory" in result.stderr
    assert "chrF" in result.stdout


def test_articles_that_all_fail_leave_no_figures(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"article": "???", "summary": "x"}))
    result = run("evaluate", "summary", path)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert f"kurzum: {path}, line 1: " in result.stderr
