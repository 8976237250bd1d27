import json
from pathlib import Path

import pytest

from tests.service.cli.conftest import Run
from tests.service.cli.stand_in import BROKEN, Journal

TEXT = "Der Hund schläft im Garten. Er bellt nicht mehr. Die Nachbarn sind froh darüber.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    for name in ("a", "b"):
        (tmp_path / "in" / f"{name}.txt").write_text(f"{name.upper()} {TEXT}")
    return tmp_path


def test_each_file_is_a_line_when_it_is_done_and_again_when_nothing_was_to_do(run: Run, folder: Path) -> None:
    first = run("batch", folder / "in", folder / "out")
    assert first.exit_code == 0
    assert first.stdout == "a.txt -> a.json\nb.txt -> b.json\n"
    second = run("batch", folder / "in", folder / "out")
    assert second.stdout == "a.txt -> a.json (unchanged)\nb.txt -> b.json (unchanged)\n"


def test_a_second_run_loads_no_model_and_says_nothing_of_one(run: Run, folder: Path, journal: Journal) -> None:
    run("batch", folder / "in", folder / "out")
    assert len(journal.lines) == 3
    assert run("batch", folder / "in", folder / "out").stderr == ""
    assert len(journal.lines) == 3


def test_bad_files_alone_load_no_model_either(run: Run, folder: Path, journal: Journal) -> None:
    (folder / "in" / "a.txt").write_text("")
    (folder / "in" / "b.txt").unlink()
    result = run("batch", folder / "in", folder / "out")
    assert result.exit_code == 1
    assert "1 of 1 failed" in result.stderr
    assert journal.lines == []


@pytest.mark.parametrize("flags", [["--device", "cpu"], ["--compute-type", "int8"], ["--engine", "ctranslate2"]])
def test_other_settings_of_the_models_do_every_file_again_but_threads_do_not(
    run: Run, folder: Path, journal: Journal, flags: list[str]
) -> None:
    run("batch", folder / "in", folder / "out")
    run("batch", folder / "in", folder / "out", "--threads", "1")
    assert len(journal.lines) == 3
    run("batch", folder / "in", folder / "out", *flags)
    assert len(journal.lines) == 6


def test_summaries_are_printed_at_the_end_when_asked_for(run: Run, folder: Path) -> None:
    result = run("batch", folder / "in", folder / "out", "--print")
    assert result.stdout.startswith(
        "a.txt -> a.json\nb.txt -> b.json\n\n== a.txt ==\nAnd this is what they would say: A Der Hund"
    )
    assert "\n\n== b.txt ==\nAnd this is what they would say: B Der Hund" in result.stdout
    assert result.stdout.count("\nSources\n  [1] 0–") == 2


def test_json_lines_are_those_of_the_listing(run: Run, folder: Path) -> None:
    (folder / "in" / "c.txt").write_text(" ")
    result = run("batch", folder / "in", folder / "out", "--json")
    assert result.exit_code == 1
    assert result.stdout == (folder / "out" / "summaries.jsonl").read_text()
    assert [json.loads(line)["file"] for line in result.stdout.splitlines()] == ["a.txt", "b.txt", "c.txt"]


def test_printing_and_json_together_are_wrong_use(run: Run, folder: Path) -> None:
    assert run("batch", folder / "in", folder / "out", "--json", "--print").exit_code == 2


def test_a_file_that_the_program_trips_over_is_named_and_the_rest_is_done(run: Run, folder: Path) -> None:
    (folder / "in" / "a.txt").write_text(f"{BROKEN}, und zwar gründlich. Das ist ein ganzer Satz mehr.")
    result = run("batch", folder / "in", folder / "out")
    assert result.exit_code == 1
    assert "kurzum: a.txt: Something unexpected went wrong (ZeroDivisionError)" in result.stderr
    assert "kurzum: 1 of 2 failed." in result.stderr
    assert (folder / "out" / "b.json").exists()
    assert "gründlich" not in (folder / "out" / "summaries.jsonl").read_text()


def test_a_folder_with_nothing_to_read_is_said_and_an_error(run: Run, tmp_path: Path) -> None:
    result = run("batch", tmp_path, tmp_path / "out")
    assert result.exit_code == 1
    assert "There is no file in" in result.stderr
    assert (tmp_path / "out" / "summaries.jsonl").read_text() == ""


def test_a_folder_that_is_not_there_and_one_for_both_are_wrong_use(run: Run, folder: Path) -> None:
    assert run("batch", folder / "none", folder / "out").exit_code == 2
    same = run("batch", folder / "in", folder / "in")
    assert same.exit_code == 2
    assert "must be another one" in same.stderr


def test_a_model_that_is_not_there_ends_the_run_with_3(run: Run, folder: Path) -> None:
    result = run("batch", folder / "in", folder / "out", "--translation-model", "no/model")
    assert result.exit_code == 3
    assert result.stderr.count("\n") == 1
