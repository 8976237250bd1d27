"""What only a process of its own can show: signals, pipes, full disks, two runs at once, what is imported."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.service.cli.conftest import ENVIRONMENT, ROOT

Start = Callable[..., subprocess.Popen[bytes]]
HEAVY = {"torch", "transformers", "ctranslate2", "fastapi", "trafilatura", "sacrebleu", "pydantic", "numpy", "tqdm"}
TEXT = "Der Hund schläft im Garten. Er bellt nicht mehr. Die Nachbarn sind froh darüber.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    for n in range(8):
        (tmp_path / "in" / f"{n}.txt").write_text(f"Nummer{n} lautet der Titel. {TEXT}")
    return tmp_path


def journal(folder: Path) -> list[str]:
    path = folder / "journal.txt"
    return path.read_text().splitlines() if path.exists() else []


def wait_for(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def reports(folder: Path) -> list[Path]:
    return sorted((folder / "out").glob("?.json"))


def assert_whole(folder: Path) -> None:
    """Every report is there and whole, and nothing else."""
    assert len(reports(folder)) == 8
    for path in reports(folder):
        assert json.loads(path.read_text())["summary"]["text"]
    names = {path.name for path in (folder / "out").iterdir()}
    assert names == {f"{n}.json" for n in range(8)} | {"summaries.jsonl", "summaries.md", ".kurzum.lock"}


@pytest.mark.parametrize("args", [["--help"], ["summarize", "--help"], ["batch", "--help"], ["--version"]])
def test_help_imports_nothing_heavy(args: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "tests.service.cli.bare", *args],
        cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    imported = {line.rsplit("|", 1)[1].strip().split(".")[0] for line in done.stderr.splitlines() if "|" in line}
    assert "click" in imported
    assert not imported & HEAVY


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_run_keeps_what_is_done_and_the_next_does_the_rest(
    start: Start, folder: Path, sent: signal.Signals, code: int
) -> None:
    process = start("batch", folder / "in", folder / "out", seconds=0.15)
    wait_for(lambda: len(reports(folder)) >= 2)
    process.send_signal(sent)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == code
    assert b"what is done stays done" in errors
    assert b"Traceback" not in errors
    done = len(reports(folder))
    assert 2 <= done < 8
    before = len([line for line in journal(folder) if line.startswith("summarize")])
    assert start("batch", folder / "in", folder / "out").wait(30) == 0
    after = len([line for line in journal(folder) if line.startswith("summarize")])
    assert after - before == 8 - done
    assert_whole(folder)


def test_a_killed_run_blocks_nobody_and_loses_nothing_that_was_done(start: Start, folder: Path) -> None:
    process = start("batch", folder / "in", folder / "out", seconds=0.15)
    wait_for(lambda: len(reports(folder)) >= 2)
    process.kill()
    process.communicate(timeout=30)
    done = len(reports(folder))
    assert done < 8
    second = start("batch", folder / "in", folder / "out")
    output, errors = second.communicate(timeout=30)
    assert second.returncode == 0
    assert b"waiting" not in errors
    assert output.count(b"(unchanged)") == done
    assert_whole(folder)


def test_two_runs_on_one_folder_share_the_work_and_the_second_says_that_it_waits(start: Start, folder: Path) -> None:
    first = start("batch", folder / "in", folder / "out", seconds=0.4)
    wait_for(lambda: len(reports(folder)) >= 1)
    second = start("batch", folder / "in", folder / "out", seconds=0.4)
    _, errors = second.communicate(timeout=60)
    assert (first.wait(60), second.returncode) == (0, 0)
    assert b"Another run writes to" in errors
    assert sorted(line for line in journal(folder) if line.startswith("summarize")) == [
        f"summarize Nummer{n} 90 paragraph pivot" for n in range(8)
    ]
    assert_whole(folder)


def test_a_run_that_waits_can_be_interrupted(start: Start, folder: Path) -> None:
    first = start("batch", folder / "in", folder / "out", seconds=1.0)
    wait_for(lambda: journal(folder))
    second = start("batch", folder / "in", folder / "out")
    assert second.stderr is not None
    assert b"Another run" in second.stderr.readline()
    second.send_signal(signal.SIGINT)
    assert second.wait(30) == 130
    first.kill()
    first.communicate(timeout=30)


def test_a_reader_that_leaves_ends_the_command_in_silence(start: Start, folder: Path) -> None:
    process = start("summarize", *sorted((folder / "in").iterdir()), seconds=0.05)
    assert process.stdout is not None
    assert process.stdout.readline()
    process.stdout.close()
    assert process.stderr is not None
    errors = process.stderr.read()
    assert process.wait(30) == 141
    assert b"Traceback" not in errors
    assert b"Exception" not in errors
    assert b"roken" not in errors


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full on this system")
@pytest.mark.parametrize("command", ["summarize", "translate", "--help"])
def test_a_full_disk_behind_standard_output_is_one_sentence(start: Start, folder: Path, command: str) -> None:
    with Path("/dev/full").open("wb") as full:
        process = start(command, folder / "in" / "1.txt", stdout=full)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert re.search(r"^kurzum: .* written: No space left on device\.\n\Z", errors.decode(), re.MULTILINE)
    assert b"Traceback" not in errors
    assert b"Exception" not in errors


def test_stdout_is_utf8_and_holds_only_results(start: Start) -> None:
    process = start("translate", "--lines", stdin=subprocess.PIPE)
    output, errors = process.communicate("Größe – “so”\n".encode(), timeout=30)
    assert output.decode() == "And this is what they would say: Größe – “so”\n"
    assert errors.decode() == ("kurzum: The model is made ready for use; this happens only once and takes a while.\n")


def test_a_terminal_shows_a_bar_that_leaves_no_trace_among_the_results(start: Start, folder: Path) -> None:
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    process = start("summarize", folder / "in" / "1.txt", folder / "in" / "2.txt", seconds=0.3, stderr=theirs)
    output, _ = process.communicate(timeout=30)
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(ours, 65536):
            shown += chunk
    except OSError:
        pass  # the other end is closed
    os.close(ours)
    assert b"1.txt: translate" in shown
    assert b"weights" in shown
    assert b"takes a while" not in shown
    assert output.decode().count("== ") == 2
    assert "%" not in output.decode()


@pytest.mark.parametrize(
    ("columns", "settings", "coloured"),
    [(60, {"TERM": "xterm"}, True), (60, {"TERM": "xterm", "NO_COLOR": "1"}, False), (90, {"TERM": "dumb"}, False)],
)
def test_a_terminal_gets_the_sources_in_its_width_and_colour_unless_it_is_not_wanted(
    start: Start, folder: Path, columns: int, settings: dict[str, str], coloured: bool
) -> None:
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, columns))
    plain = {name: value for name, value in ENVIRONMENT.items() if name not in ("NO_COLOR", "COLUMNS")}
    journal_only = {"KURZUM_TEST_JOURNAL": str(folder / "journal.txt")}
    process = start("summarize", folder / "in" / "1.txt", stdout=theirs, env=plain | journal_only | settings)
    assert process.wait(30) == 0
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(ours, 65536):
            shown += chunk
    except OSError:
        pass  # the other end is closed
    os.close(ours)
    text = shown.decode()
    assert ("\x1b[" in text) is coloured
    lines = re.sub(r"\x1b\[\d*m", "", text).split("\r\n")
    assert "Sources" in lines
    assert 30 < max(map(len, lines[: lines.index("Sources")])) <= columns
    assert all(len(line) <= columns for line in lines if line.startswith("  ["))


def test_an_interruption_is_one_line(start: Start, folder: Path) -> None:
    process = start("translate", folder / "in" / "1.txt", seconds=5)
    wait_for(lambda: journal(folder))
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Interrupted; what is done stays done." in errors.decode()
    assert "Traceback" not in errors.decode()
