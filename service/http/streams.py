"""Answers that take their time: how to notice that a client left, and progress as server-sent events."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from typing import Any, TypeVar

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope

from models.errors import Cancelled
from service.http.desk import ArticleRequest, Desk, render
from service.http.problems import dumps, tell

T = TypeVar("T")

# Proxies close a connection on which nothing moves, most of them after 30 to 60 seconds.
KEEP_ALIVE_SECONDS = 15.0


async def gone(receive: Receive) -> None:
    """Return when the client has left; to be called once its whole body was read."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def while_there(work: Coroutine[Any, Any, T], left: Coroutine[Any, Any, None]) -> T:
    """What `work` returns, unless `left` ends before: then the work is cancelled. Raises Cancelled."""
    task, watcher = asyncio.ensure_future(work), asyncio.ensure_future(left)
    try:
        await asyncio.wait({task, watcher}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise Cancelled("The client left before its answer was ready.")
        return task.result()
    finally:
        task.cancel()
        watcher.cancel()
        await asyncio.gather(task, watcher, return_exceptions=True)


def progress(desk: Desk, request: ArticleRequest, scope: Scope) -> StreamingResponse:
    """The report as the last of a stream of events; starlette cancels the stream when the client leaves."""
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return StreamingResponse(_events(desk, request, scope), headers=headers, media_type="text/event-stream")


async def _events(desk: Desk, request: ArticleRequest, scope: Scope) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    steps: asyncio.Queue[bytes | None] = asyncio.Queue()

    def follow(stage: str, done: int, total: int) -> None:
        event = _event("progress", {"stage": stage, "done": done, "total": total})
        loop.call_soon_threadsafe(steps.put_nowait, event)

    task = asyncio.create_task(desk.report(request, follow))
    task.add_done_callback(lambda _: steps.put_nowait(None))
    try:
        while True:
            try:
                step = await asyncio.wait_for(steps.get(), KEEP_ALIVE_SECONDS)
            except TimeoutError:
                yield b": still working\n\n"
                continue
            if step is None:
                break
            yield step
        try:
            yield _event("report", render(request, task.result()))
        except Exception as error:
            yield _event("problem", tell(error, scope).to_dict(scope))
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _event(name: str, data: object) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (name.encode(), dumps(data))
