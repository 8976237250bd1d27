"""One job on its way to an answer, and how long jobs take here."""

import asyncio
import math
import time
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from models.errors import DeadlineExceeded
from models.options import OnProgress, Options
from models.report import Report
from models.values import Article

T = TypeVar("T")

# The pace before the first article was timed, as (seconds, characters): that of a slow machine.
FIRST_PACE = (8.0, 1000.0)
# What was measured before counts this much beside the newest measurement.
PACE_MEMORY = 0.7


class PipelineLike(Protocol):
    """What the service needs of `models.pipeline.Pipeline`."""

    def summarize(self, article: Article, options: Options, on_progress: OnProgress) -> Report: ...

    def translate(self, article: Article, on_progress: OnProgress) -> Report: ...


Job = Callable[[PipelineLike, OnProgress], T]


class Task(Generic[T]):
    """One job on its way through the queue and the thread; the event loop sets `stop`, the thread reads it."""

    def __init__(self, job: Job[T], characters: int, seconds: float, follow: OnProgress) -> None:
        self.job = job
        self.characters = characters
        self.seconds = seconds
        self.follow = follow
        self.begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.answer: asyncio.Future[tuple[T | None, Exception | None]] = asyncio.get_running_loop().create_future()
        self.start = 0.0
        self.deadline = math.inf
        self.stop: Exception | None = None

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.start

    def begin(self) -> None:
        """Its turn has come."""
        self.start = time.monotonic()
        self.deadline = min(self.deadline, self.start + self.seconds)
        if not self.begun.done():
            self.begun.set_result(None)

    def end(self, reason: Exception) -> None:
        """Ask the thread to leave the job at its next step."""
        self.stop = reason
        self.deadline = min(self.deadline, time.monotonic())

    def settle(self, value: T | None, error: Exception | None) -> None:
        """Give the answer to the caller, if it still waits."""
        if not self.begun.done():
            self.begun.set_result(None)
        if not self.answer.done():
            self.answer.set_result((value, error))

    def on_progress(self, stage: str, done: int, total: int) -> None:
        if self.stop is not None:
            raise self.stop
        if time.monotonic() >= self.deadline:
            raise self.too_late()
        self.follow(stage, done, total)

    def too_late(self) -> DeadlineExceeded:
        return DeadlineExceeded(f"The {self.seconds:.0f} s allowed for this article are over.")

    def carry_out(self, pipeline: PipelineLike) -> tuple[T | None, Exception | None]:
        try:
            return self.job(pipeline, self.on_progress), None
        except Exception as error:
            return None, error
        except BaseException as error:  # SystemExit and its like end a job, never the thread or the event loop.
            return None, RuntimeError(type(error).__name__)


class Pace:
    """Seconds for each character: a running mean of what was measured."""

    def __init__(self) -> None:
        self._seconds, self._characters = FIRST_PACE

    def estimate(self, characters: int) -> float:
        """The seconds that this many characters should take."""
        return characters * self._seconds / self._characters

    def record(self, characters: int, seconds: float) -> None:
        """Take one more measurement into the mean."""
        self._seconds = self._seconds * PACE_MEMORY + seconds
        self._characters = self._characters * PACE_MEMORY + characters
