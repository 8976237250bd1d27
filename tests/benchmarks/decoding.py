"""What decoding costs and brings the embedded model: beams, number formats, and choosing among a beam's hypotheses.

The last takes, of four hypotheses, the best by the model's own score among those with the fewest doubts about numbers
and names (`models/checks`). All ways decode the same stretch of lines in turn, so that other work on the machine
falls on all alike; a time is the median over the stretches, relative to greedy int8.

usage: python -m tests.benchmarks.decoding CACHE_FOLDER FILE.tsv.gz [LINES]
"""

import gzip
import statistics
import sys
import time
from itertools import islice
from pathlib import Path
from typing import Any

from models.checks.names import name_flags
from models.checks.quantities import quantity_flags
from models.checks.texts import Text
from models.embedded.build import prepare
from models.engines.base import Decoding
from models.engines.causal_ctranslate2 import CausalCTranslate2
from models.engines.device import Device
from models.engines.prompting import Prompter
from models.presets import load_preset
from service.scores import translation_scores

STRETCH = 25
THREADS = 2
WAYS = (
    ("greedy", "int8", 1, 1),
    ("beam 2", "int8", 2, 1),
    ("beam 4", "int8", 4, 1),
    ("beam 4, chosen by numbers and names", "int8", 4, 4),
    ("beam 2 in float32", "float32", 2, 1),
)


def doubts(source: str, target: str) -> int:
    """How many numbers and names of one side are not on the other."""
    there, here = [Text(source, "de")], Text(target, "en")
    return len(quantity_flags(there, here, complete=True)) + len(name_flags(there, here, complete=True))


class Ranked:
    """A generator that gives several hypotheses for each line, where the engine takes one."""

    def __init__(self, folder: Path, prompts: Any, window: int) -> None:
        import ctranslate2

        self.prompter = Prompter(folder / "tokenizer.json", prompts, window)
        self.generator = ctranslate2.Generator(
            str(folder), "cpu", compute_type="int8", inter_threads=THREADS, intra_threads=1
        )

    def translate(self, sources: list[str], beams: int, count: int, longest: int) -> list[list[str]]:
        """The hypotheses of each source, best first."""
        prompts = self.prompter.encode("translation", sources)
        order = sorted(range(len(prompts)), key=lambda row: len(prompts[row]))
        results = self.generator.generate_batch(
            [self.prompter.tokens(prompts[row]) for row in order],
            max_batch_size=8,
            beam_size=beams,
            num_hypotheses=count,
            max_length=longest,
            include_prompt_in_result=False,
            end_token="<eos>",
            return_end_token=True,
        )
        found = {
            row: [self.prompter.decode(ids) for ids in result.sequences_ids]
            for row, result in zip(order, results, strict=True)
        }
        return [found[row] for row in range(len(sources))]


def main(cache: str, file: str, lines: str = "150") -> None:
    """Print, for each way, chrF and BLEU, its time and how many lines are in doubt."""
    model = load_preset("embedded").models[0]
    prompts = {task: str(spec.prompt) for task, spec in model.tasks.items()}
    window = model.window or 0
    folder = prepare(Path(cache)).ctranslate2
    with gzip.open(file, "rt", encoding="utf-8", newline="\n") as rows:
        pairs = [row.rstrip("\n").split("\t")[:2] for row in islice(rows, int(lines))]
    engines = {
        kind: CausalCTranslate2.load(folder, prompts, window, Device("cpu"), kind, THREADS, {})
        for kind in ("int8", "float32")
    }
    ranked = Ranked(folder, prompts, window)
    targets: dict[str, list[str]] = {name: [] for name, *_ in WAYS}
    seconds: dict[str, list[float]] = {name: [] for name, *_ in WAYS}
    for start in range(0, len(pairs), STRETCH):
        sources = [source for source, _ in pairs[start : start + STRETCH]]
        longest = 2 * max(engines["int8"].count_tokens(sources)) + 24
        for name, kind, beams, count in WAYS:
            began = time.perf_counter()
            if count > 1:
                offered = ranked.translate(sources, beams, count, longest)
                # `min` takes the first of equals, which is the best by the model's score.
                chosen = [
                    min(texts, key=lambda text, source=source: doubts(source, text))
                    for source, texts in zip(sources, offered, strict=True)
                ]
            else:
                decoding = Decoding(num_beams=beams)
                chosen = [h.text for h in engines[kind].generate("translation", sources, decoding, longest)]
            seconds[name].append(time.perf_counter() - began)
            targets[name] += chosen
    for name, *_ in WAYS:
        scores = translation_scores(targets[name], [target for _, target in pairs])
        slower = statistics.median(a / b for a, b in zip(seconds[name], seconds["greedy"], strict=True))
        doubted = sum(bool(doubts(source, target)) for (source, _), target in zip(pairs, targets[name], strict=True))
        print(f"{name:36} BLEU {scores['BLEU']}  chrF {scores['chrF']}  time {slower:.2f}  in doubt {doubted}")
    changed = sum(
        a != b for a, b in zip(targets["beam 4"], targets["beam 4, chosen by numbers and names"], strict=True)
    )
    print(f"{len(pairs)} lines; choosing changed {changed}")


if __name__ == "__main__":
    main(*sys.argv[1:])
