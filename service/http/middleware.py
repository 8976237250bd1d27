"""Around every request: its id, one line in the log, one count in the metrics, and nothing unhandled beyond here."""

import logging
import re
import time
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.http.metrics import Metrics
from service.http.problems import respond

access = logging.getLogger("kurzum.access")

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class RequestContext:
    """Plain ASGI, because starlette's BaseHTTPMiddleware would hide from the routes that a client left."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start = time.monotonic()
        request_id = request_id_of(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        status = 0

        async def stamped(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        try:
            await self.app(scope, receive, stamped)
        except Exception as error:
            answer = await respond(Request(scope), error)
            if status:  # Half an answer is out: only breaking the connection tells the client.
                raise ConnectionAbortedError(f"request {request_id} broke off") from None
            await answer(scope, receive, stamped)
        finally:
            milliseconds = (time.monotonic() - start) * 1000
            self.metrics.requests.labels(route_of(scope), str(status)).inc()
            # The raw path is percent-encoded, so nobody can write lines of their own into the log.
            path = scope.get("raw_path", b"").decode("ascii", "replace")[:200]
            access.info("%s %s %s %d %.0f ms", request_id, scope["method"], path, status, milliseconds)


def request_id_of(scope: Scope) -> str:
    """The caller's X-Request-ID where it is sane, else a new one."""
    given = Headers(scope=scope).get("x-request-id", "")
    return given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def route_of(scope: Scope) -> str:
    """The route's own path, never the caller's: labels must stay few."""
    return getattr(scope.get("route"), "path", None) or "none"
