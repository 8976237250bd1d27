"""`kurzum translate`: one article in English, as text, as pairs of source and target, or line by line."""

from collections.abc import Iterable
from pathlib import Path

import click

from models.errors import TextTooLong
from models.loading.settings import LoadSettings
from models.options import OnProgress
from models.report import Report
from service.cli.backend import Backend, pass_backend
from service.cli.options import format_option, max_characters_option, model_options, source_lang_option
from service.cli.summarize import input_names, read_article
from service.cli.terminal import Progress, emit, note, stdout_is_terminal
from service.evaluation.segments import translate_segments
from service.failures import Failure, attempt
from service.folder.files import FormatChoice, SourceLang, read_limited
from service.json import json_line
from service.loading import LazyPipeline
from service.printable import printable

# All segments are in memory while they are translated.
MAX_LINES_BYTES = 256_000_000


@click.command()
@click.argument("file", required=False, metavar="[FILE|-]")
@click.option("--pairs", is_flag=True, help="Print source and target side by side; in a pipe with a tab between them.")
@click.option("--lines", is_flag=True, help="Translate each line as a segment: one line out for each line in.")
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print the report as one line of JSON; with --lines, one line for each segment.",
)
@format_option()
@source_lang_option()
@max_characters_option()
@model_options
@pass_backend
def translate(
    backend: Backend,
    file: str | None,
    pairs: bool,
    lines: bool,
    as_json: bool,
    chosen: FormatChoice,
    source_lang: SourceLang,
    max_characters: int,
    models: LoadSettings,
) -> int:
    """Translate a German article, from a file or standard input (-)."""
    if pairs and (lines or as_json):
        raise click.UsageError("--pairs cannot be combined with --lines or --json, which contain the pairs.")
    (name,) = input_names((file,) if file else ())
    with Progress() as progress:
        pipeline = LazyPipeline(models, max_characters, progress.listener, backend.open_pipeline)
        on_progress = progress.watching(name)
        done: Report | Failure | None
        if lines:
            done = attempt(_translate_lines, pipeline, name, source_lang, as_json, on_progress)
        else:
            article = attempt(read_article, name, chosen, source_lang, max_characters)
            done = article if isinstance(article, Failure) else attempt(pipeline.translate, article, on_progress)
    if isinstance(done, Failure):
        note(f"{printable(name)}: {done.detail}")
        if as_json:
            emit(json_line({"file": name, "error": done.to_dict()}))
        return 1
    if isinstance(done, Report):
        _show(done, name, pairs, as_json)
    return 0


def _translate_lines(
    pipeline: LazyPipeline, name: str, source_lang: SourceLang, as_json: bool, on_progress: OnProgress
) -> None:
    """Line by line, each shown as soon as its stretch of lines is done."""
    from models.reading.encoding import decode

    sources = decode(_read_lines_file(name)).split("\n")
    if not sources[-1]:
        sources.pop()  # the end of the last line, not one more line
    targets: Iterable[str] = [""] * len(sources)
    if any(source.strip() for source in sources):
        targets = translate_segments(pipeline.get(), sources, source_lang, on_progress)
    for source, target in zip(sources, targets, strict=True):
        emit(json_line({"source": source.strip(), "target": target}) if as_json else target)


def _read_lines_file(name: str) -> bytes:
    """A file of segments, whose number has no limit of its own; raises CannotRead and TextTooLong."""
    path = None if name == "-" else Path(name)
    data = read_limited(path, MAX_LINES_BYTES)
    if len(data) > MAX_LINES_BYTES:
        raise TextTooLong(f"It is longer than {MAX_LINES_BYTES:,} bytes: split it.")
    return data


def _show(report: Report, name: str, pairs: bool, as_json: bool) -> None:
    if as_json:
        emit(json_line(report.to_dict()))
        return
    if report.translation is None:
        raise ValueError("a report without a translation")
    for warning in report.warnings:
        note(f"{printable(name)}: {warning}")
    sentences = report.translation.sentences
    doubtful = sum(bool(sentence.flags) for sentence in sentences)
    if doubtful:
        note(f"{printable(name)}: doubts about {doubtful} of {len(sentences)} sentences: see --json.")
    if pairs:
        _show_pairs((sentence.source, sentence.target) for sentence in sentences)
    else:
        emit(report.translation.text)


def _show_pairs(pairs: Iterable[tuple[str, str]]) -> None:
    """Blocks of two lines for a reader, lines with a tab for a program."""
    blocks = stdout_is_terminal()
    for source, target in pairs:
        left, right = " ".join(source.split()), " ".join(target.split())
        emit(f"{left}\n  {right}\n" if blocks else f"{left}\t{right}")
