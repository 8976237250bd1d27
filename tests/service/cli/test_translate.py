import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.service.cli.conftest import Run
from tests.service.cli.stand_in import BROKEN, Journal

ARTICLE = "Der Hund schläft.\n\nEr bellt nicht mehr. Die Nachbarn sind froh darüber.\n"
ENGLISH = "And this is what they would say: "


def test_the_english_text_keeps_its_paragraphs(run: Run) -> None:
    result = run("translate", input=ARTICLE)
    assert result.exit_code == 0
    assert result.stdout == (
        f"{ENGLISH}Der Hund schläft.\n\n{ENGLISH}Er bellt nicht mehr. {ENGLISH}Die Nachbarn sind froh darüber.\n"
    )


def test_pairs_in_a_pipe_have_a_tab_between_them(run: Run) -> None:
    rows = [line.split("\t") for line in run("translate", "--pairs", input=ARTICLE).stdout.splitlines()]
    assert [row[0] for row in rows] == ["Der Hund schläft.", "Er bellt nicht mehr.", "Die Nachbarn sind froh darüber."]
    assert all(row[1:] == [ENGLISH + row[0]] for row in rows)


def test_pairs_on_a_terminal_are_blocks(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.cli.translate.stdout_is_terminal", lambda: True)
    shown = run("translate", "--pairs", input="Der Hund schläft.").stdout
    assert shown == f"Der Hund schläft.\n  {ENGLISH}Der Hund schläft.\n\n"


def test_json_is_the_report_without_a_summary(run: Run) -> None:
    report = json.loads(run("translate", "--json", input=ARTICLE).stdout)
    assert "summary" not in report
    assert len(report["translation"]["sentences"]) == 3


def test_lines_come_out_as_they_went_in_one_for_one(run: Run) -> None:
    lines = ["Der Hund schläft. Er bellt nicht mehr.", "", "  ", "Kommentar schreiben", "12 %", "Die Nachbarn", ""]
    result = run("translate", "--lines", input="\n".join(lines) + "\nDas Ende\twar gut.")
    first, *rest = result.stdout.split("\n")
    assert first == f"{ENGLISH}Der Hund schläft. {ENGLISH}Er bellt nicht mehr."
    assert rest[:2] == ["", ""]
    assert rest[2] == ENGLISH + "Kommentar schreiben"
    assert rest[3] == "12 %"
    assert rest[5:] == ["", ENGLISH + "Das Ende war gut.", ""]


def test_lines_as_json_hold_source_and_target(run: Run) -> None:
    result = run("translate", "--lines", "--json", input="Der Hund schläft.\n\n")
    rows = list(map(json.loads, result.stdout.splitlines()))
    assert rows == [
        {"source": "Der Hund schläft.", "target": ENGLISH + "Der Hund schläft."},
        {"source": "", "target": ""},
    ]


def test_many_lines_go_through_stretch_by_stretch_in_order(run: Run) -> None:
    lines = [f"Satz Nummer {n} ist hier." for n in range(700)]
    assert run("translate", "--lines", "--source-lang", "de", input="\n".join(lines)).stdout.splitlines() == [
        ENGLISH + line for line in lines
    ]


def test_blank_lines_alone_load_no_model(run: Run, journal: Journal) -> None:
    assert run("translate", "--lines", input="\n \n\n").stdout == "\n\n\n"
    assert run("translate", "--lines", input="").stdout == ""
    assert journal.lines == []


LINE = st.one_of(
    st.sampled_from(
        ["Der Hund.", "12 %", "«", "les amis", "the dog", "Kommentar schreiben", "\t", "a\u2028b c\x85d", "…"]
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(LINE, max_size=8))
def test_whatever_the_lines_are_as_many_come_out_and_blank_ones_stay_blank(run: Run, lines: list[str]) -> None:
    result = run("translate", "--lines", input="".join(line + "\n" for line in lines).encode())
    assert result.exit_code == 0, result.stderr
    targets = result.stdout.split("\n")[:-1]
    assert len(targets) == len(lines)
    assert all(not target for line, target in zip(lines, targets, strict=True) if not line.split())


@pytest.mark.parametrize("flags", [["--pairs", "--lines"], ["--pairs", "--json"]])
def test_forms_that_exclude_each_other_are_wrong_use(run: Run, flags: list[str]) -> None:
    assert run("translate", *flags, input=ARTICLE).exit_code == 2


@pytest.mark.parametrize("flags", [[], ["--lines"], ["--pairs"]])
def test_what_fails_is_named_and_ends_with_1(run: Run, tmp_path: Path, flags: list[str]) -> None:
    result = run("translate", *flags, tmp_path / "none.txt")
    assert result.exit_code == 1
    assert result.stderr == f"kurzum: {tmp_path / 'none.txt'}: Cannot be read: No such file or directory.\n"
    broken = run("translate", *flags, input=f"{BROKEN}, und zwar gründlich.")
    assert broken.exit_code == 1
    assert "kurzum: -: Something unexpected went wrong (ZeroDivisionError)" in broken.stderr


def test_what_fails_with_json_says_so_in_json(run: Run, tmp_path: Path) -> None:
    result = run("translate", "--json", tmp_path / "none.txt")
    assert json.loads(result.stdout)["error"]["code"] == "cannot-read"


def test_doubtful_sentences_are_counted_on_stderr(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.service.cli.stand_in.echo", lambda *_: "Nothing of it in 77 years.")
    result = run("translate", input="Der Hund schläft seit 3 Tagen.")
    assert result.exit_code == 0
    assert "doubts about 1 of 1 sentences: see --json." in result.stderr


def test_a_foreign_sentence_is_kept_and_a_warning_says_so(run: Run) -> None:
    french = "Voilà les amis qui ne parlent pas allemand mais qui viennent demain."
    result = run("translate", input=f"{ARTICLE}\n\n{french}")
    assert french in result.stdout
    assert "neither German nor English" in result.stderr
    assert sys.stdout  # the test's own stream was not let go of


def test_lines_without_an_end_are_refused_by_their_size(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.cli.translate.MAX_LINES_BYTES", 10_000)
    result = run("translate", "--lines", "/dev/zero")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "10,000" in result.stderr


def test_a_closed_standard_input_is_said_for_lines_too(start: Callable[..., subprocess.Popen[bytes]]) -> None:
    process = start("translate", "--lines", "-", preexec_fn=lambda: os.close(0))
    _, error = process.communicate(timeout=120)
    assert process.returncode == 1
    assert b"standard input is closed" in error
