"""The one place where inference runs: one thread beside the event loop, and a bounded queue before it.

One thread because the models use every core already: two articles at once would only slow each other down. The
queue itself lives on the event loop (a fair lock and a fair semaphore), so nothing but a single job and its answer
ever crosses between threads.
"""

import asyncio
import contextlib
import logging
import math
import threading
import time
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, Generic, Protocol, TypeVar

from models.errors import Cancelled, DeadlineExceeded, KurzumError, ModelUnavailable, Stopped
from models.options import OnProgress, Options, ignore_progress
from models.report import Report
from models.values import Article
from service.http.problems import NotReady, Overloaded, where

logger = logging.getLogger("kurzum.worker")

T = TypeVar("T")

# The pace before the first article was timed, as (seconds, characters); afterwards a running mean of what was measured.
FIRST_GUESS = (2.0, 1000.0)
CANARY = "Der Hund schläft im Garten."
EXPECTED_WORDS = ("dog", "garden")
MEMORY = 0.7
RETRY_AFTER_RANGE = (1, 600)


class PipelineLike(Protocol):
    """What the service needs of `models.pipeline.Pipeline`."""

    def summarize(self, article: Article, options: Options, on_progress: OnProgress) -> Report: ...

    def translate(self, article: Article, on_progress: OnProgress) -> Report: ...


Job = Callable[[PipelineLike, OnProgress], T]


class _Task(Generic[T]):
    """One job on its way through the thread; `stop` is set by the event loop and read between two batches."""

    def __init__(self, job: Job[T], seconds: float, follow: OnProgress) -> None:
        self.job = job
        self.seconds = seconds
        self.deadline = time.monotonic() + seconds
        self.follow = follow
        self.stop: Stopped | None = None
        self.settle: Callable[[T | None, Exception | None, float], None]

    def on_progress(self, stage: str, done: int, total: int) -> None:
        if self.stop is not None:
            raise self.stop
        if time.monotonic() >= self.deadline:
            raise self.too_late()
        self.follow(stage, done, total)

    def too_late(self) -> DeadlineExceeded:
        return DeadlineExceeded(f"The {self.seconds:.0f} s allowed for this article are over.")

    def carry_out(self, pipeline: PipelineLike) -> None:
        start = time.monotonic()
        value: T | None = None
        error: Exception | None = None
        try:
            value = self.job(pipeline, self.on_progress)
        except Exception as raised:
            error = raised
        except BaseException as raised:  # SystemExit and its like end a job, never the thread or the event loop.
            error = RuntimeError(type(raised).__name__)
        self.settle(value, error, time.monotonic() - start)


class Worker:
    """Loads the pipeline in its thread and runs one job after the other there, in the order they came."""

    def __init__(self, load: Callable[[], PipelineLike], waiting: int) -> None:
        self._load = load
        self._inbox: SimpleQueue[_Task[Any] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="inference", daemon=True)
        self._places = asyncio.Semaphore(waiting + 1)
        self._turn = asyncio.Lock()
        self._waiting: list[int] = []
        self._running: int | None = None
        self._pace = FIRST_GUESS
        self._obstacle: tuple[str, int] | None = ("The model is still being loaded: try again soon.", 5)
        self._loading = True
        self._closed = False
        self._abandoned = False
        self.draining = False

    def start(self) -> None:
        """Start loading; must be called on the event loop that will call `run`."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    @property
    def ready(self) -> bool:
        """Whether articles are taken."""
        return self._obstacle is None

    @property
    def alive(self) -> bool:
        """Whether the thread is there."""
        return self._thread.is_alive()

    @property
    def waiting(self) -> int:
        """How many articles were accepted and not begun."""
        return len(self._waiting)

    def require_ready(self) -> None:
        """Raise NotReady with the reason unless articles are taken."""
        if self._obstacle is not None:
            raise NotReady(*self._obstacle)

    def require_place(self) -> None:
        """Raise NotReady or Overloaded unless `run` would accept an article now."""
        self.require_ready()
        if self._places.locked():
            raise Overloaded(self.retry_after())

    def retry_after(self) -> int:
        """Whole seconds until all that was accepted should be done, from the characters in it."""
        low, high = RETRY_AFTER_RANGE
        seconds, characters = self._pace
        accepted = sum(self._waiting) + (self._running or 0)
        return min(max(math.ceil(accepted * seconds / characters), low), high)

    async def run(
        self,
        job: Job[T],
        characters: int,
        seconds: float,
        follow: OnProgress = ignore_progress,
        wait_for_slot: bool = False,
    ) -> T:
        """What `job` returns for the loaded pipeline.

        `seconds` count from the acceptance on, waiting included. With `wait_for_slot` the caller waits for a
        place in the queue where others are turned away. Cancelling the call stops the job at its next batch, or takes
        it out of the queue. Raises NotReady, Overloaded, DeadlineExceeded and whatever the job raises.
        """
        if not wait_for_slot:
            self.require_place()
        await self._places.acquire()
        task: _Task[T] = _Task(job, seconds, follow)
        answer: asyncio.Future[tuple[T, Exception | None]] | None = None
        try:
            self.require_ready()
            self._waiting.append(characters)
            async with asyncio.timeout(seconds):
                try:
                    await self._turn.acquire()
                finally:
                    self._waiting.remove(characters)
                answer = self._hand_over(task, characters)
                value, error = await asyncio.shield(answer)
        except TimeoutError:
            task.stop = task.too_late()
            raise task.too_late() from None
        except asyncio.CancelledError:
            task.stop = Cancelled("Nobody waits for the answer any more.")
            raise
        finally:
            if answer is None:
                self._places.release()
        if error is not None:
            raise error
        return value

    def drain(self) -> None:
        """Ask those who bring one article after the other to stop after the one in work."""
        self.draining = True

    async def close(self) -> None:
        """Take nothing more, finish what was accepted, end the thread. While the model loads, do not wait for it."""
        self._closed = True
        self._obstacle = ("The service is shutting down.", RETRY_AFTER_RANGE[0])
        if self._loading:
            self.abandon()
        if self._abandoned:
            return
        async with self._turn:  # The lock is fair: whoever was accepted before has had their turn.
            self._inbox.put(None)
        await asyncio.to_thread(self._thread.join)

    def abandon(self) -> None:
        """Let the thread end by itself as soon as it is free, and wait for nothing."""
        self._abandoned = True
        self._inbox.put(None)

    def _hand_over(self, task: _Task[T], characters: int) -> "asyncio.Future[tuple[T, Exception | None]]":
        """Give the task to the thread; the turn and the place come back when the thread is done with it."""
        answer = self._loop.create_future()
        self._running = characters

        def settled(value: T | None, error: Exception | None, seconds: float) -> None:
            self._running = None
            if error is None:
                self._pace = (self._pace[0] * MEMORY + seconds, self._pace[1] * MEMORY + characters)
            answer.set_result((value, error))
            self._turn.release()
            self._places.release()

        def settle(value: T | None, error: Exception | None, seconds: float) -> None:
            with contextlib.suppress(RuntimeError):  # The loop is closed: nobody is left to tell.
                self._loop.call_soon_threadsafe(settled, value, error, seconds)

        task.settle = settle
        self._inbox.put(task)
        return answer

    def _serve(self) -> None:
        try:
            pipeline = self._load()
        except KurzumError as error:
            logger.error("the model could not be loaded: %s", error)
            self._loaded(str(error))
            return
        except BaseException as error:
            logger.error("the model could not be loaded: %s", where(error))
            self._loaded("The model could not be loaded: the service's log says where it failed.")
            return
        self._loaded(None)
        while (task := self._inbox.get()) is not None:
            task.carry_out(pipeline)
            del task  # Do not hold the last article while waiting for the next.

    def _loaded(self, obstacle: str | None) -> None:
        def loaded() -> None:
            self._loading = False
            if not self._closed:
                self._obstacle = (obstacle, 60) if obstacle else None

        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(loaded)


def check_canary(pipeline: PipelineLike) -> None:
    """Translate the known sentence. Raises ModelUnavailable when the English lacks an expected word."""
    report = pipeline.translate(Article(CANARY, id="canary", source_lang="de"), ignore_progress)
    english = report.translation.text.casefold() if report.translation else ""
    missing = [word for word in EXPECTED_WORDS if word not in english]
    if missing:
        raise ModelUnavailable(
            f"The model's translation of a known sentence lacks {' and '.join(missing)}: its weights are damaged, "
            "or this version of a library cannot run it. Choose another preset or engine."
        )
