"""What it brings to rank a beam by how near its hypotheses are to the source in meaning (`reranking.py`).

Every line is decoded once, a beam of four as the preset has it, and its hypotheses are ranked with each weight of the
similarity. The guard and the checks of numbers and names, which choose after that, are left out. The last line gives
the encoder's time beside that of decoding.

usage: python -m tests.benchmarks.reranking CACHE_FOLDER FILE.tsv.gz [FIRST] [LINES] [THREADS]
"""

import gzip
import sys
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from models.batching import batches
from models.loading.engine import load_engine
from models.loading.settings import LoadSettings
from models.presets import load_preset
from models.translation.reranking import rerank
from service.evaluation.scores import translation_scores

if TYPE_CHECKING:
    from models.decoding import Hypothesis

WEIGHTS = (0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 4.0)


def main(cache: str, file: str, first: str = "1", lines: str = "400", threads: str = "2") -> None:
    """Print BLEU and chrF for each weight."""
    start = int(first) - 1
    with gzip.open(file, "rt", encoding="utf-8", newline="\n") as rows:
        pairs = [row.rstrip("\n").split("\t")[:2] for row in islice(rows, start, start + int(lines))]
    preset = load_preset("embedded")
    decoding = preset.models[0].tasks["translation"].decoding
    engine = load_engine(preset, LoadSettings(device="cpu", threads=int(threads), cache=Path(cache)))
    sources = [source for source, _ in pairs]
    lengths = engine.count_tokens(sources)
    began = time.process_time()
    found: dict[int, Hypothesis] = {}
    for group in batches(lengths, 2400, 32):
        most = 2 * max(lengths[i] for i in group) + 24
        beams = engine.generate("translation", [sources[i] for i in group], decoding, most)
        found |= dict(zip(group, beams, strict=True))
    beams = [found[i] for i in range(len(pairs))]
    decoded = time.process_time() - began
    penalty = engine.resolve("translation", decoding).length_penalty
    rerank(sources[:1], beams[:1])  # The encoder is loaded with the first text.
    took = 0.0
    for weight in WEIGHTS:
        began = time.process_time()
        best = rerank(sources, beams, penalty, weight)
        took += (time.process_time() - began) / len(WEIGHTS)
        scores = translation_scores([one.text for one in best], [target for _, target in pairs])
        print(f"{weight:4}  BLEU {scores['BLEU']}  chrF {scores['chrF']}", flush=True)
    print(f"{100 * took / decoded:.1f} % of the time that decoding takes")


if __name__ == "__main__":
    main(*sys.argv[1:])
