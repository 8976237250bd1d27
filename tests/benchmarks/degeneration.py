"""Measure how many human translations are flagged as degenerate; `pairs.py` has the other checks.

usage: python -m tests.benchmarks.degeneration FILE.tsv.gz...     (German, English, one pair a line)
"""

import gzip
import sys
from collections import Counter

from models.checks.degeneration import faults
from models.decoding import Hypothesis


def main(paths: list[str]) -> None:
    """Print, for each file, the share of lines with each kind of flag."""
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            pairs = [line.rstrip("\n").split("\t")[:2] for line in lines]
        sources, targets = zip(*pairs, strict=True)
        found = faults(sources, [Hypothesis(t, 0, finished=True) for t in targets])
        kinds = Counter(flag.kind for flags in found for flag in flags)
        print(f"{path}: {sum(map(bool, found))} of {len(pairs)} lines flagged")
        for kind, count in kinds.most_common():
            print(f"  {kind}: {count} ({count / len(pairs):.2%})")


if __name__ == "__main__":
    main(sys.argv[1:])
