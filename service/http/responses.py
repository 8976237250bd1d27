"""The report and the problem as the API documents them: a contract by hand, to which a test holds the real ones."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from models.options import SummaryLang
from models.values import FlagKind, Lang, Reason


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Flag(_Body):
    """A doubt about one sentence."""

    kind: FlagKind
    text: str
    detail: str


class Evidence(_Body):
    """A source sentence that supports a summary sentence; `start` and `end` count characters of the source text."""

    sentence: int
    start: int
    end: int
    score: float


class SummarySentence(_Body):
    """One sentence of the summary; `extracted`: it is a source sentence or its translation as it stands."""

    text: str
    flags: list[Flag]
    evidence: list[Evidence]
    extracted: bool


class Summary(_Body):
    """The summary, in English or German."""

    text: str
    sentences: list[SummarySentence]


class Pair(_Body):
    """A source sentence and its English."""

    source: str
    target: str
    lang: Lang
    paragraph: int
    start: int
    end: int
    flags: list[Flag]


class Translation(_Body):
    """The English text and its aligned sentences."""

    text: str
    sentences: list[Pair]


class Dropped(_Body):
    """A stretch of the source that is neither translated nor kept."""

    start: int
    end: int
    reason: Reason


class Coverage(_Body):
    """What happened to the characters and sentences of the source."""

    characters: int
    sentences: int
    translated: int
    kept: int
    dropped: list[Dropped]
    source_tokens: int
    read_tokens: int
    truncated: bool


class Seconds(_Body):
    """Wall-clock time of each stage."""

    read: float
    translate: float
    summarize: float
    check: float
    total: float


class _Frame(_Body):
    id: str
    title: str | None
    text: str | None = None
    source_lang: Lang
    summary_lang: SummaryLang
    coverage: Coverage
    warnings: list[str]
    receipt: dict[str, Any]
    seconds: Seconds


class SummaryReport(_Frame):
    """What came of one article; `text` and `translation` only where they were included."""

    summary: Summary
    translation: Translation | None = None


class TranslationReport(_Frame):
    """What came of one article; `text` only where it was included."""

    translation: Translation


class QuotedEvidence(Evidence):
    """Evidence with its words: `source` is what stands from `start` to `end` of the normalised source text."""

    source: str


class CheckedSentence(_Body):
    """One sentence of the summary that was sent."""

    text: str
    lang: Lang
    flags: list[Flag]
    evidence: list[QuotedEvidence]


class CheckReport(_Body):
    """What a summary rests on and where to doubt it, sentence by sentence."""

    id: str
    title: str | None
    source_lang: Lang
    sentences: list[CheckedSentence]


class FieldError(_Body):
    """What is wrong with one field of a request."""

    field: str
    message: str


class ProblemBody(_Body):
    """RFC 9457; `errors` with status 422, `line` and `id` in answers to a batch."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str
    errors: list[FieldError] | None = None
    line: int | None = None
    id: str | None = None


class Health(_Body):
    """The state of the service."""

    status: Literal["live", "ready"]
