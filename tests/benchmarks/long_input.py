"""Articles up to 50,000 words, decoded by both engines: how long reading them takes, and how much memory.

usage: python -m tests.benchmarks.long_input ENGINE [WORDS]...

The articles and the checkpoints, of the true shapes of the preset "standard" with random weights, are those of
tests/models/engines/test_long_input.py, which decodes nothing and asserts that no sentence is lost: here every source
that is handed over is decoded, greedily, to two tokens, on one thread, so that the time is that of reading. What goes
on from there is what the test's engine says, since random weights say nothing. Seconds are the processor's, which other
work on the machine changes little.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from models.decoding import Engine, Hypothesis, Task
from models.loading.engine import load_engine
from models.loading.settings import LoadSettings
from models.presets import load_preset, with_models
from tests.benchmarks.engines import SHAPES
from tests.fakes import Answer
from tests.models.engines.test_long_input import GREEDY, TrueWindow, tokens_handed_over

TOKENS = 2


class Decoding(TrueWindow):
    """Answers as the test's engine does, after the true one has read and decoded the same."""

    def __init__(self, engine: Engine, answer: Answer) -> None:
        super().__init__(engine, answer)
        self.engine = engine

    def generate(self, task: Task, sources: Sequence[str], *rest: Any) -> list[Hypothesis]:
        assert len(self.engine.generate(task, sources, GREEDY, TOKENS)) == len(sources)
        return super().generate(task, sources, *rest)


def main(runtime: str, sizes: list[int]) -> None:
    """Print a line for each number of words."""
    engines: dict[str, Engine] = {}
    with tempfile.TemporaryDirectory() as folder:
        for family, (build, shape) in SHAPES.items():
            build(Path(folder) / family, **shape)
        preset = with_models(load_preset("embedded"), str(Path(folder) / "marian"), str(Path(folder) / "bart"))
        tasks: dict[str, Task] = {"marian": "translation", "bart": "summarization"}
        for family, task in tasks.items():
            options: dict[str, Any] = {"device": "cpu", "threads": 1, "cache": Path(folder) / "cache"}
            engines[family] = load_engine(preset, LoadSettings(engine=runtime, **options), task)
        for words in sizes:
            begun = time.process_time()
            translated, summarised = tokens_handed_over(words, lambda family, _: engines[family], Decoding)
            seconds = time.process_time() - begun
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
            print(
                f"{runtime}, {words:,} words: {seconds:.0f} s, {translated:,} tokens to translate, "
                f"{summarised:,} to summarise, peak memory {peak:.1f} GB",
                flush=True,
            )


if __name__ == "__main__":
    main(sys.argv[1], [int(words) for words in sys.argv[2:]] or [10_000, 50_000])
