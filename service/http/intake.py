"""From an HTTP request to an article's request: JSON with everything in it, or a bare text with query parameters."""

from typing import Any, Literal, TypeVar

from starlette.datastructures import Headers
from starlette.requests import Request

from service.http.bodies import media_type, parse_json, parse_text, read_body
from service.http.problems import Refused
from service.http.requests import ArticleOptions, CheckRequest, SummaryRequest, TranslationRequest
from service.settings import Limits

R = TypeVar("R", SummaryRequest, TranslationRequest, CheckRequest)
A = TypeVar("A", SummaryRequest, TranslationRequest)
Answer = Literal["application/json", "text/plain", "text/event-stream"]

BODIES = ("application/json", "text/plain", "text/html")
NDJSON = ("application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines")
ANSWERS: tuple[Answer, ...] = ("application/json", "text/plain", "text/event-stream")


async def take(request: Request, model: type[A], query: ArticleOptions, limits: Limits) -> A:
    """The validated request. Raises Refused, NotText or pydantic's ValidationError."""
    kind, charset = media_type(request.headers, BODIES)
    if kind == "application/json":
        return await take_json(request, model, limits)
    text = await parse_text(await read_body(request, limits), charset)
    return model(text=text, format="html" if kind == "text/html" else "text", **query.model_dump())


async def take_json(request: Request, model: type[R], limits: Limits) -> R:
    """The validated request of a route that takes JSON alone. Raises Refused or pydantic's ValidationError."""
    media_type(request.headers, ("application/json",))
    no_query(request)
    return validate(model, await parse_json(await read_body(request, limits)))


def validate(model: type[R], value: Any) -> R:
    """The value as a request. Raises Refused or pydantic's ValidationError."""
    if not isinstance(value, dict):
        detail = 'The JSON must be an object, {"text": "…"} at least.'
        raise Refused(422, "invalid-request", detail, errors=[("", detail)])
    return model.model_validate(value)


def no_query(request: Request) -> None:
    """Raise Refused (422) for query parameters, which would otherwise be ignored without a word."""
    names = list(dict.fromkeys(request.query_params.keys()))[:10]
    if names:
        message = "With a JSON body, options belong into the body."
        raise Refused(422, "invalid-request", message, errors=[(name[:100], message) for name in names])


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
