"""How often the evidence of a sentence is the source sentence that it is known to come from.

usage: python -m tests.benchmarks.evidence [--documents N] [--german-only] [--methods] [--translations FILE.json]
       FILE.tsv.gz...     (German and its human English, one pair a line, the lines of an article together)

The sentences are human English: as it stands, shortened by rules, and two neighbours merged, which both are then
right. They are asked of N articles of each file, evenly taken, and of as many others, the ones after those. The
articles are German, with the embedded model's translation, and then with none; --german-only has the second alone and
needs no model. "foreign" is how often a sentence has evidence in another article. --methods ranks the same sources by
the methods that lost. --translations keeps the translations in a file: one adapter's only.
"""

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from models.evidence.index import EvidenceIndex
from models.loading.pipeline import build_pipeline
from models.loading.settings import LoadSettings
from models.values import Document, Pair, Sentence, Translation
from tests.benchmarks.questions import Question, documents, questions
from tests.benchmarks.rankings import ENGLISH, GERMAN, Ranking, Scores

Article = Sequence[tuple[str, str | None]]
# A question, its own article and another.
Asked = tuple[Question, EvidenceIndex, EvidenceIndex]
BINS = (0.15, 0.2, 0.25, 0.3, 0.4, 1.01)


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


def measure(asked: Sequence[Asked]) -> dict[str, dict[str, float]]:
    """By kind of sentence: whether what is named is right, and how often another article's sentences are named."""
    rows: dict[str, list[tuple[float, ...]]] = {}
    for question, own, foreign in asked:
        named = [e.sentence for e in own.evidence(question.text)]
        right = question.sources & set(named)
        row = (named[:1] != [] and named[0] in right, bool(right), right == question.sources, not named)
        for kind in ("all", question.kind):
            rows.setdefault(kind, []).append((*row, bool(foreign.evidence(question.text))))
    keys = ("first", "in three", "all in three", "none", "foreign")
    return {kind: {"sentences": len(found)} | _means(found, keys) for kind, found in rows.items()}


def scores(asked: Sequence[Asked]) -> Iterable[str]:
    """How often a named source is right, by its score: as the first, and as the second or third."""
    found: dict[tuple[float, bool], list[bool]] = {}
    for question, own, _ in asked:
        for rank, named in enumerate(own.evidence(question.text)):
            key = (next(b for b in BINS if named.score < b), rank > 0)
            found.setdefault(key, []).append(named.sentence in question.sources)
    for below, further in sorted(found):
        right = found[below, further]
        place = "second or third" if further else "first"
        yield f"  {place}, score below {below}: right {sum(right) / len(right):.3f} of {len(right)}"


def ranked(asked: Sequence[Asked], ranking: Ranking | None = None, english: Mapping[str, str] | None = None) -> str:
    """How often the sources come first by a method that lost, or by the one in use, and no score is too low."""
    rows, merged, made = [], [], dict[int, Scores]()
    for question, own, _ in asked:
        if ranking is None:
            best = [place for place, _ in own.nearest(question.text)]
        else:
            if id(own) not in made:
                made[id(own)] = ranking([english[s] if english else s for s in own.sources])
            scored = made[id(own)](question.text)
            best = sorted(range(len(scored)), key=scored.__getitem__, reverse=True)[:3]
        right = question.sources & set(best)
        rows.append((best[:1] != [] and best[0] in right, bool(right)))
        if len(question.sources) == 2:
            merged.append((right == question.sources,))
    figures = _means(rows, ("first", "in three")) | _means(merged, ("both, if merged",))
    return "  ".join(f"{key} {value:.3f}" for key, value in figures.items())


def _means(rows: Sequence[Sequence[float]], keys: Sequence[str]) -> dict[str, float]:
    return dict(zip(keys, (sum(column) / len(rows) for column in zip(*rows, strict=True)), strict=True))


def translated(articles: Sequence[Article], kept: Path | None) -> dict[str, str]:
    """The German sentences with the embedded model's English; `kept` is read first, and written."""
    known: dict[str, str] = json.loads(kept.read_text(encoding="utf-8")) if kept and kept.exists() else {}
    translator = build_pipeline(LoadSettings()).translator
    print("adapter", translator.engine.receipt["revision"])
    for article in articles:
        new = [german for german, _ in article if german not in known]
        known |= {german: rendering.target for german, rendering in translator.translate_texts(new).items()}
        if kept:
            kept.write_text(json.dumps(known, ensure_ascii=False, indent=0), encoding="utf-8")
    return known


def indexed(articles: Sequence[Article], english: Mapping[str, str]) -> list[Asked]:
    """The questions of each article with its index and another's, over the English where there is any."""
    indices = []
    for article in articles:
        german = [text for text, _ in article]
        indices.append(
            EvidenceIndex.of(translation(german, [english[g] for g in german]) if english else document(german))
        )
    # Half the list away: articles side by side are often about the same.
    half = len(indices) // 2
    other = indices[half:] + indices[:half]
    return [
        (q, own, far) for article, own, far in zip(articles, indices, other, strict=True) for q in questions(article)
    ]


def main() -> None:
    """Print the figures by kind of sentence."""
    parser = argparse.ArgumentParser()
    parser.add_argument("paths", type=Path, nargs="+")
    parser.add_argument("--documents", type=int, default=12, help="of each file, evenly taken, and as many others")
    parser.add_argument("--german-only", action="store_true")
    parser.add_argument("--methods", action="store_true", help="also rank by the methods that lost")
    parser.add_argument("--translations", type=Path, help="a file that keeps them for another run")
    options = parser.parse_args()
    halves: list[list[Article]] = [[], []]
    for path in options.paths:
        found = documents(path)
        for start, half in enumerate(halves):
            half += found[start :: max(2, len(found) // options.documents)][: options.documents]
    english = {} if options.german_only else translated(halves[0] + halves[1], options.translations)
    for known in ({},) if options.german_only else (english, {}):
        every: list[Asked] = []
        for half in halves:
            asked = indexed(half, known)
            way = "with a translation" if known else "the German only"
            print(f"{len(half)} articles, {sum(map(len, half))} sentences, {way}")
            for kind, figures in measure(asked).items():
                print(f"  {kind:12}", "  ".join(f"{k} {v:.4g}" for k, v in figures.items()))
            every += asked
        print(*scores(every), sep="\n")
        if options.methods:
            print(f"  {'the method in use':36}{ranked(every)}")
            for name, ranking in (ENGLISH if known else GERMAN).items():
                print(f"  {name:36}{ranked(every, ranking, known)}")


if __name__ == "__main__":
    main()
