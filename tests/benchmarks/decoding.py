"""What decoding costs and brings the embedded model: beams, engines, number formats, and choosing among hypotheses.

The last takes, of a beam's hypotheses, the first of those with the fewest faults and doubts (`translator.py`).
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

from models.checks.names.check import name_flags
from models.checks.names.source_index import SourceIndex
from models.checks.quantities.check import SourceQuantities, quantity_flags
from models.checks.texts import LangText, SourceSentence
from models.decoding import Decoding
from models.loading.engine import load_engine
from models.loading.settings import LoadSettings
from models.presets import load_preset
from models.translation.translator import Translator
from service.evaluation.scores import translation_scores

STRETCH = 25
THREADS = 2
TORCH, OTHER = ("transformers", "int8"), ("ctranslate2", "int8")
WAYS = {
    "greedy": (TORCH, Decoding(num_beams=1)),
    "beam 2 chosen": (TORCH, Decoding(num_beams=2, num_return_sequences=2)),
    "beam 4": (TORCH, Decoding(num_beams=4, num_return_sequences=1)),
    "beam 4 chosen": (TORCH, Decoding(num_beams=4, num_return_sequences=4)),
    "beam 6 chosen": (TORCH, Decoding(num_beams=6, num_return_sequences=6)),
    "beam 8 chosen": (TORCH, Decoding(num_beams=8, num_return_sequences=8)),
    "greedy in CTranslate2": (OTHER, Decoding(num_beams=1)),
    "beam 4 chosen in CTranslate2": (OTHER, Decoding(num_beams=4, num_return_sequences=4)),
    "beam 4 chosen in CTranslate2 in float32": (
        ("ctranslate2", "float32"),
        Decoding(num_beams=4, num_return_sequences=4),
    ),
}


def doubts(source: str, target: str) -> int:
    """How many numbers and names of one side are not on the other."""
    sources = [SourceSentence(source, "de")]
    quantities = quantity_flags(SourceQuantities.of(sources), LangText(target, "en"), complete=True)
    return len(quantities) + len(name_flags(SourceIndex(sources), target))


def main(cache: str, file: str, lines: str = "150", ways: str = "") -> None:
    """Print, for each way, chrF and BLEU, its time and how many lines are in doubt."""
    tried = {name: way for name, way in WAYS.items() if not ways or name in ways.split(",")}
    with gzip.open(file, "rt", encoding="utf-8", newline="\n") as rows:
        pairs = [row.rstrip("\n").split("\t")[:2] for row in islice(rows, int(lines))]
    preset = load_preset("embedded")
    engines = {
        (engine, kind): load_engine(
            preset, LoadSettings(engine=engine, device="cpu", compute_type=kind, threads=THREADS, cache=Path(cache))
        )
        for engine, kind in {runs for runs, _ in tried.values()}
    }
    targets: dict[str, list[str]] = {name: [] for name in tried}
    seconds: dict[str, list[float]] = {name: [] for name in tried}
    for start in range(0, len(pairs), STRETCH):
        sources = [source for source, _ in pairs[start : start + STRETCH]]
        for name, (runs, decoding) in tried.items():
            translator = Translator(engines[runs], decoding)
            began = time.perf_counter()
            rendered = translator.translate_texts(sources)
            seconds[name].append(time.perf_counter() - began)
            targets[name] += [rendered[source].target for source in sources]
    first = next(iter(tried))
    for name in tried:
        scores = translation_scores(targets[name], [target for _, target in pairs])
        slower = statistics.median(a / b for a, b in zip(seconds[name], seconds[first], strict=True))
        doubted = sum(bool(doubts(source, target)) for (source, _), target in zip(pairs, targets[name], strict=True))
        print(f"{name:40} BLEU {scores['BLEU']}  chrF {scores['chrF']}  time {slower:.2f}  in doubt {doubted}")


if __name__ == "__main__":
    main(*sys.argv[1:])
