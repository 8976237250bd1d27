"""German summaries against the teasers of a newspaper: sentences by rank, beside the opening of the same length.

python -m tests.benchmarks.extraction FILE.jsonl.gz [--articles 100] [--words 40]

Each line holds a German `article` and its `summary`. Teasers that repeat the opening (`summary_in_article`) are left
out: they would measure the opening against itself. ROUGE F1 without stemming, German having no stemmer there.
"""

import argparse
import gzip
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from rouge_score.rouge_scorer import RougeScorer

from models.options import Options
from models.reading.article import read
from models.reading.sentence_form import tidied
from models.summarization.extractive import extract
from models.values import Article, Document

SCORES = ("rouge1", "rouge2", "rougeL")


def lead(document: Document, words: int, sentences: int | None = None) -> str:
    """The first sentences, or as many of the first as come nearest to so many words."""
    german = [tidied(s.text) for s in document.sentences if s.lang == "de"]
    if sentences is None:
        counts = [sum(len(t.split()) for t in german[:n]) for n in range(1, len(german) + 1)]
        sentences = 1 + min(range(len(counts)), key=lambda n: abs(counts[n] - words))
    return " ".join(german[:sentences])


def measure(rows: Sequence[dict[str, str]], make: Callable[[Document], str]) -> dict[str, float]:
    """The mean scores, and the mean number of words."""
    scorer = RougeScorer(list(SCORES))
    totals = dict.fromkeys((*SCORES, "words"), 0.0)
    for row in rows:
        text = make(read(Article(row["article"], source_lang="de")))
        found = scorer.score(row["summary"], text)
        for name in SCORES:
            totals[name] += 100 * found[name].fmeasure / len(rows)
        totals["words"] += len(text.split()) / len(rows)
    return totals


def main() -> None:
    """Print a line for each way."""
    parser = argparse.ArgumentParser()
    parser.add_argument("path", type=Path)
    parser.add_argument("--articles", type=int, default=100)
    parser.add_argument("--words", type=int, default=40)
    options = parser.parse_args()
    with gzip.open(options.path, "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if not row.get("summary_in_article")][: options.articles]
    ways: dict[str, Callable[[Document], str]] = {
        "lead-3": lambda d: lead(d, 0, 3),
        "opening": lambda d: lead(d, options.words),
        "rank": lambda d: extract(d, Options(max_words=options.words, summary_lang="de")).text,
    }
    for name, make in ways.items():
        print(f"{name:8}", "  ".join(f"{key} {value:.1f}" for key, value in measure(rows, make).items()))


if __name__ == "__main__":
    main()
