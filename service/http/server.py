"""uvicorn in this process: one process, one event loop, and an end that finishes what was accepted.

On a signal the service stops listening, gives up requests that are not received yet, and finishes the others within
`Limits.drain_seconds`. What is unfinished then is answered 503. A second signal ends the process at once.
"""

import asyncio
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from types import FrameType

import uvicorn
from fastapi import FastAPI

from models.errors import UsageError
from service.http.connections import with_settings
from service.http.desk import Desk
from service.settings import Limits

logger = logging.getLogger("kurzum.server")

KEEP_ALIVE_SECONDS = 10
# Headers over this are answered 400 before the application sees them.
HEADER_BYTES = 32_768
# Time for clients to read the answer that the service ends, and for a job to notice that it was stopped.
FAREWELL_SECONDS = 2.0
TICK_SECONDS = 0.05


def serve(
    create: Callable[[], FastAPI],
    host: str = "127.0.0.1",
    port: int = 8000,
    announce: Callable[[str], None] = logger.info,
    limits: Limits | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM; then accept nothing more, finish what was accepted, and return.

    `announce` is called with the address once connections are accepted; port 0 takes any free one. A second signal
    ends the process. Raises UsageError when the address cannot be had.
    """
    limits = limits or Limits()
    listener = _listen(host, port)
    configure_logging()
    app = create()
    config = uvicorn.Config(
        app,
        loop="asyncio",
        http=with_settings(limits.silence_seconds, app.state.metrics),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        limit_concurrency=None,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        h11_max_incomplete_event_size=HEADER_BYTES,
    )
    server = _Server(config, app, limits.drain_seconds, lambda: announce(_address(listener)))
    try:
        server.run(sockets=[listener])
    finally:
        listener.close()
    if server.forced_by or server.desk.worker.alive:
        # The thread is inside a native library, loading or in a step that nobody waits for. The interpreter's own end
        # under a running thread can crash there, so the process ends here.
        logger.warning("ended before the model's thread was done")
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(128 + server.forced_by if server.forced_by else 0)


class _Server(uvicorn.Server):
    """uvicorn's server with another end: uvicorn waits for every client, and then ends by the signal that it got."""

    def __init__(self, config: uvicorn.Config, app: FastAPI, drain_seconds: float, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._app = app
        self._drain_seconds = drain_seconds
        self._started = started
        self.forced_by = 0

    @property
    def desk(self) -> Desk:
        desk: Desk = self._app.state.desk
        return desk

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for listener in self.servers:
            listener.close()
        for listening in sockets or []:
            listening.close()
        self.desk.drain()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        if not await self._quiet(self._drain_seconds):
            self.desk.worker.stop_all()
            await self._quiet(FAREWELL_SECONDS)
        if self.forced_by:  # The requests that are cut off now were meant to be: no traceback for each of them.
            logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        if self.forced_by or not await self._free(FAREWELL_SECONDS):
            self.desk.worker.abandon()
        await self.lifespan.shutdown()

    async def _quiet(self, seconds: float) -> bool:
        """Whether all answers are sent and read within this time."""
        state = self.server_state
        return await self._until(lambda: not state.connections and not state.tasks, seconds)

    async def _free(self, seconds: float) -> bool:
        """Whether the worker is free within this time; while the model loads, nobody waits for it."""
        worker = self.desk.worker
        return await self._until(lambda: not worker.busy, seconds)

    async def _until(self, condition: Callable[[], bool], seconds: float) -> bool:
        end = time.monotonic() + seconds
        while not condition():
            if self.forced_by or time.monotonic() >= end:
                return False
            await asyncio.sleep(TICK_SECONDS)
        return True

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
        # Not `super()`: it would keep the signal and send it to the process again when all is done.
        if self.should_exit and not self.forced_by:
            self.forced_by = signal.Signals(sig)
        self.should_exit = True


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
