"""Articles from files, and files written whole or not at all."""

import errno
import os
import secrets
import sys
from pathlib import Path
from typing import Literal

from models.errors import TextTooLong
from models.values import Article, Format
from service.failures import CannotRead, CannotWrite, DiskFull, reason

FORMAT_BY_SUFFIX: dict[str, Format] = {".txt": "text", ".md": "text", ".html": "html", ".htm": "html"}
TEMPORARY_NAMES = ".kurzum-*.tmp"

# A page carries far more markup than text: the default of 400,000 characters gives the service's 8 MB.
MAX_BYTES_PER_CHARACTER = 20
_DISK_FULL_ERRORS = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))

FormatChoice = Literal["auto", "text", "html"]
SourceLang = Literal["auto", "de", "en"]


def read_bytes(path: Path, max_characters: int) -> bytes:
    """A file's bytes; pipes are files too (`kurzum summarize <(...)`).

    Raises CannotRead, and TextTooLong for a file that no text within `max_characters` would need.
    """
    try:
        if path.is_dir():
            raise CannotRead("It is a folder: kurzum batch takes folders.")
        with path.open("rb") as file:
            return check_size(file.read(max_bytes(max_characters) + 1), max_characters)
    except OSError as error:
        raise CannotRead(f"Cannot be read: {reason(error)}.") from error
    except ValueError as error:  # a name with a null character in it
        raise CannotRead("Cannot be read: there is no such name.") from error


def read_stdin(max_characters: int) -> bytes:
    """All of standard input; raises as `read_bytes` does."""
    if sys.stdin is None:
        raise CannotRead("Cannot be read: standard input is closed.")
    try:
        return check_size(sys.stdin.buffer.read(max_bytes(max_characters) + 1), max_characters)
    except OSError as error:
        raise CannotRead(f"Cannot be read: {reason(error)}.") from error


def max_bytes(max_characters: int) -> int:
    """The longest file worth opening for a text of at most so many characters."""
    return MAX_BYTES_PER_CHARACTER * max_characters


def check_size(data: bytes, max_characters: int) -> bytes:
    """The bytes as they are; raises TextTooLong if they are too many."""
    if len(data) > max_bytes(max_characters):
        raise TextTooLong(f"The file is longer than {max_bytes(max_characters):,} bytes: cut it or raise the limit.")
    return data


def to_article(data: bytes, name: str, chosen: FormatChoice = "auto", source_lang: SourceLang = "auto") -> Article:
    """The article in these bytes; the name's suffix or the first characters tell a page from plain text.

    Raises NotText.
    """
    from models.reading.encoding import decode

    text = decode(data)
    return Article(text, format=format_of(name, text) if chosen == "auto" else chosen, source_lang=source_lang)


def format_of(name: str, text: str) -> Format:
    """Whether this is a page: by the file's suffix, and without such a one by how it starts."""
    if FORMAT_BY_SUFFIX.get(Path(name).suffix.lower()) == "html":
        return "html"
    start = text[:1000].lstrip("\ufeff \t\r\n").lower()
    return "html" if start.startswith(("<!doctype html", "<html")) else "text"


def write_atomic(path: Path, text: str) -> None:
    """The file with this text, or what was there before: never half of it, also after a crash.

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
        if error.errno in _DISK_FULL_ERRORS:
            raise DiskFull(f"There is no room for {path.name}: {reason(error)}. What is done stays done.") from error
        raise CannotWrite(f"{path.name} cannot be written: {reason(error)}.") from error
