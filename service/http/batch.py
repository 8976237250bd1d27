"""Many articles in one request: NDJSON in, NDJSON out, one answer a line in the order of the lines.

One article of a batch is in the queue at a time. It waits for a place instead of being turned away, so a large batch
is slowed down where single requests are answered 503; and between two of its articles others have their turn.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from models.errors import Cancelled
from service.http.bodies import parse_json
from service.http.desk import Desk
from service.http.problems import RequestError, log_and_describe, respond
from service.http.requests import SummaryRequest, validate
from service.http.responses import cancel_on_disconnect, to_dict
from service.json import json_bytes

DRAINING = RequestError(503, "shutting-down", "The service is shutting down: the lines from here on were not read.")
# What a line costs beside its bytes, so that a body of a million tiny lines is not read ahead for nothing.
OVERHEAD = 256


@dataclass(frozen=True, slots=True)
class Line:
    """A line and its number, counted from 1; `refused` where it could not be received."""

    number: int
    content: bytes = b""
    refused: RequestError | None = None


class Lines:
    """`pump` fills it while it is iterated over; blank lines are left out.

    Raises nothing: a line over `limit` bytes comes as a refusal and the next ones are read, and after
    `idle_seconds` without a byte and without a line in work a last refusal ends the lines.
    """

    def __init__(self, receive: Receive, limit: int, idle_seconds: float) -> None:
        self._receive = receive
        self._limit = limit
        self._idle_seconds = idle_seconds
        self._lines: deque[Line] = deque()
        self._held = 0
        self._number = 0
        self._partial = bytearray()
        self._skipping = False
        self._in_work = False
        self._ended = False
        self._change = asyncio.Event()

    async def pump(self) -> None:
        """Read the body to its end; return when the client has left."""
        more = True
        while more:
            try:
                message = await asyncio.wait_for(self._receive(), self._idle_seconds)
            except TimeoutError:
                if self._lines or self._in_work:
                    continue
                detail = f"Nothing arrived for {self._idle_seconds:.0f} s: the lines from here on were not read."
                self._add(Line(self._number + 1, refused=RequestError(408, "request-timeout", detail)))
                break
            if message["type"] == "http.disconnect":
                return
            self._split(message.get("body", b""))
            more = message.get("more_body", False)
            if more:
                await self._room()
        else:
            self._finish_line()
        self._ended = True
        self._change.set()
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def __aiter__(self) -> AsyncIterator[Line]:
        while True:
            while not self._lines:
                if self._ended:
                    return
                await self._changed()
            line = self._lines.popleft()
            self._held -= len(line.content) + OVERHEAD
            self._change.set()
            self._in_work = True
            yield line
            self._in_work = False

    def _split(self, chunk: bytes) -> None:
        *ends, rest = chunk.split(b"\n")
        for end in ends:
            self._extend(end)
            self._finish_line()
        self._extend(rest)

    def _extend(self, piece: bytes) -> None:
        if self._skipping:
            return
        self._partial += piece
        if len(self._partial) > self._limit:
            self._partial.clear()
            self._skipping = True

    def _finish_line(self) -> None:
        self._number += 1
        if self._skipping:
            refused = RequestError(413, "body-too-large", f"The line is larger than {self._limit:,} bytes.")
            self._add(Line(self._number, refused=refused))
        elif self._partial.strip():
            self._add(Line(self._number, bytes(self._partial)))
        self._partial.clear()
        self._skipping = False

    def _add(self, line: Line) -> None:
        self._lines.append(line)
        self._held += len(line.content) + OVERHEAD
        self._change.set()

    async def _room(self) -> None:
        while self._held > self._limit:
            await self._changed()

    async def _changed(self) -> None:
        self._change.clear()
        await self._change.wait()


class BatchResponse(Response):
    """Reads the request while it answers, which starlette's StreamingResponse cannot: it listens for a disconnect."""

    media_type = "application/x-ndjson"

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        del self.headers["content-length"]
        self.desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        limits = self.desk.limits
        lines = Lines(receive, limits.body_bytes, limits.body_seconds)
        try:
            answered = await cancel_on_disconnect(self._answer(lines, scope, send), lines.pump())
        except Cancelled:
            return  # Nobody is there to be told.
        if not answered:
            empty = RequestError(400, "malformed-request", "There is no line in the body.")
            await (await respond(Request(scope), empty))(scope, receive, send)

    async def _answer(self, lines: Lines, scope: Scope, send: Send) -> int:
        answered = 0
        async for line in lines:
            if not answered:
                await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            over = bool(answered) and self.desk.worker.draining
            answer = await self._one(Line(line.number, refused=DRAINING) if over else line, scope)
            await send({"type": "http.response.body", "body": json_bytes(answer) + b"\n", "more_body": True})
            answered += 1
            if over:
                break
        if answered:
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        return answered

    async def _one(self, line: Line, scope: Scope) -> dict[str, object]:
        name: object = None
        try:
            if line.refused is not None:
                raise line.refused
            value = await parse_json(line.content)
            name = value.get("id") if isinstance(value, dict) else None
            request = validate(SummaryRequest, value)
            return to_dict(request, await self.desk.report(request, wait_for_slot=True))
        except Exception as error:
            known = {"id": name} if isinstance(name, str) and len(name) <= 200 else {}
            return log_and_describe(error, scope).to_dict(scope) | {"line": line.number} | known
