"""From reports to answers: JSON, plain text, progress as server-sent events, and batches as one JSON line for each.

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

from models.errors import Cancelled, TextTooLong
from models.report import Report
from service.http.bodies import parse_json
from service.http.desk import Desk
from service.http.problems import RequestError, ShuttingDown, log_and_describe
from service.http.requests import ArticleRequest, SummaryRequest, TranslationRequest, validate
from service.json import json_bytes

T = TypeVar("T")
Answer = Literal["application/json", "text/plain", "text/event-stream"]
ANSWERS: tuple[Answer, ...] = ("application/json", "text/plain", "text/event-stream")
# A line of a batch with its number from 1 on.
Line = tuple[int, bytes]
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


def split_lines(body: bytes, max_lines: int) -> list[Line]:
    """The lines that are not blank, with their numbers from 1 on. Raises RequestError for none and for too many."""
    if body.count(b"\n") > max_lines:
        raise RequestError(413, TextTooLong.code, f"The batch has more than {max_lines:,} lines.")
    lines = [(number, line) for number, line in enumerate(body.split(b"\n"), 1) if line.strip()]
    if not lines:
        raise RequestError(400, "malformed-request", "There is no line in the body.")
    return lines


async def answer_lines(desk: Desk, lines: list[Line], scope: Scope) -> AsyncIterator[bytes]:
    """One line of JSON for each line: its report, or its problem with the line's number.

    Every failure becomes a line of the stream, because the status has been sent.
    """
    async with desk.batch_slots:
        for index, (number, line) in enumerate(lines):
            over = index > 0 and desk.worker.draining
            yield _line_problem(ShuttingDown(), scope, number) if over else await _line(desk, number, line, scope)
            if over:
                break
            await asyncio.sleep(0)  # Refused lines wait for nothing: let others have the event loop.


async def _line(desk: Desk, number: int, line: bytes, scope: Scope) -> bytes:
    name: object = None
    try:
        value = await parse_json(line)
        name = value.get("id") if isinstance(value, dict) else None
        request = validate(SummaryRequest, value)
        return json_bytes(to_dict(request, await desk.report(request, wait_for_slot=True))) + b"\n"
    except Exception as error:
        return _line_problem(error, scope, number, name)


def _line_problem(error: Exception, scope: Scope, number: int, name: object = None) -> bytes:
    known = {"id": name} if isinstance(name, str) and len(name) <= 200 else {}
    return json_bytes(log_and_describe(error, scope).to_dict(scope) | {"line": number} | known) + b"\n"
