"""How many exchanged names the checks see, and how often they doubt a human translation.

Each mutation takes a correct pair (a human translation without a doubt) and puts in the place of one name another of
the same kind, taken from another line of the set; one that stands in the German too is left out. What is a name is
told by this file's own plain rules, so that the checks are not measured with their own eyes: a word with a capital
inside a sentence that stands in the German as well, or a country or people of a short list. Names at the head of a
sentence, where every word has a capital, are counted apart.

The same is measured for a line held against the German of the twenty lines around it, and, where a file holds more
than one article, of its whole article. A summary's names are held against the article's translation as well, which
bears out more, right and wrong: with the file in which tests.benchmarks.evidence keeps its translations, that is
measured on the articles that it holds.

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
# Names that the two languages spell differently: English, and how the German begins, as a pattern.
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
    """A name of the English: its kind, its place, and how the German has it."""

    kind: str
    text: str
    start: int
    german: str


def names(german: str, english: str) -> Iterator[Name]:
    """The names of the English by this file's rules."""
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


def heads(german: str, english: str, small: frozenset[str] = frozenset()) -> Iterator[Name]:
    """The names of one word at the head of a sentence, where every word has a capital.

    Left out is what is also written small in the set (`small`): German gives every noun a capital, "Team" as well.
    """
    for match in RUN.finditer(english):
        run = match.group()
        if not START.search(english[: match.start()]) or " " in run or run in NO_NAMES:
            continue
        if run in COUNTRIES and re.search(rf"\b{COUNTRIES[run]}", german, re.IGNORECASE):
            yield Name("country at the head", run, match.start(), COUNTRIES[run])
        elif run not in COUNTRIES and run.lower() not in small and re.search(rf"\b{re.escape(run)}\b", german):
            yield Name("one word at the head", run, match.start(), run)


def stands_in(german: str, name: Name) -> bool:
    """Whether a name, or a word of it, stands in the German already, inflected or at the head of a compound."""
    if name.kind in ("country", "people", "country at the head"):
        return re.search(rf"\b{name.german}", german, re.IGNORECASE) is not None
    return any(re.search(rf"\b{re.escape(word)}", german, re.IGNORECASE) for word in name.german.split())


def flagged(sources: SourceIndex, english: str) -> list[str]:
    """The names in doubt."""
    return [flag.text for flag in name_flags(sources, english)]


def measure(
    cases: Sequence[tuple[list[SourceSentence], str]],
    own: Sequence[str],
    *,
    seed: int = 0,
    shown: bool = False,
    kinds: Callable[[str, str], Iterator[Name]] = names,
) -> tuple[int, int, Counter[str], Counter[str]]:
    """Untouched lines that hold a name, how many of them are doubted, and names exchanged and seen, by kind.

    `own` is the German of each line itself, where its support is more; `seed` draws which names are exchanged, of
    those that `kinds` finds.
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
    """Each German line as all the support of its English."""
    return [([SourceSentence(german, "de")], english) for german, english, *_ in table]


def around(table: Sequence[Sequence[str]]) -> list[tuple[list[SourceSentence], str]]:
    """Each English line with the German of the lines around it."""
    german = [SourceSentence(row[0], "de") for row in table]
    return [(german[max(0, i - AROUND) : i + AROUND], row[1]) for i, row in enumerate(table)]


def whole(
    found: Sequence[Sequence[tuple[str, str]]], rendered: Mapping[str, str] | None = None
) -> list[tuple[list[SourceSentence], str]]:
    """Each English line with the German of its whole article, and with the translation of its sentences."""
    cases: list[tuple[list[SourceSentence], str]] = []
    for article in found:
        support = []
        for german, _ in article:
            parts = [rendered[german[a:b]] for a, b in split_sentences(german)] if rendered else []
            support.append(SourceSentence(german, "de", " ".join(parts) or None))
        cases += [(support, english) for _, english in article]
    return cases


def translated(found: Sequence[list[tuple[str, str]]], rendered: Mapping[str, str]) -> list[list[tuple[str, str]]]:
    """The articles of which every sentence has a translation."""
    return [a for a in found if all(german[i:j] in rendered for german, _ in a for i, j in split_sentences(german))]


def _german(found: Sequence[Sequence[tuple[str, str]]]) -> list[str]:
    return [german for article in found for german, _ in article]


def main() -> None:
    """Print, for each file, the false alarms and the share of each kind of exchanged name that is seen."""
    parser = argparse.ArgumentParser()
    parser.add_argument("paths", type=Path, nargs="+")
    parser.add_argument("--show", action="store_true", help="print what is missed and what is doubted wrongly")
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
                f"{path.name}, {way}: {doubted} of {lines} untouched lines with a name doubted ({doubted / lines:.1%})"
            )
            for kind in sorted(made):
                print(f"  {kind:22s} {seen[kind]:5d} of {made[kind]:5d}  {seen[kind] / made[kind]:.1%}")
            print(f"  {'all':22s} {seen.total():5d} of {made.total():5d}  {seen.total() / made.total():.1%}")
            at_head = partial(heads, small=frozenset(re.findall(r"\b[a-z]+\b", " ".join(row[1] for row in table))))
            _, _, made, seen = measure(cases, lines_themselves, seed=options.seed, shown=options.show, kinds=at_head)
            for kind in sorted(made):
                print(f"  {kind:22s} {seen[kind]:5d} of {made[kind]:5d}  {seen[kind] / made[kind]:.1%}")


if __name__ == "__main__":
    main()
