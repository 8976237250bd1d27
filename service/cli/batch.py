"""`kurzum batch`: every article of a folder to its report, one line for each file."""

from pathlib import Path

import click

from models.loading.settings import LoadSettings
from models.options import OnProgress, Options
from service.cli.backend import Backend, pass_backend
from service.cli.options import (
    format_option,
    max_characters_option,
    model_options,
    source_lang_option,
    summary_options,
)
from service.cli.styles import terminal_styles
from service.cli.terminal import Progress, emit, note, terminal_width
from service.folder.files import FormatChoice, SourceLang
from service.folder.listing import Entry
from service.json import json_line
from service.loading import LazyPipeline
from service.printable import printable


@click.command()
@click.argument("in_dir", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("out_dir", type=click.Path(file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the lines of summaries.jsonl, each when its file is done.")
@click.option(
    "--print", "print_summaries", is_flag=True, help="Print the summaries with their doubts and sources at the end."
)
@format_option()
@summary_options
@source_lang_option()
@max_characters_option()
@model_options
@pass_backend
def batch(
    backend: Backend,
    in_dir: Path,
    out_dir: Path,
    as_json: bool,
    print_summaries: bool,
    chosen: FormatChoice,
    options: Options,
    source_lang: SourceLang,
    max_characters: int,
    models: LoadSettings,
) -> int:
    """Summarise every .txt, .md, .html, .eml, .mhtml, .docx and .pdf file below IN_DIR into a report in OUT_DIR.

    The report of a/b.txt is a/b.json; the suffix is kept where two reports would collide. A second run does only what
    is new or has changed: files, options, models or the program. It also writes summaries.jsonl and summaries.md, which
    list all files. Links to files are followed, also out of IN_DIR; links to folders are not.
    """
    if as_json and print_summaries:
        raise click.UsageError("--print cannot be combined with --json, which contains the summaries.")
    from models.loading.catalog import fingerprint
    from models.reading.formats.registry import known_suffixes
    from service.folder.run import BatchJob, run

    job = BatchJob(in_dir, out_dir, fingerprint(models), options, chosen, source_lang, max_characters)
    with Progress() as progress:
        pipeline = LazyPipeline(models, max_characters, progress.listener, backend.open_pipeline)
        entries = run(job, pipeline, BatchReporter(progress, out_dir, as_json))
    if print_summaries:
        for entry in entries:
            if entry.failure is None:
                lines = entry.notes.lines(terminal_width(), terminal_styles())
                emit("\n".join([f"\n== {printable(entry.file)} ==", *lines]))
    failed = sum(entry.failure is not None for entry in entries)
    if not entries:
        note(f"There is no file in {printable(in_dir)} that can be read: kurzum batch takes {known_suffixes()}.")
    elif failed:
        note(f"{failed} of {len(entries)} failed.")
    return 1 if failed or not entries else 0


class BatchReporter:
    """Reports a run to the user: results on stdout, all else on stderr."""

    def __init__(self, progress: Progress, out_dir: Path, as_json: bool) -> None:
        self._progress = progress
        self._out_dir = out_dir
        self._as_json = as_json

    def waiting(self) -> None:
        note(f"Another run writes to {printable(self._out_dir)}: waiting for its end.")

    def passed_over(self, name: str, why: str) -> None:
        note(f"{printable(name)}: passed over. {why}")

    def on_progress(self, name: str) -> OnProgress:
        return self._progress.watching(name)

    def done(self, entry: Entry) -> None:
        if entry.failure:
            note(f"{printable(entry.file)}: {entry.failure.detail}")
        if self._as_json:
            emit(json_line(entry.to_dict()))
        elif entry.failure is None:
            emit(f"{printable(entry.file)} -> {printable(entry.report)}{'' if entry.fresh else ' (unchanged)'}")
