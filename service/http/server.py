"""uvicorn in this process: one process, one event loop, and an end that finishes what was accepted.

uvicorn has no time limit for receiving a header: `TimedProtocol` adds one. `limit_concurrency` is the last resort
against more connections than memory allows; below it the worker's queue answers overload properly.
"""

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from models.errors import UsageError
from service.http.worker import Worker

logger = logging.getLogger("kurzum.server")

# Each may hold a body of the limit's size in memory: 8 MB of 100 are 800 MB at the worst.
CONNECTIONS = 100
KEEP_ALIVE_SECONDS = 10
# Headers over this are answered 400 before the application sees them.
HEADER_BYTES = 32_768
HEADER_SECONDS = 20.0


def serve(
    create: Callable[[], FastAPI],
    host: str = "127.0.0.1",
    port: int = 8000,
    announce: Callable[[str], None] = logger.info,
    header_seconds: float = HEADER_SECONDS,
) -> None:
    """Serve until SIGINT or SIGTERM; then take nothing more, finish what was accepted, and return.

    `announce` is called with the address once connections are accepted; port 0 takes any free one. A second
    SIGINT leaves what is unfinished. Raises UsageError when the address cannot be had.
    """
    listener = _listen(host, port)
    configure_logging()
    app = create()
    config = uvicorn.Config(
        app,
        http=with_header_seconds(header_seconds),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=None,
        h11_max_incomplete_event_size=HEADER_BYTES,
    )
    server = _Server(config, app, lambda: announce(_address(listener)))
    try:
        server.run(sockets=[listener])
    finally:
        listener.close()
    if server.worker.alive:
        # It is inside a native library, loading or in a batch that nobody waits for. The interpreter's own end under
        # a running thread can crash there, so the process ends here.
        logger.warning("ended before the model's thread was done")
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(130 if server.force_exit else 0)


class _Server(uvicorn.Server):
    """uvicorn's server, which would end the process with the signal that it was asked to end by; this one returns."""

    def __init__(self, config: uvicorn.Config, app: FastAPI, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._app = app
        self._started = started

    @property
    def worker(self) -> Worker:
        worker: Worker = self._app.state.desk.worker
        return worker

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.worker.drain()
        await super().shutdown(sockets)
        if self.force_exit:  # uvicorn would leave the application without a word.
            self.worker.abandon()
            # The requests that are cut off now were meant to be: no traceback for each of them.
            logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
            await self.lifespan.shutdown()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
        # Not `super()`: it would keep the signal and send it to the process again when all is done.
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True
        self.should_exit = True


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


def configure_logging() -> None:
    """Own lines at INFO and everybody's warnings to stderr, unless somebody has set up logging already."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("kurzum").setLevel(logging.INFO)


def _listen(host: str, port: int) -> socket.socket:
    address = f"{host}:{port}"
    if not 0 <= port <= 65_535:
        raise UsageError(f"Cannot listen on {address}: ports go from 0 to 65535.")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        # A name such as localhost has both: what most clients try is the older one.
        family = socket.AF_INET if any(f == socket.AF_INET for f, *_ in found) else found[0][0]
        return socket.create_server((host, port), family=family, backlog=2048)
    except socket.gaierror:
        raise UsageError(f"The host {host} is not known: choose another --host.") from None
    except PermissionError:
        raise UsageError(f"Listening on {address} is not allowed: choose a --port above 1023.") from None
    except OSError as error:
        raise UsageError(f"Cannot listen on {address}: {error.strerror}. Choose another --host or --port.") from None


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if listener.family == socket.AF_INET6 else f"http://{host}:{port}"
