"""`kurzum evaluate`: figures against references, for the user's own models, texts and settings."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from models.loading.settings import LoadSettings
from models.options import Options
from service.cli.backend import Backend, pass_backend
from service.cli.options import max_characters_option, model_options, summary_options
from service.cli.terminal import Progress, emit, note
from service.failures import Failure, attempt
from service.json import json_line
from service.loading import LazyPipeline
from service.printable import printable

if TYPE_CHECKING:
    from service.evaluation.evaluation import Evaluation
    from service.evaluation.references import OnBadLine, Reference

Measure = Callable[["Any", "list[Reference]", "OnBadLine"], "Evaluation | None"]


@click.group()
def evaluate() -> None:
    """Figures against references: chrF and BLEU, or ROUGE beside lead-3."""


def _file_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What both commands take."""
    for option in reversed(
        [
            click.argument("files", nargs=-1, required=True, metavar="FILE..."),
            click.option("--limit", type=click.IntRange(min=1), help="Use at most this many references of each file."),
            click.option("--json", "as_json", is_flag=True, help="One line of JSON a file."),
        ]
    ):
        command = option(command)
    return command


@evaluate.command()
@_file_options
@max_characters_option()
@model_options
@pass_backend
def translation(
    backend: Backend,
    files: tuple[str, ...],
    limit: int | None,
    as_json: bool,
    max_characters: int,
    models: LoadSettings,
) -> int:
    """chrF and BLEU for FILE.tsv or FILE.tsv.gz: German, a tab, English; further columns are ignored.

    Lines are split at tabs and nowhere else, quotes are plain characters. A line may hold several sentences.
    """
    with Progress() as progress:

        def measure(pipeline: Any, references: "list[Reference]", _on_bad_line: "OnBadLine") -> "Evaluation":
            from service.evaluation.evaluation import evaluate_translation

            return evaluate_translation(pipeline, references, progress.watching("evaluate"))

        pipeline = LazyPipeline(models, max_characters, progress.listener, backend.open_pipeline)
        return _evaluate("translation", files, limit, as_json, pipeline, measure)


@evaluate.command()
@_file_options
@summary_options
@max_characters_option()
@model_options
@pass_backend
def summary(
    backend: Backend,
    files: tuple[str, ...],
    limit: int | None,
    as_json: bool,
    options: Options,
    max_characters: int,
    models: LoadSettings,
) -> int:
    """ROUGE-1, -2 and -L for FILE.jsonl or FILE.jsonl.gz: objects with "article" and "summary", one a line.

    Beside the summaries stands lead-3, the first three sentences in English, whole and cut to the summary's words.
    """
    with Progress() as progress:

        def measure(pipeline: Any, references: "list[Reference]", on_bad_line: "OnBadLine") -> "Evaluation | None":
            from service.evaluation.evaluation import evaluate_summary

            return evaluate_summary(
                pipeline, references, options, on_bad_line, lambda n, total: progress.watching(f"{n}/{total}")
            )

        pipeline = LazyPipeline(models, max_characters, progress.listener, backend.open_pipeline)
        return _evaluate("summary", files, limit, as_json, pipeline, measure)


def _evaluate(
    task: Literal["translation", "summary"],
    files: tuple[str, ...],
    limit: int | None,
    as_json: bool,
    pipeline: LazyPipeline,
    measure: Measure,
) -> int:
    """File after file; 1 if one of them has nothing that can be used."""
    from service.evaluation.references import read_references

    failed = 0
    for file in files:
        on_bad_line = functools.partial(_on_bad_line, file)
        references = attempt(read_references, Path(file), task, on_bad_line, limit)
        result: Evaluation | Failure | None
        if isinstance(references, Failure):
            result = references
        elif references:
            result = attempt(measure, pipeline.get(), references, on_bad_line)
        else:
            result = None
        if result is None or isinstance(result, Failure):
            failed += 1
            note(f"{printable(file)}: {result.detail if result else 'It holds no reference that can be used.'}")
        elif as_json:
            emit(json_line({"file": file} | result.to_dict()))
        else:
            emit("\n".join([f"== {printable(file)} ==", *result.lines()]))
    return 1 if failed else 0


def _on_bad_line(file: str, line: int, why: str) -> None:
    note(f"{printable(file)}, line {line}: {why}")
