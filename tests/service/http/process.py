"""The real server as its own process, with a pipeline that does what each article's title says."""

import json
import os
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path

from tests.service.http.stub import await_that

ROOT = Path(__file__).parents[3]

PROGRAM = """
import time
from service.http.app import create_app
from service.http.server import serve
from service.settings import Limits
from tests.service.http.stub import StubPipeline

def work(article, on_progress):
    # "5" takes five steps of a tenth of a second; "no memory" and "no thread" fail as libraries do.
    print("begun", article.id, flush=True)
    if article.title == "no memory":
        raise MemoryError
    if article.title == "no thread":
        raise RuntimeError("can't start new thread")
    for _ in range(int(article.title or 0)):
        time.sleep(0.1)
        on_progress("translate", 1, 2)

def load():
    {load}
    return StubPipeline(work)

limits = Limits({limits})
serve(lambda: create_app(load, limits), "{host}", 0, lambda address: print(address, flush=True), limits)
print("returned", flush=True)
"""


class Process:
    """The program above under way; `lines` fills with what it prints. Use it as a context manager."""

    def __init__(self, load: str = "pass", limits: str = "", host: str = "127.0.0.1") -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", PROGRAM.format(load=load, limits=limits, host=host)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.lines: list[str] = []
        self.errors: list[str] = []
        self.threads = [
            threading.Thread(target=self._read, args=(self.process.stdout, self.lines)),
            threading.Thread(target=self._read, args=(self.process.stderr, self.errors)),
        ]
        for thread in self.threads:
            thread.start()
        await_that(lambda: self.lines, 60)
        self.address = self.lines[0]
        self.port = int(self.address.rpartition(":")[2])

    def __enter__(self) -> "Process":
        await_that(lambda: self.status("/health/ready") == 200, 60)
        return self

    def __exit__(self, *_error: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.end()

    @staticmethod
    def _read(stream, lines):
        with stream:
            for line in stream:
                lines.append(line.strip())

    @property
    def stderr(self) -> str:
        return "\n".join(self.errors)

    def status(self, path: str, seconds: float = 30) -> int:
        try:
            with urllib.request.urlopen(self.address + path, timeout=seconds) as response:
                return response.status
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    def listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=30).close()
        except ConnectionError:
            return False
        return True

    def text(self, path: str) -> str:
        with urllib.request.urlopen(self.address + path, timeout=30) as response:
            return response.read().decode()

    def post(self, body: object, path: str = "/v1/summaries", kind: str = "application/json", seconds: float = 60):
        """The status, the headers and the body of the answer; the body is sent as it is if it is bytes."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data, {"Content-Type": kind})
        try:
            response = urllib.request.urlopen(request, timeout=seconds)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            return response.status, response.headers, response.read()

    def article(self, name: str, title: str = "0", **fields: str):
        return self.post({"text": "Hallo.", "id": name, "title": title, **fields})

    def posting(self, steps: int, answers: list[object]) -> threading.Thread:
        """Post an article of so many steps beside the test; the status, or the error's type, goes to `answers`."""

        def post() -> None:
            try:
                answers.append(self.article("a", str(steps))[0])
            except OSError as error:
                answers.append(type(error))

        thread = threading.Thread(target=post)
        thread.start()
        return thread

    def end(self, seconds: float = 60) -> int:
        code = self.process.wait(seconds)
        for thread in self.threads:
            thread.join(10)
        return code
