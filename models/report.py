"""The report on one article: the one definition of what is written to files, sent over HTTP and documented there.

The dataclasses below have the members of the JSON, in its order. What is not there (a translation in direct mode, say)
is None here and absent in the JSON.
"""

from collections.abc import Collection
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal

from models.options import Style, SummaryLang
from models.values import Document, Dropped, Flag, Lang, Pair, Summary, SummarySentence, Translation

Include = Literal["translation", "text"]
ALL: frozenset[Include] = frozenset({"translation", "text"})


@dataclass(frozen=True, slots=True)
class SummaryText:
    """The summary, in English or German, as a whole and sentence by sentence."""

    text: str
    sentences: tuple[SummarySentence, ...]


@dataclass(frozen=True, slots=True)
class TranslatedSentence:
    """A source sentence and its English; `start` and `end` count characters of the source text."""

    source: str
    target: str
    lang: Lang
    paragraph: int
    start: int
    end: int
    flags: tuple[Flag, ...]

    @classmethod
    def of(cls, pair: Pair) -> "TranslatedSentence":
        """The pair, flat."""
        source = pair.source
        return cls(source.text, pair.target, source.lang, source.paragraph, source.start, source.end, pair.flags)


@dataclass(frozen=True, slots=True)
class TranslationText:
    """The English text, as a whole and beside the source sentence by sentence."""

    text: str
    sentences: tuple[TranslatedSentence, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What happened to the characters and sentences of the source; `source_tokens` are those that engines read."""

    characters: int
    sentences: int
    translated: int
    kept: int
    dropped: tuple[Dropped, ...]
    source_tokens: int


@dataclass(frozen=True, slots=True)
class Seconds:
    """Wall-clock time of each stage; `check` is the index for the checks, which run while the summary is made."""

    read: float
    translate: float
    summarize: float
    check: float
    total: float

    @classmethod
    def of(cls, read: float, translate: float = 0.0, summarize: float = 0.0, check: float = 0.0) -> "Seconds":
        """The stages and their sum, to the millisecond."""
        stages = (read, translate, summarize, check)
        return cls(*(round(stage, 3) for stage in (*stages, sum(stages))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of one article.

    `summary` and `style` are absent where only a translation was asked for, `translation` in direct mode and for a
    German summary; `text`, the normalised source, and `translation` are in the JSON only where they are included.
    """

    id: str
    title: str | None
    style: Style | None = None
    text: str | None = None
    source_lang: Lang
    summary_lang: SummaryLang
    summary: SummaryText | None = None
    translation: TranslationText | None = None
    coverage: Coverage
    warnings: tuple[str, ...]
    receipt: dict[str, Any]
    seconds: Seconds

    @classmethod
    def of(
        cls,
        document: Document,
        *,
        translation: Translation | None = None,
        summary: Summary | None = None,
        source_tokens: int = 0,
        receipt: dict[str, Any],
        seconds: Seconds,
    ) -> "Report":
        """The report on what the stages made of a document."""
        shown = None
        if translation is not None:
            shown = TranslationText(translation.text, tuple(map(TranslatedSentence.of, translation.pairs)))
        return cls(
            id=document.id,
            title=document.title,
            style=summary.style if summary else None,
            text=document.text,
            source_lang=source_lang(document),
            summary_lang=summary.lang if summary else "en",
            summary=SummaryText(summary.text, summary.sentences) if summary else None,
            translation=shown,
            coverage=_coverage(document, summary, source_tokens),
            warnings=_warnings(document, summary),
            receipt=receipt,
            seconds=seconds,
        )

    def to_dict(self, include: Collection[Include] = ALL) -> dict[str, Any]:
        """The report as JSON values; `text` and `translation` only where they are included."""
        values: dict[str, Any] = json_values(self)
        absent = {name for name in ("style", "text", "summary", "translation") if values[name] is None}
        return {name: value for name, value in values.items() if name not in absent | (ALL - set(include))}


def json_values(value: Any) -> Any:
    """Dataclasses as dictionaries and tuples as lists, all the way down."""
    if is_dataclass(value):
        return {field.name: json_values(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {name: json_values(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [json_values(member) for member in value]
    return value


def source_lang(document: Document) -> Lang:
    """The language of most characters."""
    characters: dict[Lang, int] = {"de": 0, "en": 0, "other": 0}
    for sentence in document.sentences:
        characters[sentence.lang] += len(sentence.text)
    return max(characters, key=lambda lang: characters[lang])


def _coverage(document: Document, summary: Summary | None, source_tokens: int) -> Coverage:
    sentences = document.sentences
    in_german = summary is not None and summary.lang == "de"
    translated = 0 if in_german else sum(s.lang == "de" for s in sentences)
    kept = len(sentences) - translated
    return Coverage(len(document.text), len(sentences), translated, kept, document.dropped, source_tokens)


def _warnings(document: Document, summary: Summary | None) -> tuple[str, ...]:
    """Sentences for the reader about the report as a whole."""
    foreign = sum(s.lang == "other" and any(c.isalpha() for c in s.text) for s in document.sentences)
    notes = document.warnings + (summary.warnings if summary else ())
    if foreign:
        what = "1 sentence is" if foreign == 1 else f"{foreign} sentences are"
        notes += (f"{what} neither German nor English: kept as it stands, left out of the summary.",)
    return notes
