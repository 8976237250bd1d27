"""How often both engines write the same where a summariser forbids n-grams to its beams, at float32.

A tiny BART that was trained to summarise fifty articles of six sentences gets them with one, two or three sentences
taken out in every way, which it has not seen, with four beams and no three tokens twice, as BART for CNN/DailyMail has
it; once to its own length, once to the 56 tokens at least that such checkpoints ask for, which is beyond what it
learned. `generate` takes what is forbidden out of probabilities that are already made, CTranslate2 before it makes
them, as `generate` does, too, with `renormalize_logits`.

usage: python -m tests.benchmarks.n_grams
"""

import tempfile
from itertools import combinations
from pathlib import Path

from models.decoding import Decoding
from models.engines.convert import convert
from models.engines.device import Device
from models.engines.seq2seq import Seq2SeqSpec
from models.engines.seq2seq_ctranslate2 import Seq2SeqCTranslate2
from models.engines.seq2seq_transformers import Seq2SeqTransformers
from models.presets import ModelSpec, TaskSpec
from tests.trained import articles, make

AS_SUMMARISERS = Decoding(num_beams=4, no_repeat_ngram_size=3)
FREE = Decoding(num_beams=4, no_repeat_ngram_size=0)
Pair = tuple[Seq2SeqTransformers, Seq2SeqCTranslate2]


def without(count: int) -> list[str]:
    """Every article of the fifty with `count` of its six sentences taken out, in all ways."""
    found = []
    for _, english, _ in articles():
        sentences = [f"{sentence.rstrip('.')}." for sentence in english.split(". ")]
        found += [" ".join(kept) for kept in combinations(sentences, len(sentences) - count)]
    return found


def pair(folder: Path, cache: Path) -> Pair:
    """Both engines on the summariser in `folder`."""
    checkpoint = Seq2SeqSpec(folder, ModelSpec(str(folder), "hub", {"summarization": TaskSpec()}))
    rest = (checkpoint, Device("cpu"), "float32", 1, {"id": "tiny", "revision": "0"})
    converted = convert(checkpoint, "0", "float32", cache)
    return Seq2SeqTransformers.load(*rest), Seq2SeqCTranslate2.load(converted, *rest)


def agreement(
    engines: Pair, sources: list[str], decoding: Decoding, least: int = 0, renormalized: bool = False
) -> float:
    """The share of sources with the same text from both."""
    engines[0]._model.generation_config.renormalize_logits = renormalized
    same = 0
    for start in range(0, len(sources), 25):
        batch = sources[start : start + 25]
        ours, theirs = (engine.generate("summarization", batch, decoding, 142, least) for engine in engines)
        same += sum(a.text == b.text for a, b in zip(ours, theirs, strict=True))
    return same / len(sources)


def main() -> None:
    """Print a line for each number of sentences taken out."""
    with tempfile.TemporaryDirectory() as folder:
        engines = pair(make(Path(folder)).summarizer, Path(folder))
        for count in (1, 2, 3):
            sources = without(count)
            for name, least in (("its own length", 0), ("56 tokens at least", 56)):
                shares = [
                    agreement(engines, sources, AS_SUMMARISERS, least, renormalized) for renormalized in (False, True)
                ]
                free = agreement(engines, sources, FREE, least)
                print(
                    f"{len(sources)} articles without {count} of their sentences, {name}: {shares[0]:.1%} the same, "
                    f"renormalized {shares[1]:.1%}; with nothing forbidden {free:.1%}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
