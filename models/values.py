"""The values that flow through the pipeline, each frozen: Article -> Document -> Translation -> Summary.

Offsets (`start`, `end`) always count characters of `Document.text`, the normalised source text as it was. The text of a
sentence is what is read of it: on one line, without the hyphen at a line end, the mark of a footnote, or capitals only.
"""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Lang = Literal["de", "en", "other"]
# Rich text is HTML that a converter made of a document: all of it is the article.
Format = Literal["text", "html", "markdown", "rich_text"]
FlagKind = Literal[
    "number", "date", "unit", "money", "name", "claim", "language", "loop", "copy", "empty", "length", "unfinished"
]
# Why a sentence is flagged, for programs; `Flag.detail` tells readers.
FlagCause = Literal[
    # Values, names and limits: only the text has it, only the source has it, the source has another, two have changed
    # places, the article has it but not in the evidence for this sentence.
    "added",
    "missing",
    "changed",
    "swapped",
    "elsewhere",
    # Claims: the opposite of the source, a hedge or a denial that was lost, a denial that was added.
    "opposite",
    "lost_hedge",
    "lost_denial",
    "added_denial",
    # The text repeats itself, equals the text for another source, copies its source or the prompt.
    "repeated",
    "duplicate",
    "copied",
    "copied_prompt",
    # The text is in another language than expected, holds words left in German, or mark-up.
    "wrong_language",
    "untranslated",
    "markup",
    # The text stops where no sentence ends, was not finished by the model, is empty, too long or too short.
    "breaks_off",
    "no_end",
    "empty",
    "too_long",
    "too_short",
]
Reason = Literal["furniture", "no letters", "not_article", "hidden"]


class Edit(NamedTuple):
    """Read `text` instead of the characters from `start` to `end` of the document."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the text that is read as one, or dropped for a reason.

    A `row` of a table has the offsets where its cells end in `cells`, if they are known.
    """

    start: int
    end: int
    reason: Reason | None = None
    edits: tuple[Edit, ...] = ()
    row: bool = False
    cells: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """A normalised text and its blocks by their starts; `title` and `warnings` where the file gives any.

    Blocks do not overlap, but for a running head that stands inside a paragraph which goes on on the next page.
    """

    text: str
    blocks: tuple[Block, ...]
    title: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it came, decoded but not yet normalised.

    A reader of files may have found its `layout` already, and have `warnings` for the report.
    """

    text: str
    id: str | None = None
    title: str | None = None
    format: Format = "text"
    source_lang: Literal["auto", "de", "en"] = "auto"
    layout: Layout | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Flag:
    """A doubt about one sentence: what kind, which words, why (`detail` for readers, `cause` for programs)."""

    kind: FlagKind
    text: str
    detail: str
    cause: FlagCause


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the source; `paragraph` counts from 0, `row` is set in tables, whose rows are no statements."""

    text: str
    start: int
    end: int
    lang: Lang
    paragraph: int
    row: bool = False


@dataclass(frozen=True, slots=True)
class Dropped:
    """A stretch of the source that is neither translated nor kept, and why."""

    start: int
    end: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Document:
    """The normalised source text, cut into sentences; what is not in a sentence is white space or in `dropped`."""

    id: str
    title: str | None
    text: str
    sentences: tuple[Sentence, ...]
    dropped: tuple[Dropped, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """A source sentence and its English; `target` is the source itself where it was kept as it stands."""

    source: Sentence
    target: str
    flags: tuple[Flag, ...] = ()
    source_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Translation:
    """All sentences of a document with their English, in the order of the source."""

    document: Document
    pairs: tuple[Pair, ...]

    @property
    def text(self) -> str:
        """The English text, a blank line between paragraphs and bars between the cells of a table's row."""
        paragraphs: dict[int, list[Pair]] = {}
        for pair in self.pairs:
            paragraphs.setdefault(pair.source.paragraph, []).append(pair)
        return "\n\n".join(
            (" | " if pairs[0].source.row else " ").join(pair.target for pair in pairs) for pairs in paragraphs.values()
        )


@dataclass(frozen=True, slots=True)
class Evidence:
    """A source sentence that supports a summary sentence; `score` from 0 to 1, higher is better."""

    sentence: int
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class SummarySentence:
    """One sentence of the summary; `extracted` says that it is the translation of a source sentence as it stands."""

    text: str
    flags: tuple[Flag, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    extracted: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """The summary, sentence by sentence."""

    sentences: tuple[SummarySentence, ...]
    style: Literal["paragraph", "bullets"] = "paragraph"
    warnings: tuple[str, ...] = field(default=())
    source_tokens: int = 0
    lang: Literal["en", "de"] = "en"

    @property
    def text(self) -> str:
        """The bare summary: one paragraph, or one point a line."""
        if self.style == "bullets":
            return "\n".join(f"- {s.text}" for s in self.sentences)
        return " ".join(s.text for s in self.sentences)
