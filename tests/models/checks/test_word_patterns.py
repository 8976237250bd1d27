"""The notation of the word lists."""

import re

import pytest

from models.checks.data import DataError
from models.checks.word_patterns import add_lists, compile_words, entries


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        ("stopped, halted", "It stopped and halted.", ["stopped", "halted"]),
        ("stop", "It stopped.", []),
        ("stopp*", "It stopped.", ["stopped"]),
        ("*vater", "Der Großvater und Vaterland", ["Großvater"]),
        ("ab*t", "Er nahm abgesagt ab.", ["abgesagt"]),
        ("as if", "as\nif", ["as\nif"]),
        ("too <2> to", "too big by far to fail, too big to fail", ["too big to"]),
        ("soll ~ haben", "soll ihn gesehen haben; soll ihn, sagt sie, haben", ["soll ihn gesehen haben"]),
        ("teilt … mit", "teilt er, so heißt es, mit. Teilt er. mit", ["teilt er, so heißt es, mit"]),
        ("vor$", "vor Freude; schlägt er vor und geht", ["vor"]),
        ("*n't", "isn’t, isn't, isnt", ["isn’t", "isn't"]),
        ("/th[eo]se/", "these those", ["these", "those"]),
        ("is\n/th[eo]se, or/\nor", "is those, or", ["is", "those, or"]),
    ],
)
def test_an_entry_matches_what_the_notation_says(words: str, text: str, found: list[str]) -> None:
    assert [match.group() for match in compile_words(words, "x.toml").finditer(text)] == found


def test_case_is_ignored_on_demand_but_not_for_an_entry_with_an_equals_sign() -> None:
    pattern = compile_words("might, =may", "x.toml", ignore_case=True)
    assert pattern.findall("Might May may") == ["Might", "may"]


def test_with_parts_a_star_is_not_matched_and_still_bounds_the_other_side() -> None:
    pattern = compile_words("*sink*, cut*, *back, off", "x.toml", parts=True)
    assert pattern.findall("versinken cutting shortcut payback backing offer off") == ["sink", "cut", "back", "off"]


def test_a_list_may_use_the_lists_before_it() -> None:
    lists = add_lists("x.toml, words", {"month": "May, June", "time": "in <month>"}, {"year": r"\d{4}"})
    assert compile_words("<time> <year>", "x.toml", lists).findall("in May 2020, in June 2021") == [
        "in May 2020",
        "in June 2021",
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("a, <b>", "x.toml: <b>: there is no list <b>."),
        ("/(/", "x.toml: /(/ is not a regular expression"),
        ("/", "x.toml: / is not an entry."),
        (" , ", "x.toml: the list is empty."),
    ],
)
def test_a_wrong_entry_is_refused_with_its_file(words: str, said: str) -> None:
    with pytest.raises(DataError, match=re.escape(said)):
        compile_words(words, "x.toml")


def test_a_list_that_is_no_text_is_refused() -> None:
    with pytest.raises(DataError, match=r"x\.toml, month: this must be a text of words\."):
        add_lists("x.toml", {"month": 5})


def test_entries_are_divided_by_commas_and_lines() -> None:
    assert entries("a, b c\n/d,e/\n f,\n") == ["a", "b c", "/d,e/", "f"]
