"""How fast each engine runs the embedded model on this CPU: sentences and articles, greedily and with beams.

Each way decodes the same sources to their own ends with two threads, RUNS times in turn, so that other work on the
machine falls on all alike; printed are the median of its tokens a second, and that over the first way's.

usage: python -m tests.benchmarks.embedded_engines CACHE_FOLDER [RUNS] [LINES] [WAYS]

LINES is the number of sentences, WAYS how many of the ways are run: the last takes minutes.
"""

import statistics
import sys
import time
from itertools import islice
from pathlib import Path

from models.decoding import Decoding, Task
from models.loading.engine import load_engine
from models.loading.settings import LoadSettings
from models.presets import load_preset
from models.reading.article import read
from models.values import Article

THREADS = 2
SEED = next((Path(__file__).parents[2] / "seeds").glob("000_*.txt"))
# The last is what a user of transformers would have: its model and its `generate`.
WAYS = {
    "ctranslate2, int8": ("ctranslate2", "int8"),
    "torch, int8": ("transformers", "int8"),
    "transformers, float32": ("transformers", "float32"),
}


def main(cache: str, runs: str = "3", lines: str = "24", ways: str = "3") -> None:
    """Print a line for each task, number of beams and way."""
    preset = load_preset("embedded")
    engines = {
        name: load_engine(
            preset, LoadSettings(engine=engine, device="cpu", compute_type=kind, threads=THREADS, cache=Path(cache))
        )
        for name, (engine, kind) in islice(WAYS.items(), int(ways))
    }
    document = read(Article(SEED.read_text(encoding="utf-8")), 400_000)
    sentences = [s.text for s in document.sentences]
    chunk = len(sentences) // 4
    chunks = [" ".join(sentences[at : at + chunk]) for at in range(0, 4 * chunk, chunk)]
    work: dict[Task, list[str]] = {"translation": sentences[: int(lines)], "direct": chunks}
    for task, sources in work.items():
        for beams in (1, 4):
            decoding = Decoding(num_beams=beams, no_repeat_ngram_size=4 if task == "direct" else None)
            rates: dict[str, list[float]] = {name: [] for name in engines}
            for _ in range(int(runs)):
                for name, engine in engines.items():
                    begun = time.perf_counter()
                    tokens = sum(h.tokens for h in engine.generate(task, sources, decoding, 120))
                    rates[name].append(tokens / (time.perf_counter() - begun))
            first = next(iter(WAYS))
            for name, found in rates.items():
                ratio = statistics.median(a / b for a, b in zip(found, rates[first], strict=True))
                print(
                    f"{task}, {beams} beams, {name}: {statistics.median(found):.0f} tokens a second, x {ratio:.2f}",
                    flush=True,
                )


if __name__ == "__main__":
    main(*sys.argv[1:])
