"""From a report to the answer: JSON, plain text, or progress as server-sent events; and the bodies that are no report.

The API documents reports by their own dataclasses (`models/report.py`, `models/checking.py`).
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from pathlib import PurePath
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict
from starlette.datastructures import Headers
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope

from models.errors import Cancelled
from models.report import Report
from service.http.desk import Desk
from service.http.problems import log_and_describe
from service.http.requests import ArticleRequest, TranslationRequest
from service.json import json_bytes

T = TypeVar("T")
Answer = Literal["application/json", "text/plain", "text/event-stream"]
ANSWERS: tuple[Answer, ...] = ("application/json", "text/plain", "text/event-stream")
# Proxies close a connection on which nothing moves, most of them after 30 to 60 seconds.
KEEP_ALIVE_SECONDS = 15.0


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FieldError(_Body):
    """What is wrong with one field of a request."""

    field: str
    message: str


class ProblemBody(_Body):
    """RFC 9457; `errors` with status 422, `line` and `id` in answers to a batch."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str
    errors: list[FieldError] | None = None
    line: int | None = None
    id: str | None = None


class Health(_Body):
    """The state of the service."""

    status: Literal["live", "ready"]


def answer_type(headers: Headers) -> Answer:
    """What the client would like best of what there is: RFC 9110, section 12.5.1, and JSON where it does not say."""
    best: tuple[float, Answer] = (0.0, "application/json")
    for part in headers.get("accept", "").split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = next((_quality(p[2:]) for p in parameters if p.startswith("q=")), 1.0)
        wanted = "application/json" if name in ("*/*", "application/*") else name
        for offered in ANSWERS:
            if offered == wanted and quality > best[0]:
                best = (quality, offered)
    return best[1]


def _quality(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 0.0


def to_dict(request: ArticleRequest, report: Report) -> dict[str, object]:
    """The report with what the request wants included; a translation is never left out of a translation's report."""
    include = set(request.include)
    if isinstance(request, TranslationRequest):
        include.add("translation")
    content = report.to_dict(include)
    content["receipt"] = _without_folders(content["receipt"])
    return content


def _without_folders(receipt: dict[str, Any]) -> dict[str, Any]:
    """The receipt with only the last part of a model's path: where models lie here is no client's business."""
    models = [
        m | {"id": PurePath(m["id"]).name if PurePath(m["id"]).is_absolute() else m["id"]}
        for m in receipt.get("models", [])
    ]
    return receipt | ({"models": models} if models else {})


def plain_text(report: Report) -> str:
    """The English alone: the summary, or the translation where no summary was asked for."""
    if report.summary is not None:
        return report.summary.text
    return report.translation.text if report.translation is not None else ""


async def disconnected(receive: Receive) -> None:
    """Return when the client has left; to be called once its whole body was read."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def cancel_on_disconnect(work: Coroutine[Any, Any, T], left: Coroutine[Any, Any, None]) -> T:
    """What `work` returns, unless `left` ends before: then the work is cancelled. Raises Cancelled."""
    task, watcher = asyncio.ensure_future(work), asyncio.ensure_future(left)
    try:
        await asyncio.wait({task, watcher}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            watcher.result()  # Raises if the watcher failed: that is no client that left.
            raise Cancelled("The client left before its answer was ready.")
        return task.result()
    finally:
        task.cancel()
        watcher.cancel()
        await asyncio.gather(task, watcher, return_exceptions=True)


def stream(content: AsyncIterator[bytes], kind: str) -> StreamingResponse:
    """An answer that is sent piece by piece, through proxies too; starlette cancels it when the client leaves."""
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return StreamingResponse(content, headers=headers, media_type=kind)


async def progress(desk: Desk, request: ArticleRequest, scope: Scope) -> AsyncIterator[bytes]:
    """Events of the work on one article; the last one is the report or a problem."""
    loop = asyncio.get_running_loop()
    steps: asyncio.Queue[bytes | None] = asyncio.Queue()

    last: tuple[str, int, int] | None = None

    def follow(*step: Any) -> None:
        nonlocal last
        if step != last:  # Stages also report unchanged steps, so that a deadline is kept between two.
            last, event = step, _event("progress", dict(zip(("stage", "done", "total"), step, strict=True)))
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
            yield _event("report", to_dict(request, task.result()))
        except Exception as error:
            yield _event("problem", log_and_describe(error, scope).to_dict(scope))
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _event(name: str, data: object) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (name.encode(), json_bytes(data))
