"""What a run over a folder says about each file, and the two lists of it all: for programs and for readers."""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from models.report import Report
from service.failures import Failure
from service.folder.footnotes import Footnotes, flag_line
from service.json import json_line
from service.printable import one_line


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the folder: its report in short, or why there is none; `fresh` says that it was done just now."""

    file: str
    report: str | None = None
    id: str | None = None
    title: str | None = None
    summary: str = ""
    notes: Footnotes = field(default_factory=Footnotes)
    warnings: tuple[str, ...] = ()
    failure: Failure | None = None
    fresh: bool = True

    @classmethod
    def of(cls, file: str, path: str, report: Report, *, fresh: bool = True) -> "Entry":
        """The short form of a report; raises ValueError for one without a summary or without its text."""
        if report.summary is None or report.text is None:
            raise ValueError("a report without its summary or its text")
        text, notes = report.summary.text, Footnotes.of(report)
        return cls(file, path, report.id, report.title, text, notes, report.warnings, fresh=fresh)

    def to_dict(self) -> dict[str, Any]:
        """One line of `summaries.jsonl`; `flags` counts those of the summary."""
        if self.failure:
            return {"file": self.file, "error": self.failure.to_dict()}
        return {
            "file": self.file,
            "report": self.report,
            "id": self.id,
            "title": self.title,
            "summary": self.summary,
            "flags": len(self.notes.doubts),
            "warnings": list(self.warnings),
        }


def as_json_lines(entries: Iterable[Entry]) -> str:
    """The text of `summaries.jsonl`."""
    return "".join(json_line(entry.to_dict()) + "\n" for entry in entries)


def as_markdown(entries: Iterable[Entry], in_dir: Path, out_dir: Path) -> str:
    """The text of `summaries.md`, which lies in `out_dir` and links to the sources in `in_dir`."""
    return "# Summaries\n" + "".join(f"\n{_section(entry, in_dir, out_dir)}\n" for entry in entries)


def _section(entry: Entry, in_dir: Path, out_dir: Path) -> str:
    link = quote(os.fsencode(os.path.relpath(in_dir.resolve() / entry.file, out_dir.resolve())))
    parts = [f"## {_plain(entry.title or entry.file)}", f"[{_plain(entry.file) if entry.title else 'Source'}]({link})"]
    if entry.failure:
        return "\n\n".join([*parts, f"Not summarised: {_plain(entry.failure.detail)}"])
    parts += _summary(entry.notes)
    return "\n\n".join([*parts, *(f"*{_plain(warning)}*" for warning in entry.warnings)])


def _summary(notes: Footnotes) -> list[str]:
    """The summary with its marks, what they say of doubts, and the German sources as quotes."""
    marked = [_plain(" ".join([sentence.text, *sentence.marks()])) for sentence in notes.sentences]
    parts = ["\n".join(f"- {line}" for line in marked) if notes.bullets else " ".join(marked)]
    if notes.doubts:
        doubts = (f"- {_plain(f'[!{n}] {flag_line(doubt)}')}" for n, doubt in enumerate(notes.doubts, 1))
        parts.append("\n".join(["**Doubts**", "", *doubts]))
    if notes.sources:
        quotes = (f"> {_plain(f'[{n}] {source.text}')}" for n, source in enumerate(notes.sources, 1))
        parts.append("\n>\n".join(quotes))
    return parts + [_plain(line) for line in notes.legend]


def _plain(text: str) -> str:
    """The text on one line, printable, with no meaning in Markdown or HTML."""
    escaped = re.sub(r"([\\`*_\[\]<>#|&~])", r"\\\1", one_line(text))
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", re.sub(r"^([-+=])", r"\\\1", escaped))
