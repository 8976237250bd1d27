"""Measure how many lost claims are found, in constructed sentences and in human translations with a marker deleted.

A human translation keeps what the source says, so a flag on one counts as a false alarm, although some translators do
drop the hearsay of a subjunctive. A deletion counts only if the German has a marker of that kind and the English
had one.

usage: python -m tests.benchmarks.claims CASES.tsv... FILE.tsv.gz...
"""

import gzip
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from models.checks.claims.check import claim_flags
from models.checks.texts import LangText, SourceSentence

# Each deletion: its kind, the marker in German, the words that are removed in English, what replaces them.
ATTRIBUTION = r"(?:said|says|told \w+|reported|explained|added|announced)"
MUTATIONS = [
    ("not", r"\b(?:nicht|kein\w*)\b", r" not\b|n['’]t\b", ""),
    ("no", r"\b(?:kein\w*|nicht)\b", r"\bno (?=[a-z])", "some "),
    ("never, without", r"\b(?:nie|niemals|ohne)\b", r"\bnever ", ""),
    ("without", r"\bohne\b", r"\bwithout\b", "with"),
    ("reportedly", r"\b(?:angeblich|mutmaßlich|soll|sollen)\w*\b", r"\b(?:reported|alleged|supposed)(?:ly)? ?", ""),
    ("is said to have", r"\bsoll(?:en)?\b", r"\b(?:is|are) (?:said|alleged|reported|believed) to have\b", "has"),
    ("according to", r"\b(?:[Ll]aut|zufolge|Angaben)\b", r"(?:, )?\b[Aa]ccording to [^,.]+(?:, )?", ""),
    ("X said", r"\b(?:sagte|erklärte|teilte)\b", rf", [^,.“”\"]*\b{ATTRIBUTION}\b[^,.“”\"]*(?=[,.]|$)", ""),
    ("probably", r"\b(?:vermutlich|wahrscheinlich|offenbar|möglicherweise)\b", r"\b(?:prob|poss|appar)\w+ly ", ""),
    ("may", r"\b(?:könnten?|dürften?)\b", r"\b(?:could|may|might)\b", "will"),
    # What is wanted, expected or tried becomes done: "did" fits before any verb.
    (
        "wants to",
        r"\b(?:will|wollen|wollten?|möchten?|plan(?:t|en|ten?))\b",
        r"\b(?:wants?|wanted|plans?|planned|intends?|hopes?) to (?=[a-z])",
        "did ",
    ),
    (
        "is expected to",
        r"\b(?:[Ee]rwartet|[Vv]oraussichtlich|davon aus)\b",
        r"\b(?:is|are|was|were) (?:expected|likely|set) to (?=[a-z])",
        "did ",
    ),
    ("expects", r"\b(?:erwarte|hoff|glaub|vermute|rechne)(?:n|t|te|ten)\b", r"\w+ (?:expects?|hopes?|believes?) ", ""),
    ("tries to", r"\bversuch(?:t|en|ten?)\b", r"\b(?:try|tries|tried|attempted) to (?=[a-z])", "did "),
    ("seems to", r"\bsch(?:eint|einen|ien|ienen)\b", r"\b(?:seem|appear)(?:s|ed)? to (?=[a-z])", "did "),
    ("calls for", r"\b(?:forder|verlang)(?:n|t|te|ten|en)\b", r"\b(?:call|ask)(?:s|ed|ing)? for ", "got "),
    ("refuses to", r"\b(?:ver)?weiger\w+|\bscheiter\w+", r"\b(?:refuse[sd]?|failed|fails) to (?=[a-z])", "did "),
    ("hardly", r"\bkaum\b", r"\b(?:hardly|barely|scarcely) ", ""),
]
ADDED = re.compile(r"\b(is|are|was|were|will|can|has|have|had)\b(?! not|n)")


def cases(path: Path) -> list[list[str]]:
    """Return rows of kind, German, good English, bad English (empty where there is none)."""
    return [line.split("\t") for line in path.read_text("utf-8").splitlines()]


def score(rows: list[list[str]]) -> tuple[int, int, int, int]:
    """Return the numbers of bad sentences flagged, bad sentences, good sentences flagged, good sentences."""
    caught = sum(flagged(german, bad) for _, german, _, bad in rows if bad)
    return caught, sum(bool(row[3]) for row in rows), sum(flagged(row[1], row[2]) for row in rows), len(rows)


def flagged(german: str, english: str) -> bool:
    """Return whether the pair carries a flag."""
    return bool(claim_flags([SourceSentence(german, "de")], LangText(english, "en")))


def pairs(path: Path) -> list[list[str]]:
    """Return German and English, one pair a line."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [line.rstrip("\n").split("\t")[:2] for line in lines]


def mutated(rows: list[list[str]]) -> Iterator[tuple[str, str, str]]:
    """Yield kind, German, and English that lost its only marker of the kind, or got a denial."""
    for german, english in rows:
        for kind, mark, lost, instead in MUTATIONS:
            if re.search(mark, german) and len(re.findall(lost, english)) == 1:
                yield kind, german, re.sub(lost, instead, english)
        if not re.search(r"\b(?:nicht|kein\w*|nie|ohne|nichts|niemand)\b", german, re.IGNORECASE) and ADDED.search(
            english
        ):
            yield "not added", german, ADDED.sub(r"\1 not", english, count=1)


def main(paths: list[str]) -> None:
    """Print precision and recall on cases, false alarms and deletions found on pairs."""
    for path in map(Path, paths):
        if path.suffix == ".tsv":
            caught, bad, alarms, good = score(cases(path))
            print(
                f"{path.name}: recall {caught}/{bad} ({caught / bad:.1%}), precision {caught / (caught + alarms):.1%}",
                end="",
            )
            print(f", good sentences flagged {alarms}/{good}")
            continue
        rows = pairs(path)
        alarms = sum(flagged(*row) for row in rows)
        print(f"{path.name}: false alarms {alarms}/{len(rows)} ({alarms / len(rows):.2%})")
        seen, all_ = Counter[str](), Counter[str]()
        for kind, german, english in mutated(rows):
            all_[kind] += 1
            seen[kind] += flagged(german, english)
        for kind, count in all_.items():
            print(f"  {kind}: {seen[kind]}/{count} caught ({seen[kind] / count:.0%})")


if __name__ == "__main__":
    main(sys.argv[1:])
