"""What requests may hold, checked by pydantic; unknown fields are refused, so that a typo is never a silent default."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from models.options import MAX_WORDS_RANGE, Length, Mode, Options, Style, SummaryLang
from models.report import Include
from models.values import Article, Format


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


class Text(Request):
    """The text itself; only in JSON bodies."""

    text: Annotated[str, Field(description="The article, plain or HTML.")]
    format: Format = "text"


class SummaryRequest(SummaryOptions, Text):
    """One article to summarise."""


class TranslationRequest(ArticleOptions, Text):
    """One article to translate."""


class CheckRequest(About, Text):
    """One article, and a summary of it to be checked."""

    summary: Annotated[str, Field(description="An English summary as plain text, whoever wrote it.")]


def article(request: SummaryRequest | TranslationRequest | CheckRequest) -> Article:
    """The article of a request, for the pipeline."""
    return Article(request.text, request.id, request.title, request.format, request.source_lang)
