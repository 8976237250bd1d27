"""How often the evidence of a sentence is the source sentence that it is known to come from.

usage: python -m tests.benchmarks.evidence [--documents N] [--german-only] FILE.tsv.gz...
       (German and its human English, one pair a line, the lines of an article together)

The sentences are human English: as it stands, shortened by rules, and two neighbours merged, which both are then
right. The article is German, with the embedded model's translation, or, with --german-only, with none. "foreign"
is how often a sentence has evidence in another article.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from platformdirs import user_cache_path

from models.assembly import build_pipeline
from models.evidence import Index
from models.values import Document, Pair, Sentence, Translation
from tests.benchmarks.questions import Question, documents, questions


def document(german: Sequence[str]) -> Document:
    """The sentences as a document, one a line."""
    sentences, start = [], 0
    for number, text in enumerate(german):
        sentences.append(Sentence(text, start, start + len(text), "de", number))
        start += len(text) + 1
    return Document("benchmark", None, "\n".join(german), tuple(sentences))


def translation(german: Sequence[str], english: Sequence[str]) -> Translation:
    """The sentences with the English that a translator made of them."""
    source = document(german)
    return Translation(source, tuple(Pair(s, e) for s, e in zip(source.sentences, english, strict=True)))


def measure(asked: Sequence[tuple[Question, Index, Index]]) -> dict[str, dict[str, float]]:
    """By kind of sentence: whether what is named is right, and how often another article's sentences are named."""
    rows: dict[str, list[tuple[float, ...]]] = {}
    for question, own, foreign in asked:
        named = [e.sentence for e in own.evidence(question.text)]
        right = question.sources & set(named)
        row = (named[:1] != [] and named[0] in right, bool(right), right == question.sources, len(named))
        for kind in (question.kind, "all"):
            rows.setdefault(kind, []).append((*row, bool(foreign.evidence(question.text))))
    keys = ("first", "in three", "all in three", "named", "foreign")
    return {
        kind: {"sentences": len(found)}
        | dict(zip(keys, (sum(c) / len(found) for c in zip(*found, strict=True)), strict=True))
        for kind, found in rows.items()
    }


def main() -> None:
    """Print the figures by kind of sentence."""
    parser = argparse.ArgumentParser()
    parser.add_argument("paths", type=Path, nargs="+")
    parser.add_argument("--documents", type=int, default=12, help="of each file, evenly taken")
    parser.add_argument("--german-only", action="store_true")
    options = parser.parse_args()
    chosen = []
    for path in options.paths:
        found = documents(path)
        chosen += found[:: max(1, len(found) // options.documents)][: options.documents]
    translator = None if options.german_only else build_pipeline(cache=user_cache_path("kurzum")).translator
    indices = []
    for article in chosen:
        german = [text for text, _ in article]
        rendered = translator.render(german) if translator else {}
        indices.append(
            Index.of(translation(german, [rendered[g].target for g in german]) if rendered else document(german))
        )
    # Half the list away: articles side by side are often about the same.
    half = len(indices) // 2
    other = indices[half:] + indices[:half]
    asked = [
        (q, own, far) for article, own, far in zip(chosen, indices, other, strict=True) for q in questions(article)
    ]
    print(f"{len(chosen)} articles, {sum(map(len, chosen))} sentences")
    for kind, figures in measure(asked).items():
        print(f"{kind:12}", "  ".join(f"{k} {v:.3f}" if k != "sentences" else f"{v:5.0f}" for k, v in figures.items()))


if __name__ == "__main__":
    main()
