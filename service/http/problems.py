"""The one mapping from errors to HTTP: RFC 9457 problem details, for responses, event streams and batch lines alike.

`RequestError` describes faults of the request; those of the article and the service come from
`models.errors` and the worker; anything else is a 500 that says nothing of what went on inside.
"""

import errno
import http
import logging
import math
import re
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Scope

from models import errors
from service.json import json_bytes

logger = logging.getLogger("kurzum.service")

MEDIA_TYPE = "application/problem+json"
CLIENT_LEFT = 499  # Not a registered status; nginx's, and only ever seen in logs and metrics.
MOST_ERRORS = 20
# Seconds, where nobody knows how long something stays unavailable.
RETRY_AFTER = "60"
RETRY_AFTER_RANGE = (1, 600)
# What libraries say, in a plain RuntimeError, when they get no memory or no thread.
NO_MEMORY = re.compile(r"bad_alloc|out of memory|(?:failed to|can't) allocate|can't start new thread", re.IGNORECASE)
FOLDERS = re.compile(r"(?<![\w/:.~])[~/](?:[\w.@+~-]{0,255}+/){0,64}+(?=[\w.@+~-])")


class Overloaded(errors.KurzumError):
    """The queue is full, or too long for this article's deadline; `retry_after` is in whole seconds."""

    code = "overloaded"

    def __init__(self, seconds: float) -> None:
        low, high = RETRY_AFTER_RANGE
        self.retry_after = min(max(math.ceil(seconds), low), high)
        super().__init__(f"The service is busy and could not finish this in time: try again in {self.retry_after} s.")


class NotReady(errors.Unavailable):
    """No article can be accepted: the model is not loaded or hangs; `retry_after` is in whole seconds."""

    code = "not-ready"

    def __init__(self, reason: str, retry_after: int) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class ShuttingDown(errors.Unavailable):
    """The service ends before this request is done."""

    code = "shutting-down"

    def __init__(self) -> None:
        super().__init__("The service is shutting down.")


STATUSES: dict[type[Exception], int] = {
    errors.KurzumError: 500,
    errors.InputError: 422,
    errors.NotText: 400,
    errors.TextTooLong: 413,
    errors.UsageError: 422,
    errors.Unavailable: 503,
    errors.Stopped: 503,
    errors.DeadlineExceeded: 504,
    errors.Cancelled: CLIENT_LEFT,
    Overloaded: 503,
}


class RequestError(Exception):
    """A request that cannot be used as it stands; `errors` are pairs of a field and what is wrong with it."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        errors: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.errors = tuple(errors)
        self.headers = dict(headers or {})


@dataclass(frozen=True, slots=True)
class Problem:
    """What to tell the client: see RFC 9457, section 3.1."""

    status: int
    code: str
    detail: str
    errors: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def to_dict(self, scope: Scope) -> dict[str, Any]:
        """The problem as JSON values, for the request that `scope` describes."""
        body: dict[str, Any] = {
            "type": f"urn:kurzum:problem:{self.code}",
            "title": self.code.replace("-", " ").capitalize(),
            "status": self.status,
            "detail": self.detail,
            "instance": quote(scope["path"])[:200],
            "request_id": scope.get("state", {}).get("request_id"),
        }
        if self.status == 422:
            body["errors"] = [{"field": name, "message": message} for name, message in self.errors]
        return body


def problem_of(error: Exception) -> Problem:
    """The problem to tell for any error."""
    match error:
        case RequestError():
            return Problem(error.status, error.code, str(error), error.errors, error.headers)
        case Overloaded() | NotReady():
            detail = without_paths(str(error))
            return Problem(503, error.code, detail, headers={"Retry-After": str(error.retry_after)})
        case errors.KurzumError():
            status = next(STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)
            headers = {"Retry-After": RETRY_AFTER} if status == 503 else {}
            return Problem(status, error.code, without_paths(str(error)), _article_errors(error), headers)
        case RequestValidationError() | ValidationError():
            return _invalid(error)
        case HTTPException():
            return _http(error)
        case ClientDisconnect():
            return Problem(CLIENT_LEFT, "cancelled", "The client left before its request was complete.")
        case _ if out_of_memory(error):
            detail = "There is not enough memory for this now."
            return Problem(503, "out-of-memory", detail, headers={"Retry-After": RETRY_AFTER})
        case _:
            detail = "Something went wrong in the service. Its log has more under the request id."
            return Problem(500, "internal-error", detail)


def log_and_describe(error: Exception, scope: Scope) -> Problem:
    """As `problem_of`; a fault of the service itself is also logged, with the request's id and the place."""
    problem = problem_of(error)
    if problem.status == 500:
        logger.error("request %s failed: %s", scope.get("state", {}).get("request_id"), where(error))
    return problem


async def respond(request: Request, error: Exception) -> Response:
    """The exception handler of the application: every error leaves as a problem."""
    problem = log_and_describe(error, request.scope)
    return Response(json_bytes(problem.to_dict(request.scope)), problem.status, dict(problem.headers), MEDIA_TYPE)


def where(error: BaseException) -> str:
    """The type of the error and the last frames it came through, for the log.

    >>> try:
    ...     {}["Ein Satz aus dem Artikel."]
    ... except KeyError as error:
    ...     where(error).split(" ")[0]
    'KeyError'
    """
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    path = " < ".join(f"{PurePath(f.filename).name}:{f.lineno} {f.name}" for f in reversed(frames))
    return f"{type(error).__name__} at {path or 'unknown'}"


def out_of_memory(error: BaseException) -> bool:
    """Whether the error says that the system gave no memory or no thread."""
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    return isinstance(error, MemoryError) or (isinstance(error, RuntimeError) and bool(NO_MEMORY.search(str(error))))


def without_paths(message: str) -> str:
    """The message with only the last part of each absolute path: where things lie here is no client's business.

    >>> without_paths("There is no model in /srv/models/opus-mt.")
    'There is no model in opus-mt.'
    """
    return FOLDERS.sub("", message)


def _article_errors(error: errors.KurzumError) -> tuple[tuple[str, str], ...]:
    if isinstance(error, errors.InputError):
        return (("summary" if isinstance(error, errors.UnusableSummary) else "text", str(error)),)
    if isinstance(error, errors.UsageError):
        return (("options", str(error)),)
    return ()


def _invalid(error: RequestValidationError | ValidationError) -> Problem:
    if isinstance(error, ValidationError):
        found = error.errors(include_url=False, include_context=False, include_input=False)
        listed = [(tuple(e["loc"]), str(e["msg"])) for e in found]
    else:
        listed = [(tuple(e["loc"])[1:], str(e["msg"])) for e in error.errors()]
    pairs = tuple(
        (".".join(str(part) for part in place)[:100], message.removeprefix("Value error, "))
        for place, message in listed[:MOST_ERRORS]
    )
    detail = "; ".join(f"{name}: {message}" if name else message for name, message in pairs[:3])
    more = len(listed) - 3
    return Problem(422, "invalid-request", f"{detail} (and {more} more)" if more > 0 else detail, pairs)


def _http(error: HTTPException) -> Problem:
    phrase = http.HTTPStatus(error.status_code).phrase
    code = phrase.lower().replace(" ", "-")
    details = {404: "There is nothing at this address.", 405: "This address does not take this method."}
    return Problem(error.status_code, code, details.get(error.status_code, phrase), headers=error.headers or {})
