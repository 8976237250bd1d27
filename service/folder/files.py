"""Articles from files, and files written whole or not at all."""

import contextlib
import os
import secrets
import stat
import sys
from dataclasses import replace
from pathlib import Path
from typing import Literal

from models.errors import TextTooLong
from models.values import Article
from service.failures import DISK_FULL_ERRORS, CannotRead, CannotWrite, DiskFull, reason

TEMPORARY_NAMES = ".kurzum-*.tmp"

# Reports are far longer than their articles; what is longer than this was not written by a run.
MAX_REPORT_BYTES = 256_000_000

# A page carries far more markup than text: the default of 400,000 characters gives the service's 8 MB.
MAX_BYTES_PER_CHARACTER = 20

FormatChoice = Literal["auto", "text", "markdown", "html", "mail", "saved_page", "docx", "pdf"]
SourceLang = Literal["auto", "de", "en"]


def read_bytes(path: Path, max_characters: int) -> bytes:
    """A file's bytes; pipes are files too (`kurzum summarize <(...)`).

    Raises CannotRead, and TextTooLong for a file that no text within `max_characters` would need.
    """
    return check_size(read_limited(path, max_bytes(max_characters)), max_characters)


def read_stdin(max_characters: int) -> bytes:
    """All of standard input; raises as `read_bytes` does."""
    return check_size(read_limited(None, max_bytes(max_characters)), max_characters)


def read_limited(path: Path | None, limit: int) -> bytes:
    """At most `limit` bytes and one more of a file, a pipe or, for None, standard input; raises CannotRead."""
    try:
        if path is None:
            if sys.stdin is None:
                raise CannotRead("Cannot be read: standard input is closed.")
            return sys.stdin.buffer.read(limit + 1)
        if path.is_dir():
            raise CannotRead("It is a folder: kurzum batch takes folders.")
        with path.open("rb") as file:
            return file.read(limit + 1)
    except OSError as error:
        raise CannotRead(f"Cannot be read: {reason(error)}.") from error
    except ValueError as error:  # a name with a null character in it
        raise CannotRead("Cannot be read: there is no such name.") from error


def read_regular(path: Path, limit: int) -> bytes:
    """At most `limit` bytes and one more of a regular file, or of one that a link leads to.

    Raises CannotRead for anything else: a named pipe or a device in a folder could keep a run waiting for ever, or give
    data without an end.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise CannotRead("Cannot be read: it is not a regular file.")
        # What was a file a moment ago may be a pipe now: opening one would wait for whoever writes into it.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise CannotRead("Cannot be read: it is not a regular file.")
            return file.read(min(limit, status.st_size) + 1)
    except OSError as error:
        raise CannotRead(f"Cannot be read: {reason(error)}.") from error


def read_article_file(path: Path, max_characters: int) -> bytes:
    """The bytes of an article in a folder; raises CannotRead and TextTooLong."""
    return check_size(read_regular(path, max_bytes(max_characters)), max_characters)


def read_report(path: Path) -> bytes | None:
    """The bytes of a report that is there; None where there is none that can be read."""
    with contextlib.suppress(CannotRead):
        data = read_regular(path, MAX_REPORT_BYTES)
        return data if len(data) <= MAX_REPORT_BYTES else None
    return None


def max_bytes(max_characters: int) -> int:
    """The longest file that is read for a text of at most `max_characters`."""
    return MAX_BYTES_PER_CHARACTER * max_characters


def check_size(data: bytes, max_characters: int) -> bytes:
    """Return the bytes unchanged; raises TextTooLong if they are too many."""
    if len(data) > max_bytes(max_characters):
        raise TextTooLong(f"The file is longer than {max_bytes(max_characters):,} bytes: cut it or raise the limit.")
    return data


def to_article(
    data: bytes,
    name: str,
    max_characters: int = 400_000,
    chosen: FormatChoice = "auto",
    source_lang: SourceLang = "auto",
) -> Article:
    """The article in these bytes; its first characters or the name's suffix tell what kind of file this is.

    All kinds but plain text are read in a process that can be killed. Raises InputError.
    """
    from models.reading.formats.registry import kind_named, kind_of
    from service.reading import shared_reader

    kind = kind_of(data, name) if chosen == "auto" else kind_named(chosen)
    article = shared_reader().read(data, kind, max_characters)
    return replace(article, source_lang=source_lang)


def write_atomic(path: Path, text: str) -> None:
    """Write the file whole or leave what was there before, also after a crash.

    Raises DiskFull and CannotWrite.
    """
    temporary = path.with_name(TEMPORARY_NAMES.replace("*", f"{os.getpid()}-{secrets.token_hex(4)}"))
    try:
        try:
            with temporary.open("x", encoding="utf-8", errors="replace", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        if error.errno in DISK_FULL_ERRORS:
            raise DiskFull(f"There is no room for {path.name}: {reason(error)}. What is done stays done.") from error
        raise CannotWrite(f"{path.name} cannot be written: {reason(error)}.") from error
