"""The time limit that uvicorn lacks: for bytes that come in while no request is being worked on.

A client that sends its header a byte a minute, or goes on sending a body that was refused, would keep a
connection for ever; the application never hears of it. One timer for each connection ends both.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

HEADER_SECONDS = 20.0


class TimedProtocol(H11Protocol):
    """uvicorn's own protocol, with a connection closed when a header is not complete after `header_seconds`.

    The time runs from the first moment on which nothing is being worked on and something should come: from the
    connection on, and after an answer from the next byte on (before that, uvicorn's keep-alive time runs).
    """

    header_seconds = HEADER_SECONDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._time()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._time()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        super().connection_lost(exc)

    def _time(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop()
        elif self._timer is None:
            self._timer = self.loop.call_later(self.header_seconds, self._late)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _late(self) -> None:
        # A pipelined request may have begun since, without another byte.
        self._timer = None
        if self.cycle is None or self.cycle.response_complete:
            self.transport.abort()


def with_header_seconds(seconds: float) -> type[TimedProtocol]:
    """The protocol with another limit; uvicorn takes a class, not an object."""
    return type("TimedProtocol", (TimedProtocol,), {"header_seconds": seconds})
