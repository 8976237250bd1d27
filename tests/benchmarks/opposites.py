"""How many opposites are seen ("rose" for "gesunken"), and how many human translations are doubted for one.

A human translation says what the source says, so a flag on one counts as a false alarm. In a line whose German and
English both hold a sure word of one pole, and the English none of the other, the English words are turned into those of
the other.

usage: python -m tests.benchmarks.opposites FILE.tsv.gz...     (German, English, one pair a line)
"""

import gzip
import sys
from pathlib import Path

from models.checks.claims.antonyms import ANTONYM_DIRECTIONS, antonym_flags
from models.checks.texts import LangText, SourceSentence


def flagged(german: str, english: str) -> list[str]:
    """The words that are doubted."""
    return [flag.text for flag in antonym_flags([SourceSentence(german, "de")], LangText(english, "en"))]


def main(paths: list[str]) -> None:
    """Print, for each file, the lines doubted and, for each axis, what was seen of what was turned."""
    for path in map(Path, paths):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            pairs = [line.rstrip("\n").split("\t")[:2] for line in lines]
        doubted = sum(bool(flagged(*pair)) for pair in pairs)
        seen = {opposite.word: [0, 0] for _, opposite in ANTONYM_DIRECTIONS}
        for said, other in ANTONYM_DIRECTIONS:
            for german, english in ((german.lower(), english.lower()) for german, english in pairs):
                if said.german.search(german) and said.english.search(english) and not other.english.search(english):
                    seen[other.word][0] += other.word in flagged(german, said.english.sub(other.word, english))
                    seen[other.word][1] += 1
        hits, tries = (sum(column) for column in zip(*seen.values(), strict=True))
        print(
            f"{path.name}: {doubted} of {len(pairs)} doubted, {hits} of {tries} turned ones seen ({hits / tries:.1%})"
        )
        print("  " + ", ".join(f"{word} {a}/{b}" for word, (a, b) in seen.items() if b))


if __name__ == "__main__":
    main(sys.argv[1:])
