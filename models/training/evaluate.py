"""The figures of the card in one command, on the quantised model as it ships, or with an adapter in training.

Each row is a run of `kurzum evaluate`, whose command is printed beside the figure. Soundness is measured here: how many
translations end by themselves, in English, without a loop, at the first try and after the retry.

usage: python -m models.training.evaluate --data FOLDER [--adapter FOLDER] [--cache-dir FOLDER] [--limit N] [--out FILE]

With --limit N only the first N of each set; the whole sets take two cores some hours, most of it the German articles.
The model is built into a temporary folder, or once into the one that is named (where --adapter stays in use).
"""

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

from models.checks.degeneration import faults
from models.decoding import Decoding, Engine, Hypothesis, Task
from models.embedded.build import prepare, use_adapter
from models.loading.engine import load_engine
from models.loading.settings import LoadSettings
from models.presets import load_preset
from models.translation.translator import Translator

NEWSTEST = "parallel/dev.newstest2019_de-en.tsv.gz"
FLORES = "parallel/dev.flores_devtest.tsv.gz"
GERMAN = "summaries/dev.cnndm_mtde_en.jsonl.gz"
# What the card's table holds: the arguments of `kurzum evaluate`, in the data folder.
FIGURES = {
    "newstest2019": ["translation", NEWSTEST],
    "flores_devtest": ["translation", FLORES],
    "cnndm_en": ["summary", "summaries/dev.cnndm_en.jsonl.gz", "--max-words", "55"],
    "cnndm_mtde_en pivot": ["summary", GERMAN, "--max-words", "55"],
    "cnndm_mtde_en direct": ["summary", GERMAN, "--max-words", "55", "--mode", "direct"],
}
MAX_SENTENCES = 2000
# A translation with one of these flags is wrong; one of unusual length may be right.
UNSOUND_FLAGS = ("empty", "loop", "unfinished", "language", "copy")
PACKAGES = ("kurzum", "ctranslate2", "torch", "sacrebleu", "rouge-score")

Run = Callable[[list[str], Path], str]


class FirstHypotheses:
    """An engine that keeps its first hypothesis for each source, before the translator retries."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.said: dict[str, Hypothesis] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def generate(self, task: Task, sources: Sequence[str], decoding: Decoding, *limits: Any) -> list[Hypothesis]:
        """As the engine does."""
        hypotheses = self._engine.generate(task, sources, decoding, *limits)
        for source, hypothesis in zip(sources, hypotheses, strict=True):
            self.said.setdefault(source, hypothesis)
        return hypotheses


def soundness(engine: Engine, decoding: Decoding, window: int, sentences: Sequence[str]) -> dict[str, Any]:
    """The percentage of sentences without a fault, and how often each fault occurs, before and after retries."""
    first = FirstHypotheses(engine)
    rendered = Translator(first, decoding, window).translate_texts(sentences)
    tried = faults(list(first.said), list(first.said.values()))
    found: dict[str, Any] = {"count": len(rendered)}
    for when, flags in (("first try", tried), ("guarded", [rendering.flags for rendering in rendered.values()])):
        kinds = [{flag.kind for flag in row if flag.kind in UNSOUND_FLAGS} for row in flags]
        found[when] = {
            "sound": round(100 * sum(not row for row in kinds) / len(kinds), 2),
            "faults": dict(Counter(kind for row in kinds for kind in sorted(row))),
        }
    return found


def figures(data: Path, cache: Path, limit: int | None, run: Run) -> dict[str, Any]:
    """For each of FIGURES its command and the printed result."""
    rows = {}
    for name, rest in FIGURES.items():
        command = ["kurzum", "evaluate", *rest, "--json", *(["--limit", str(limit)] if limit else [])]
        result = json.loads(run([*command, "--cache-dir", str(cache)], data))
        rows[name] = {"command": " ".join(command), **result}
    return rows


def sources(data: Path, count: int) -> list[str]:
    """German sentences, half of them news."""
    found: list[str] = []
    for file in (NEWSTEST, FLORES):
        with gzip.open(data / file, "rt", encoding="utf-8", newline="\n") as lines:
            found += [line.partition("\t")[0] for line in islice(lines, count // 2)]
    return found


def run_kurzum(command: list[str], folder: Path) -> str:
    """The output of `kurzum` of this environment."""
    program = [str(Path(sys.executable).with_name(command[0])), *command[1:]]
    return subprocess.run(program, cwd=folder, stdout=subprocess.PIPE, text=True, check=True).stdout


def main(run: Run = run_kurzum) -> None:
    """Write the figures as JSON."""
    parser = argparse.ArgumentParser("python -m models.training.evaluate", description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--adapter", type=Path, help="instead of the shipped one")
    parser.add_argument("--cache-dir", type=Path, help="where the model is built, instead of a temporary folder")
    parser.add_argument("--limit", type=int, help="only the first N of each set")
    parser.add_argument("--out", type=Path, help="instead of standard output")
    args = parser.parse_args()
    with nullcontext(args.cache_dir) if args.cache_dir else tempfile.TemporaryDirectory() as folder:
        cache = Path(folder).resolve()
        if args.adapter:
            use_adapter(cache, args.adapter)
        preset = load_preset("embedded")
        model = preset.models[0]
        report = {
            "model": model.id,
            "revision": prepare(cache).digest,
            "versions": {name: version(name) for name in PACKAGES},
            "figures": figures(args.data.resolve(), cache, args.limit, run),
            "soundness": soundness(
                load_engine(preset, LoadSettings(device="cpu", cache=cache)),
                model.tasks["translation"].decoding,
                model.window or 0,
                sources(args.data, min(MAX_SENTENCES, 2 * (args.limit or MAX_SENTENCES))),
            ),
        }
    text = json.dumps(report, indent=1, ensure_ascii=False) + "\n"
    if args.out:
        args.out.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
