"""Files to articles, in a process of its own that can be killed: a hostile file costs its limits and nothing else.

Parsers of HTML, Word and PDF files are large, and while one runs the interpreter may be locked. The process is started
when the first such file comes, reads one file after the other, and ends with this one. Plain text is read here.
"""

import atexit
import json
import os
import selectors
import struct
import subprocess
import sys
import threading
import time
from functools import cache
from typing import Any

from models.errors import InputError, NotText
from models.reading.formats.registry import FileKind, article_from_bytes
from models.values import Article, Block, Edit, Layout

# A file within the limits on size takes a second or two; more is a trap.
READ_SECONDS = 60.0
READ_BYTES_OF_MEMORY = 3_000_000_000
_CHILD = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from service.reading import serve; serve()"
_LENGTH = struct.Struct(">Q")
_MAX_ANSWER = 200_000_000


class FileReader:
    """Reads files one after the other in a process of its own."""

    def __init__(self, seconds: float = READ_SECONDS, memory: int = READ_BYTES_OF_MEMORY) -> None:
        """The limits on one file; the process is started when it is needed."""
        self._seconds = seconds
        self._memory = memory
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, data: bytes, kind: FileKind, max_characters: int, text: str | None = None) -> Article:
        """The article in a file, laid out; `text` is the file decoded, where the caller knows how.

        Raises what `article_from_bytes` raises, and NotText for a file that takes more time or memory than a document
        can need.
        """
        if not kind.isolated:
            return article_from_bytes(data, kind, max_characters, text)
        body = data if text is None else text.encode("utf-8", "surrogatepass")
        question = json.dumps([kind.name, max_characters, text is not None]).encode()
        with self._lock:
            answer = self._ask(question, body)
        if "error" in answer:
            raise _error(answer)
        layout = _to_layout(answer["layout"])
        return Article("", title=layout.title, format=answer["format"], layout=layout)

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()

    def _ask(self, question: bytes, body: bytes) -> dict[str, Any]:
        try:
            process = self._started()
            if process.stdin is None or process.stdout is None:
                raise OSError("a process without pipes")
            for part in (question, body):
                process.stdin.write(_LENGTH.pack(len(part)) + part)
            process.stdin.flush()
            end = time.monotonic() + self._seconds
            (length,) = _LENGTH.unpack(_receive(process.stdout.fileno(), _LENGTH.size, end))
            answer: dict[str, Any] = json.loads(_receive(process.stdout.fileno(), min(length, _MAX_ANSWER), end))
        except (OSError, EOFError, ValueError) as error:
            self.close()
            raise NotText(
                "Reading the file took more time or memory than a document can need: save its text as plain text and "
                "send that."
            ) from error
        except BaseException:
            # Interrupted half way, the process would answer the next question with this one's answer.
            self.close()
            raise
        return answer

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            paths = [os.path.abspath(path) for path in sys.path]  # noqa: PTH100 - "" is the working directory
            # A session of its own, so that Ctrl-C ends the parent, which then ends this one.
            self._process = subprocess.Popen(
                [sys.executable, "-c", _CHILD, json.dumps(paths), str(self._memory)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,
            )
        return self._process


@cache
def shared_reader() -> FileReader:
    """The reader of this program, which ends with it."""
    reader = FileReader()
    atexit.register(reader.close)
    return reader


def _receive(file: int, length: int, end: float) -> bytes:
    """So many bytes from a pipe; raises TimeoutError after `end`, and EOFError if the other side is gone."""
    parts: list[bytes] = []
    with selectors.DefaultSelector() as selector:
        selector.register(file, selectors.EVENT_READ)
        while length:
            if not selector.select(max(0.0, end - time.monotonic())):
                raise TimeoutError
            part = os.read(file, min(length, 1 << 20))
            if not part:
                raise EOFError
            parts.append(part)
            length -= len(part)
    return b"".join(parts)


def serve() -> None:
    """Answer the questions on standard input until it ends: what the child process runs."""
    from models.reading.formats.registry import kind_named

    _limit_memory(int(sys.argv[2]))
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # What a library prints must not get among the answers.
    os.dup2(2, 1)
    while head := questions.read(_LENGTH.size):
        kind, max_characters, decoded = json.loads(questions.read(_LENGTH.unpack(head)[0]))
        body = questions.read(_LENGTH.unpack(questions.read(_LENGTH.size))[0])
        text = body.decode("utf-8", "surrogatepass") if decoded else None
        try:
            article = article_from_bytes(body, kind_named(kind), max_characters, text)
            answer: dict[str, Any] = {"format": article.format, "layout": _from_layout(article.layout)}
        except InputError as error:
            answer = {"error": type(error).__name__, "message": str(error)}
        answered = json.dumps(answer).encode()
        answers.write(_LENGTH.pack(len(answered)) + answered)
        answers.flush()


def _limit_memory(limit: int) -> None:
    try:
        import resource

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
    except (ImportError, ValueError, OSError):
        return  # Not every system has such a limit.


def _error(answer: dict[str, Any]) -> InputError:
    import models.errors

    kind = getattr(models.errors, str(answer["error"]), InputError)
    known = isinstance(kind, type) and issubclass(kind, InputError)
    return kind(answer["message"]) if known else InputError(answer["message"])


def _from_layout(layout: Layout | None) -> list[Any]:
    if layout is None:
        raise TypeError("an article that was not laid out")
    blocks = [[b.start, b.end, b.reason, b.edits, b.row, b.cells] for b in layout.blocks]
    return [layout.text, blocks, layout.title, layout.warnings]


def _to_layout(values: list[Any]) -> Layout:
    text, blocks, title, warnings = values
    return Layout(
        text,
        tuple(
            Block(start, end, reason, tuple(Edit(*edit) for edit in edits), row, tuple(cells))
            for start, end, reason, edits, row, cells in blocks
        ),
        title,
        tuple(warnings),
    )
