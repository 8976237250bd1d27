"""From bytes to a validated request: JSON that holds everything, or a bare text with query parameters.

Pydantic checks the fields. Unknown fields are refused, so that a typo is never a silent default.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr
from starlette.requests import Request as HttpRequest

from models.options import MAX_WORDS_RANGE, Length, Mode, Options, Style, SummaryLang
from models.reading.formats.registry import FILE_KINDS, FileKind, TextFormat, kind_named, kind_of, kind_of_media_type
from models.report import Include
from models.values import Article, Layout
from service.http.bodies import BodyReader, media_type, parse_json, parse_text, uploaded_file
from service.http.problems import MOST_ERRORS, RequestError

JSON = "application/json"
NDJSON = ("application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines")
MULTIPART = "multipart/form-data"
FILES = tuple(media_type for kind in FILE_KINDS for media_type in kind.media_types)
BODIES = (JSON, *FILES)


def _no_boolean(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("Input should be a number")
    return value


Words = Annotated[int, Field(ge=MAX_WORDS_RANGE[0], le=MAX_WORDS_RANGE[1]), BeforeValidator(_no_boolean)]


class Request(BaseModel):
    """The base of all requests."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class About(Request):
    """What is said about an article beside its text."""

    id: Annotated[str | None, Field(max_length=200, description="Comes back in the report.")] = None
    title: Annotated[str | None, Field(max_length=1000)] = None
    source_lang: Annotated[
        Literal["auto", "de", "en"], Field(description='"auto" tells the language sentence by sentence.')
    ] = "auto"


class ArticleOptions(About):
    """What is wanted of an article; the query parameters of text and HTML bodies."""

    include: Annotated[
        list[Include], Field(max_length=2, description="What else the report should hold: it can be large.")
    ] = []


class SummaryOptions(ArticleOptions):
    """How the summary should be."""

    summary_lang: Annotated[
        SummaryLang, Field(description='"de" gives the article\'s own best sentences, whatever `mode` says.')
    ] = "en"
    length: Annotated[Length, Field(description="About 40, 90 or 180 words.")] = "medium"
    max_words: Annotated[Words | None, Field(description="Goes before `length`.")] = None
    style: Style = "paragraph"
    mode: Annotated[
        Mode, Field(description='"pivot" translates, then summarises; "direct" does both in one, if the model can.')
    ] = "pivot"

    def options(self) -> Options:
        """The same for the pipeline."""
        return Options(self.length, self.max_words, self.style, self.mode, self.summary_lang)


class TextBody(Request):
    """The text itself; only in JSON bodies."""

    text: Annotated[str, Field(description="The article: plain, HTML or Markdown.")]
    format: TextFormat = "text"
    _layout: Layout | None = PrivateAttr(None)

    @property
    def layout(self) -> Layout | None:
        """The article laid out, where the request brought a file or mark-up that was read already."""
        return self._layout

    def lay_out(self, layout: Layout) -> None:
        """Keep what a reader made of the file or of `text`; `text` is then what will be read."""
        self._layout = layout
        self.text = layout.text


class SummaryRequest(SummaryOptions, TextBody):
    """One article to summarise."""


class TranslationRequest(ArticleOptions, TextBody):
    """One article to translate."""


class CheckRequest(About, TextBody):
    """One article, and a summary of it to be checked."""

    summary: Annotated[str, Field(description="An English summary as plain text, whoever wrote it.")]


ArticleRequest = SummaryRequest | TranslationRequest
A = TypeVar("A", SummaryRequest, TranslationRequest)
R = TypeVar("R", SummaryRequest, TranslationRequest, CheckRequest)


ReadFile = Callable[[bytes, FileKind, str | None], Awaitable[Layout]]


async def parse_request(
    request: HttpRequest, model: type[A], query: ArticleOptions, bodies: BodyReader, read: ReadFile
) -> A:
    """The validated request of a route that takes JSON, text, and files of every kind that is read.

    Raises RequestError, NotText or pydantic's ValidationError.
    """
    kind, charset = media_type(request.headers, BODIES)
    if kind == JSON:
        return await _parse_json_request(request, model, bodies)
    body = await bodies.read(request)
    file_kind = kind_of_media_type(kind) or kind_named("text")
    if file_kind.format is not None:
        text = await parse_text(body, charset)
        return model(text=text, format=file_kind.format, **query.model_dump())
    return await _with_file(model, query, body, file_kind, read)


async def parse_upload(
    request: HttpRequest, query: SummaryOptions, bodies: BodyReader, read: ReadFile
) -> SummaryRequest:
    """The request of a multipart upload: a file in the field `file`, the options in the query.

    Raises RequestError for a body without such a field, and what reading the file raises.
    """
    media_type(request.headers, (MULTIPART,))
    name, data = await asyncio.to_thread(
        uploaded_file, request.headers.get("content-type", ""), await bodies.read(request)
    )
    return await _with_file(SummaryRequest, query, data, kind_of(data, name), read)


async def _with_file(model: type[A], query: ArticleOptions, data: bytes, kind: FileKind, read: ReadFile) -> A:
    layout = await read(data, kind, None)
    wanted = model(text=layout.text, **query.model_dump())
    wanted.lay_out(layout)
    return wanted


async def parse_json_request(request: HttpRequest, model: type[R], bodies: BodyReader) -> R:
    """The validated request of a route that takes JSON alone. Raises RequestError or pydantic's ValidationError."""
    media_type(request.headers, (JSON,))
    return await _parse_json_request(request, model, bodies)


async def _parse_json_request(request: HttpRequest, model: type[R], bodies: BodyReader) -> R:
    refuse_query(request)
    return validate(model, await parse_json(await bodies.read(request)))


def validate(model: type[R], value: Any) -> R:
    """The JSON value as a request. Raises RequestError or pydantic's ValidationError."""
    if not isinstance(value, dict):
        detail = 'The JSON must be an object, {"text": "…"} at least.'
        raise RequestError(422, "invalid-request", detail, errors=[("", detail)])
    # Before pydantic, which would build an error for each of thousands of them.
    unknown = [key for key in value if key not in model.model_fields]
    if unknown:
        names = [key[:100] for key in unknown[:MOST_ERRORS]]
        detail = f"There is no field {names[0]}" + (f" (and {len(unknown) - 1:,} more)." if len(unknown) > 1 else ".")
        raise RequestError(422, "invalid-request", detail, [(name, "There is no such field.") for name in names])
    return model.model_validate(value)


def refuse_query(request: HttpRequest) -> None:
    """Raise RequestError (422) for query parameters, which would otherwise be ignored silently."""
    names = list(dict.fromkeys(request.query_params.keys()))[:10]
    if names:
        message = "Options belong in the JSON body, not in the query."
        raise RequestError(422, "invalid-request", message, errors=[(name[:100], message) for name in names])


def to_article(request: SummaryRequest | TranslationRequest | CheckRequest) -> Article:
    """The article of a request, for the pipeline."""
    layout = request.layout
    return Article(request.text, request.id, request.title, request.format, request.source_lang, layout)
