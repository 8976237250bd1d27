"""Summaries of real articles: is the asked length met, how much is extracted, how much is flagged, how long it takes.

python -m tests.benchmarks.summaries FILE.jsonl.gz... [--articles 40] [--words 40 90 180 55]

Each line holds an `article`. German articles go through the embedded model's translation. An article no longer than
the asked summary comes back as its translation and is counted apart. "extracted" and "flagged" are shares of the
sentences; "again" counts the summaries in which two sentences hold the same six words in a row.
"""

import argparse
import gzip
import json
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from models.evidence.index import EvidenceIndex
from models.loading.pipeline import build_pipeline
from models.loading.settings import LoadSettings
from models.options import Options
from models.reading.article import read
from models.summarization.summarizer import SHORT_NOTE, Summarizer
from models.values import Article, Summary, Translation

WITHIN = 0.25


def articles(path: Path) -> list[str]:
    """The texts of the articles in a file of JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line)["article"] for line in lines]


def within(summary: Summary, words: int) -> bool:
    """Whether the summary has the asked number of words, give or take a quarter."""
    return abs(len(summary.text.split()) - words) <= WITHIN * words


def says_again(summary: Summary) -> bool:
    """Whether six words in a row stand in two sentences."""
    runs: Counter[tuple[str, ...]] = Counter()
    for sentence in summary.sentences:
        words = sentence.text.lower().split()
        runs.update({tuple(words[i : i + 6]) for i in range(len(words) - 5)})
    return any(n > 1 for n in runs.values())


def figures(summaries: Sequence[Summary], words: int) -> dict[str, float]:
    """The figures of one length over all articles that are longer."""
    made = [s for s in summaries if SHORT_NOTE not in s.warnings]
    sentences = [sentence for s in made for sentence in s.sentences]
    return {
        "articles": len(made),
        "within": sum(within(s, words) for s in made) / len(made),
        "too short": sum(len(s.text.split()) < (1 - WITHIN) * words for s in made) / len(made),
        "mean words": sum(len(s.text.split()) for s in made) / len(made),
        "extracted": sum(s.extracted for s in sentences) / len(sentences),
        "flagged": sum(bool(s.flags) for s in sentences) / len(sentences),
        "no evidence": sum(not s.evidence for s in sentences) / len(sentences),
        "again": sum(map(says_again, made)),
    }


def summaries(summarizer: Summarizer, materials: Sequence[Translation], words: int) -> list[Summary]:
    """The checked summaries of this length."""
    options = Options(max_words=words)
    return [summarizer.summarize(EvidenceIndex.of(material), options) for material in materials]


def main() -> None:
    """Print the figures, a line for each file and length."""
    parser = argparse.ArgumentParser()
    parser.add_argument("paths", type=Path, nargs="+")
    parser.add_argument("--articles", type=int, default=40, help="of each file, evenly taken")
    parser.add_argument("--words", type=int, nargs="+", default=[40, 90, 180, 55])
    options = parser.parse_args()
    pipeline = build_pipeline(LoadSettings())
    for path in options.paths:
        texts = articles(path)
        chosen = texts[:: max(1, len(texts) // options.articles)][: options.articles]
        materials = [pipeline.translator.translate(read(Article(text))) for text in chosen]
        for words in options.words:
            start = time.monotonic()
            row = figures(summaries(pipeline.summarizer, materials, words), words)
            row["seconds"] = (time.monotonic() - start) / len(materials)
            print(f"{path.name} {words}:", "  ".join(f"{name} {value:.3g}" for name, value in row.items()))


if __name__ == "__main__":
    main()
