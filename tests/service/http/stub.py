"""A pipeline without models for the tests of the service: it splits at full stops and says what a test wants."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

import uvicorn
from fastapi import FastAPI
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from models.options import OnProgress, Options
from models.report import Report, Seconds
from models.values import Article, Document, Evidence, Pair, Sentence, Summary, SummarySentence, Translation
from service.http.app import CANARY, create_app
from service.settings import Limits

# What the API documents as its report.
REPORT = TypeAdapter(Report)
LIMITS = Limits(body_bytes=200_000, characters=50_000, waiting_articles=2, body_seconds=5.0)


def report_on(article: Article, summary: bool = True) -> Report:
    """A report of the real shape: each sentence's English is its German with a mark before it."""
    sentences, start = [], 0
    for part in article.text.split(". "):
        start = article.text.index(part, start)
        sentences.append(Sentence(part, start, start + len(part), "de", 0))
        start += len(part)
    document = Document(article.id or "hash", article.title, article.text, tuple(sentences))
    pairs = tuple(Pair(s, f"English of {s.text}", (), 3) for s in sentences)
    first = sentences[0]
    told = SummarySentence(f"In short: {first.text}", (), (Evidence(0, first.start, first.end, 0.5),), False)
    return Report.of(
        document,
        translation=Translation(document, pairs),
        summary=Summary((told,)) if summary else None,
        source_tokens=3,
        receipt={},
        seconds=Seconds.of(0.01, 0.02, 0.03),
    )


class StubPipeline:
    """Calls `work(article, on_progress)` for each article but the canary; records what began and how it ended."""

    def __init__(self, work: Callable[[Article, OnProgress], None] = lambda _article, _on_progress: None) -> None:
        self.work = work
        self.canary = "The Dog sleeps in the garden."
        self.seen: list[Article] = []
        self.ended: list[str] = []
        self.options: list[Options] = []

    def summarize(self, article: Article, options: Options, on_progress: OnProgress) -> Report:
        self.options.append(options)
        return self._run(article, on_progress, True)

    def translate(self, article: Article, on_progress: OnProgress) -> Report:
        if article.text == CANARY:
            sentence = Sentence(CANARY, 0, len(CANARY), "de", 0)
            document = Document("canary", None, CANARY, (sentence,))
            translation = Translation(document, (Pair(sentence, self.canary, (), 7),))
            return Report.of(document, translation=translation, receipt={}, seconds=Seconds.of(0.0))
        return self._run(article, on_progress, False)

    def _run(self, article: Article, on_progress: OnProgress, summary: bool) -> Report:
        self.seen.append(article)
        try:
            self.work(article, on_progress)
        except BaseException as error:
            self.ended.append(type(error).__name__)
            raise
        self.ended.append("done")
        return report_on(article, summary)


class Gate:
    """Work that waits until it is opened, and calls `on_progress` every few milliseconds, as batches do."""

    def __init__(self) -> None:
        self.opened = threading.Event()

    def __call__(self, _article: Article, on_progress: OnProgress) -> None:
        while not self.opened.wait(0.005):
            on_progress("translate", 1, 2)
        on_progress("translate", 2, 2)


def await_that(condition: Callable[[], object], seconds: float = 20.0) -> None:
    """Return when the condition holds; fail when it does not in time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "this never happened"
        time.sleep(0.005)


@contextlib.contextmanager
def client_of(pipeline: StubPipeline, limits: Limits = LIMITS) -> Iterator[TestClient]:
    """A client of an application that is ready."""
    app = create_app(lambda: pipeline, limits)
    with TestClient(app, raise_server_exceptions=False) as client:
        await_that(lambda: client.get("/health/ready").status_code == 200)
        yield client


@contextlib.contextmanager
def listening(app: FastAPI, **settings: object) -> Iterator[int]:
    """The application under the real server in a thread; the port it listens on."""
    config = uvicorn.Config(app, port=0, log_config=None, lifespan="on", access_log=False, ws="none", **settings)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        await_that(lambda: server.started)
        port = server.servers[0].sockets[0].getsockname()[1]
        await_that(lambda: app.state.desk.worker.ready)
        yield port
    finally:
        server.should_exit = True
        thread.join(10)
        assert not thread.is_alive()


def assert_problem(response, status: int, code: str | None = None) -> dict:
    """The problem in a response, which must be one to the letter."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status
    assert body["request_id"] == response.headers["x-request-id"]
    assert body["detail"]
    assert ("errors" in body) == (status == 422)
    if code is not None:
        assert body["type"] == f"urn:kurzum:problem:{code}"
    return body
