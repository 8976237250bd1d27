"""Translate sentences that the model has not learned from: a beam of each, as candidates for `risk.py`.

The sentences are the next ones that training would read of the mixture's news and other pairs, by the record of the
adapter. Very short and very long ones are left out. 6,000 take a quarter of an hour on two idle cores.

usage: python -m models.training.hypotheses CACHE OUT.jsonl --data FOLDER [--adapter FOLDER] [--sentences 6000]

CACHE is where the model is built; with --adapter it is built there from this adapter, which stays in use there.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from models.batching import batches
from models.decoding import Decoding, Engine
from models.embedded.build import prepare, use_adapter
from models.loading.engine import load_engine
from models.loading.settings import LoadSettings
from models.presets import load_preset
from models.training.development import Development
from models.training.examples import SEED, order, read_history
from models.training.mixture import MIXTURE, rows

BEAM = Decoding(num_beams=6, num_return_sequences=6)
# Shares of the sentences: mostly news, as in the development sets.
PART_SHARES = {"news": 0.875, "other": 0.125}
MIN_SIDE_TOKENS, MAX_SIDE_TOKENS = 8, 70
BLOCK_SENTENCES = 200
ADAPTER = Path(__file__).parents[1] / "embedded" / "adapter"


@dataclass(frozen=True, slots=True)
class UnreadPair:
    """A pair of German and English, and where it stands: the part of the mixture, and how far that is read with it."""

    source: str
    target: str
    part: str
    place: int


def unread_pairs(engine: Engine, data: Path, adapter: Path, count: int) -> list[UnreadPair]:
    """The next pairs of medium length that the adapter has not read, in the order of its training."""
    development = Development.read(data)
    read = read_history(adapter)["places"]
    found: list[UnreadPair] = []
    for part in MIXTURE:
        if part.name in PART_SHARES:
            pairs = rows(part, data, development)
            round_, place = divmod(read.get(part.name, 0), len(pairs))
            left = enumerate(order(SEED, part.name, round_, len(pairs))[place:], read.get(part.name, 0) + 1)
            ahead = (UnreadPair(*pairs[number], part.name, at) for at, number in left)
            fit = (one for one in ahead if _fits(engine.count_tokens([one.source, one.target])))
            found += islice(fit, round(count * PART_SHARES[part.name]))
    return found


def _fits(lengths: list[int]) -> bool:
    return min(lengths) >= MIN_SIDE_TOKENS and max(lengths) <= MAX_SIDE_TOKENS


def translate_unread(engine: Engine, pairs: Sequence[UnreadPair]) -> Iterator[dict[str, Any]]:
    """Each pair with the finished `hypotheses` of its source, best first."""
    lengths = engine.count_tokens([pair.source for pair in pairs])
    for group in batches(lengths, 2400, 32):
        most = 2 * max(lengths[i] for i in group) + 24
        beams = engine.generate("translation", [pairs[i].source for i in group], BEAM, most)
        for i, best in zip(group, beams, strict=True):
            yield asdict(pairs[i]) | {"hypotheses": [one.text for one in (best, *best.alternatives) if one.finished]}


def main() -> None:
    """Write a line of JSON for each sentence."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--adapter", type=Path, help="instead of the shipped one")
    parser.add_argument("--sentences", type=int, default=6000)
    args = parser.parse_args()
    if args.adapter:
        use_adapter(args.cache, args.adapter)
    prepare(args.cache)
    engine = load_engine(load_preset("embedded"), LoadSettings(device="cpu", cache=args.cache))
    pairs = unread_pairs(engine, args.data, args.adapter or ADAPTER, args.sentences)
    with args.out.open("w", encoding="utf-8") as file:
        for start in range(0, len(pairs), BLOCK_SENTENCES):
            for row in translate_unread(engine, pairs[start : start + BLOCK_SENTENCES]):
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
            file.flush()
            print(f"{min(start + BLOCK_SENTENCES, len(pairs))} of {len(pairs)}", flush=True)


if __name__ == "__main__":
    main()
