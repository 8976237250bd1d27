"""Numbers, words and sentences of extreme length go through every check without an exception."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.checks.compare import ArticleFacts, pair_flags, summary_flags
from models.checks.degeneration import pair_faults, summary_faults
from models.checks.quantities.numeral_data import NumberLang
from models.checks.quantities.parser import quantities
from models.checks.repetition import find_loop
from models.checks.texts import SourceSentence
from models.decoding import Hypothesis

LANGS: tuple[NumberLang, NumberLang] = ("de", "en")
# What a number, a word or a sentence may consist of: each is repeated up to some thousand characters.
PARTS = (
    *("tausend", "hundert", "Donau", "ver", "einhalb", "zehn", "und", "million ", "billion ", "hundred ", "Mrd. "),
    *(
        "9",
        "0",
        "1.",
        "1,",
        "1.1",
        "12-",
        "12:",
        "1/2 ",
        "½",
        "5 ",
        "11.11.",
        "'90",
        "€5",
        "17 Euro ",
        "3 Mai ",
        "1er ",
    ),
    *(
        "a",
        "Ä",
        "a-",
        "A.",
        "e\u0301",
        "\u00df",
        "^",
        "(",
        "“",
        " ",
        "\n",
        "half a ",
        "of ",
        "8 Uhr ",
        "der ",
        "he said ",
    ),
)
ENDINGS = (
    "",
    "er",
    "s",
    "%",
    " %",
    "er Jahre",
    " Euro",
    " Millionen",
    " million",
    "th",
    ".",
    "!",
    " und",
    "-Kilometer",
    " p.m.",
)
LONG = st.tuples(st.sampled_from(PARTS), st.integers(1, 3000), st.sampled_from(ENDINGS)).map(
    lambda made: (made[0] * made[1])[:3000] + made[2]
)
TEXT = st.lists(LONG | st.sampled_from(("It was", "Es waren", "3", "minus", "more than")), min_size=1, max_size=3).map(
    " ".join
)


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(TEXT, TEXT)
def test_texts_of_extreme_length_are_checked_without_an_exception(source: str, target: str) -> None:
    pair_flags(source, target)
    pair_faults(source, target)
    summary_faults(source, Hypothesis(target, 0, finished=True))
    sentences = (SourceSentence(source, "de", target), SourceSentence(target, "en"))
    for lang in LANGS:
        summary_flags(target, sentences, ArticleFacts(sentences), lang)


@settings(max_examples=60, deadline=None)
@given(TEXT, st.sampled_from(LANGS))
def test_quantities_of_extreme_length_are_found_where_they_stand(text: str, lang: NumberLang) -> None:
    for quantity in quantities(text, lang):
        assert text[quantity.start : quantity.end] == quantity.text


@pytest.mark.parametrize(
    "text", ["1" * 28 + "er", "9" * 30 + "s", "9" * 5000 + "er Jahre", "1." * 300, "tausend" * 600]
)
def test_a_number_or_word_that_is_too_long_supports_itself(text: str) -> None:
    assert pair_flags(f"Es waren {text}.", f"It was {text}.") == ()


@pytest.mark.parametrize("digits", [28, 400, 5000])
def test_numbers_too_long_to_calculate_with_are_compared_by_their_digits(digits: int) -> None:
    number = "7" * digits
    assert pair_flags(f"Es waren {number} Euro.", f"It was {number[:-1]}8 euros.") != ()


@pytest.mark.parametrize(
    "text", ["a" * 400_000, "^" * 100_000, "- " * 50_000, "ab" * 100_000, "a b " * 50_000, ", " * 50_000]
)
def test_the_search_for_repetition_takes_linear_time(text: str) -> None:
    start = time.process_time()
    find_loop("Der Hund schläft.", text)
    find_loop(text, "The dog, the dog, the dog, the dog, the dog, the dog.")
    assert time.process_time() - start < 20


@pytest.mark.parametrize("part", ["12-", "1111-11-", "1.1.", "1:", "111 ", "0123/", "+1(12)", "8 Uhr ", "million "])
def test_long_chains_of_numbers_are_read_in_linear_time(part: str) -> None:
    text = part * (40_000 // len(part))
    start = time.process_time()
    for lang in LANGS:
        quantities(text, lang)
    assert time.process_time() - start < 20
