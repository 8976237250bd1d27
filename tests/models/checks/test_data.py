"""Data files of the checks: a wrong one is refused with the file and the row."""

from dataclasses import dataclass

import pytest

from models.checks.data import DataError, row, rows


@dataclass(frozen=True)
class Side:
    word: str


@dataclass(frozen=True)
class Sample:
    name: str
    side: Side
    words: tuple[str, ...] = ()
    limit: int = 0
    strict: bool = False


GOOD = {"name": "a", "side": {"word": "b"}, "words": ["c", "d"], "limit": 3, "strict": True}


def test_a_row_becomes_a_dataclass_and_may_leave_out_what_has_a_default() -> None:
    assert row("x.toml", GOOD, Sample) == Sample("a", Side("b"), ("c", "d"), 3, True)
    assert row("x.toml", {"name": "a", "side": {"word": "b"}}, Sample) == Sample("a", Side("b"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"wrods": []}, "x.toml, pair 2 (a): unknown key wrods; known are name, side, words, limit, strict."),
        ({"name": None}, "x.toml, pair 2: name is missing."),
        ({"side": {}}, "x.toml, pair 2 (a), side: word is missing."),
        ({"side": "b"}, "x.toml, pair 2 (a), side: this must be a table."),
        ({"words": "c"}, "x.toml, pair 2 (a), words: 'c' is not a list of texts."),
        ({"limit": True}, "x.toml, pair 2 (a), limit: True is not a whole number."),
        ({"strict": 1}, "x.toml, pair 2 (a), strict: 1 is not true or false."),
        ({"name": ""}, "x.toml, pair 2 (), name: '' is not text."),
    ],
)
def test_a_wrong_row_is_refused_with_file_row_and_key(change: dict[str, object], said: str) -> None:
    values = {key: value for key, value in {**GOOD, **change}.items() if value is not None}
    with pytest.raises(DataError) as error:
        rows("x.toml", {"pair": [GOOD, values]}, "pair", Sample)
    assert str(error.value) == said


def test_a_file_without_rows_is_refused() -> None:
    with pytest.raises(DataError, match=r"x\.toml: there is no \[\[pair\]\]\."):
        rows("x.toml", {}, "pair", Sample)
