import errno
import os
import sys
from pathlib import Path

import pytest

from models.errors import NotText
from service.evaluation.references import stream_pairs
from service.failures import CannotRead, CannotWrite, DiskFull, Halt, attempt
from service.folder.files import read_bytes, read_stdin, to_article, write_atomic


def test_a_file_is_replaced_whole_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_atomic(path, "one\n")
    write_atomic(path, "zwei – ß\n")
    assert path.read_bytes() == "zwei – ß\n".encode()
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_file_has_the_rights_that_the_user_gives_new_files(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_atomic(tmp_path / "a.json", "x")
    finally:
        os.umask(before)
    assert (tmp_path / "a.json").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("number", "kind"),
    [(errno.ENOSPC, DiskFull), (errno.EDQUOT, DiskFull), (errno.EIO, CannotWrite)],
)
def test_what_cannot_be_written_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[Exception]
) -> None:
    path = tmp_path / "a.json"
    path.write_text("old")

    def fail(_descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(kind, match=os.strerror(number)):
        write_atomic(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_interruption_while_writing_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    path.write_text("old")

    def interrupt(_descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomic(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_pipes_are_read_like_files() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"text")
    os.close(writing)
    assert read_bytes(Path(f"/dev/fd/{reading}"), 100) == b"text"
    os.close(reading)


@pytest.mark.parametrize("name", [".", "none.txt", "null\x00.txt", "x" * 300])
def test_what_is_no_file_is_one_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(CannotRead, match=r"\.$"):
        read_bytes(tmp_path / name, 100)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(NotText):
        to_article(bytes(range(256)), "a.txt")


def test_what_ends_the_whole_run_is_no_failure_of_one_article() -> None:
    def halt() -> None:
        raise Halt("No further.")

    with pytest.raises(Halt):
        attempt(halt)


def test_a_closed_standard_input_is_said_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(CannotRead, match="standard input is closed"):
        read_stdin(1000)
    with pytest.raises(CannotRead, match="standard input is closed"):
        list(stream_pairs("-", lambda line, why: pytest.fail(f"{line}: {why}")))


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EFBIG, errno.EDQUOT])
def test_a_disk_that_takes_no_more_ends_the_run_wherever_it_is_met(number: int) -> None:
    def write() -> None:
        raise OSError(number, os.strerror(number))

    with pytest.raises(DiskFull, match=os.strerror(number)):
        attempt(write)
