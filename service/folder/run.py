"""A folder of articles to a folder of reports: resumable, safe to interrupt, safe to run twice at once.

A report carries under `receipt.batch_key` a hash of all it came from. A file whose report has the right key is
done; so a second run redoes nothing, loads no model, and needs no book-keeping that could disagree with the reports.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Protocol

from models.errors import UsageError
from models.options import OnProgress, Options
from models.reading.formats.registry import why_not_read
from models.report import Report
from models.values import Article
from service.failures import CannotWrite, Failure, attempt, reason
from service.folder.code import installed_code
from service.folder.files import (
    TEMPORARY_NAMES,
    FormatChoice,
    SourceLang,
    read_article_file,
    read_report,
    to_article,
    write_atomic,
)
from service.folder.listing import Entry, as_json_lines, as_markdown
from service.folder.report_paths import LISTING_NAMES, LOCK_NAME, find_articles, report_file, report_paths

if TYPE_CHECKING:
    from pydantic import TypeAdapter


class SummarizesArticles(Protocol):
    """What a run needs of the pipeline."""

    def summarize(self, article: Article, options: Options, on_progress: OnProgress) -> Report:
        """The report on one article."""
        ...


class BatchObserver(Protocol):
    """What is called as a run proceeds."""

    def waiting(self) -> None:
        """Another run holds the output folder."""
        ...

    def passed_over(self, name: str, why: str) -> None:
        """What lies below the folder of the articles and is not read."""
        ...

    def on_progress(self, name: str) -> OnProgress:
        """What is called while the file of this name is worked on."""
        ...

    def done(self, entry: Entry) -> None:
        """A file has its report, or failed."""
        ...


@dataclass(frozen=True, slots=True)
class BatchJob:
    """What a run is to do. `models_key` and `code_key` change whenever the models, their settings or the code do."""

    in_dir: Path
    out_dir: Path
    models_key: str
    options: Options = field(default_factory=Options)
    format: FormatChoice = "auto"
    source_lang: SourceLang = "auto"
    max_characters: int = 400_000
    code_key: str = field(default_factory=installed_code)

    def key(self, data: bytes, article: Article) -> str:
        """A hash of all that a report comes from: the file, the options, the models, the code."""
        options = self.options
        asked = [options.words, options.style, options.mode, options.summary_lang, article.format, article.source_lang]
        parts = json.dumps([asked, self.models_key, self.code_key, hashlib.sha256(data).hexdigest()])
        return hashlib.sha256(parts.encode()).hexdigest()


def run(job: BatchJob, pipeline: SummarizesArticles, observer: BatchObserver) -> list[Entry]:
    """Bring every report and the two listings up to date; one entry for each file, in order.

    Raises UsageError for folders that cannot be used, Unavailable, Halt, and KeyboardInterrupt: whenever it ends,
    finished reports stay and no file is half written.
    """
    if job.in_dir.resolve() == job.out_dir.resolve():
        raise UsageError("The folder for the reports must be another one than the folder of the articles.")
    with _exclusive(job.out_dir, observer):
        found = find_articles(job.in_dir, job.out_dir)
        for link in found.passed_over:
            observer.passed_over(f"{link}/", "It is a link to a folder.")
        for name in found.unread:
            observer.passed_over(str(name), why_not_read(name.name))
        paths = report_paths(found.articles)
        _remove_partial_files(job.out_dir, {path.parent for path in paths.values()} | {PurePosixPath(".")})
        entries = [Entry(f"{folder}/", failure=Failure("cannot-read", why)) for folder, why in found.closed.items()]
        for entry in entries:
            observer.done(entry)
        for article in found.articles:
            entry = _bring_up_to_date(job, pipeline, article, paths[article], observer.on_progress(str(article)))
            observer.done(entry)
            entries.append(entry)
        _write_listings(job, entries)
    return entries


@contextmanager
def _exclusive(out_dir: Path, observer: BatchObserver) -> Iterator[None]:
    """Hold the folder against other runs. The system lets go of the lock of a run that was killed."""
    from filelock import FileLock, Timeout

    try:
        out_dir.mkdir(parents=True, exist_ok=True)
        lock = FileLock(out_dir / LOCK_NAME)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            observer.waiting()
            lock.acquire(poll_interval=0.2)
    except OSError as error:
        raise UsageError(f"Nothing can be written to {out_dir}: {reason(error)}.") from error
    try:
        yield
    finally:
        lock.release()


def _remove_partial_files(out_dir: Path, folders: Iterable[PurePosixPath]) -> None:
    """Take away what a killed run was writing; links that lead out of OUT_DIR are not followed."""
    root = out_dir.resolve()
    for folder in ((root / relative).resolve() for relative in folders):
        if folder.is_relative_to(root):
            for left in folder.glob(TEMPORARY_NAMES):
                left.unlink(missing_ok=True)


def _bring_up_to_date(
    job: BatchJob, pipeline: SummarizesArticles, source: PurePosixPath, report: PurePosixPath, on_progress: OnProgress
) -> Entry:
    result = attempt(_report, job, pipeline, source, report, on_progress)
    if isinstance(result, Entry):
        return result
    attempt(_remove, job.out_dir, report)
    return Entry(str(source), failure=result)


def _report(
    job: BatchJob, pipeline: SummarizesArticles, source: PurePosixPath, report: PurePosixPath, on_progress: OnProgress
) -> Entry:
    path = report_file(job.out_dir, report)
    data = read_article_file(job.in_dir / source, job.max_characters)
    article = to_article(data, source.name, job.max_characters, job.format, job.source_lang)
    key = job.key(data, article)
    if entry := _existing_entry(path, key, source, report):
        return entry
    result = pipeline.summarize(article, job.options, on_progress)
    entry = Entry.of(str(source), str(report), result)
    values = result.to_dict()
    values["receipt"] = values["receipt"] | {"batch_key": key}
    write_atomic(path, json.dumps(values, ensure_ascii=False, indent=1) + "\n")
    return entry


def _existing_entry(path: Path, key: str, source: PurePosixPath, report: PurePosixPath) -> Entry | None:
    """The entry of a report that is there and still right; None if it is missing, stale or damaged."""
    try:
        found = _report_schema().validate_json(read_report(path) or b"")
        if found.receipt.get("batch_key") == key:
            return Entry.of(str(source), str(report), found, fresh=False)
    except ValueError:  # Among them every error of validation.
        pass
    return None


@cache
def _report_schema() -> "TypeAdapter[Report]":
    from pydantic import TypeAdapter

    return TypeAdapter(Report)


def _remove(out_dir: Path, report: PurePosixPath) -> None:
    """Take away the report of a file that has none now: it would speak of another text."""
    try:
        report_file(out_dir, report).unlink(missing_ok=True)
    except OSError as error:
        raise CannotWrite(f"{report} cannot be removed: {reason(error)}.") from error


def _write_listings(job: BatchJob, entries: list[Entry]) -> None:
    texts = (as_json_lines(entries), as_markdown(entries, job.in_dir, job.out_dir))
    for name, text in zip(LISTING_NAMES, texts, strict=True):
        path = job.out_dir / name
        if path.is_symlink() or read_report(path) != text.encode("utf-8", "replace"):
            write_atomic(path, text)
