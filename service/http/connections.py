"""What uvicorn's protocol lacks: time limits for headers and for unread answers, and room for the next connection.

The application never hears of a client that sends its header a byte a minute, goes on sending a body that was
refused, does not read its answer, or connects and stays silent.
"""

import asyncio
import resource
import time
import uuid
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from service.http.metrics import Metrics
from service.http.middleware import SECURITY_HEADERS, access
from service.http.problems import MEDIA_TYPE, RequestError, problem_of
from service.json import json_bytes

# A connection costs some 50 KB; beyond this number each new one closes the oldest on which no request is served.
MAX_CONNECTIONS = 1000
# File descriptors that the rest of the process needs.
RESERVED_DESCRIPTORS = 100
# uvicorn works off in one go what one read brings: thousands of tiny chunks would hold the event loop.
READ_BYTES = 4096
# A chunked body of more lines than these, of fewer bytes each, is an attack on whoever has to parse it.
MAX_SHORT_LINES = 10_000
MIN_LINE_BYTES = 16
# An answer must move by this much in each period; less is a client that does not read.
MIN_WRITTEN_BYTES = 4096


class TimedProtocol(H11Protocol):
    """uvicorn's own protocol, which closes connections on which the client leaves the service waiting.

    A header must be complete `silence_seconds` after the moment from which on it should come: from the connection
    on, and after an answer from the next byte on (before that, uvicorn's keep-alive time runs).
    """

    silence_seconds = 15.0
    metrics: Metrics

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._header_timer: asyncio.TimerHandle | None = None
        self._write_timer: asyncio.TimerHandle | None = None
        self._body_bytes = self._body_lines = 0
        self.since = time.monotonic()

    @property
    def idle(self) -> bool:
        """Whether no request is being served."""
        return self.cycle is None or self.cycle.response_complete

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        transport.max_size = READ_BYTES  # type: ignore[attr-defined]
        # Hear of it whenever anything is left unsent.
        transport.set_write_buffer_limits(high=0)
        self._make_room()
        self._start_header_timer()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._start_header_timer()
        if self.conn.their_state is h11.SEND_BODY:
            self._count_lines(data)
        else:
            self._body_bytes = self._body_lines = 0

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_header_timer()
        self._stop_write_timer()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._await_reader(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        self._stop_write_timer()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """Answer bytes that are not HTTP with a problem, and count it; uvicorn would answer plain text."""
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):  # Half an answer is out.
            self.transport.abort()
            return
        request_id = uuid.uuid4().hex
        problem = problem_of(RequestError(400, "malformed-request", msg))
        body = json_bytes(problem.to_dict({"path": "", "state": {"request_id": request_id}}))
        headers = {"Content-Type": MEDIA_TYPE, "Connection": "close", "X-Request-ID": request_id, **SECURITY_HEADERS}
        head = h11.Response(
            status_code=400,
            headers=[(k.encode(), v.encode()) for k, v in {**headers, "Content-Length": str(len(body))}.items()],
            reason=b"Bad Request",
        )
        for event in (head, h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
        self.metrics.requests.labels("none", "400").inc()
        access.info("%s - - 400 0 ms", request_id)

    def _count_lines(self, data: bytes) -> None:
        self._body_bytes += len(data)
        self._body_lines += data.count(b"\r\n")
        if self._body_lines > MAX_SHORT_LINES and self._body_bytes < MIN_LINE_BYTES * self._body_lines:
            self.send_400_response("The body comes in too many tiny chunks.")

    def _make_room(self) -> None:
        if len(self.connections) <= _max_connections():
            return
        idle = [c for c in self.connections if isinstance(c, TimedProtocol) and c.idle]
        min(idle, key=lambda connection: connection.since).transport.abort()

    def _start_header_timer(self) -> None:
        if not self.idle:
            self._stop_header_timer()
        elif self._header_timer is None:
            self._header_timer = self.loop.call_later(self.silence_seconds, self._header_is_late)

    def _stop_header_timer(self) -> None:
        if self._header_timer is not None:
            self._header_timer.cancel()
            self._header_timer = None

    def _header_is_late(self) -> None:
        # A pipelined request may have begun since, without another byte.
        self._header_timer = None
        if self.idle:
            self.transport.abort()

    def _await_reader(self, unsent: int) -> None:
        self._write_timer = self.loop.call_later(self.silence_seconds, self._check_reader, unsent)

    def _stop_write_timer(self) -> None:
        if self._write_timer is not None:
            self._write_timer.cancel()
            self._write_timer = None

    def _check_reader(self, unsent: int) -> None:
        left = self.transport.get_write_buffer_size()
        if left > unsent - MIN_WRITTEN_BYTES:
            self.transport.abort()
        else:
            self._await_reader(left)


def with_settings(silence_seconds: float, metrics: Metrics) -> type[TimedProtocol]:
    """The protocol with these settings; uvicorn takes a class, not an object."""
    return type("TimedProtocol", (TimedProtocol,), {"silence_seconds": silence_seconds, "metrics": metrics})


def _max_connections() -> int:
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MAX_CONNECTIONS if soft == resource.RLIM_INFINITY else min(MAX_CONNECTIONS, soft - RESERVED_DESCRIPTORS)
