"""The command line with the fake engine where a model would be: in this process, or as a process of its own.

    python -m tests.service.cli.stand_in summarize ...

KURZUM_TEST_JOURNAL names a file that gets a line for each load and each article; KURZUM_TEST_SECONDS is what each
batch takes.
"""

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from models.decoding import Hypothesis, ResolvedDecoding, Task
from models.errors import ModelUnavailable, UsageError
from models.loading.settings import LoadSettings
from models.options import Listener
from models.pipeline import Pipeline
from models.summarization.summarizer import Summarizer
from models.translation.translator import Translator
from service.cli.backend import Backend
from service.cli.main import main as kurzum
from tests.fakes import FakeEngine, echo

BROKEN = "Dieser Satz bringt das Programm durcheinander"


class Journal:
    """What the command line asked of the models, kept where another process can read it."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self.lines: list[str] = []

    def write(self, line: str) -> None:
        self.lines.append(line)
        if self.path:
            with self.path.open("a") as file:
                file.write(line + "\n")


class SlowEngine(FakeEngine):
    """The fake engine, as slow as asked and with a sentence that it trips over."""

    def __init__(self, seconds: float) -> None:
        super().__init__(answer)
        self.seconds = seconds

    def generate(self, task: Task, sources: Sequence[str], *rest: Any) -> list[Hypothesis]:
        time.sleep(self.seconds)
        return super().generate(task, sources, *rest)


def answer(task: Task, source: str, decoding: ResolvedDecoding) -> str | Hypothesis:
    if BROKEN in source:
        raise ZeroDivisionError(source)
    return echo(task, source, decoding)


def backend(journal: Journal, seconds: float = 0.0) -> Backend:
    """A backend whose pipelines run on the fake engine."""

    def open_pipeline(settings: LoadSettings, max_characters: int, listener: Listener) -> Pipeline:
        if settings.translation_model == "no/model":
            raise ModelUnavailable("There is no/model nowhere.")
        if settings.engine == "transformers":
            raise UsageError("This preset does not run on transformers.")
        journal.write(f"load {settings.preset} {settings.device} {settings.compute_type} {settings.threads}")
        if own := [name for name in (settings.translation_model, settings.summary_model) if name]:
            journal.write(f"instead {own}")
        listener.progress("weights", 0.5)
        engine = SlowEngine(seconds)

        class Journalled(Pipeline):
            def summarize(self, article: Any, options: Any = None, on_progress: Any = None) -> Any:
                text = article.text or article.layout.text  # A file was laid out when it was opened.
                journal.write(f"summarize {text.split()[0]} {options.words} {options.style} {options.mode}")
                return Pipeline.summarize(self, article, options, on_progress)

        return Journalled(Translator(engine), Summarizer(engine), {"preset": settings.preset}, max_characters)

    return Backend(open_pipeline)


def main() -> None:
    path = os.environ.get("KURZUM_TEST_JOURNAL")
    journal = Journal(Path(path) if path else None)
    kurzum(backend(journal, float(os.environ.get("KURZUM_TEST_SECONDS", "0"))))


if __name__ == "__main__":
    main()
