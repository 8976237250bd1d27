"""Times in English that say the opposite of the German."""

import pytest

from models.checks.claims.time_words import time_word_flags
from models.checks.compare import pair_flags
from models.checks.texts import LangText, SourceSentence


def time_flags(german: str, english: str) -> list[tuple[str, str]]:
    return [(f.text, f.detail) for f in time_word_flags([SourceSentence(german, "de")], LangText(english, "en"))]


@pytest.mark.parametrize(
    ("german", "english", "text", "says"),
    [
        ("Im vergangenen Jahr stieg der Preis.", "Next year the price rose.", "Next year", "vergangenen Jahr"),
        ("Am kommenden Montag tagt der Rat.", "The council met last Monday.", "last Monday", "kommenden Montag"),
        ("Er kam gestern.", "He comes tomorrow.", "tomorrow", "gestern"),
        ("Das Spiel ist morgen.", "The game was yesterday.", "yesterday", "morgen"),
        ("Anfang Mai war er da.", "He was there at the end of May.", "the end of May", "Anfang Mai"),
        ("Ende 2019 ging er.", "He left in early 2019.", "early 2019", "Ende 2019"),
        ("Er lebt seit 2015 hier.", "He lived here until 2015.", "until 2015", "seit 2015"),
        ("Er lebte bis Mai 2015 hier.", "He has lived here since 2015.", "since 2015", "bis Mai 2015"),
    ],
)
def test_an_opposite_time_is_flagged_with_the_german_words(german: str, english: str, text: str, says: str) -> None:
    assert time_flags(german, english) == [(text, f"the source says {says}")]


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("Im vergangenen Jahr stieg der Preis.", "The price rose last year."),
        ("Im letzten Jahr hieß es, es werde besser, im folgenden kam es anders.", "The next year it was different."),
        ("Am Morgen danach kam er.", "Yesterday he came."),
        ("Er kommt nicht seit 2015, sondern erst 2016.", "He did not come until 2016."),
        ("Zwischen Anfang Mai und Ende Mai.", "From early May to the end of May."),
        ("Er kam im Mai.", "He came next year."),
    ],
)
def test_a_time_that_the_german_supports_is_not_flagged(german: str, english: str) -> None:
    assert time_flags(german, english) == []


def test_pairs_are_checked_for_times_but_english_sources_are_not() -> None:
    (flag,) = pair_flags("Er kam gestern.", "He comes tomorrow.")
    assert flag.kind == "date"
    assert not time_word_flags([SourceSentence("He came yesterday.", "en")], LangText("He comes tomorrow.", "en"))
    assert not time_word_flags([SourceSentence("Er kam gestern.", "de")], LangText("Er kommt tomorrow.", "de"))
