"""The table of names that German and English spell differently."""

import pytest

from models.checks.data import DataError
from models.checks.names.exonyms import exonyms, parse_exonyms


def test_a_line_gives_english_names_and_german_stems() -> None:
    assert list(parse_exonyms("# a comment\n\nMunich = münchen, *munchn\n")) == [(["Munich"], ["münchen", "*munchn"])]


@pytest.mark.parametrize("line", ["Munich", "Munich = münchen = munchn", "Munich, = münchen", "= münchen"])
def test_a_wrong_line_is_refused_with_its_number(line: str) -> None:
    with pytest.raises(DataError, match=r"exonyms\.txt, line 2: "):
        list(parse_exonyms(f"Cologne = köln\n{line}\n"))


def test_an_abbreviation_is_looked_for_as_a_whole_word_and_a_long_stem_anywhere() -> None:
    assert " us " in exonyms().stems("us")
    assert "franz" in exonyms().stems("french")
    assert exonyms().stems("germans") == exonyms().stems("german")
