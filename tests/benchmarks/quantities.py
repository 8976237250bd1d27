"""Measure how many changed numbers the checks find, and how often they flag a human translation.

Each mistake changes the English of a right pair, which is a human translation without a flag. A mistake whose new value
the German has, too, is left out. The patterns are this file's own, so that the checks are not measured by their own
patterns. The same is measured for a sentence with three German ones and their English as its source, as for a summary;
there a number that is left out is no mistake.

usage: python -m tests.benchmarks.quantities FILE.tsv.gz...     (German, English, one pair a line)
"""

import gzip
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from models.checks.quantities.check import SourceQuantities, quantity_flags
from models.checks.quantities.limits import limit_flags
from models.checks.quantities.parser import values
from models.checks.quantities.signs import sign_flags
from models.checks.texts import LangText, SourceSentence

# At least 95 % of these kinds of mistakes must be found; the others are only measured.
ISSUE = ("change", "drop", "swap", "decimal", "scale")
NUMBER = re.compile(r"(?<![\w.,])\d+(?:,\d{3})*(?:\.\d+)?(?![.,]?\d)")
LIMITS = {
    "more than": "less than",
    "less than": "more than",
    "at least": "at most",
    "almost": "more than",
    "nearly": "over",
}
LIMIT = re.compile(rf"(?<!\w)(?:{'|'.join(LIMITS)})(?= [\d$€£])")
YEAR = re.compile(r"(?:1[89]|20)\d\d")
MONTHS = ["January", "February", "April", "June", "July", "August", "September", "October", "November", "December"]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
WORDS = ["three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "fifteen", "twenty", "thirty"]
UNITS = ["kilometers", "meters", "miles", "percent", "tons", "hours", "minutes", "years", "days", "months", "weeks"]
ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth"]
MULTIPLES = {"doubled": "tripled", "tripled": "doubled", "halved": "doubled", "twice": "three times", "half": "a third"}
EXCHANGES = {
    "scale": {"billion": "million", "million": "billion", "trillion": "billion", "bn": "m", "thousand": "million"},
    "unit": dict(zip(UNITS, [*UNITS[1:], "feet"], strict=True)),
    "currency": {"euros": "dollars", "dollars": "euros", "€": "$", "$": "€", "pounds": "dollars"},
    "month": dict(zip(MONTHS, MONTHS[3:] + MONTHS[:3], strict=True)),
    "weekday": dict(zip(DAYS, DAYS[2:] + DAYS[:2], strict=True)),
    "word": dict(zip(WORDS, WORDS[4:] + WORDS[:4], strict=True)),
    "ordinal": dict(zip(ORDINALS, ORDINALS[1:] + ORDINALS[:1], strict=True)),
    "multiple": MULTIPLES,
}
PATTERNS = {
    "scale": r"(?<!\w)(?:billion|million|trillion|thousand)(?!\w)|(?<=\d)bn(?!\w)",
    "unit": rf"(?<=\d )(?:{'|'.join(UNITS)})(?!\w)",
    "currency": r"(?<!\w)(?:euros|dollars|pounds)(?!\w)|[€$](?=\d)",
    "month": rf"(?<!\w)(?:{'|'.join(MONTHS)})(?!\w)",
    "weekday": rf"(?<!\w)(?:{'|'.join(DAYS)})(?!\w)",
    "word": rf"(?<![\w-])(?:{'|'.join(WORDS)})(?![\w-])",
    "ordinal": rf"(?<=[Tt]he )(?:{'|'.join(ORDINALS)})(?![\w-])",
    "multiple": rf"(?<![\w-])(?:{'|'.join(MULTIPLES)})(?![\w-])",
}
# Values in words: what is also in the German is no mistake.
SAID = ("month", "weekday", "word", "ordinal", "multiple")


def put(text: str, match: re.Match[str], new: str) -> str:
    """Return the text with a match replaced."""
    return text[: match.start()] + new + text[match.end() :]


def stands_in(german: str, number: str) -> bool:
    """Whether the German has a value in digits, in digits or in words."""
    value = Decimal(number.replace(",", ""))
    return value in values(german, "de") or str(value) in re.findall(r"\d+", german)


def mistakes(german: str, english: str, rng: random.Random) -> Iterator[tuple[str, str]]:
    """Yield every kind of mistake that the pair allows, once: its name and the English with it."""
    found = list(NUMBER.finditer(english))
    if found:
        yield from in_one_number(german, english, rng.choice(found), rng)
    both = [(a, b) for a in found for b in found if a.start() < b.start() and a.group() != b.group()]
    both = [(a, b) for a, b in both if stands_in(german, a.group()) and stands_in(german, b.group())]
    if both:
        one, other = rng.choice(both)
        yield "swap", put(put(english, other, one.group()), one, other.group())
    if limit := LIMIT.search(english):
        yield "turned", put(english, limit, LIMITS[limit.group()])
    elif found and re.match(r" (?:million|billion|percent)|%", english[found[0].end() :]):
        yield "limit", put(english, found[0], "more than " + found[0].group())
    for kind, pattern in PATTERNS.items():
        hits = list(re.finditer(pattern, english))
        if hits:
            match = rng.choice(hits)
            old = match.group().split()[-1]
            new = EXCHANGES[kind][old]
            if kind not in SAID or values(new, "en").isdisjoint(values(german, "de")):
                yield kind, put(english, match, match.group().removesuffix(old) + new)


def in_one_number(german: str, english: str, match: re.Match[str], rng: random.Random) -> Iterator[tuple[str, str]]:
    """Yield the English with another digit, without the number, and with its decimal sign moved."""
    old = match.group()
    at = rng.choice([i for i, c in enumerate(old) if c.isdigit()])
    new = old[:at] + rng.choice([d for d in "123456789" if d != old[at]]) + old[at + 1 :]
    if not stands_in(german, new):
        yield "year" if YEAR.fullmatch(old) else "change", put(english, match, new)
    if len(re.findall(rf"(?<!\d){re.escape(old)}(?!\d)", english)) == 1:
        yield "drop", re.sub(r"  +", " ", put(english, match, ""))
    moved = f"{Decimal(old.replace(',', '')) * rng.choice([Decimal(10), Decimal('0.1')]):,f}"
    moved = moved.rstrip("0").rstrip(".") if "." in moved else moved
    if moved != "0" and not stands_in(german, moved):
        yield "decimal", put(english, match, moved)


def flagged(support: Sequence[SourceSentence], source: SourceQuantities, english: str, *, complete: bool) -> bool:
    """Whether any check of values flags the English; `source` holds the quantities of `support`."""
    target = LangText(english, "en")
    return bool(
        quantity_flags(source, target, complete=complete) or limit_flags(support, target) or sign_flags(source, target)
    )


def measure(
    cases: Sequence[tuple[list[SourceSentence], str]], *, complete: bool
) -> tuple[int, int, Counter[str], Counter[str]]:
    """Return how many right sentences have a digit, how many of them are flagged, and the mistakes made and found."""
    rng = random.Random(0)
    lines, alarms, made, found = 0, 0, Counter[str](), Counter[str]()

    for support, english in cases:
        source = SourceQuantities.of(support)
        german = " ".join(text.text for text in support if text.lang == "de")
        is_flagged = flagged(support, source, english, complete=complete)
        if re.search(r"\d", german + english if complete else english):
            lines, alarms = lines + 1, alarms + is_flagged
        for kind, wrong in () if is_flagged else mistakes(german, english, rng):
            if not complete and kind == "drop":
                continue
            made[kind] += 1
            found[kind] += flagged(support, source, wrong, complete=complete)
    return lines, alarms, made, found


def pairs(path: Path) -> list[tuple[list[SourceSentence], str]]:
    """Return each English line with its German as its only source."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t")[:2] for line in lines]
    return [([SourceSentence(german, "de")], english) for german, english in rows]


def among_neighbours(path: Path) -> list[tuple[list[SourceSentence], str]]:
    """Return each English line with its German and the lines before and after, all with their English."""
    rows = [(support[0].text, english) for support, english in pairs(path)]
    beside = [rows[max(0, i - 1) : i + 2] for i in range(len(rows))]
    return [([SourceSentence(g, "de", e) for g, e in near], rows[i][1]) for i, near in enumerate(beside)]


def main(paths: list[str]) -> None:
    """Print, for each file, the false alarms and the share of each kind of mistake that is found."""
    ways: dict[str, Callable[[Path], list[tuple[list[SourceSentence], str]]]] = {
        "pairs": pairs,
        "evidence": among_neighbours,
    }
    for path in map(Path, paths):
        for name, cases in ways.items():
            lines, alarms, made, found = measure(cases(path), complete=name == "pairs")
            print(f"{path.name}, {name}: {alarms} of {lines} untouched lines flagged ({alarms / lines:.1%})")
            for kind in sorted(made, key=lambda k: (k not in ISSUE, k)):
                print(f"  {kind:9s} {found[kind]:5d} of {made[kind]:5d}  {found[kind] / made[kind]:.1%}")
            print(f"  {'all':9s} {found.total():5d} of {made.total():5d}  {found.total() / made.total():.1%}")


if __name__ == "__main__":
    main(sys.argv[1:])
