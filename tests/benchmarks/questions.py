"""Sentences whose sources in a German article are known: human English as it stands, shortened, merged in twos."""

import gzip
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from models.reading.sentences import sentence_texts, split_sentences

LEAST = 20
ENDED = re.compile(r"[.!?:…\"“”»')]$")
LEADING = "On In At After Before During For Since With From By Until Despite Following However Meanwhile But And So Now"
CLAUSES = "because although while when after before since if as unless until despite due whereas where"
SAYING = "said says told added explained wrote stressed emphasized stated reported"
LOOSE = "also already however currently recently even just still only very therefore again always really probably"
PRONOUNS = "The A An He She It They In On At This That There But And His Her Their For After We You"


def _any(words: str) -> str:
    return "(?:" + "|".join(words.split()) + ")"


# What may go from a sentence without making it untrue: asides, who says so, when and why, second thoughts.
SHORTENINGS = [
    (r"\s*[(\[][^)\]]*[)\]]", ""),
    (rf",?[\"”’]?,? (?:he|she|they|it|[A-Z]\w+(?: [A-Z]\w+)*) {_any(SAYING)}\b[^,;:]*\.$", "."),
    (r"^(?:According to|In the view of|In the words of) [^,]{3,60}, ", ""),
    (rf"^{_any(LEADING)} ?[^,]{{0,60}}, (?!which|who|and|but)", ""),
    (r", (?:who|which|whose|where)\b[^,]*(?:,|(?=\.$))", ""),
    (rf",? {_any(CLAUSES)}\b [^,]*\.$", "."),
    (r", \w+ing\b[^,]*\.$", "."),
    (r", (?:the|a|an) [^,]{3,60},", ""),
    (r" [-–—] [^-–—]*$", "."),
    (r", (?:and|but) (?:\w+ ){2,}[^,]*\.$", "."),
    (rf"\b{_any(LOOSE)} ", ""),
]


@dataclass(frozen=True, slots=True)
class Question:
    """A sentence whose sources are known."""

    kind: str
    text: str
    sources: frozenset[int]


def articles(path: Path) -> list[list[tuple[str, str]]]:
    """German and English lines of each article of 20 sentences and more.

    The files do not say where an article begins: a line that ends like a headline in both languages does.
    """
    found: list[list[tuple[str, str]]] = [[]]
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for german, english in (line.rstrip("\n").split("\t")[:2] for line in lines):
            if not ENDED.search(german) and not ENDED.search(english) and 3 <= len(german.split()) <= 16:
                found.append([])
            found[-1].append((german, english))
    return [article for article in found if sum(len(split_sentences(german)) for german, _ in article) >= LEAST]


def documents(path: Path) -> list[list[tuple[str, str | None]]]:
    """The articles' sentences: German with its English, None where a line's sentences do not pair off."""
    found: list[list[tuple[str, str | None]]] = []
    for article in articles(path):
        found.append([])
        for german, english in article:
            there = sentence_texts(german)
            here: Sequence[str | None] = sentence_texts(english, "en")
            found[-1] += zip(there, here if len(here) == len(there) else [None] * len(there), strict=True)
    return found


def shortened(text: str) -> str:
    """The sentence without what it can do without; at least five words and a third of it stay."""
    for pattern, instead in SHORTENINGS:
        shorter = re.sub(r"\s+", " ", re.sub(pattern, instead, text)).strip()
        if _words(shorter) >= max(5, 0.35 * _words(text)) and not re.search(r"\b(?:and|or|but|that|the)\W*$", shorter):
            text = shorter[0].upper() + shorter[1:]
    return text


def merged(first: str, second: str) -> str:
    """Two sentences in one."""
    begin = second[0].lower() if re.match(rf"{_any(PRONOUNS)}\b", second) else second[0]
    return f"{first.rstrip(' .!?“”’')}, and {begin}{second[1:]}"


def questions(article: Sequence[tuple[str, str | None]]) -> list[Question]:
    """All sentences of five words and more, those that can be shortened, and neighbours in twos."""
    human = [(i, text) for i, (_, text) in enumerate(article) if text and _words(text) >= 5]
    asked = [Question("as it stands", text, frozenset({i})) for i, text in human]
    short = [(i, text, shortened(text)) for i, text in human]
    asked += [Question("shortened", s, frozenset({i})) for i, text, s in short if _words(s) <= 0.85 * _words(text)]
    for n in range(len(short) - 2):
        # Neighbours, and those with one between them; whole, and shortened, in turn.
        i, *first = short[n]
        j, *second = short[n + 1 + n % 2]
        form = n // 2 % 2
        if j - i <= 3 and _words(first[form]) + _words(second[form]) <= 60:
            asked.append(Question("merged", merged(first[form], second[form]), frozenset({i, j})))
    return asked


def _words(text: str) -> int:
    return len(re.findall(r"\w+", text))
