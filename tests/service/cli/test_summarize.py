import errno
import json
import sys
from dataclasses import replace
from pathlib import Path

import click
import pytest

from models.values import Flag, Summary
from tests.service.cli.conftest import Run
from tests.service.cli.stand_in import BROKEN, Journal

ARTICLE = "Der Hund schläft im Garten. Er bellt nicht mehr. Die Nachbarn sind froh darüber.\n"


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "hund.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def test_one_file_gives_the_bare_summary_on_stdout(run: Run, article: Path) -> None:
    result = run("summarize", article)
    assert result.exit_code == 0
    assert result.stdout.startswith("And this is what they would say: Der Hund schläft im Garten.")
    assert "==" not in result.stdout


def test_standard_input_is_read_with_a_dash_and_without_a_name(run: Run) -> None:
    assert run("summarize", "-", input=ARTICLE).stdout == run("summarize", input=ARTICLE).stdout != ""


def test_standard_input_can_be_read_only_once(run: Run) -> None:
    result = run("summarize", "-", "-", input=ARTICLE)
    assert result.exit_code == 2
    assert "only once" in result.stderr


def test_several_files_get_a_header_each_and_one_load(run: Run, article: Path, journal: Journal) -> None:
    result = run("summarize", article, article)
    assert result.stdout.count(f"== {article} ==\n") == 2
    assert [line.split()[0] for line in journal.lines] == ["load", "summarize", "summarize"]


def test_json_is_one_line_a_file_and_a_failed_file_has_its_line_too(run: Run, article: Path, tmp_path: Path) -> None:
    result = run("summarize", "--json", article, tmp_path / "none.txt", article)
    first, second, third = map(json.loads, result.stdout.splitlines())
    assert first["summary"]["text"] == third["summary"]["text"]
    assert second["file"].endswith("none.txt")
    assert second["error"]["code"] == "cannot-read"
    assert result.exit_code == 1


def test_the_report_holds_text_and_translation_unless_told_otherwise(run: Run, article: Path) -> None:
    assert {"text", "translation"} <= json.loads(run("summarize", "--json", article).stdout).keys()
    only_text = json.loads(run("summarize", "--json", "--include", "text", article).stdout).keys()
    assert "text" in only_text
    assert "translation" not in only_text
    assert (
        not {"text", "translation"} & json.loads(run("summarize", "--json", "--include", "none", article).stdout).keys()
    )


def test_an_unknown_part_to_include_is_wrong_use(run: Run, article: Path) -> None:
    result = run("summarize", "--json", "--include", "text,evidence", article)
    assert result.exit_code == 2
    assert "evidence" in result.stderr


def test_a_bad_file_is_named_in_one_sentence_and_the_others_are_done(run: Run, article: Path, tmp_path: Path) -> None:
    binary = tmp_path / "bild.txt"
    binary.write_bytes(bytes(range(256)) * 8)
    result = run("summarize", tmp_path / "none.txt", binary, tmp_path, article)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) >= 3
    assert f"kurzum: {tmp_path / 'none.txt'}: Cannot be read: No such file or directory." in result.stderr
    assert f"kurzum: {binary}: " in result.stderr
    assert f"kurzum: {tmp_path}: It is a folder: kurzum batch takes folders." in result.stderr
    assert "Der Hund schläft" in result.stdout


def test_an_unforeseen_error_costs_one_article_and_shows_no_traceback_and_no_text(run: Run, article: Path) -> None:
    broken = article.with_name("kaputt.txt")
    broken.write_text(BROKEN + ", und zwar gründlich.", encoding="utf-8")
    result = run("summarize", broken, article)
    assert result.exit_code == 1
    assert "Something unexpected went wrong (ZeroDivisionError): run with KURZUM_DEBUG=1" in result.stderr
    assert "Traceback" not in result.stderr
    assert "gründlich" not in result.stderr
    assert "Der Hund schläft" in result.stdout
    assert "Traceback" in run("summarize", broken, KURZUM_DEBUG="1").stderr


def test_what_cannot_be_read_loads_no_model(run: Run, tmp_path: Path, journal: Journal) -> None:
    empty = tmp_path / "leer.txt"
    empty.write_text(" \n\n")
    assert run("summarize", empty, tmp_path / "none.txt").exit_code == 1
    assert journal.lines == []


def test_a_model_that_is_not_there_ends_with_3_and_its_sentence(run: Run, article: Path) -> None:
    result = run("summarize", "--translation-model", "no/model", article)
    assert result.exit_code == 3
    assert result.stderr == "kurzum: There is no/model nowhere.\n"


def test_wrong_use_that_only_the_models_know_of_ends_with_2(run: Run, article: Path) -> None:
    result = run("summarize", "--engine", "transformers", article)
    assert result.exit_code == 2
    assert "does not run on transformers" in result.stderr


def test_a_file_that_is_far_too_long_is_refused_before_it_is_read_whole(run: Run, article: Path) -> None:
    article.write_text("Wort. " * 5000, encoding="utf-8")
    result = run("summarize", "--max-characters", "100", article)
    assert result.exit_code == 1
    assert "longer than 2,000 bytes" in result.stderr


def test_pages_are_told_by_suffix_and_by_their_beginning_unless_the_format_is_given(run: Run, article: Path) -> None:
    page = f"<!DOCTYPE html>\n<html><body><article><p>{ARTICLE * 5}</p></article></body></html>"
    assert "<p>" not in json.loads(run("summarize", "--json", input=page).stdout)["text"]
    named = article.with_suffix(".HTM")
    named.write_text(page.replace("<!DOCTYPE html>\n", "<!-- x -->"), encoding="utf-8")
    assert "<p>" not in json.loads(run("summarize", "--json", named).stdout)["text"]
    assert "<p>" in json.loads(run("summarize", "--json", "--format", "text", input=page).stdout)["text"]


def test_warnings_and_doubts_go_to_stderr(run: Run) -> None:
    result = run("summarize", "--max-words", "10", input=ARTICLE + "\n\nVoilà les amis qui ne parlent pas allemand.")
    assert "kurzum: -: " in result.stderr
    assert "neither German nor English" in result.stderr
    assert "neither German nor English" not in result.stdout


def test_sources_come_into_a_pipe_when_asked_for_and_doubts_then_stand_beside_them(run: Run, article: Path) -> None:
    bare = run("summarize", article, "--max-words", "10")
    asked = run("summarize", article, "--max-words", "10", "--sources")
    assert "Sources" not in bare.stdout
    assert "[1" not in bare.stdout
    summary, *_ = asked.stdout.splitlines()
    assert "[1" in summary
    assert "\nSources\n  [1] " in asked.stdout
    assert "  Der Hund schläft im Garten.\n" in asked.stdout
    assert "\x1b" not in asked.stdout
    assert run("summarize", article, "--max-words", "10", KURZUM_SOURCES="1").stdout == asked.stdout
    assert run("summarize", article, "--max-words", "10", "--no-sources", KURZUM_SOURCES="1").stdout == bare.stdout


def test_a_doubt_is_said_once_beside_the_summary_or_on_stderr(
    run: Run, article: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def doubtful(summary: Summary, _material: object, *_: object) -> Summary:
        flag = Flag("number", "98", "not in the article", "added")
        return replace(summary, sentences=tuple(replace(s, flags=(flag,)) for s in summary.sentences[:1]))

    monkeypatch.setattr("models.summarization.summarizer.attribute", doubtful)
    bare, asked = run("summarize", article), run("summarize", article, "--sources")
    assert bare.exit_code == asked.exit_code == 0
    assert f"kurzum: {article}: check number “98”: not in the article.\n" in bare.stderr
    assert "“98”" not in bare.stdout
    assert "[!1]" in asked.stdout.splitlines()[0]
    assert "\nDoubts\n  [!1] number “98”: not in the article\n" in asked.stdout
    assert "“98”" not in asked.stderr


def test_a_terminal_without_a_file_gets_the_help_and_2(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.cli.summarize.sys", _Terminal())
    result = run("summarize")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Usage: kurzum summarize" in result.stderr


class _Terminal:
    """`sys` with a terminal for standard input."""

    class stdin:  # noqa: N801
        @staticmethod
        def isatty() -> bool:
            return True


def test_a_full_disk_behind_stdout_is_one_sentence(run: Run, article: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(message: str = "", err: bool = False, **_: object) -> None:
        if not err:
            raise OSError(errno.ENOSPC, "No space left on device")
        sys.stderr.write(message + "\n")

    monkeypatch.setattr(click, "echo", full)
    result = run("summarize", article)
    assert result.exit_code == 1
    assert "Standard output cannot be written: No space left on device." in result.stderr


def test_a_reader_that_has_gone_is_no_news(run: Run, article: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*_: object, **__: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(click, "echo", closed)
    result = run("summarize", article)
    assert result.exit_code == 141
    assert result.stderr == ""


def test_a_german_summary_loads_no_model_and_is_the_pipelines(run: Run, article: Path, journal: Journal) -> None:
    alone = json.loads(run("summarize", "--json", "--summary-lang", "de", article).stdout)
    assert journal.lines == []
    assert alone["summary"]["sentences"][0]["text"] in ARTICLE
    assert alone["receipt"]["engine"] == "extraction"
    assert alone["receipt"].keys() == {"kurzum", "preset", "engine", "device", "compute_type", "models", "decoding"}
    assert run("summarize", "--summary-lang", "de", "--preset", "none such", article).exit_code == 2


def test_sources_as_text_and_the_report_as_data_cannot_both_be_asked_for(run: Run, article: Path) -> None:
    result = run("summarize", "--json", "--sources", article)
    assert result.exit_code == 2
    assert "--sources" in result.stderr
    assert run("summarize", "--json", article, KURZUM_SOURCES="1").exit_code == 0
