import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.errors import UsageError
from models.options import OnProgress, Options, ignore_progress
from models.pipeline import Pipeline
from models.report import Report
from models.summarization.summarizer import Summarizer
from models.translation.translator import Translator
from models.values import Article, Evidence, Flag, SummarySentence
from service.failures import DiskFull
from service.folder.footnotes import Footnotes
from service.folder.listing import Entry, as_markdown
from service.folder.report_paths import LOCK_NAME
from service.folder.run import BatchJob, run
from tests.fakes import FakeEngine
from tests.service.reports import report_with

TEXT = "Der Hund schläft im Garten. Er bellt nicht mehr. Die Nachbarn sind froh darüber.\n"


class Counted:
    """A pipeline over the fake engine that remembers for which articles it ran."""

    def __init__(self, fail: Callable[[], None] = lambda: None) -> None:
        engine = FakeEngine()
        self.pipeline = Pipeline(Translator(engine), Summarizer(engine), {"preset": "fake"})
        self.articles: list[Article] = []
        self.fail = fail

    def summarize(self, article: Article, options: Options, on_progress: OnProgress) -> Report:
        self.articles.append(article)
        self.fail()
        return self.pipeline.summarize(article, options, on_progress)


class Silent:
    """Nobody listens; `passed` keeps what was passed over."""

    def __init__(self) -> None:
        self.passed: list[str] = []

    def waiting(self) -> None: ...

    def passed_over(self, name: str, why: str) -> None:
        self.passed.append(name)

    def on_progress(self, _name: str) -> OnProgress:
        return ignore_progress

    def done(self, _entry: Entry) -> None: ...


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.txt", "b.txt", "sub/c.html", "sub/d.md"):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = TEXT.replace("Hund", f"Hund {name[:-4].upper()}")
        path.write_text(f"<html><body><p>{text * 5}</p></body></html>" if name.endswith("html") else text)
    return tmp_path


def job(folder: Path, **changes: Any) -> BatchJob:
    return BatchJob(folder / "in", folder / "out", changes.pop("models_key", "models"), **changes)


def go(folder: Path, **changes: Any) -> tuple[list[Entry], list[Article]]:
    """The entries of a run and the articles it had to do."""
    pipeline = Counted()
    return run(job(folder, **changes), pipeline, Silent()), pipeline.articles


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != LOCK_NAME
    }


def test_every_article_has_its_report_and_the_listings_stand_beside_them(folder: Path) -> None:
    entries, articles = go(folder)
    assert len(articles) == 4
    assert [e.file for e in entries] == ["a.txt", "b.txt", "sub/c.html", "sub/d.md"]
    assert list(files(folder / "out")) == [
        "a.json", "b.json", "sub/c.json", "sub/d.json", "summaries.jsonl", "summaries.md",
    ]  # fmt: skip
    report = json.loads((folder / "out" / "sub" / "c.json").read_text())
    assert "SUB/C" in report["text"]
    assert "<p>" not in report["text"]
    assert report["receipt"]["preset"] == "fake"


def test_a_second_run_does_nothing_again_and_changes_no_file(folder: Path) -> None:
    first, _ = go(folder)
    before = {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in (folder / "out").rglob("*.*") if p.name != LOCK_NAME}
    second, articles = go(folder)
    assert articles == []
    assert {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in before} == before
    assert [e.to_dict() for e in second] == [e.to_dict() for e in first]
    assert {e.fresh for e in first} == {True}
    assert {e.fresh for e in second} == {False}


@pytest.mark.parametrize(
    "change",
    [
        {"models_key": "other models"},
        {"options": Options(max_words=30)},
        {"options": Options(style="bullets")},
        {"options": Options(mode="direct")},
        {"source_lang": "de"},
        {"code_key": "other code"},
    ],
)
def test_other_models_other_code_and_other_wishes_make_every_report_anew(folder: Path, change: dict[str, Any]) -> None:
    go(folder)
    assert len(go(folder, **change)[1]) == 4
    assert go(folder, **change)[1] == []


def test_the_same_length_said_otherwise_makes_nothing_anew(folder: Path) -> None:
    go(folder, options=Options(length="medium"))
    assert go(folder, options=Options(max_words=90))[1] == []


def test_only_a_changed_file_and_a_new_file_are_done(folder: Path) -> None:
    go(folder)
    (folder / "in" / "a.txt").write_text(TEXT + "Und das war es.")
    (folder / "in" / "new.txt").write_text(TEXT + "Neu ist dieser Satz.")
    entries, articles = go(folder)
    assert [e.file for e in entries if e.fresh] == ["a.txt", "new.txt"]
    assert len(articles) == 2


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"null", b"[]", b'{"receipt": 3}', b'{"receipt": {}}', b"\xff", b"[" * 100_000]
)
def test_a_damaged_report_is_made_anew(folder: Path, damage: bytes) -> None:
    go(folder)
    report = folder / "out" / "a.json"
    whole = json.loads(report.read_bytes())
    report.write_bytes(damage)
    entries, articles = go(folder)
    assert len(articles) == 1
    assert json.loads(report.read_bytes()).keys() == whole.keys()
    assert [e.fresh for e in entries] == [True, False, False, False]


def test_a_truncated_report_and_one_with_its_summary_gone_are_made_anew(folder: Path) -> None:
    go(folder)
    first, second = folder / "out" / "a.json", folder / "out" / "b.json"
    first.write_bytes(first.read_bytes()[:-40])
    without = json.loads(second.read_bytes())
    del without["summary"]
    second.write_text(json.dumps(without))
    assert len(go(folder)[1]) == 2


def test_a_bad_file_is_told_and_its_old_report_goes(folder: Path) -> None:
    go(folder)
    (folder / "in" / "a.txt").write_text("  \n")
    (folder / "in" / "sub" / "d.md").unlink()
    (folder / "in" / "sub" / "d.md").symlink_to("nowhere")
    entries, _ = go(folder)
    assert [e.failure.code if e.failure else None for e in entries] == ["empty-text", None, None, "cannot-read"]
    assert not (folder / "out" / "a.json").exists()
    assert not (folder / "out" / "sub" / "d.json").exists()
    rows = [json.loads(line) for line in (folder / "out" / "summaries.jsonl").read_text().splitlines()]
    assert rows[0] == {"file": "a.txt", "error": {"code": "empty-text", "detail": entries[0].failure.detail}}  # type: ignore[union-attr]
    assert "Not summarised: " in (folder / "out" / "summaries.md").read_text()


def test_reports_of_files_that_are_gone_stay_but_are_not_listed(folder: Path) -> None:
    go(folder)
    (folder / "in" / "a.txt").unlink()
    entries, _ = go(folder)
    assert (folder / "out" / "a.json").exists()
    assert "a.txt" not in [e.file for e in entries]
    assert "a.txt" not in (folder / "out" / "summaries.jsonl").read_text()


def test_an_output_folder_inside_the_input_folder_is_never_read(folder: Path) -> None:
    inner = BatchJob(folder / "in", folder / "in" / "out", "models")
    assert len(run(inner, Counted(), Silent())) == 4
    (folder / "in" / "out" / "stray.txt").write_text(TEXT)
    again = Counted()
    assert len(run(inner, again, Silent())) == 4
    assert again.articles == []


def test_one_folder_for_both_is_wrong_use(folder: Path) -> None:
    with pytest.raises(UsageError, match="another one"):
        run(BatchJob(folder / "in", folder / "in" / "sub" / "..", "models"), Counted(), Silent())


def test_an_output_folder_that_cannot_be_is_wrong_use(folder: Path) -> None:
    (folder / "out").write_text("a file")
    with pytest.raises(UsageError, match="Nothing can be written to"):
        go(folder)


def test_nothing_is_written_through_a_link_that_leads_out(folder: Path) -> None:
    (folder / "elsewhere").mkdir()
    (folder / "elsewhere" / "c.json").write_text("precious")
    (folder / "out").mkdir()
    (folder / "out" / "sub").symlink_to(folder / "elsewhere")
    (folder / "target").write_text("precious")
    (folder / "out" / "a.json").symlink_to(folder / "target")
    entries, _ = go(folder)
    assert [e.failure.code if e.failure else None for e in entries] == [None, None, "cannot-write", "cannot-write"]
    assert files(folder / "elsewhere") == {"c.json": b"precious"}
    assert (folder / "target").read_text() == "precious"
    assert not (folder / "out" / "a.json").is_symlink()


def test_a_folder_where_a_report_must_be_costs_one_article(folder: Path) -> None:
    (folder / "out" / "a.json").mkdir(parents=True)
    entries, _ = go(folder)
    assert [e.failure.code if e.failure else None for e in entries] == ["cannot-write", None, None, None]
    assert [p.name for p in (folder / "out").glob(".kurzum-*")] == []


def test_a_full_disk_ends_the_run_and_leaves_what_is_done_and_nothing_half(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) > 2:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull, match=r"no room for c\.json: No space left on device"):
        go(folder)
    assert list(files(folder / "out")) == ["a.json", "b.json"]
    monkeypatch.undo()
    assert len(go(folder)[1]) == 2


def test_an_interruption_leaves_what_is_done_and_lets_go_of_the_folder(folder: Path) -> None:
    pipeline = Counted()

    def interrupt() -> None:
        if len(pipeline.articles) == 3:
            raise KeyboardInterrupt

    pipeline.fail = interrupt
    with pytest.raises(KeyboardInterrupt):
        run(job(folder), pipeline, Silent())
    assert list(files(folder / "out")) == ["a.json", "b.json"]
    assert len(go(folder)[1]) == 2


def test_what_a_killed_run_was_writing_is_swept_away_but_not_through_links(folder: Path) -> None:
    (folder / "out").mkdir()
    (folder / "elsewhere").mkdir()
    (folder / "out" / "sub").symlink_to(folder / "elsewhere")
    for place in ("out", "elsewhere"):
        (folder / place / ".kurzum-1-abcd.tmp").write_text("half")
    go(folder)
    assert not (folder / "out" / ".kurzum-1-abcd.tmp").exists()
    assert (folder / "elsewhere" / ".kurzum-1-abcd.tmp").exists()


def test_a_closed_folder_is_an_entry_that_failed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scandir = os.scandir

    def guarded(path: Path) -> object:
        if Path(path).name == "sub":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    entries, _ = go(folder)
    assert [(e.file, e.failure is None) for e in entries] == [("sub/", False), ("a.txt", True), ("b.txt", True)]


@pytest.mark.parametrize("direct", [True, False], ids=["itself", "by a link"])
def test_a_pipe_or_a_device_among_the_articles_is_named_and_the_rest_is_done(folder: Path, direct: bool) -> None:
    pipe = folder / "in" / "b2.txt" if direct else folder / "pipe"
    os.mkfifo(pipe)
    if not direct:
        (folder / "in" / "b2.txt").symlink_to(pipe)
        (folder / "in" / "b3.txt").symlink_to("/dev/zero")
    entries, articles = go(folder)
    failed = {entry.file: entry.failure.code for entry in entries if entry.failure}
    assert failed == dict.fromkeys(["b2.txt"] if direct else ["b2.txt", "b3.txt"], "cannot-read")
    assert len(articles) == 4


def test_a_pipe_or_a_device_in_the_place_of_a_report_or_a_listing_is_replaced(folder: Path) -> None:
    (folder / "out").mkdir()
    for name in ("a.json", "summaries.md"):
        os.mkfifo(folder / "out" / name)
    for name in ("b.json", "summaries.jsonl"):
        (folder / "out" / name).symlink_to("/dev/zero")
    entries, articles = go(folder)
    assert [entry.failure for entry in entries] == [None] * 4
    assert len(articles) == 4
    assert all(json.loads((folder / "out" / name).read_text()) for name in ("a.json", "b.json"))
    assert go(folder)[1] == []


def test_linked_folders_are_not_entered_and_named(folder: Path) -> None:
    (folder / "in" / "loop").symlink_to(folder / "in")
    observer = Silent()
    assert len(run(job(folder), Counted(), observer)) == 4
    assert observer.passed == ["loop/"]


def test_a_name_of_255_bytes_has_a_report(folder: Path) -> None:
    (folder / "in" / f"{'n' * 251}.txt").write_text(TEXT)
    assert [entry.failure for entry in go(folder)[0]] == [None] * 5
    assert go(folder)[1] == []


def test_what_a_terminal_would_obey_never_reaches_the_listings(folder: Path) -> None:
    (folder / "in" / "x\x1b[31m\x9b2J\u202e\x07.txt").write_text(TEXT)
    entries, _ = go(folder)
    assert [entry.failure for entry in entries] == [None] * 5
    for name in ("summaries.md", "summaries.jsonl"):
        text = (folder / "out" / name).read_text(encoding="utf-8")
        assert [c for c in text if not c.isprintable() and c != "\n"] == []


def test_the_listing_counts_flags_and_repeats_warnings(folder: Path) -> None:
    text = TEXT + "\n\nVoilà les amis qui ne parlent pas allemand mais qui viennent demain."
    (folder / "in" / "a.txt").write_text(text)
    entries, _ = go(folder)
    row = json.loads((folder / "out" / "summaries.jsonl").read_text().splitlines()[0])
    report = json.loads((folder / "out" / "a.json").read_text())
    assert row["summary"] == report["summary"]["text"] == entries[0].summary
    assert row["flags"] == sum(len(s["flags"]) for s in report["summary"]["sentences"])
    assert row["warnings"] == report["warnings"] != []
    assert row["report"] == "a.json"
    assert row["id"] == report["id"]


def test_the_readable_listing_links_to_the_sources_and_shows_markup_as_text(tmp_path: Path) -> None:
    doubted = SummarySentence(
        "One_two", (Flag("name", "*x*", "not there", "added"), Flag("number", "3", "neither", "added"))
    )
    sourced = SummarySentence("[three](four)", (), (Evidence(0, 0, 9, 0.5),), extracted=True)
    points = Footnotes.of(report_with([doubted, sourced], "Das <war>.", style="bullets"))
    heading = Footnotes.of(report_with([SummarySentence("# Not a heading")], ""))
    entries = [
        Entry("a b.txt", "a b.json", title="1. *Stars* & <b>", notes=points),
        Entry("c.txt", "c.json", notes=heading, warnings=("So so.",)),
    ]
    text = as_markdown(entries, tmp_path / "in", tmp_path / "out")
    assert "## 1\\. \\*Stars\\* \\& \\<b\\>\n\n[a b.txt](../in/a%20b.txt)\n" in text
    assert "- One\\_two \\[?\\] \\[!1\\] \\[!2\\]\n- \\[three\\](four) \\[1\\*\\]\n" in text
    assert "**Doubts**\n\n- \\[!1\\] name “\\*x\\*”: not there\n- \\[!2\\] number “3”: neither\n" in text
    assert "\n\n> \\[1\\] Das \\<war\\>\n\n\\* extracted: " in text
    assert "## c.txt\n\n[Source](../in/c.txt)\n\n\\# Not a heading \\[?\\]\n\n? no source found: " in text
    assert text.endswith("\n\n*So so.*\n")


def test_a_name_that_is_no_text_is_no_obstacle(folder: Path) -> None:
    name = os.fsdecode(b"gr\xfc\xdfe.txt")
    try:
        (folder / "in" / name).write_text(TEXT)
    except OSError:
        return  # a file system that takes only UTF-8
    entries, _ = go(folder)
    assert name in [e.file for e in entries if e.failure is None]
    assert "gr%FC%DFe.txt" in (folder / "out" / "summaries.md").read_text()
    assert go(folder)[1] == []
