"""A summary as a reader sees it: a mark after each sentence, the doubts and the German sources in short lists below.

The consortium offered 97.4 billion dollars. [1] Altman declined. [2*] It was 2023. [3] [!1]

Doubts
  [!1] number “2023”: not in the source

Sources
  [1] 412–530  Das Konsortium bot …

* extracted: the sentence is the translation of its source as it stands

A sentence that nothing in the article is near has the mark [?].
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from models.options import SummaryLang
from models.report import Report
from models.values import Flag
from service.printable import one_line

# The first source of a sentence is always named. A further one with a lower score is more often wrong than it helps
# a reader: see the table in docs/benchmarks.md. The report has them all.
MIN_FURTHER_SCORE = 0.25
EXTRACTED_LEGEND = {
    "en": "* extracted: the sentence is the translation of its source as it stands",
    "de": "* extracted: the sentence is its source as it stands",
}
UNSOURCED_LEGEND = "? no source found: nothing in the article is near the sentence"
# Narrower than this, nothing of a source would be left to read.
MIN_LINE_WIDTH = 40

Style = Callable[[str], str]


def plain(text: str) -> str:
    """No colour."""
    return text


@dataclass(frozen=True, slots=True)
class Styles:
    """How marks look, by what they say; by default without colour."""

    source: Style = plain
    doubt: Style = plain
    heading: Style = plain


@dataclass(frozen=True, slots=True)
class Citation:
    """A German sentence that the summary rests on, and where it stands in the source text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """A sentence of the summary; `sources` and `doubts` count from 1 in the lists of the whole."""

    text: str
    sources: tuple[int, ...]
    doubts: tuple[int, ...]
    extracted: bool

    def marks(self) -> list[str]:
        """What stands after the sentence: its sources, or that there are none, then its doubts."""
        star = "*" if self.extracted else ""
        listed = ", ".join(map(str, self.sources)) + star or "?"
        return [f"[{mark}]" for mark in (listed, *(f"!{doubt}" for doubt in self.doubts))]


@dataclass(frozen=True, slots=True)
class Footnotes:
    """The sentences with their marks, and what the marks lead to."""

    sentences: tuple[CitedSentence, ...] = ()
    doubts: tuple[Flag, ...] = ()
    sources: tuple[Citation, ...] = ()
    bullets: bool = False
    lang: SummaryLang = "en"

    @classmethod
    def of(cls, report: Report) -> "Footnotes":
        """Number the sources in the order in which the summary comes to them; none for a report without a summary."""
        if report.summary is None or report.text is None:
            return cls()
        source_text = report.text
        numbers: dict[tuple[int, int], int] = {}
        doubts: list[Flag] = []
        noted = []
        for sentence in report.summary.sentences:
            named = [e for i, e in enumerate(sentence.evidence) if i == 0 or e.score >= MIN_FURTHER_SCORE]
            places = tuple(numbers.setdefault((e.start, e.end), len(numbers) + 1) for e in named)
            own = tuple(range(len(doubts) + 1, len(doubts) + 1 + len(sentence.flags)))
            doubts += sentence.flags
            noted.append(CitedSentence(sentence.text, places, own, sentence.extracted))
        sources = tuple(Citation(source_text[start:end], start, end) for start, end in numbers)
        return cls(tuple(noted), tuple(doubts), sources, report.style == "bullets", report.summary_lang)

    @property
    def legend(self) -> tuple[str, ...]:
        """What the marks say that lead nowhere: of an extracted sentence, and of one without a source."""
        extracted = any(sentence.extracted for sentence in self.sentences)
        unsourced = any("[?]" in sentence.marks() for sentence in self.sentences)
        return ((EXTRACTED_LEGEND[self.lang],) if extracted else ()) + ((UNSOURCED_LEGEND,) if unsourced else ())

    def lines(self, width: int | None = None, styles: Styles | None = None) -> list[str]:
        """The whole as lines; for a terminal of this `width` filled, and each source cut to one line."""
        styles = styles or Styles()
        lines = self._summary(width, styles)
        if self.doubts:
            lines += ["", styles.heading("Doubts")]
            for number, doubt in enumerate(self.doubts, 1):
                words = [(f"[!{number}]", styles.doubt), *((word, plain) for word in flag_line(doubt).split(" "))]
                lines += wrap_words(words, width, "  ", "       ")
        if self.sources:
            lines += ["", styles.heading("Sources")]
            for number, source in enumerate(self.sources, 1):
                head = f"[{number}] {source.start}–{source.end} "
                room = None if width is None else max(width, MIN_LINE_WIDTH) - len(head) - 3
                lines.append(f"  {styles.source(head)} {shorten(source.text, room)}")
        for line in self.legend:
            lines += ["", styles.source(line)]
        return lines

    def _summary(self, width: int | None, styles: Styles) -> list[str]:
        marked: list[list[tuple[str, Style]]] = []
        for sentence in self.sentences:
            words: list[tuple[str, Style]] = [(word, plain) for word in one_line(sentence.text).split(" ")]
            words += [(mark, styles.doubt if mark[1] == "!" else styles.source) for mark in sentence.marks()]
            marked.append(words)
        if self.bullets:
            return [line for words in marked for line in wrap_words(words, width, "- ", "  ")]
        return wrap_words([word for words in marked for word in words], width)


def wrap_words(words: Sequence[tuple[str, Style]], width: int | None, first: str = "", rest: str = "") -> list[str]:
    """The words in lines of at most `width` characters; `first` and `rest` are what the lines begin with."""
    lines: list[list[str]] = [[]]
    used = len(first)
    for word, style in words:
        if width is not None and lines[-1] and used + 1 + len(word) > width:
            lines.append([])
            used = len(rest)
        used += len(word) + bool(lines[-1])
        lines[-1].append(style(word))
    return [(rest if i else first) + " ".join(line) for i, line in enumerate(lines)]


def flag_line(flag: Flag) -> str:
    """A doubt in words."""
    return f"{flag.kind} “{shorten(flag.text, 80)}”: {one_line(flag.detail)}"


def shorten(text: str, room: int | None) -> str:
    """The text, cleaned; where it is longer than `room`, its beginning with an ellipsis."""
    text = one_line(text)
    if room is None or len(text) <= room:
        return text
    kept = text[:room]
    words = kept[:-1].rpartition(" ")[0]
    # A word longer than half the room is cut itself.
    return (words if len(words) > room // 2 else kept[:-1]).rstrip(" ,;:–") + "…"
