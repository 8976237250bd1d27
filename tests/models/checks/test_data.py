"""Data files of the checks: a wrong one is refused with the file and the row."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal

import pytest

from models.checks.data import DataError, row, rows, tsv_rows


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


@dataclass(frozen=True)
class Unit:
    name: str
    forms: frozenset[str] = frozenset()
    size: Decimal = Decimal(0)
    kind: Literal["unit", "currency"] = "unit"


def test_texts_become_sets_decimals_and_literals() -> None:
    values = {"name": "hour", "forms": "stunde  std", "size": "1/4", "kind": "currency"}
    assert row("x.toml", values, Unit) == Unit("hour", frozenset({"stunde", "std"}), Decimal("0.25"), "currency")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"forms": "a b a"}, "x.toml (hour), forms: a stands there twice."),
        ({"forms": " "}, "x.toml (hour), forms: ' ' is not a text of words."),
        ({"size": "1/0"}, "x.toml (hour), size: '1/0' is not a number or a fraction in quotation marks."),
        ({"size": "much"}, "x.toml (hour), size: 'much' is not a number or a fraction in quotation marks."),
        ({"kind": "money"}, "x.toml (hour), kind: 'money' is not unit or currency."),
    ],
)
def test_a_wrong_set_decimal_or_literal_is_refused(values: dict[str, str], said: str) -> None:
    with pytest.raises(DataError) as error:
        row("x.toml", {"name": "hour", **values}, Unit)
    assert str(error.value) == said


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that can be imported as a package of its own name."""
    monkeypatch.syspath_prepend(tmp_path.parent)
    (tmp_path / "__init__.py").touch()
    return tmp_path


def test_the_first_line_of_a_tsv_file_names_the_fields_and_an_empty_cell_is_left_out(package: Path) -> None:
    (package / "units.tsv").write_text("name\tsize\tforms\nhour\t1/4\tstunde std\nday\t\ttag\n", encoding="utf-8")
    assert tsv_rows(package.name, "units.tsv", Unit) == (
        Unit("hour", frozenset({"stunde", "std"}), Decimal("0.25")),
        Unit("day", frozenset({"tag"})),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name\tsize\nhour\n", "bad.tsv, line 2: 1 cells, but the first line names 2."),
        ("name\tlength\nhour\t5\n", "bad.tsv, line 2 (hour): unknown key length; known are name, forms, size, kind."),
        ("name\tsize\nhour\t1\n\t2\n", "bad.tsv, line 3: name is missing."),
        ("", "bad.tsv: there are no lines."),
    ],
)
def test_a_wrong_tsv_file_is_refused_with_its_line(package: Path, text: str, said: str) -> None:
    (package / "bad.tsv").write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as error:
        tsv_rows(package.name, "bad.tsv", Unit)
    assert str(error.value) == said
