"""A data folder of a few rows, shaped like the real one."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Pair = tuple[str, str]
TRAINING = (
    "train.newstest2008", "train.wmt21_en-de_refA", "train.cnndm_backtranslated", "train.tatoeba_test",
    "train.xquad_questions", "train.mt_geneval_wiki",
)  # fmt: skip


def write_pairs(data: Path, name: str, pairs: Sequence[Pair], numbers: Sequence[int] | None = None) -> None:
    """A set of pairs; `numbers` are their places in it, where some are missing."""
    (data / "parallel").mkdir(parents=True, exist_ok=True)
    lines = [
        f"{source}\t{target}\torig-de\t{name}#{number}\n"
        for number, (source, target) in zip(numbers or range(1, len(pairs) + 1), pairs, strict=True)
    ]
    (data / "parallel" / f"{name}.tsv.gz").write_bytes(gzip.compress("".join(lines).encode()))


def write_summaries(data: Path, name: str, rows: Sequence[dict[str, Any]]) -> None:
    """A set of articles with their summaries."""
    (data / "summaries").mkdir(parents=True, exist_ok=True)
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (data / "summaries" / f"{name}.jsonl.gz").write_bytes(gzip.compress(lines.encode()))


def article(text: str, summary: str, **more: Any) -> dict[str, Any]:
    """A row that the mixture takes."""
    return {"article": text, "summary": summary, "summary_coverage": 0.9} | more


def write_data(data: Path) -> Path:
    """Every set that the mixture reads, a development set, and those that it must leave alone."""
    for name in TRAINING:
        write_pairs(data, name, [(f"das {name} haus {n}", f"the {name} house {n}") for n in "abcdef"])
    for name in ("train.cnndm_en", "train.cnndm_mtde_en", "train.sz_de_de", "train.xsum_en"):
        write_summaries(
            data, name, [article(f"{name} in the city there is a house {n}", f"a house {n}") for n in "abc"]
        )
    write_pairs(data, "dev.newstest2019_de-en", [("ein hund", "a dog")])
    return data
