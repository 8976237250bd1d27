"""`kurzum check`: evidence and flags for a summary that somebody else wrote, or flags for pairs of source and target.

Only the sentence encoder of the evidence is loaded, and for pairs at most the language detector.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from models.loading.settings import LoadSettings
from service.cli.options import device_option, format_option, max_characters_option, source_lang_option
from service.cli.styles import terminal_styles
from service.cli.summarize import read_article
from service.cli.terminal import Progress, emit, note, terminal_width
from service.failures import Failure, attempt
from service.folder.files import FormatChoice, SourceLang, read_bytes, read_stdin
from service.folder.footnotes import Styles, flag_line, plain, wrap_words
from service.json import json_line
from service.loading import check_settings
from service.printable import one_line, printable

if TYPE_CHECKING:
    from models.checking import Check

INDENT = "   "
# Against the German alone, half of the further sources with a lower score are wrong; the JSON report has them.
MIN_FURTHER_SCORE_WITHOUT_TRANSLATION = 0.15


@click.command()
@click.argument("article", required=False)
@click.argument("summary", required=False)
@click.option("--pairs", metavar="FILE.tsv", help="Check a source and a target a line, with a tab between, instead.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON: for the summary, or for each pair.")
@click.option("--limit", type=click.IntRange(min=1), help="Check at most this many pairs.")
@format_option()
@source_lang_option()
@max_characters_option()
@device_option()
def check(
    article: str | None,
    summary: str | None,
    pairs: str | None,
    as_json: bool,
    limit: int | None,
    chosen: FormatChoice,
    source_lang: SourceLang,
    max_characters: int,
    device: str,
) -> int:
    """Check SUMMARY, an English text about the German ARTICLE: evidence and flags. Either may be - for stdin.

    The result names for each sentence of the summary the German sentences that it rests on, and the numbers, names and
    claims that they do not support. It also says whether a sentence repeats another, breaks off or is not English.

    --pairs takes .tsv or .tsv.gz, or - for stdin. With --json, line n is the result for line n, as {"flags"} or as
    {"line", "error"}. Flags never change the exit code.

    Everything runs on the CPU; --device is there because the other commands have it.
    """
    check_settings(LoadSettings(device=device))
    if pairs is not None:
        if article is not None:
            raise click.UsageError("--pairs cannot be combined with ARTICLE and SUMMARY.")
        return _PairChecker(pairs, as_json, max_characters).check(limit)
    if article is None or summary is None:
        raise click.UsageError("Name an ARTICLE and a SUMMARY, or a file with --pairs.")
    if article == summary == "-":
        raise click.UsageError("Standard input (-) can be read only once.")
    if limit is not None:
        raise click.UsageError("--limit needs --pairs.")
    with Progress() as progress:
        result = _checked(article, summary, chosen, source_lang, max_characters, progress)
    if isinstance(result, UnreadInput):
        note(f"{printable(result.name)}: {result.why.detail}")
        if as_json:
            emit(json_line({"file": result.name, "error": result.why.to_dict()}))
        return 1
    emit(json_line(result.to_dict()) if as_json else "\n".join(_lines(result, terminal_styles(), terminal_width())))
    if all(sentence.lang == "de" for sentence in result.sentences):
        note(f"{printable(summary)}: It is in German: its names and claims are not checked.")
    return 0


@dataclass(frozen=True, slots=True)
class UnreadInput:
    """The file because of which nothing could be checked, and why."""

    name: str
    why: Failure


def _checked(
    article: str, summary: str, chosen: FormatChoice, source_lang: SourceLang, max_characters: int, progress: Progress
) -> "Check | UnreadInput":
    from models.checking import check

    read = attempt(read_article, article, chosen, source_lang, max_characters)
    if isinstance(read, Failure):
        return UnreadInput(article, read)
    sentences = attempt(_read_summary, summary, max_characters)
    if isinstance(sentences, Failure):
        return UnreadInput(summary, sentences)
    result = attempt(check, read, sentences, max_characters, progress.watching(article))
    return UnreadInput(article, result) if isinstance(result, Failure) else result


def _read_summary(name: str, max_characters: int) -> list[str]:
    """The sentences of a summary; raises InputError."""
    from models.reading.encoding import decode
    from models.reading.summary_text import summary_sentences

    text = decode(read_stdin(max_characters) if name == "-" else read_bytes(Path(name), max_characters))
    return summary_sentences(text, max_characters)


def _lines(check: "Check", look: Styles, columns: int | None) -> Iterator[str]:
    """Each sentence with its doubts and the German that it rests on."""
    for number, sentence in enumerate(check.sentences, 1):
        if number > 1:
            yield ""
        words = [(word, look.heading) for word in one_line(sentence.text).split(" ")]
        yield from wrap_words(words, columns, f"{number}. ", INDENT)
        for flag in sentence.flags:
            doubt = [("!", look.doubt), *((word, plain) for word in flag_line(flag).split(" "))]
            yield from wrap_words(doubt, columns, INDENT, INDENT + INDENT)
        if not sentence.evidence:
            yield f"{INDENT}{look.doubt('no source found')}"
        for rank, evidence in enumerate(sentence.evidence):
            if rank == 0 or evidence.score >= MIN_FURTHER_SCORE_WITHOUT_TRANSLATION:
                head = [(f"{evidence.score:.2f}", look.source), (f"{evidence.start}–{evidence.end}", look.source)]
                source = one_line(evidence.source).split(" ")
                yield from wrap_words([*head, *((word, plain) for word in source)], columns, INDENT, INDENT + INDENT)


class _PairChecker:
    """Reads, checks and reports pairs of source and target one by one."""

    def __init__(self, name: str, as_json: bool, max_characters: int) -> None:
        self._name = name
        self._as_json = as_json
        self._max_characters = max_characters
        self._read = self._doubted = self._bad = 0

    def check(self, limit: int | None) -> int:
        """Check all pairs or the first `limit`; 1 if a line or the file cannot be used."""
        ended = attempt(self._check_all, limit)
        if isinstance(ended, Failure):
            note(f"{printable(self._name)}: {ended.detail}")
            if self._as_json:
                emit(json_line({"file": self._name, "error": ended.to_dict()}))
            return 1
        if not self._as_json:
            note(f"{printable(self._name)}: flags on {self._doubted} of {self._read} pairs.")
        return 1 if self._bad else 0

    def _check_all(self, limit: int | None) -> None:
        from models.checks.compare import pair_flags
        from models.checks.degeneration import pair_faults
        from models.reading.encoding import normalise
        from service.evaluation.references import stream_pairs

        for pair in stream_pairs(self._name, self._on_bad_line, limit):
            if max(len(pair.source), len(pair.target)) > self._max_characters:
                self._on_bad_line(pair.line, f"It holds more than {self._max_characters:,} characters.")
                continue
            # As articles and summaries are read: a decomposed or hidden character is no other name or number.
            both = normalise(pair.source), normalise(pair.target)
            flags = attempt(lambda both: pair_faults(*both) + pair_flags(*both), both)
            if isinstance(flags, Failure):
                self._on_bad_line(pair.line, flags.detail, flags.code)
                continue
            self._read += 1
            self._doubted += bool(flags)
            if self._as_json:
                emit(json_line({"flags": [asdict(flag) for flag in flags]}))
            else:
                for flag in flags:
                    emit(f"line {pair.line}: {flag_line(flag)}")

    def _on_bad_line(self, line: int, why: str, code: str = "unusable-line") -> None:
        self._bad += 1
        note(f"{printable(self._name)}, line {line}: {why}")
        if self._as_json:
            emit(json_line({"line": line, "error": Failure(code, why).to_dict()}))
