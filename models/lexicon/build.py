"""Makes `german_english.tsv` from an English to German dictionary, and orders it by use in sentence pairs.

The dictionary is the English Wiktionary's in the form `english {class} (sense) :: German {gender}, German`, as Matthias
Buchmeier extracts it. Each German term gets its English terms, most usual first: those that stand beside it most often
in sentence pairs, then those of which it is the first translation.

usage: python -m models.lexicon.build DICTIONARY.txt.gz OUT.tsv PAIRS.tsv.gz...
"""

import argparse
import gzip
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from models.lexicon.matching import EnglishWords
from models.lexicon.words import lemma, tokens

# Word classes that carry meaning of their own; names are left to the checks of names.
CLASSES = {"n": "noun", "v": "verb", "adj": "adjective", "adv": "adverb"}
MAX_TERMS = 12
# How many places later in its entry a word stands that is marked as unusual.
UNUSUAL_PENALTY = 20
_ENTRY = re.compile(r"([^{]{1,80}) \{([a-z]{1,12})\}(?: \([^)]{0,300}\))? :: (.{1,2000})")
_NOTE = re.compile(r"\[[^\]]{0,80}\]|\{[^}]{0,20}\}|\([^)]{0,80}\)")
_TERM = re.compile(r"[A-ZÄÖÜa-zäöüßéèêàáóâôç-]{2,40}")
_UNUSUAL = ("archaic", "obsolete", "dated", "rare", "old", "dialect", "Swiss", "poetic", "vulgar", "slang")


@dataclass
class Candidate:
    """The English terms of one German term: how often each stands beside it, and the best place of it in an entry."""

    word_class: str
    places: dict[str, int] = field(default_factory=dict)
    uses: Counter[str] = field(default_factory=Counter)
    sentences: int = 0

    def terms(self) -> list[str]:
        """English terms, most usual first."""
        return sorted(self.places, key=lambda term: (-self.uses[term], self.places[term], len(term)))[:MAX_TERMS]


def entries(lines: Iterable[str]) -> Iterator[tuple[str, str, str, int]]:
    """(German, class, English, place) of each translation in a dictionary; unusual words come late in their entry."""
    for line in lines:
        found = _ENTRY.match(line.rstrip("\n"))
        if not found or found[2] not in CLASSES:
            continue
        for place, part in enumerate(found[3].split(", ")):
            german = _NOTE.sub("", part).strip()
            if _TERM.fullmatch(german) and not german.startswith("-"):
                unusual = any(word in note for note in _NOTE.findall(part) for word in _UNUSUAL)
                yield german.removesuffix("-"), CLASSES[found[2]], found[1].strip(), place + unusual * UNUSUAL_PENALTY


def read_dictionary(path: Path) -> dict[str, Candidate]:
    """German terms with their English, in no order of use yet."""
    found: dict[str, Candidate] = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for german, word_class, english, place in entries(lines):
            candidate = found.setdefault(german, Candidate(word_class))
            candidate.places[english] = min(place, candidate.places.get(english, place))
    return found


def count_uses(candidates: dict[str, Candidate], pairs: Iterable[tuple[str, str]]) -> None:
    """Count in how many pairs a German term stands, and with which of its English terms."""
    by_form: dict[str, list[str]] = defaultdict(list)
    for term in candidates:
        by_form[term.lower()].append(term)
    for german, english in pairs:
        words = EnglishWords.of(english)
        forms = {form.lower() for token in tokens(german) for form in (token, lemma(token))}
        for term in {term for form in forms for term in by_form.get(form, ())}:
            candidate = candidates[term]
            candidate.sentences += 1
            candidate.uses.update(one for one in candidate.places if words.contain(one))


def read_pairs(paths: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """German and English of each line, from its first two columns."""
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                german, english, *_ = line.rstrip("\n").split("\t")
                yield german, english


def write(candidates: dict[str, Candidate], out: Path) -> None:
    """One line a term: German, class, frequency (the binary logarithm of its sentences), English terms."""
    rows = [
        f"{term}\t{one.word_class}\t{int(math.log2(one.sentences + 1))}\t{'; '.join(one.terms())}"
        for term, one in sorted(candidates.items())
    ]
    out.write_text("\n".join(rows) + "\n", encoding="utf-8")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser("python -m models.lexicon.build", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("dictionary", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("pairs", type=Path, nargs="*")
    asked = parser.parse_args()
    candidates = read_dictionary(asked.dictionary)
    count_uses(candidates, read_pairs(asked.pairs))
    write(candidates, asked.out)


if __name__ == "__main__":
    main()
