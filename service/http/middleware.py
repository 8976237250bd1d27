"""Around every request: its id, one line in the log, one count in the metrics, and nothing unhandled beyond here.

It refuses what the head of a request alone rules out, and more requests at once than `MAX_REQUESTS`.
"""

import logging
import re
import time
import uuid
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.http.metrics import Metrics
from service.http.problems import CLIENT_LEFT, Overloaded, RequestError, respond

access = logging.getLogger("kurzum.access")

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
# Each may hold a body of the limit's size in memory: 8 MB of 100 are 800 MB at the worst.
MAX_REQUESTS = 100
# Operators and supervisors get their answers under any load.
ALWAYS_SERVED = ("/health/live", "/health/ready", "/metrics")
BUSY_RETRY_SECONDS = 5
MAX_TARGET_BYTES = 8192
# Paths of what FastAPI and starlette serve without a route of ours.
OTHER_ROUTES = re.compile(r"/openapi\.json|/docs/assets(?=/)|/page(?=/)")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
# For all answers that do not bring a policy of their own: they show nothing and are shown in no frame.
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}


class RequestContext:
    """Plain ASGI, because starlette's BaseHTTPMiddleware would hide from the routes that a client left."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics
        self._served = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start = time.monotonic()
        scope = _normalised(scope)
        request_id = request_id_of(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        status = 0

        async def stamped(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        self._served += 1
        try:
            check_head(scope)
            if self._served > MAX_REQUESTS and scope["path"] not in ALWAYS_SERVED:
                raise Overloaded(BUSY_RETRY_SECONDS)
            await self.app(scope, receive, stamped)
        except Exception as error:
            answer = await respond(Request(scope), error)
            if status:  # Half an answer is out: only breaking the connection tells the client.
                raise ConnectionAbortedError(f"request {request_id} broke off") from None
            await answer(scope, receive, stamped)
        finally:
            self._served -= 1
            milliseconds = (time.monotonic() - start) * 1000
            self.metrics.requests.labels(route_of(scope), str(status or CLIENT_LEFT)).inc()
            # The raw path is percent-encoded and a method has letters only: nobody writes lines of their own.
            path = scope.get("raw_path", b"").decode("ascii", "replace")[:200]
            access.info("%s %s %s %d %.0f ms", request_id, scope["method"][:20], path, status, milliseconds)


def check_head(scope: Scope) -> None:
    """Raise RequestError for a request that its head alone rules out."""
    headers = Headers(scope=scope)
    if scope["http_version"] not in ("1.0", "1.1"):
        raise RequestError(505, "http-version-not-supported", "Use HTTP/1.1.", headers={"Connection": "close"})
    if len(scope.get("raw_path", b"")) + len(scope["query_string"]) > MAX_TARGET_BYTES:
        raise RequestError(414, "uri-too-long", f"The address is longer than {MAX_TARGET_BYTES:,} bytes.")
    if "transfer-encoding" in headers and "content-length" in headers:
        detail = "A request has either a Content-Length or a Transfer-Encoding."
        raise RequestError(400, "malformed-request", detail, headers={"Connection": "close"})
    if scope["method"] not in SAFE_METHODS and _from_another_site(headers):
        raise RequestError(403, "cross-site-request", "Pages of other sites cannot use this service.")


def _from_another_site(headers: Headers) -> bool:
    """Whether a browser says that another site's page sends this; other clients send neither header."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


def _normalised(scope: Scope) -> Scope:
    """The scope with a path alone where the target was a whole URL, and GET for HEAD, whose body the server drops."""
    scope = dict(scope)
    if scope["path"].startswith(("http://", "https://")):
        scope["path"] = "/" + scope["path"].split("/", 3)[3:][0] if scope["path"].count("/") > 2 else "/"
    if scope["method"] == "HEAD":
        scope["method"] = "GET"
    return scope


def request_id_of(scope: Scope) -> str:
    """The caller's X-Request-ID where it is sane, else a new one."""
    given = Headers(scope=scope).get("x-request-id", "")
    return given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def route_of(scope: Scope) -> str:
    """The route's own path, never the caller's: labels must stay few."""
    path = getattr(scope.get("route"), "path", None)
    if path is None:
        other = OTHER_ROUTES.match(scope["path"])
        path = other[0] if other else "none"
    return str(path)
