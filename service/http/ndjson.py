"""The lines of an NDJSON body while it arrives: read ahead, but never more than a bounded number of bytes.

Many clients send their whole body before they read the first answer. If the service stopped reading whenever an
answer is under way, both sides could wait for each other for ever; with a whole body's limit read ahead, only
a batch beyond that limit needs a client that reads while it sends.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass

from starlette.types import Receive

from service.http.problems import Refused

# What a line costs beside its bytes, so that a body of a million tiny lines is not read ahead for nothing.
OVERHEAD = 256


@dataclass(frozen=True, slots=True)
class Line:
    """A line and its number, counted from 1; `refused` where it could not be received."""

    number: int
    content: bytes = b""
    refused: Refused | None = None


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
                self._add(Line(self._number + 1, refused=Refused(408, "request-timeout", detail)))
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
            refused = Refused(413, "body-too-large", f"The line is larger than {self._limit:,} bytes.")
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
