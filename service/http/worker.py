"""The one place where inference runs: one thread beside the event loop, and a bounded queue before it.

One thread, because the models use every core already: two articles at once would only slow each other down. The queue
lives on the event loop, so only a job and its answer ever cross between threads. Single requests and the articles of
batches wait in two lines and take turns, so that neither starves the other.
"""

import asyncio
import contextlib
import logging
import re
import threading
import time
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar, cast

from models.errors import Cancelled, DeadlineExceeded, KurzumError
from models.options import OnProgress, ignore_progress
from service.http.jobs import Job, Pace, PipelineLike, Task
from service.http.problems import NotReady, Overloaded, ShuttingDown, where

logger = logging.getLogger("kurzum.worker")

T = TypeVar("T")

# A short text takes longer than its length says.
MIN_PACE_CHARACTERS = 1000
# An article is accepted if it should be done in its time even when all takes this much longer than expected.
ADMISSION_MARGIN = 1.3
# A job that is not back this many seconds after its end hangs in a library: the service is not ready any more.
OVERDUE_SECONDS = 10.0
ABSOLUTE_PATH = re.compile(r"(?<![\w./~-])/\w")


class Worker:
    """Loads the pipeline in its thread and runs one job after the other there."""

    def __init__(self, load: Callable[[], PipelineLike], waiting: int) -> None:
        self._load = load
        self._waiting = waiting
        self._inbox: SimpleQueue[Task[Any] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="inference", daemon=True)
        self._singles: deque[Task[Any]] = deque()
        self._batches: deque[Task[Any]] = deque()
        self._running: Task[Any] | None = None
        self._single_was_last = False
        self._idle = asyncio.Event()
        self._idle.set()
        self._pace = Pace()
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
        """Whether articles are accepted."""
        return self._obstacle is None and not self.overdue

    @property
    def alive(self) -> bool:
        """Whether the thread is there."""
        return self._thread.is_alive()

    @property
    def busy(self) -> bool:
        """Whether a job is in the thread."""
        return self._running is not None

    @property
    def overdue(self) -> bool:
        """Whether the thread has not come back from a job long after its end."""
        return self._running is not None and time.monotonic() > self._running.deadline + OVERDUE_SECONDS

    @property
    def waiting(self) -> int:
        """How many articles were accepted and have not begun."""
        return len(self._singles) + len(self._batches)

    def require_ready(self) -> None:
        """Raise NotReady with the reason unless articles are accepted."""
        if self._obstacle is not None:
            raise NotReady(*self._obstacle)
        if self.overdue:
            raise NotReady("The worker does not come back from an article whose time is over.", 60)

    def estimate(self, characters: int) -> float:
        """The seconds that this many characters should take, by the pace so far and that of the running job."""
        seconds = self._pace.estimate(characters)
        if self._running is not None:
            pace = self._running.elapsed / max(self._running.characters, MIN_PACE_CHARACTERS)
            seconds = max(seconds, characters * pace)
        return seconds

    def check_capacity(self, characters: int, seconds: float) -> None:
        """Raise NotReady or Overloaded unless a single article should be done within `seconds` from now."""
        self.require_ready()
        if self._running is None:
            return
        if len(self._singles) >= self._waiting:
            raise Overloaded(self._expected_wait(len(self._batches)))
        # Each single article lets one article of a batch go first.
        spare = seconds / ADMISSION_MARGIN - self.estimate(characters)
        wait = self._expected_wait(len(self._singles) + 1)
        if wait > spare:
            raise Overloaded(wait - spare)

    async def run(
        self,
        job: Job[T],
        characters: int,
        seconds: float,
        follow: OnProgress = ignore_progress,
        wait_for_slot: bool = False,
    ) -> T:
        """What `job` returns for the loaded pipeline.

        `seconds` include the time in the queue. With `wait_for_slot` the job is never turned away, and its time
        begins with its turn. Cancelling the call stops the job at its next step, or takes it out of the queue.
        Raises NotReady, Overloaded, ShuttingDown, DeadlineExceeded and whatever the job raises.
        """
        task: Task[T] = Task(job, characters, seconds, follow)
        if wait_for_slot:
            self.require_ready()
            queue = self._batches
        else:
            self.check_capacity(characters, seconds)
            queue = self._singles
            task.deadline = time.monotonic() + seconds
        queue.append(task)
        self._start_next()
        try:
            if wait_for_slot:
                await task.begun
            async with asyncio.timeout(task.deadline - time.monotonic()):
                value, error = await asyncio.shield(task.answer)
        except TimeoutError:
            task.end(task.too_late())
            raise task.too_late() from None
        except asyncio.CancelledError:
            task.end(Cancelled("Nobody waits for the answer any more."))
            raise
        finally:
            with contextlib.suppress(ValueError):
                queue.remove(task)
        if error is not None:
            raise error
        return cast("T", value)

    def drain(self) -> None:
        """Ask batches to stop after their current article."""
        self.draining = True

    def stop_all(self) -> None:
        """Answer everything that was accepted and is not done with ShuttingDown."""
        reason = ShuttingDown()
        tasks = [*self._singles, *self._batches, *([self._running] if self._running else [])]
        self._singles.clear()
        self._batches.clear()
        for task in tasks:
            task.end(reason)
            task.settle(None, reason)

    async def close(self) -> None:
        """Accept nothing more, finish what was accepted, end the thread. A load that is under way is not awaited."""
        self._closed = True
        self._obstacle = (str(ShuttingDown()), 1)
        if self._loading:
            self.abandon()
        if self._abandoned:
            return
        await self._idle.wait()
        self._inbox.put(None)
        await asyncio.to_thread(self._thread.join)

    def abandon(self) -> None:
        """Let the thread end by itself as soon as it is free, and wait for nothing."""
        self._abandoned = True
        self._inbox.put(None)

    def _expected_wait(self, batches: int) -> float:
        """Seconds until the running job, all single articles and the first `batches` of the others should be done."""
        seconds = sum(self.estimate(task.characters) for task in self._singles)
        seconds += sum(self.estimate(task.characters) for task in list(self._batches)[:batches])
        if self._running is not None:
            # A job that takes longer than expected goes on for an unknown time: a tenth of the estimate at least.
            expected = self.estimate(self._running.characters)
            seconds += max(expected - self._running.elapsed, expected / 10)
        return seconds

    def _start_next(self) -> None:
        if self._running is not None:
            return
        lines = (self._batches, self._singles) if self._single_was_last else (self._singles, self._batches)
        queue = lines[0] or lines[1]
        if not queue:
            self._idle.set()
            return
        self._idle.clear()
        self._single_was_last = queue is self._singles
        self._running = task = queue.popleft()
        task.begin()
        self._inbox.put(task)

    def _settled(self, task: Task[T], value: T | None, error: Exception | None, seconds: float) -> None:
        self._running = None
        # An article that ran out of time shows the pace too, if it is slower than was thought.
        slow = isinstance(error, DeadlineExceeded) and seconds > self.estimate(task.characters)
        if error is None or slow:
            self._pace.record(task.characters, seconds)
        task.settle(value, error)
        self._start_next()

    def _serve(self) -> None:
        try:
            pipeline = self._load()
        except BaseException as error:
            own = isinstance(error, KurzumError)
            logger.error("the model could not be loaded: %s", error if own else where(error))
            # A client must not learn where things lie on this machine.
            told = own and not ABSOLUTE_PATH.search(str(error))
            reason = str(error) if told else "The model could not be loaded: the service's log says why."
            self._tell_loop(self._loaded, reason)
            return
        self._tell_loop(self._loaded, None)
        while (task := self._inbox.get()) is not None:
            start = time.monotonic()
            result = task.carry_out(pipeline)
            self._tell_loop(self._settled, task, *result, time.monotonic() - start)
            del task, result  # Do not hold the last article while waiting for the next.

    def _loaded(self, obstacle: str | None) -> None:
        self._loading = False
        if not self._closed:
            self._obstacle = (obstacle, 60) if obstacle else None

    def _tell_loop(self, call: Callable[..., None], *values: object) -> None:
        with contextlib.suppress(RuntimeError):  # The loop is closed: nobody is left to tell.
            self._loop.call_soon_threadsafe(call, *values)
