"""One article's way through the service: its limits, its place in the queue, its count in the metrics."""

import asyncio
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from models.checking import Check, check
from models.errors import EmptyText, TextTooLong
from models.options import OnProgress, ignore_progress
from models.reading.formats.registry import FileKind, kind_named
from models.report import Report
from models.values import Layout
from service.http.bodies import BodyReader
from service.http.jobs import Job, PipelineLike
from service.http.metrics import Metrics
from service.http.problems import Overloaded, problem_of
from service.http.requests import ArticleRequest, CheckRequest, SummaryRequest, to_article
from service.http.worker import Worker
from service.reading import FileReader, shared_reader
from service.settings import Limits

# What a character to be checked costs beside one to be translated and summarised: 0.04 on the seeds (embedded model).
CHECKED_AS = 0.04
# Each holds its lines in memory for as long as it takes, and one place in the queue.
MAX_BATCHES = 20
BATCH_RETRY_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Desk:
    """What all routes share."""

    worker: Worker
    limits: Limits
    metrics: Metrics
    bodies: BodyReader
    batch_slots: asyncio.Semaphore
    files: FileReader = field(default_factory=shared_reader)
    # One file is read after the other: those that wait must not hold threads that others need.
    file_slot: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def report(
        self, request: ArticleRequest, follow: OnProgress = ignore_progress, wait_for_slot: bool = False
    ) -> Report:
        """The report on one article; raises as `Worker.run` and the pipeline do, and counts what came of it."""
        with self._counted():
            self.check(request)
            await self.lay_out(request)
            characters, seconds = self._cost(request)
            report = await self.worker.run(_job(request), characters, seconds, follow, wait_for_slot)
        self.metrics.done(asdict(report.seconds))
        return report

    async def check_summary(self, request: CheckRequest) -> Check:
        """The evidence and flags of a given summary; raises and counts as `report` does.

        It waits in the queue although it needs no model, because both need the same processor cores.
        """
        with self._counted():
            self.check(request)
            if len(request.summary) > self.limits.characters:
                raise TextTooLong(f"The summary is longer than {self.limits.characters:,} characters.")
            characters = min(len(request.text), self.limits.characters) + len(request.summary)
            await self.lay_out(request)
            # The queue is measured in what articles take that a model reads.
            weight = math.ceil(characters * CHECKED_AS)
            seconds = self.limits.deadline(self.worker.estimate(weight))
            verdict, spent = await self.worker.run(_check_job(request, self.limits.characters), weight, seconds)
        self.metrics.done({"check": spent})
        return verdict

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """Count what kept an article from coming through."""
        try:
            yield
        except Exception as error:
            self.metrics.articles.labels(problem_of(error).code).inc()
            raise
        except BaseException:  # The request was cancelled because its client left.
            self.metrics.articles.labels("cancelled").inc()
            raise

    async def read_file(self, data: bytes, kind: FileKind, text: str | None) -> Layout:
        """A file laid out, in a process of its own; raises InputError."""
        self.worker.require_ready()
        async with self.file_slot:
            article = await asyncio.to_thread(self.files.read, data, kind, self.limits.characters, text)
        if article.layout is None:
            raise TypeError("a file that was not laid out")
        return article.layout

    async def lay_out(self, request: ArticleRequest | CheckRequest) -> None:
        """Read mark-up in a process of its own, before the article takes its turn."""
        if request.format != "text" and request.layout is None:
            request.lay_out(await self.read_file(b"", kind_named(request.format), request.text))

    def check(self, request: ArticleRequest | CheckRequest) -> None:
        """Raise EmptyText or TextTooLong before any work; of HTML only the pipeline knows how long its text is."""
        if not request.text.strip():
            raise EmptyText("The text is empty or holds only blanks.")
        if request.format == "text" and len(request.text) > self.limits.characters:
            raise TextTooLong(f"The text is longer than {self.limits.characters:,} characters.")

    def check_capacity(self, request: ArticleRequest) -> None:
        """Raise what `report` would raise at once, while there is still a status to choose."""
        self.check(request)
        self.worker.check_capacity(*self._cost(request))

    def check_batch_capacity(self) -> None:
        """Raise NotReady or Overloaded unless one more batch may bring its articles."""
        self.worker.require_ready()
        if self.batch_slots.locked():
            raise Overloaded(BATCH_RETRY_SECONDS)

    def drain(self) -> None:
        """Give up bodies that are incomplete, and let each batch end after its current article."""
        self.bodies.close()
        self.worker.drain()

    def _cost(self, request: ArticleRequest) -> tuple[int, float]:
        """The characters to be read, and the seconds allowed for them."""
        characters = min(len(request.text), self.limits.characters)
        return characters, self.limits.deadline(self.worker.estimate(characters))


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


TheDesk = Annotated[Desk, Depends(_desk)]


def _job(request: ArticleRequest) -> Job[Report]:
    source = to_article(request)
    if isinstance(request, SummaryRequest):
        options = request.options()
        return lambda pipeline, on_progress: pipeline.summarize(source, options, on_progress)
    return lambda pipeline, on_progress: pipeline.translate(source, on_progress)


def _check_job(request: CheckRequest, max_characters: int) -> Job[tuple[Check, float]]:
    source = to_article(request)

    def job(_pipeline: PipelineLike, on_progress: OnProgress) -> tuple[Check, float]:
        start = time.monotonic()
        verdict = check(source, request.summary, max_characters, on_progress)
        return verdict, time.monotonic() - start

    return job
