"""How many pairs a second are checked on one core, and what a flag of each kind costs in false alarms.

The pairs are human translations, so that a flag is a false alarm. Processor time is taken, after a first round over a
hundred pairs that reads the word lists; every text is new to the caches.

usage: python -m tests.benchmarks.pairs FILE.tsv.gz...     (German, English, one pair a line)
"""

import gzip
import sys
import time
from collections import Counter
from pathlib import Path

from models.checks.compare import pair_flags
from models.checks.degeneration import pair_faults

WARM_UP = 100


def main(paths: list[str]) -> None:
    """Print, for each file, pairs a second and the lines with each kind of flag."""
    for path in map(Path, paths):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            rows = [line.rstrip("\n").split("\t")[:2] for line in lines]
        for german, english in rows[:WARM_UP]:
            pair_faults(german, english), pair_flags(german, english)
        start = time.process_time()
        found = [pair_faults(german, english) + pair_flags(german, english) for german, english in rows[WARM_UP:]]
        seconds = time.process_time() - start
        kinds = Counter(kind for flags in found for kind in {flag.kind for flag in flags})
        flagged = sum(map(bool, found))
        print(f"{path.name}: {len(found) / seconds:.0f} pairs a second, {flagged} of {len(found)} flagged", end="")
        print(f" ({flagged / len(found):.1%}): " + ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()))


if __name__ == "__main__":
    main(sys.argv[1:])
