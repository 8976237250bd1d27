"""Measure how many opposites are found ("rose" for "gesunken"), and how many human translations are flagged for one.

A human translation says what the source says, so a flag on one counts as a false alarm. A line is changed if its German
and its English have a sure word of one side of a pair and the English has none of the other: the English words are
replaced by a word of the other side.

usage: python -m tests.benchmarks.opposites FILE.tsv.gz...     (German, English, one pair a line)
"""

import gzip
import sys
from pathlib import Path

from models.checks.claims.antonyms import ANTONYM_DIRECTIONS, antonym_flags
from models.checks.texts import LangText, SourceSentence


def flagged(german: str, english: str) -> list[str]:
    """Return the words that are flagged."""
    return [flag.text for flag in antonym_flags([SourceSentence(german, "de")], LangText(english, "en"))]


def main(paths: list[str]) -> None:
    """Print for each file the false alarms and, for each word, how many replacements were found."""
    for path in map(Path, paths):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            pairs = [line.rstrip("\n").split("\t")[:2] for line in lines]
        alarms = sum(bool(flagged(*pair)) for pair in pairs)
        seen = {opposite.word: [0, 0] for _, opposite in ANTONYM_DIRECTIONS}
        for source, opposite in ANTONYM_DIRECTIONS:
            for german, english in ((german.lower(), english.lower()) for german, english in pairs):
                if (
                    source.german.search(german)
                    and source.english.search(english)
                    and not opposite.english.search(english)
                ):
                    seen[opposite.word][0] += opposite.word in flagged(
                        german, source.english.sub(opposite.word, english)
                    )
                    seen[opposite.word][1] += 1
        hits, tries = (sum(column) for column in zip(*seen.values(), strict=True))
        print(f"{path.name}: {alarms} of {len(pairs)} flagged, {hits} of {tries} opposites found ({hits / tries:.1%})")
        print("  " + ", ".join(f"{word} {a}/{b}" for word, (a, b) in seen.items() if b))


if __name__ == "__main__":
    main(sys.argv[1:])
