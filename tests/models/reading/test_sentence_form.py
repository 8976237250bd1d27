"""The outward form of a sentence in a summary."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.reading.sentence_form import breaks_off, is_whole, numbers_points, stands_alone, tidied


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- the dog\nsleeps.", "The dog sleeps."),
        ("• Der Hund schläft", "Der Hund schläft."),
        ("1) Das Geld fehlt.", "Das Geld fehlt."),
        ("3. Oktober ist der Feiertag.", "3. Oktober ist der Feiertag."),
        ("1. FC Köln gewann", "1. FC Köln gewann."),
        ("3.5 million came.", "3.5 million came."),
        ("xAI raised money.", "xAI raised money."),
        ("He asked: \u201cWhy?\u201d", "He asked: \u201cWhy?\u201d"),
        ("The dog sleeps,", "The dog sleeps."),
        ("-5 degrees were measured.", "-5 degrees were measured."),
        ("", ""),
    ],
)
def test_a_sentence_is_on_one_line_with_a_capital_and_a_stop(text: str, expected: str) -> None:
    assert tidied(text) == expected


@given(st.text(max_size=60))
def test_a_tidied_sentence_is_one_line_and_stays_as_it_is(text: str) -> None:
    once = tidied(text)
    assert len(once.splitlines()) <= 1
    assert tidied(once) == once


@pytest.mark.parametrize(
    "text",
    [
        "Read more: Musk and OpenAI in detail",
        "Neue Radwege für Freiburg",
        "Was will er damit?",
        '"Das ist gut, sagte er.',
        "and then it went on for years.",
        "Kommentar schreiben.",
        "Alle Rechte vorbehalten.",
    ],
)
def test_headlines_questions_halves_and_furniture_are_not_whole(text: str) -> None:
    assert not is_whole(text)


@pytest.mark.parametrize("text", ["Der Gemeinderat stimmte am Dienstag zu.", '"We will see", he said on Monday.'])
def test_statements_are_whole(text: str) -> None:
    assert is_whole(text)


def test_a_sentence_that_points_back_does_not_stand_alone() -> None:
    assert not stands_alone("He left the company in 2019.")
    assert not stands_alone("\u201eDas ist gut\u201c, sagte er.")
    assert stands_alone("Musk left the company in 2019.")


@pytest.mark.parametrize("text", ["The battle of capitals…", "And then...", '"He said that …"'])
def test_what_ends_in_dots_breaks_off(text: str) -> None:
    assert breaks_off(text)
    assert not is_whole(f"The whole of the matter is this: {text}")


@pytest.mark.parametrize("text", ["It ends here.", "Wait … there is more.", "Is it so?", ""])
def test_what_ends_otherwise_does_not(text: str) -> None:
    assert not breaks_off(text)


def test_a_number_at_the_head_is_a_bullet_where_the_points_are_numbered() -> None:
    points = ["1. Das Geld fehlt.", "Und das seit Jahren.", "2. Die Zeit fehlt."]
    assert numbers_points(points)
    assert [tidied(text, numbered=True) for text in points[::2]] == ["Das Geld fehlt.", "Die Zeit fehlt."]
    assert not numbers_points(["3. Oktober ist Feiertag.", "4. Oktober nicht.", "1.5 Millionen kamen."])
