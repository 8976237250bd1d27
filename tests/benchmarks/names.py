"""Measure how many exchanged names the checks find, and how often they flag a human translation.

Each change takes a correct pair (a human translation without a flag) and replaces one name by another of the same kind
from another line of the set that is not in the German. This file has its own plain rules for what a name is, so that
the checks do not measure themselves: a word with a capital inside a sentence that is also in the German, or a country
or people of a short list. Names at the start of a sentence, where every word has a capital, are counted separately.

The same is measured for a line compared with the German of the twenty lines around it, and with its whole article if a
file has more than one. The names of a summary are also compared with the translation of the article, which supports
more names, right and wrong. With the file in which tests.benchmarks.evidence keeps its translations, that is measured
on the articles in it.

usage: python -m tests.benchmarks.names [--show] [--seed N] [--translations FILE.json] FILE.tsv.gz...
       (German, English, one pair a line)
"""

import argparse
import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path

from models.checks.names.check import name_flags
from models.checks.names.source_index import SourceIndex
from models.checks.texts import SourceSentence
from models.reading.sentences import split_sentences
from tests.benchmarks.questions import articles

AROUND = 10
RUN = re.compile(r"[A-ZÀ-Ý][\w-]*\w(?: [A-ZÀ-Ý][\w-]*\w)*")
START = re.compile(r"(?:^|[.!?:;…–(\[\"“„‘'])[\s\"“„‘'(\[]*$")
PLACE = re.compile(r"\b(?:in|from|near|to) $")
GERMAN_PLACE = r"\b(?:in|aus|nach|bei|im) "
NO_NAMES = frozenset(
    """April August September November Monday Tuesday Wednesday Thursday Friday Saturday Sunday January
    February March May June July October December Internet Euro Euros God Mr Mrs Ms Dr The In At This That Alle So Man
    Will Also""".split()  # noqa: SIM905
)
# Names that the two languages spell differently: the English name, and a pattern for the start of the German one.
COUNTRIES = {
    "Germany": "deutsch", "France": "frank", "Italy": "ital", "Spain": "span", "Greece": "griech",
    "Turkey": "türk", "Russia": "russ", "Ukraine": "ukrain", "China": "chin", "Japan": "japan",
    "India": "ind(?:ien|isch|er)", "Egypt": "ägypt", "Israel": "israel", "Syria": "syri", "Iraq": "irak",
    "Iran": "iran", "Poland": "pol(?:en|in|e\\b|nisch)", "Hungary": "ungar", "Austria": "österreich",
    "Switzerland": "schwei", "Sweden": "schwed", "Norway": "norweg", "Denmark": "dän(?:e|in|isch)",
    "Britain": "brit", "Scotland": "schott", "Ireland": "ir(?:land|isch|e\\b|en\\b)", "America": "amerika",
    "Canada": "kanad", "Mexico": "mexik", "Brazil": "brasil", "Argentina": "argent", "Australia": "austral",
    "Europe": "europ", "Africa": "afrik", "Asia": "asi",
}  # fmt: skip
PEOPLES = {
    "German": "deutsch", "French": "franz", "Italian": "ital", "Spanish": "spani", "Greek": "griech",
    "Turkish": "türk", "Russian": "russ", "Ukrainian": "ukrain", "Chinese": "chin", "Japanese": "japan",
    "Indian": "ind(?:ien|isch|er)", "Egyptian": "ägypt", "Israeli": "israel", "Syrian": "syr", "Polish": "poln",
    "Hungarian": "ungar", "Austrian": "österreich", "Swiss": "schwei", "Swedish": "schwed",
    "Norwegian": "norweg", "Danish": "dän(?:e|in|isch)", "British": "brit", "Scottish": "schott",
    "Irish": "ir(?:land|isch|e\\b|en\\b)", "American": "amerika", "Canadian": "kanad", "Mexican": "mexik",
    "Brazilian": "brasil", "European": "europ", "African": "afrik", "Asian": "asi",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """A name of the English: its kind, its place, and a pattern for the German name."""

    kind: str
    text: str
    start: int
    german: str


def names(german: str, english: str) -> Iterator[Name]:
    """Yield the names of the English by the rules of this file."""
    for match in RUN.finditer(english):
        run, start = match.group(), match.start()
        if START.search(english[:start]):
            first, _, rest = run.partition(" ")
            run, start = rest, start + len(first) + 1
        words = run.split()
        if not words or len(words) > 2 or not NO_NAMES.isdisjoint(words):
            continue
        for kind, table in (("country", COUNTRIES), ("people", PEOPLES)):
            if run in table and re.search(rf"\b{table[run]}", german, re.IGNORECASE):
                yield Name(kind, run, start, table[run])
        if run in COUNTRIES or run in PEOPLES or not all(re.search(rf"\b{re.escape(w)}", german) for w in words):
            continue
        if len(words) == 2:
            yield Name("first name and surname", run, start, run)
            yield Name("surname", words[1], start + len(words[0]) + 1, words[1])
        elif run.isupper():
            yield Name("acronym", run, start, run)
        elif PLACE.search(english[:start]) and re.search(GERMAN_PLACE + re.escape(run), german):
            yield Name("place", run, start, run)
        else:
            yield Name("single word", run, start, run)


def names_at_start(german: str, english: str, small: frozenset[str] = frozenset()) -> Iterator[Name]:
    """Yield the names of one word at the start of a sentence, where every word has a capital.

    Words that the set also has in small letters (`small`) are left out: German gives every noun a capital, also "Team".
    """
    for match in RUN.finditer(english):
        run = match.group()
        if not START.search(english[: match.start()]) or " " in run or run in NO_NAMES:
            continue
        if run in COUNTRIES and re.search(rf"\b{COUNTRIES[run]}", german, re.IGNORECASE):
            yield Name("country at the start", run, match.start(), COUNTRIES[run])
        elif run not in COUNTRIES and run.lower() not in small and re.search(rf"\b{re.escape(run)}\b", german):
            yield Name("one word at the start", run, match.start(), run)


def stands_in(german: str, name: Name) -> bool:
    """Return whether the German already has the name or a word of it, inflected or at the start of a compound."""
    if name.kind in ("country", "people", "country at the start"):
        return re.search(rf"\b{name.german}", german, re.IGNORECASE) is not None
    return any(re.search(rf"\b{re.escape(word)}", german, re.IGNORECASE) for word in name.german.split())


def flagged(sources: SourceIndex, english: str) -> list[str]:
    """Return the names that are flagged."""
    return [flag.text for flag in name_flags(sources, english)]


def measure(
    cases: Sequence[tuple[list[SourceSentence], str]],
    own: Sequence[str],
    *,
    seed: int = 0,
    shown: bool = False,
    kinds: Callable[[str, str], Iterator[Name]] = names,
) -> tuple[int, int, Counter[str], Counter[str]]:
    """Return the unchanged lines with a name, how many are flagged, and names exchanged and found, by kind.

    `own` is the German of each line itself, also where its support is more. `seed` draws which of the names that
    `kinds` finds are exchanged.
    """
    rng = random.Random(seed)
    held = [list(kinds(german, english)) for german, (_, english) in zip(own, cases, strict=True)]
    pool: dict[str, list[tuple[int, Name]]] = {}
    for line, found in enumerate(held):
        for name in found:
            pool.setdefault(name.kind, []).append((line, name))
    lines, doubted, made, seen = 0, 0, Counter[str](), Counter[str]()
    for line, (support, english) in enumerate(cases):
        if not held[line]:
            continue
        sources = SourceIndex(support)
        doubt = flagged(sources, english)
        lines, doubted = lines + 1, doubted + bool(doubt)
        if doubt:
            if shown:
                print("FALSE", doubt, own[line], "|||", english)
            continue
        german = " ".join(text.text for text in support if text.lang == "de")
        for kind, group in groupby(held[line], key=lambda name: name.kind):
            old = rng.choice(list(group))
            others = rng.sample(pool[kind], len(pool[kind]))
            new = next((n for at, n in others if at != line and not stands_in(german, n)), None)
            if new is None:
                continue
            wrong = english[: old.start] + new.text + english[old.start + len(old.text) :]
            made[kind] += 1
            seen[kind] += (caught := bool(flagged(sources, wrong)))
            if shown and not caught:
                print("MISSED", kind, old.text, "->", new.text, "|||", own[line], "|||", wrong)
    return lines, doubted, made, seen


def rows(path: Path) -> list[list[str]]:
    """German and English, a pair a line."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [line.rstrip("\n").split("\t")[:2] for line in lines]


def pairs(table: Sequence[Sequence[str]]) -> list[tuple[list[SourceSentence], str]]:
    """Return each English line with its German line as its only support."""
    return [([SourceSentence(german, "de")], english) for german, english, *_ in table]


def around(table: Sequence[Sequence[str]]) -> list[tuple[list[SourceSentence], str]]:
    """Return each English line with the German of the lines around it."""
    german = [SourceSentence(row[0], "de") for row in table]
    return [(german[max(0, i - AROUND) : i + AROUND], row[1]) for i, row in enumerate(table)]


def whole(
    found: Sequence[Sequence[tuple[str, str]]], rendered: Mapping[str, str] | None = None
) -> list[tuple[list[SourceSentence], str]]:
    """Return each English line with the German of its whole article, and with the translation of its sentences."""
    cases: list[tuple[list[SourceSentence], str]] = []
    for article in found:
        support = []
        for german, _ in article:
            parts = [rendered[german[a:b]] for a, b in split_sentences(german)] if rendered else []
            support.append(SourceSentence(german, "de", " ".join(parts) or None))
        cases += [(support, english) for _, english in article]
    return cases


def translated(found: Sequence[list[tuple[str, str]]], rendered: Mapping[str, str]) -> list[list[tuple[str, str]]]:
    """Return the articles of which every sentence has a translation."""
    return [a for a in found if all(german[i:j] in rendered for german, _ in a for i, j in split_sentences(german))]


def _german(found: Sequence[Sequence[tuple[str, str]]]) -> list[str]:
    return [german for article in found for german, _ in article]


def main() -> None:
    """Print for each file the false alarms, and the share of each kind of exchanged name that is found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("paths", type=Path, nargs="+")
    parser.add_argument("--show", action="store_true", help="print what is missed and what is flagged wrongly")
    parser.add_argument("--seed", type=int, default=0, help="draws which names are exchanged for which")
    parser.add_argument("--translations", type=Path, help="German sentences with the model's English, as JSON")
    options = parser.parse_args()
    rendered = json.loads(options.translations.read_text(encoding="utf-8")) if options.translations else {}
    for path in options.paths:
        table = rows(path)
        own = [row[0] for row in table]
        ways = [("pairs", pairs(table), own), ("twenty lines", around(table), own)]
        if len(found := articles(path)) > 1:
            ways.append((f"{len(found)} whole articles", whole(found), _german(found)))
        if both := translated(found, rendered):
            ways.append((f"{len(both)} whole articles and their translation", whole(both, rendered), _german(both)))
        for way, cases, lines_themselves in ways:
            lines, doubted, made, seen = measure(cases, lines_themselves, seed=options.seed, shown=options.show)
            print(
                f"{path.name}, {way}: {doubted} of {lines} unchanged lines with a name flagged ({doubted / lines:.1%})"
            )
            for kind in sorted(made):
                print(f"  {kind:22s} {seen[kind]:5d} of {made[kind]:5d}  {seen[kind] / made[kind]:.1%}")
            print(f"  {'all':22s} {seen.total():5d} of {made.total():5d}  {seen.total() / made.total():.1%}")
            at_head = partial(
                names_at_start, small=frozenset(re.findall(r"\b[a-z]+\b", " ".join(row[1] for row in table)))
            )
            _, _, made, seen = measure(cases, lines_themselves, seed=options.seed, shown=options.show, kinds=at_head)
            for kind in sorted(made):
                print(f"  {kind:22s} {seen[kind]:5d} of {made[kind]:5d}  {seen[kind] / made[kind]:.1%}")


if __name__ == "__main__":
    main()
