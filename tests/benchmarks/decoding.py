"""What decoding costs and brings the embedded model: beams, number formats, and choosing among a beam's hypotheses.

The last takes, of a beam's hypotheses, the first of those with the fewest faults and doubts (`models/translation.py`).
Every way is the translator's own, second tries included. All decode the same stretch of lines in turn, so that other
work on the machine falls on all alike; a time is the median over the stretches, relative to that of the first way. In
doubt are lines with a number or name that the checks miss on one side.

usage: python -m tests.benchmarks.decoding CACHE_FOLDER FILE.tsv.gz [LINES] [WAY,WAY]
"""

import gzip
import statistics
import sys
import time
from itertools import islice
from pathlib import Path

from models.checks.names import name_flags
from models.checks.quantities import quantity_flags
from models.checks.texts import Text
from models.embedded.build import prepare
from models.engines.base import Decoding
from models.engines.causal_ctranslate2 import CausalCTranslate2
from models.engines.device import Device
from models.presets import load_preset
from models.translation import Translator
from service.scores import translation_scores

STRETCH = 25
THREADS = 2
WAYS = {
    "greedy": ("int8", Decoding(num_beams=1)),
    "beam 2": ("int8", Decoding(num_beams=2)),
    "beam 2 chosen": ("int8", Decoding(num_beams=2, num_return_sequences=2)),
    "beam 4": ("int8", Decoding(num_beams=4)),
    "beam 4 chosen": ("int8", Decoding(num_beams=4, num_return_sequences=4)),
    "beam 2 in float32": ("float32", Decoding(num_beams=2)),
}


def doubts(source: str, target: str) -> int:
    """How many numbers and names of one side are not on the other."""
    there, here = [Text(source, "de")], Text(target, "en")
    return len(quantity_flags(there, here, complete=True)) + len(name_flags(there, here, complete=True))


def main(cache: str, file: str, lines: str = "150", ways: str = "") -> None:
    """Print, for each way, chrF and BLEU, its time and how many lines are in doubt."""
    tried = {name: way for name, way in WAYS.items() if not ways or name in ways.split(",")}
    model = load_preset("embedded").models[0]
    prompts = {task: str(spec.prompt) for task, spec in model.tasks.items()}
    window = model.window or 0
    folder = prepare(Path(cache)).ctranslate2
    with gzip.open(file, "rt", encoding="utf-8", newline="\n") as rows:
        pairs = [row.rstrip("\n").split("\t")[:2] for row in islice(rows, int(lines))]
    engines = {
        kind: CausalCTranslate2.load(folder, prompts, window, Device("cpu"), kind, THREADS, {})
        for kind in {kind for kind, _ in tried.values()}
    }
    targets: dict[str, list[str]] = {name: [] for name in tried}
    seconds: dict[str, list[float]] = {name: [] for name in tried}
    for start in range(0, len(pairs), STRETCH):
        sources = [source for source, _ in pairs[start : start + STRETCH]]
        for name, (kind, decoding) in tried.items():
            translator = Translator(engines[kind], decoding)
            began = time.perf_counter()
            rendered = translator.render(sources)
            seconds[name].append(time.perf_counter() - began)
            targets[name] += [rendered[source].target for source in sources]
    first = next(iter(tried))
    for name in tried:
        scores = translation_scores(targets[name], [target for _, target in pairs])
        slower = statistics.median(a / b for a, b in zip(seconds[name], seconds[first], strict=True))
        doubted = sum(bool(doubts(source, target)) for (source, _), target in zip(pairs, targets[name], strict=True))
        print(f"{name:20} BLEU {scores['BLEU']}  chrF {scores['chrF']}  time {slower:.2f}  in doubt {doubted}")


if __name__ == "__main__":
    main(*sys.argv[1:])
