"""References from files: German and English a line, split at tabs, or articles with their summaries as JSON lines."""

import codecs
import gzip
import json
import sys
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Literal

from service.failures import CannotRead, reason

# Called with the number of a line, from 1, and why it cannot be used.
OnBadLine = Callable[[int, str], None]

# A longer line is refused and skipped without holding it. As much as the service takes for an article.
MAX_LINE_BYTES = 8_000_000
# A line that goes on for this many times the limit ends the file: it may have no end, as /dev/zero has none.
MAX_SKIPPED_LIMITS = 10


class UnusableLine(Exception):
    """A line that is no reference; the message says why."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A source and what a person made of it; `line` counts from 1."""

    line: int
    source: str
    target: str


def read_references(
    path: Path, task: Literal["translation", "summary"], on_bad_line: OnBadLine, limit: int | None = None
) -> list[Reference]:
    """The first `limit` usable lines of a file, which may be compressed with gzip.

    Raises CannotRead.
    """
    split = _columns if task == "translation" else _fields
    return list(islice(_usable(path, split, on_bad_line), limit))


def stream_pairs(name: str, on_bad_line: OnBadLine, limit: int | None = None) -> Iterator[Reference]:
    """The first `limit` usable lines of a file with two columns, or of standard input (-), read one by one.

    `complain` is called between the lines before and after the bad one. Raises CannotRead, at the first line or at any.
    """
    return islice(_usable(None if name == "-" else Path(name), _columns, on_bad_line), limit)


def _usable(
    path: Path | None, split: Callable[[str], tuple[str, str]], on_bad_line: OnBadLine
) -> Generator[Reference, None, None]:
    with closing(_lines(path)) as lines:
        for number, line in enumerate(lines, 1):
            try:
                if len(line) > MAX_LINE_BYTES:
                    raise UnusableLine(f"It is longer than {MAX_LINE_BYTES:,} bytes.")
                # Not newline-aware on purpose: a quote, a carriage return or U+2028 ends no line here.
                source, target = split(line.decode("utf-8-sig").rstrip("\r\n"))
            except UnicodeDecodeError:
                on_bad_line(number, "It is not UTF-8.")
            except UnusableLine as error:
                on_bad_line(number, str(error))
            else:
                yield Reference(number, source, target)


def _lines(path: Path | None) -> Generator[bytes, None, None]:
    """The lines of a file or of standard input; of one that is too long only its beginning, too long all the same."""
    try:
        with _opened(path) as file:
            first = True
            while line := file.readline(MAX_LINE_BYTES + 1):
                if first and line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                    # Spreadsheets save "Unicode text" so; else each line of it would be complained of.
                    raise CannotRead("Cannot be read: it is UTF-16, save it as UTF-8.")
                first = False
                yield line
                skipped = len(line)
                while len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
                    line = file.readline(MAX_LINE_BYTES + 1)
                    skipped += len(line)
                    if not line:
                        return
                    if skipped > MAX_SKIPPED_LIMITS * MAX_LINE_BYTES:
                        raise CannotRead(f"Cannot be read: a line of it has more than {skipped:,} bytes.")
    except (OSError, EOFError, zlib.error) as error:
        what = reason(error) if isinstance(error, OSError) and error.strerror else "it is not a whole gzip file"
        raise CannotRead(f"Cannot be read: {what}.") from error
    except ValueError as error:  # a name with a null character in it
        raise CannotRead("Cannot be read: there is no such name.") from error


def _opened(path: Path | None) -> AbstractContextManager[IO[bytes] | gzip.GzipFile]:
    if path is None:
        if sys.stdin is None:
            raise CannotRead("Cannot be read: standard input is closed.")
        return nullcontext(sys.stdin.buffer)
    if path.suffix.lower() == ".gz":
        return closing(gzip.GzipFile(path))
    return path.open("rb")


def _columns(line: str) -> tuple[str, str]:
    source, _, rest = line.partition("\t")
    target = rest.partition("\t")[0]
    if not source.strip() or not target.strip():
        raise UnusableLine("It needs German and English, with a tab between them.")
    return source.strip(), target.strip()


def _fields(line: str) -> tuple[str, str]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise UnusableLine("It is not JSON.") from None
    article, summary = (row.get("article"), row.get("summary")) if isinstance(row, dict) else (None, None)
    if not isinstance(article, str) or not isinstance(summary, str) or not article.strip() or not summary.strip():
        raise UnusableLine('It needs the texts "article" and "summary".')
    return article, summary
