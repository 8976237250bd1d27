"""`kurzum summarize`: articles from files or standard input, summaries on standard output."""

import sys
from pathlib import Path

import click
from click.core import ParameterSource

from models.loading.settings import LoadSettings
from models.options import Options
from models.report import ALL, Include, Report
from models.values import Article
from service.cli.backend import Backend, pass_backend
from service.cli.options import (
    format_option,
    max_characters_option,
    model_options,
    source_lang_option,
    sources_option,
    summary_options,
)
from service.cli.styles import terminal_styles
from service.cli.terminal import Progress, emit, note, stdout_is_terminal, terminal_width
from service.failures import Failure, attempt
from service.folder.files import FormatChoice, SourceLang, read_bytes, read_stdin, to_article
from service.folder.footnotes import Footnotes, flag_line, shorten
from service.json import json_line
from service.loading import LazyPipeline
from service.printable import printable


class IncludeParam(click.ParamType[frozenset[Include]]):
    """What a JSON report holds beside the summary: names with commas, or none."""

    name = "parts"

    def convert(
        self, value: str | frozenset[Include], param: click.Parameter | None, ctx: click.Context | None
    ) -> frozenset[Include]:
        """The names as a set."""
        if isinstance(value, frozenset):
            return value
        names = set() if value == "none" else {name.strip() for name in value.split(",")}
        if unknown := names - ALL:
            self.fail(f"{', '.join(sorted(unknown))!r} is neither translation nor text nor none.", param, ctx)
        return frozenset(part for part in ALL if part in names)


@click.command(no_args_is_help=False)
@click.argument("files", nargs=-1, metavar="[FILE|-]...")
@click.option("--json", "as_json", is_flag=True, help="The whole report, one line of JSON an article.")
@click.option(
    "--include",
    type=IncludeParam(),
    default="translation,text",
    show_default=True,
    help="Parts of the JSON report beside the summary; none leaves both out.",
)
@sources_option()
@format_option()
@summary_options
@source_lang_option()
@max_characters_option()
@model_options
@pass_backend
def summarize(
    backend: Backend,
    files: tuple[str, ...],
    as_json: bool,
    sources: bool | None,
    include: frozenset[Include],
    chosen: FormatChoice,
    options: Options,
    source_lang: SourceLang,
    max_characters: int,
    models: LoadSettings,
) -> int:
    """Summarise German articles in English, from files or standard input (-).

    On a terminal each sentence has marks that lead to its sources and to doubts about it. Elsewhere only the summary is
    printed, and the doubts go to standard error.

    Each of several articles has a header line. With --json, line n belongs to file n; if an article failed, its line
    is {"file", "error"} instead of the report.
    """
    said = click.get_current_context().get_parameter_source("sources")
    if as_json and sources and said is ParameterSource.COMMANDLINE:
        raise click.UsageError("--sources cannot be combined with --json, which contains the sources.")
    names = input_names(files)
    failed = 0
    with Progress() as progress:
        pipeline = LazyPipeline(models, max_characters, progress.listener, backend.open_pipeline)
        for name in names:
            on_progress = progress.watching(name)
            article = attempt(read_article, name, chosen, source_lang, max_characters)
            result = (
                article if isinstance(article, Failure) else attempt(pipeline.summarize, article, options, on_progress)
            )
            progress.close()
            if isinstance(result, Failure):
                failed += 1
                note(f"{printable(name)}: {result.detail}")
                if as_json:
                    emit(json_line({"file": name, "error": result.to_dict()}))
            elif as_json:
                emit(json_line(result.to_dict(include)))
            else:
                _show(
                    result, name, heading=len(names) > 1, sources=stdout_is_terminal() if sources is None else sources
                )
    return 1 if failed else 0


def input_names(files: tuple[str, ...]) -> tuple[str, ...]:
    """The files to read; `-` where there is none, unless that would leave a user before a silent terminal."""
    if not files and (sys.stdin is None or sys.stdin.isatty()):
        ctx = click.get_current_context()
        click.echo(ctx.get_help(), err=True)
        ctx.exit(2)
    if files.count("-") > 1:
        raise click.UsageError("Standard input (-) can be read only once.")
    return files or ("-",)


def read_article(name: str, chosen: FormatChoice, source_lang: SourceLang, max_characters: int) -> Article:
    """The article in a file, or in standard input; raises InputError."""
    data = read_stdin(max_characters) if name == "-" else read_bytes(Path(name), max_characters)
    return to_article(data, "" if name == "-" else name, max_characters, chosen, source_lang)


def _show(report: Report, name: str, *, heading: bool, sources: bool) -> None:
    """The summary with its sources and doubts, or bare, and then the doubts on stderr; warnings always there."""
    summary = report.summary
    if summary is None:
        raise ValueError("a report without a summary")
    if heading:
        emit(f"== {printable(name)} ==")
    if sources:
        emit("\n".join(Footnotes.of(report).lines(terminal_width(), terminal_styles())) + "\n" * heading)
    else:
        emit(summary.text)
    for warning in report.warnings:
        note(f"{printable(name)}: {warning}")
    if not sources:
        for sentence in summary.sentences:
            for flag in sentence.flags:
                note(f"{printable(name)}: check {flag_line(flag)}.")
            if not sentence.evidence:
                note(f"{printable(name)}: check “{shorten(sentence.text, 80)}”: no source found.")
