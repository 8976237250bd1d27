"""What training sees: which sets, which rows of them, in which prompts."""

from pathlib import Path
from typing import Any

import pytest

from models.presets import load_preset
from models.training.development import Development
from models.training.mixture import MIXTURE, PROMPTS, Part, Row, rows
from tests.models.embedded.data import article, write_data, write_pairs, write_summaries

PARTS = {part.name: part for part in MIXTURE}


def read(data: Path, name: str) -> list[Row]:
    return rows(PARTS[name], data, None)


def test_prompts_are_those_of_the_preset_that_the_product_uses() -> None:
    tasks = load_preset("embedded").models[0].tasks
    assert {task: spec.prompt for task, spec in tasks.items()} == PROMPTS


def test_shares_make_one_whole() -> None:
    assert sum(part.share for part in MIXTURE) == pytest.approx(1)


def test_only_the_named_sets_are_read_and_never_the_sueddeutsche(tmp_path: Path) -> None:
    write_data(tmp_path)
    seen = " ".join(" ".join(row) for part in MIXTURE for row in rows(part, tmp_path, None))
    for name in ("newstest2008", "wmt21", "backtranslated", "tatoeba", "geneval", "cnndm_en", "cnndm_mtde_en"):
        assert name in seen
    for name in ("sz_de_de", "xsum", "xquad", "dev.", "hund"):
        assert name not in seen
    assert not any("sz" in pattern for part in MIXTURE for pattern in part.files)


@pytest.mark.parametrize(
    ("text", "summary", "more", "taken"),
    [
        ("He paid 1,500 euros in 2014.", "He paid 1500 euros.", {}, True),
        ("Er zahlte 1.500 Euro.", "He paid 1,500 euros.", {}, True),
        ("He paid 1,500 euros.", "He paid 1,600 euros.", {}, False),
        ("He paid in 2014.", "He paid 3 times in 2014.", {}, False),
        ("He paid.", "He paid.", {"summary_coverage": 0.74}, False),
        ("He paid.", "He paid.", {"apostrophe_loss": True}, False),
    ],
)
def test_a_summary_that_its_article_does_not_bear_out_is_left_out(
    tmp_path: Path, text: str, summary: str, more: dict[str, Any], taken: bool
) -> None:
    write_summaries(tmp_path, "train.cnndm_en", [article(text, summary, **more)])
    assert read(tmp_path, "summaries") == ([(text, summary)] if taken else [])


def test_pairs_whose_lengths_do_not_go_together_are_left_out(tmp_path: Path) -> None:
    pairs = [("ja", "yes, it is"), ("ein langer Satz", "yes"), ("ein Haus", "a house")]
    write_pairs(tmp_path, "train.tatoeba_test", pairs)
    assert read(tmp_path, "other") == [("ein Haus", "a house")]


def test_segments_are_two_and_three_lines_in_turn_that_follow_each_other(tmp_path: Path) -> None:
    lines = [(f"satz {n}.", f"line {n}.") for n in range(1, 9)]
    write_pairs(tmp_path, "train.newstest2008", lines, numbers=[1, 2, 3, 4, 5, 7, 9, 10])
    # 6 and 8 are missing: 7 follows nothing, and 9 and 10 begin anew.
    assert read(tmp_path, "segments") == [
        ("satz 1. satz 2.", "line 1. line 2."),
        ("satz 3. satz 4. satz 5.", "line 3. line 4. line 5."),
        ("satz 7. satz 8.", "line 7. line 8."),
    ]


def test_a_segment_that_would_be_too_long_is_not_made(tmp_path: Path) -> None:
    write_pairs(tmp_path, "train.newstest2008", [("w" * 400, "v" * 400)] * 2)
    assert read(tmp_path, "segments") == []


def test_a_folder_without_a_part_is_an_error_and_not_a_smaller_mixture(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"holds no train\.cnndm_mtde_en"):
        rows(PARTS["direct"], tmp_path, None)


def test_what_the_development_sets_know_breaks_a_segment(tmp_path: Path) -> None:
    write_pairs(tmp_path, "train.newstest2008", [(f"satz {n}.", f"line {n}.") for n in "abcd"])
    write_pairs(tmp_path, "dev.newstest2019_de-en", [("Satz b!", "something else")])
    development = Development.read(tmp_path)
    assert rows(PARTS["segments"], tmp_path, development) == [("satz c. satz d.", "line c. line d.")]
    assert [row[0] for row in rows(Part("x", "translation", 1, ("train.news*",)), tmp_path, development)] == [
        "satz a.",
        "satz c.",
        "satz d.",
    ]
