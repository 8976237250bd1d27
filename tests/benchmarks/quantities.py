"""How many changed numbers the checks see, and how often they doubt a human translation.

Each mutation takes a correct pair (a human translation that raises no flag as it stands) and makes one mistake in
its English; a mutation whose new value also stands in the German is left out. Patterns here are plain and their own,
so that the checks are not measured with their own eyes.

usage: python -m tests.benchmarks.quantities FILE.tsv.gz...     (German, English, one pair a line)
"""

import gzip
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

from models.checks.numbers import values
from models.checks.quantities import quantity_flags
from models.checks.texts import Text

NUMBER = re.compile(r"(?<![\w.,])\d+(?:,\d{3})*(?:\.\d+)?(?!\w|[.,]\d)")
WORDS = [
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "fifteen",
    "twenty", "thirty", "fifty", "hundred",
]  # fmt: skip
MONTHS = ["January", "February", "April", "June", "July", "August", "September", "October", "November", "December"]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
UNITS = "kilometers|meters|miles|feet|percent|tons|hours|minutes|years|days|months|weeks|kilometres|metres|kilograms"
CHANGES = {
    "scale": {"billion": "million", "million": "billion", "trillion": "billion", "thousand": "million"},
    "unit": dict(zip(UNITS.split("|"), [*UNITS.split("|")[1:], "feet"], strict=True)),
    "currency": {"euros": "dollars", "dollars": "euros", "€": "$", "$": "€", "pounds": "dollars", "EUR": "USD"},
    "month": dict(zip(MONTHS, MONTHS[3:] + MONTHS[:3], strict=True)),
    "weekday": dict(zip(DAYS, DAYS[2:] + DAYS[:2], strict=True)),
    "word": dict(zip(WORDS[1:], [*WORDS[4:], "seven", "eight", "nine"], strict=True)),
}
ISSUE = ("change", "drop", "swap", "decimal", "scale")
Mutation = Callable[[str, str, random.Random], Iterator[str]]


def flagged(german: str, english: str) -> bool:
    """Whether the checks doubt the pair."""
    return bool(quantity_flags([Text(german, "de")], Text(english, "en"), complete=True))


def _put(text: str, match: re.Match[str], new: str) -> str:
    return text[: match.start()] + new + text[match.end() :]


def _there(german: str, number: str) -> bool:
    """Whether a value in digits stands in the German, in digits or in words."""
    value = Decimal(number.replace(",", ""))
    return value in values(german, "de") or str(value) in re.findall(r"\d+", german)


def changes(german: str, english: str, rng: random.Random) -> Iterator[tuple[str, str]]:
    """Every kind of mistake that the pair admits, once: its name and the English with it."""
    found = list(NUMBER.finditer(english))
    rng.shuffle(found)
    for match in found[:1]:
        old = match.group()
        digits = [i for i, c in enumerate(old) if c.isdigit()]
        at = rng.choice(digits)
        new = old[:at] + rng.choice([d for d in "123456789" if d != old[at]]) + old[at + 1 :]
        if not _there(german, new):
            yield "year" if re.fullmatch(r"(1[89]|20)\d\d", old) else "change", _put(english, match, new)
        if len(re.findall(rf"(?<!\d){re.escape(old)}(?!\d)", english)) == 1:
            yield "drop", re.sub(r"  +", " ", _put(english, match, ""))
        moved = f"{Decimal(old.replace(',', '')) * rng.choice([10, Decimal('0.1')]):,f}"
        moved = re.sub(r"(\.\d*?)0+$", r"\1", moved).rstrip(".") if "." in moved else moved
        if Decimal(old.replace(",", "")) and not _there(german, moved):
            yield "decimal", _put(english, match, moved)
    both = [(a, b) for a in found for b in found if a.start() < b.start() and a.group() != b.group()]
    both = [(a, b) for a, b in both if _there(german, a.group()) and _there(german, b.group())]
    if both:
        one, other = rng.choice(both)
        yield "swap", _put(_put(english, other, one.group()), one, other.group())
    for kind, table in CHANGES.items():
        before = r"(?<=\d )" if kind == "unit" else r"(?<!\w)"
        words = [re.escape(w) for w in table]
        hits = list(re.finditer(rf"{before}(?:{'|'.join(words)})(?!\w)|(?<!\w)[€$](?=\d)" if kind == "currency" else
                                rf"{before}(?:{'|'.join(words)})(?!\w)", english))  # fmt: skip
        if hits:
            match = rng.choice(hits)
            new = table[match.group()]
            if kind not in ("month", "weekday", "word") or (
                Text(new, "en") and not values(new, "en") & values(german, "de")
            ):
                yield kind, _put(english, match, new)


def measure(path: Path, seed: int = 0) -> tuple[int, int, Counter[str], Counter[str]]:
    """Untouched translations that hold a digit, how many of them are doubted, and mutations made and caught."""
    rng = random.Random(seed)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        pairs = [line.rstrip("\n").split("\t")[:2] for line in lines]
    with_digit = [p for p in pairs if re.search(r"\d", p[0] + p[1])]
    doubted = sum(flagged(*p) for p in with_digit)
    made, caught = Counter[str](), Counter[str]()
    for german, english in pairs:
        if flagged(german, english):
            continue
        for kind, mutated in changes(german, english, rng):
            made[kind] += 1
            caught[kind] += flagged(german, mutated)
    return len(with_digit), doubted, made, caught


def main(paths: list[str]) -> None:
    """Print, for each file, the false alarms and the share of each kind of mistake that is seen."""
    for path in paths:
        lines, doubted, made, caught = measure(Path(path))
        print(f"{Path(path).name}: {doubted} of {lines} untouched lines with a digit doubted ({doubted / lines:.1%})")
        for kind in sorted(made, key=lambda k: (k not in ISSUE, k)):
            print(f"  {kind:9s} {caught[kind]:5d} of {made[kind]:5d}  {caught[kind] / made[kind]:.1%}")
        print(f"  {'all':9s} {caught.total():5d} of {made.total():5d}  {caught.total() / made.total():.1%}")


if __name__ == "__main__":
    main(sys.argv[1:])
