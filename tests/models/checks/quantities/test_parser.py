"""Quantities in the notations of German and English, and what they support."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.checks.quantities.numeral_data import NumberLang
from models.checks.quantities.numerals import numeral
from models.checks.quantities.parser import quantities, values

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
    assert [q.text for q in quantities(english, "en") if q.claim and q.value not in there] == []


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
    assert [q for q in quantities(english, "en") if q.claim and q.value not in there]


def test_digits_in_a_name_are_claimed() -> None:
    assert [(q.value, q.claim) for q in quantities("Die G20 und der A380", "de")] == [(20, True), (380, True)]


def test_an_article_is_a_number_only_if_it_counts() -> None:
    assert quantities("eine Katze", "de") == ()
    assert [q.value for q in quantities("eine Stunde", "de")] == [Decimal(1)]


def test_two_supports_a_value_but_claims_none() -> None:
    (number,) = quantities("zwei", "de")
    assert (number.value, number.claim) == (Decimal(2), False)


def test_the_offsets_of_a_quantity_include_its_scale() -> None:
    text = "Es waren 97,4 Milliarden Dollar."
    (number,) = quantities(text, "de")
    assert text[number.start : number.end] == "97,4 Milliarden"


@given(st.integers(min_value=0, max_value=999_999_999), st.integers(min_value=0, max_value=99))
def test_grouped_digits_have_the_same_value_in_both_notations(whole: int, cents: int) -> None:
    english = f"{whole:,}.{cents:02d}"
    german = english.translate(str.maketrans(",.", ".,"))
    assert [q.value for q in quantities(german, "de")] == [q.value for q in quantities(english, "en")]


@given(st.text(max_size=300))
def test_the_offsets_of_quantities_point_at_their_text_in_any_text(text: str) -> None:
    for lang in ("de", "en"):
        for number in quantities(text, lang):
            assert text[number.start : number.end] == number.text


@pytest.mark.parametrize(
    ("word", "value"),
    [("zwölf", 12), ("siebzehn", 17), ("sechzehn", 16), ("dreiundneunzig", 93), ("tausend", 1000),
     ("zweitausenddreihundert", 2300), ("elfhundert", 1100), ("zwanzigsten", 20), ("vierter", 4), ("hundert", 100),
     ("sechste", 6), ("achten", 8), ("zwölftes", 12)],
)  # fmt: skip
def test_german_words_have_their_value(word: str, value: int) -> None:
    found = numeral(word, "de")
    assert found is not None
    assert (found.value, found.kind == "prefix") == (value, False)


@pytest.mark.parametrize("word", ["haus", "hundertwasser", "und", "tausendsassa", "zehnte" + "n" * 50])
def test_german_words_that_only_look_like_numbers_have_none(word: str) -> None:
    found = numeral(word, "de")
    assert found is None or found.kind == "prefix"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("forty-two", 42), ("twentieth", 20), ("sixth", 6), ("hundred", 100), ("twenty-five", 25),
        ("two hundred and fifty", 250), ("two hundred and fifty-six", 256), ("five hundred thousand", 500_000),
        ("half a million", 500_000), ("a million and a half", 1_500_000), ("two and a half billion", 2_500_000_000),
        ("three thousand million", 3_000_000_000), ("a dozen", 12), ("two dozen", 24), ("three-quarters", "0.75"),
        ("a quarter of a million", 250_000), ("forty-second", 42), ("five times", 5),
    ],
)  # fmt: skip
def test_english_words_make_one_number(text: str, value: int | str) -> None:
    assert next(q.value for q in quantities(text, "en")) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("zweihundertfünfzig", 250), ("anderthalb Milliarden", 1_500_000_000), ("eine halbe Million", 500_000),
        ("zweieinhalb", "2.5"), ("hundert Millionen", 100_000_000), ("drei Viertel", "0.75"), ("ein Dutzend", 12),
        ("zwei Dutzend", 24), ("achtjährig", 8), ("dreifache", 3), ("sechsstelligen", 6), ("45 Tsd.", 45_000),
        ("2 Billionen", 2_000_000_000_000), ("0,4", "0.4"), ("1.234,5", "1234.5"), ("60 000", 60_000),
    ],
)  # fmt: skip
def test_german_words_make_one_number(text: str, value: int | str) -> None:
    assert next(q.value for q in quantities(text, "de")) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "lang", "sorts"),
    [
        ("am 3. März 2024", "de", ["day", "month", "year"]),
        ("am 3.3.2024", "de", ["day", "month", "year"]),
        ("2024-03-03", "en", ["year", "month", "day"]),
        ("on the 3rd of March", "en", ["day", "month"]),
        ("on October 2 and 5", "en", ["month", "day", "day"]),
        ("we may go in May", "en", ["month"]),
        ("half past three on Monday", "en", ["time", "weekday"]),
        ("um halb vier", "de", ["time"]),
        ("in den 90er Jahren", "de", ["decade"]),
        ("in the 1990s", "en", ["decade"]),
    ],
)
def test_dates_and_times_are_distinguished_from_numbers(text: str, lang: NumberLang, sorts: list[str]) -> None:
    assert sorted(q.kind for q in quantities(text, lang)) == sorted(sorts)


@pytest.mark.parametrize(
    ("text", "lang", "units"),
    [
        ("97,4 Mrd. $", "de", ["USD"]),
        ("$97.4bn", "en", ["USD"]),
        ("5 bis 10 Euro", "de", ["EUR", "EUR"]),
        ("20 million US dollars", "en", ["USD"]),
        ("100 Kilometer pro Stunde", "de", ["kmh"]),
        ("40 km2", "en", ["km2"]),
        ("half an hour", "en", ["hour"]),
        ("a 26,000-foot peak", "en", ["foot"]),
        ("zwei Prozentpunkte", "de", ["points"]),
        ("millions of euros", "en", ["EUR"]),
    ],
)
def test_a_quantity_has_its_unit(text: str, lang: NumberLang, units: list[str]) -> None:
    assert [q.unit for q in quantities(text, lang)] == units
