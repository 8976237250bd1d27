"""Numbers as values: the forms that German and English write, and what they support."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.checks.numbers import numbers, values, word_value

SAME = [
    ("1.234,5 Euro", "1,234.5 euros"),
    ("97,4 Milliarden Dollar", "97.4 billion dollars"),
    ("97,4 Mrd. Dollar", "$97.4bn"),
    ("5 Mio. Euro", "5 million euros"),
    ("5 Mio. Euro", "€5m"),
    ("2 Billionen Euro", "2 trillion euros"),
    ("sechs Milliarden Dollar", "6 billion dollars"),
    ("sechs Milliarden Dollar", "six billion dollars"),
    ("100.000 Menschen", "100,000 people"),
    ("100 000 Menschen", "100,000 people"),
    ("45 Tsd. Stück", "45 thousand pieces"),
    ("242 %", "242%"),
    ("70 Prozent", "70 percent"),
    ("am 03.12.2024", "on December 3, 2024"),
    ("am 3. Oktober 2024", "on October 3rd, 2024"),
    ("um 15.30 Uhr", "at 3:30 p.m."),
    ("um 19 Uhr", "at 7 pm"),
    ("GPT 3.5", "GPT 3.5"),
    ("in den 70er Jahren", "in the 1970s"),
    ("zweihundertfünfundzwanzig Gäste", "225 guests"),
    ("einundzwanzig Tote", "21 dead"),
    ("ein Dutzend Gäste", "12 guests"),
    ("anderthalb Jahre", "1.5 years"),
    ("im 19. Jahrhundert", "in the 19th century"),
    ("der Tabellendritte, also Platz 3", "third place"),
    ("am 3.12.24", "on 3 December 2024"),
]


@pytest.mark.parametrize(("german", "english"), SAME)
def test_every_claim_in_english_is_supported_by_the_german(german: str, english: str) -> None:
    there = values(german, "de")
    assert [n.text for n in numbers(english, "en") if n.claim and n.value not in there] == []


DIFFERENT = [
    ("97,4 Milliarden Dollar", "97.4 million dollars"),
    ("97,4 Milliarden Dollar", "974 billion dollars"),
    ("1.234 Menschen", "1.234 people"),
    ("5 Billionen Euro", "5 billion euros"),
    ("am 3. Oktober", "on October 4th"),
    ("um 15.30 Uhr", "at 5:30 p.m."),
    ("sechs Milliarden", "7 billion"),
    ("70 Prozent", "17 percent"),
]


@pytest.mark.parametrize(("german", "english"), DIFFERENT)
def test_a_changed_value_is_not_supported(german: str, english: str) -> None:
    there = values(german, "de")
    assert [n for n in numbers(english, "en") if n.claim and n.value not in there]


def test_letters_before_digits_make_a_name_and_not_a_number() -> None:
    assert numbers("Die G20 und der A380", "de") == []


def test_a_bare_number_word_supports_but_claims_nothing() -> None:
    (number,) = numbers("eine", "de")
    assert (number.value, number.claim) == (Decimal(1), False)


def test_offsets_include_the_scale() -> None:
    text = "Es waren 97,4 Milliarden Dollar."
    (number,) = numbers(text, "de")
    assert text[number.start : number.end] == "97,4 Milliarden"


@given(st.integers(min_value=0, max_value=999_999_999), st.integers(min_value=0, max_value=99))
def test_grouped_digits_are_read_alike_in_both_notations(whole: int, cents: int) -> None:
    english = f"{whole:,}.{cents:02d}"
    german = english.translate(str.maketrans(",.", ".,"))
    assert [n.value for n in numbers(german, "de")] == [n.value for n in numbers(english, "en")]


@given(st.text(max_size=300))
def test_any_text_is_read_and_offsets_point_at_what_they_claim(text: str) -> None:
    for lang in ("de", "en"):
        for number in numbers(text, lang):
            assert text[number.start : number.end] == number.text


@pytest.mark.parametrize(
    ("word", "value"),
    [("zwölf", 12), ("siebzehn", 17), ("sechzehn", 16), ("dreiundneunzig", 93), ("tausend", 1000),
     ("zweitausenddreihundert", 2300), ("elfhundert", 1100), ("zwanzigsten", 20), ("vierter", 4), ("hundert", 100)],
)  # fmt: skip
def test_german_words_have_their_value(word: str, value: int) -> None:
    assert word_value(word, "de") == value


@pytest.mark.parametrize("word", ["haus", "hundertwasser", "und", "tausendsassa", "zehnte" + "n" * 50])
def test_german_words_that_only_look_like_numbers_have_none(word: str) -> None:
    assert word_value(word, "de") is None


@pytest.mark.parametrize(("word", "value"), [("forty-two", 42), ("twentieth", 20), ("sixth", 6), ("hundred", 100)])
def test_english_words_have_their_value(word: str, value: int) -> None:
    assert word_value(word, "en") == value
