"""What the adapter is trained on: which sets, in which shares, which rows of them, in which prompts.

Everything that decides what the model sees is in this file. Shares are shares of the tokens that are read. Sets that
are not named are not read: the questions of xquad teach little about news, the one-line summaries of xsum state what is
not in their articles, and the licence of the Süddeutsche articles forbids training. Rows that overlap with a
development set are left out (`development.py`; `leaks.py` counts them).
"""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from models.training.development import Development

Prompt = Literal["translation", "summarization", "direct"]
Row = tuple[str, str]

# As in presets.toml, which a test compares; the answer is a space, the text and the end token.
PROMPTS: dict[Prompt, str] = {
    "translation": "German: {source}\nEnglish:",
    "summarization": "Article: {source}\nSummary:",
    "direct": "Artikel: {source}\nSummary:",
}
SEGMENT_CHARACTERS = 700
NEWS = ("train.news*", "train.wmt*", "train.pud_news*")
OTHER = ("train.tatoeba*", "train.mlqe*", "train.mt_geneval*", "train.pud_wiki*", "train.opennmt*", "train.marian*")


@dataclass(frozen=True, slots=True)
class Part:
    """One source of rows: its prompt, its share of the tokens, the files, and whether lines are joined to segments."""

    name: str
    prompt: Prompt
    share: float
    files: tuple[str, ...]
    segments: bool = False


MIXTURE = (
    Part("news", "translation", 0.28, NEWS),
    Part("segments", "translation", 0.12, ("train.news*", "train.wmt*"), segments=True),
    Part("back-translated", "translation", 0.20, ("train.cnndm_backtranslated*",)),
    Part("other", "translation", 0.10, OTHER),
    Part("summaries", "summarization", 0.20, ("train.cnndm_en*",)),
    Part("direct", "direct", 0.10, ("train.cnndm_mtde_en*",)),
)


def rows(part: Part, data: Path, development: Development | None) -> list[Row]:
    """The rows of a part, source first, without those that the development sets know.

    Raises FileNotFoundError where the folder does not hold the part's files.
    """
    folder = data / ("parallel" if part.prompt == "translation" else "summaries")
    paths = sorted({path for pattern in part.files for path in folder.glob(pattern + ".gz")})
    if not paths:
        raise FileNotFoundError(f"{folder} holds no {' or '.join(part.files)}: see the data's README")
    if part.prompt != "translation":
        return [row for path in paths for row in _summaries(path) if _unknown(row, development)]
    if part.segments:
        return [row for path in paths for row in _segments(path, development)]
    return [row for path in paths for row, _ in _pairs(path, development)]


def _unknown(row: Row, development: Development | None) -> bool:
    return development is None or not development.leaks(*row)


def _lines(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        yield from lines


def _pairs(path: Path, development: Development | None) -> Iterator[tuple[Row, str]]:
    """Pairs of German and English of similar length, and their place in the set."""
    for line in _lines(path):
        source, target, _, place = line.rstrip("\n").split("\t")
        if 0.4 < len(source) / len(target) < 2.5 and _unknown((source, target), development):
            yield (source, target), place


def _segments(path: Path, development: Development | None) -> Iterator[Row]:
    """Runs of two and three consecutive lines in turn, as sentences follow each other in an article."""
    size, held, last = 2, list[Row](), 0
    for row, place in _pairs(path, development):
        number = int(place.rpartition("#")[2])
        if number != last + 1:  # A line between was left out.
            held.clear()
        held.append(row)
        last = number
        if len(held) == size:
            joined = " ".join(source for source, _ in held), " ".join(target for _, target in held)
            if len(joined[0]) <= SEGMENT_CHARACTERS:
                yield joined
            size = 5 - size
            held.clear()


def _summaries(path: Path) -> Iterator[Row]:
    """Articles whose (cut) text supports the summary: most of its words, and every number."""
    for line in _lines(path):
        row = json.loads(line)
        article, summary = row["article"], row["summary"]
        if float(row.get("summary_coverage", 1)) < 0.75 or row.get("apostrophe_loss"):
            continue
        plain = article.replace(",", "").replace(".", "")
        digits = ("".join(c for c in word if c.isdigit()) for word in summary.split())
        if all(number in plain for number in digits if number):
            yield article, summary
