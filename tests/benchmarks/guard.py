"""How often the guard and the number check doubt a human translation, which is right by definition.

usage: python -m tests.benchmarks.guard FILE.tsv.gz...     (German, English, one pair a line)
"""

import gzip
import sys
from collections import Counter

from models.checks.compare import pair_flags
from models.checks.numbers import numbers
from models.engines.base import Hypothesis
from models.guard import faults


def main(paths: list[str]) -> None:
    """Print, for each file, the share of lines with each kind of flag."""
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            pairs = [line.rstrip("\n").split("\t")[:2] for line in lines]
        sources, targets = zip(*pairs, strict=True)
        found = faults(sources, [Hypothesis(t, 0, finished=True) for t in targets])
        kinds = Counter(flag.kind for flags in found for flag in flags)
        figured = [p for p in pairs if any(n.claim for n in (*numbers(p[0], "de"), *numbers(p[1], "en")))]
        doubted = sum(bool(pair_flags(*pair)) for pair in figured)
        print(f"{path}: {len(pairs)} lines")
        for kind, count in kinds.most_common():
            print(f"  {kind}: {count} ({count / len(pairs):.2%})")
        print(f"  number: {doubted} of {len(figured)} lines with a number ({doubted / len(figured):.2%})")


if __name__ == "__main__":
    main(sys.argv[1:])
