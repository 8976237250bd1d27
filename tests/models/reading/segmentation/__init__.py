"""The cases that sentence segmentation is judged by, and how a splitter is scored on them.

`own_cases.txt` was written for this purpose and holds its passages. `news_cases.jsonl` and `heldout_cases.jsonl`
point into news articles that are not part of the project (their licence does not allow it): article index,
offsets, a hash of the excerpt and where its sentences end. They need the data folder, `KURZUM_DATA` or
`shared/data` beside the repository.
"""

import gzip
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
NEWS = Path("news/gnad_200.jsonl.gz")


@dataclass(frozen=True)
class Case:
    """A passage and its sentences as offsets; `tag` names the difficulty or the place in the case file."""

    tag: str
    text: str
    spans: tuple[tuple[int, int], ...]

    def wrong(self, spans: list[tuple[int, int]]) -> str | None:
        """What a splitter made of the passage beside what was expected; None if that is the same."""
        if tuple(spans) == self.spans:
            return None
        got, expected = ([self.text[start:end] for start, end in side] for side in (spans, self.spans))
        return f"[{self.tag}]\n  expected: {expected}\n  got:      {got}"


def own_cases() -> list[Case]:
    """The hand-made cases; the head of their file describes the format."""
    blocks: list[tuple[int, list[str]]] = []
    fresh = True
    for number, line in enumerate((HERE / "own_cases.txt").read_text(encoding="utf-8").splitlines(), start=1):
        if not line:
            fresh = True
        elif not line.startswith("#"):
            if fresh:
                blocks.append((number, []))
            blocks[-1][1].append(line)
            fresh = False
    return [_own_case(f"own_cases.txt:{number}", lines) for number, lines in blocks]


def _own_case(tag: str, lines: list[str]) -> Case:
    text, spans = "", []
    for line in lines:
        glued = line.startswith("~")
        text += "" if glued or not text else " "
        sentence = line.removeprefix("~")
        spans.append((len(text), len(text) + len(sentence)))
        text += sentence
    return Case(tag, text, tuple(spans))


def data_folder() -> Path | None:
    """The folder with the news articles, or None where there is none."""
    folder = Path(os.environ.get("KURZUM_DATA") or HERE.parents[4] / "shared" / "data")
    return folder if (folder / NEWS).is_file() else None


def news_cases(name: str = "news_cases.jsonl") -> list[Case]:
    """The news cases, or an empty list where the data folder is missing; raises if the articles are other ones."""
    folder = data_folder()
    if folder is None:
        return []
    with gzip.open(folder / NEWS, "rt", encoding="utf-8") as lines:
        articles = [json.loads(line)["article"] for line in lines]
    rows = [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]
    return [_news_case(articles[row["article"]], row) for row in rows]


def _news_case(article: str, row: dict[str, Any]) -> Case:
    text = article[row["start"] : row["end"]]
    if hashlib.sha256(text.encode()).hexdigest() != row["sha256"]:
        raise ValueError(f"article {row['article']} is not the one that the cases were made from")
    spans, start = [], 0
    for end in row["ends"]:
        start += len(text[start:end]) - len(text[start:end].lstrip())
        spans.append((start, end))
        start = end
    return Case(f"article {row['article']}, {row['tag']}", text, tuple(spans))
