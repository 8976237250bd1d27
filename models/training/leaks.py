"""Find training rows that overlap with a development set, and count those that the mixture leaves out for it.

Exits with 1 and prints the rows if there are any. `--unfiltered` reads the sets as they are in the folder, to see what
the filter removes.

usage: python -m models.training.leaks --data FOLDER [--unfiltered]
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from models.training.development import Development
from models.training.mixture import MIXTURE, Row, rows


def overlaps(read: Sequence[Row], development: Development) -> Iterator[tuple[int, list[str]]]:
    """The number of each row that is known, from 0, and its known parts."""
    for number, row in enumerate(read):
        if known := development.leaks(*row):
            yield number, known


def main() -> None:
    """Print counts and overlaps, part by part."""
    parser = argparse.ArgumentParser("python -m models.training.leaks", description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--unfiltered", action="store_true", help="without the filter of the mixture")
    args = parser.parse_args()
    development = Development.read(args.data)
    print(f"development: {len(development.texts)} texts, {len(development.runs)} runs of words")
    leaks = 0
    for part in MIXTURE:
        read = rows(part, args.data, None if args.unfiltered else development)
        left_out = 0 if args.unfiltered else len(rows(part, args.data, None)) - len(read)
        found = list(overlaps(read, development))
        leaks += len(found)
        print(
            f"{part.name}: {len(read)} rows, {left_out} fewer than without the filter, {len(found)} known", flush=True
        )
        for number, known in found:
            print(f"  row {number}: {' | '.join(known)}")
    raise SystemExit(1 if leaks else 0)


if __name__ == "__main__":
    main()
