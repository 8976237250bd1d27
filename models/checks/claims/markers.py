"""The markers of hearsay, doubt, plan, condition and denial, read from `markers.toml` and `modality.toml`.

A marker is how German marks a claim, what of it English shows, and what the reader is told where English shows nothing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from models.checks.data import read_toml, rows
from models.checks.word_patterns import add_lists, compile_words, word_pattern

_PACKAGE = "models.checks.claims"
_MARKERS_FILE, _MODALITY_FILE = "markers.toml", "modality.toml"
# A past participle. Each part of a word has a limit, so that a long word takes no more time than any other.
_PARTICIPLE = (
    r"ge\w{2,30}(?:t|en)|\w{2,20}ge\w{2,20}(?:t|en)|(?:be|ver|er|ent|zer)\w{3,30}(?:t|en)|\w{3,30}iert"
    r"|\w{2,20}zu\w{3,20}t|(?:unter|über|wider|miss|zurück|auf|an|ab|aus|ein|vor|nach)\w{4,30}(?:t|en)"
    r"|\w{1,30}standen|gewesen|worden"
)
_GRAMMAR = {
    "participle": _PARTICIPLE,
    "perfect_infinitive": r"\w{1,30}(?:t|en)",
    "modal_infinitive": "können|müssen|sollen|dürfen|wollen",
}
_QUOTATION = r"[“”\"„«»]|‘[^’]{12,200}+’"


@dataclass(frozen=True, slots=True)
class Marker:
    """How German marks a claim, and what of it can be seen in English."""

    name: str
    german: re.Pattern[str]
    traces: re.Pattern[str]
    detail: str
    """What a reader is told when English shows no trace; {} is the German word."""
    hearsay: bool
    """Whether it tells that others say so; then a verb of saying that is itself what they say is no trace."""
    unless: re.Pattern[str] | None
    """Phrases in which the German words are not the marker."""
    not_with: re.Pattern[str] | None
    """Words in whose company the German words are not the marker."""

    def occurrences(self, german: str) -> Iterator[str]:
        """Yield the words of a German text that carry this marker, a long phrase by its first word."""
        if self.not_with and self.not_with.search(german):
            return
        exceptions = [match.span() for match in self.unless.finditer(german)] if self.unless else []
        for match in self.german.finditer(german):
            if not any(start <= match.start() < end for start, end in exceptions):
                word = match.group().strip(" ,")
                yield word if len(word) < 30 else word.split()[0] + " …"


@dataclass(frozen=True, slots=True)
class ReportedVerb:
    """A German verb, and the English that translates it; that English is no trace of hearsay."""

    german: re.Pattern[str]
    english: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _MarkerRow:
    """A row of `markers.toml` or `modality.toml`."""

    name: str
    german: str
    traces: str
    detail: str
    unless: str = ""
    not_with: str = ""
    ignore_case: bool = False
    quotation: bool = False
    hearsay: bool = False


@dataclass(frozen=True, slots=True)
class _VerbRow:
    german: str
    english: str


def _compile(file: str, row: _MarkerRow, lists: Mapping[str, str]) -> Marker:
    where = f"{file}, marker {row.name}"
    traces = word_pattern(row.traces, where, lists) + ("|" + _QUOTATION if row.quotation else "")
    return Marker(
        name=row.name,
        german=compile_words(row.german, where, lists, ignore_case=row.ignore_case),
        traces=re.compile(traces, re.IGNORECASE),
        detail=row.detail,
        hearsay=row.hearsay,
        unless=compile_words(row.unless, where, lists, ignore_case=True) if row.unless else None,
        not_with=compile_words(row.not_with, where, lists, ignore_case=True) if row.not_with else None,
    )


def _read_markers() -> tuple[Marker, ...]:
    """Return the markers of both files, in their order; `modality.toml` may use the lists of `markers.toml`."""
    lists: dict[str, str] = dict(_GRAMMAR)
    markers: list[Marker] = []
    for file in (_MARKERS_FILE, _MODALITY_FILE):
        table = read_toml(_PACKAGE, file)
        lists = add_lists(f"{file}, words", table["words"], lists)
        markers += [_compile(file, row, lists) for row in rows(file, table, "marker", _MarkerRow)]
    return tuple(markers)


def _read_verbs() -> tuple[ReportedVerb, ...]:
    file = _MARKERS_FILE
    return tuple(
        ReportedVerb(
            compile_words(row.german, f"{file}, {row.german}"),
            compile_words(row.english, f"{file}, {row.german}", ignore_case=True),
        )
        for row in rows(file, read_toml(_PACKAGE, file), "reported_verb", _VerbRow)
    )


MARKERS = _read_markers()
NEGATION = next(marker for marker in MARKERS if marker.name == "negation")
REPORTED_VERBS = _read_verbs()
