"""Hold the GPU against the CPU: the same sentences, the same models, both engines. For a person with a CUDA device.

    python tests/gpu_check.py [--device cuda:1] [--engine NAME]... [--translation-model NAME] [--summary-model NAME]

Each engine translates and summarises the start of a seed on the CPU in float32 and on the device, in float32 and in
the device's own default. In float32 the sentences must agree, all but one in twenty (beam search may turn on the last
bit of a sum); in the default, half precision, most of them must. Without --translation-model and --summary-model it is
the embedded model alone; tiny ones of random weights make a poor test, for they turn on nothing but the last bits.
With --engine only the one that is named, for a machine that lacks what the other needs of CUDA.
Exit code 0 where all agree, 1 where not, 3 where there is no such device.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from models.errors import DeviceUnavailable, UsageError
from models.values import Article

SEED = sorted((Path(__file__).resolve().parent.parent / "seeds").glob("*.txt"))[0]
# Its first paragraphs are enough to disagree on.
LINES = 8
ENGINES = ("ctranslate2", "transformers")
# Compute type on the device, and the share of sentences that has to agree with float32 on the CPU.
WANTED = (("float32", 0.95), ("auto", 0.6))


@dataclass(frozen=True)
class Said:
    """What came out: the English sentences and the summary."""

    sentences: list[str]
    summary: str
    where: str


def run(given: argparse.Namespace, models: tuple[str | None, str | None], engine: str, device: str, kind: str) -> Said:
    """Translate and summarise the seed."""
    from models.loading.pipeline import build_pipeline
    from models.loading.settings import LoadSettings

    translation, summary = models
    settings = LoadSettings(
        translation_model=translation,
        summary_model=summary,
        engine=engine,
        device=device,
        compute_type=kind,
        cache=given.cache_dir,
    )
    pipeline = build_pipeline(settings)
    text = "".join(SEED.read_text(encoding="utf-8").splitlines(keepends=True)[:LINES])
    report = pipeline.summarize(Article(text, id=SEED.stem)).to_dict()
    receipt = report["receipt"]
    where = f"{receipt['engine']} {receipt['device']} {receipt['compute_type']}"
    return Said([s["target"] for s in report["translation"]["sentences"]], report["summary"]["text"], where)


def agreement(one: Said, other: Said) -> float:
    """The share of sentences that are the same; 0 where they are not as many."""
    if len(one.sentences) != len(other.sentences):
        return 0.0
    return sum(a == b for a, b in zip(one.sentences, other.sentences, strict=True)) / len(one.sentences)


def compare(given: argparse.Namespace) -> bool:
    """Print for each model, engine and number format what agreed; whether all of it is enough."""
    own = (given.translation_model, given.summary_model)
    good = True
    for models in dict.fromkeys([(None, None), own]):
        print(" and ".join(filter(None, models)) or "the embedded model")
        for engine in given.engines:
            reference = run(given, models, engine, "cpu", "float32")
            for kind, least in WANTED:
                found = run(given, models, engine, given.device, kind)
                if not found.where.split()[1].startswith(given.device):
                    raise DeviceUnavailable(f"{engine} computed on {found.where} and not on {given.device}.")
                share = agreement(reference, found)
                same = "the same" if found.summary == reference.summary else "another"
                verdict = "agrees" if share >= least else f"DOES NOT AGREE (at least {least:.0%} wanted)"
                print(
                    f"  {found.where}: {share:.1%} of {len(reference.sentences)} sentences, {same} summary: {verdict}"
                )
                good &= share >= least
    return good


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code."""
    from models.loading.settings import LoadSettings

    parser = argparse.ArgumentParser(description="Hold the GPU against the CPU.")
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--engine", action="append", choices=ENGINES, help="may come twice; without, both")
    parser.add_argument("--translation-model")
    parser.add_argument("--summary-model")
    parser.add_argument("--cache-dir", type=Path, default=LoadSettings().cache)
    given = parser.parse_args(arguments)
    given.engines = tuple(dict.fromkeys(given.engine or ENGINES))
    from models.engines.device import choose_device

    try:
        for engine in given.engines:
            choose_device(given.device, engine)
        return 0 if compare(given) else 1
    except (DeviceUnavailable, UsageError) as error:
        print(f"Nothing was compared: {error}", file=sys.stderr)
        return 3 if isinstance(error, DeviceUnavailable) else 2


if __name__ == "__main__":
    sys.exit(main())
