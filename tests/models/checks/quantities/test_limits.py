"""Limits on values that only the English sets are flagged."""

import pytest

from models.checks.compare import ArticleFacts, pair_flags, summary_flags
from models.checks.quantities.limits import limit_flags
from models.checks.texts import LangText, SourceSentence
from models.values import Flag


def limits(german: str, english: str) -> list[str]:
    return [flag.text for flag in limit_flags([SourceSentence(german, "de")], LangText(english, "en"))]


@pytest.mark.parametrize(
    ("german", "english", "limit"),
    [
        (
            "Musk holt weitere sechs Milliarden Dollar.",
            "Musk has more than six billion dollars.",
            "more than six billion",
        ),
        ("Es kamen knapp 100 Gäste.", "Over 100 guests came.", "Over 100"),
        ("Es kamen gut 100 Gäste.", "Nearly 100 guests came.", "Nearly 100"),
        ("Es kamen 100 Gäste.", "At least 100 guests came.", "At least 100"),
        ("Er zahlte mehr als 50 Prozent.", "He paid less than 50 percent.", "less than 50 percent"),
        ("Es kamen weniger als 100 Gäste.", "More than 100 guests came.", "More than 100"),
        ("Er spricht über 20 Euro und noch mehr.", "He paid less than €20.50.", "less than €20.50"),
    ],
)
def test_a_limit_that_the_german_does_not_set_is_flagged(german: str, english: str, limit: str) -> None:
    assert limits(german, english) == [limit]


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("Es kamen über 100 Gäste.", "More than 100 guests came."),
        ("Es kamen gut 100 Gäste.", "Just over 100 guests came."),
        ("Das wäre über $2 Millionen wert.", "It would be worth over $2 million."),
        ("Die Zahl überstieg 100.", "The number exceeded 100."),
        ("Er ist älter als 30.", "He is over 30."),
        ("Es kamen knapp 100 Gäste.", "Almost 100 guests came."),
        ("Es kamen rund 100 Gäste.", "Nearly 100 guests came."),
        ("Nur noch 18.000 dürfen kommen.", "No more than 18,000 may come."),
        ("Es waren 70 Quadratmeter.", "There were no less than 70 square metres."),
        ("In zwei Jahren stieg der Preis.", "The price rose over 2 years."),
        ("Sie streiten über das Haus.", "They fight over the house."),
        ("Er kam zu Fuß.", "He came on foot."),
    ],
)
def test_a_limit_of_both_and_words_that_set_none_are_not_flagged(german: str, english: str) -> None:
    assert limits(german, english) == []


def test_english_sentences_of_the_source_support_a_limit_but_translations_do_not() -> None:
    target = LangText("He has more than six billion dollars.", "en")
    german = SourceSentence("Er hat sechs Milliarden Dollar.", "de", "He has over six billion dollars.")
    assert limit_flags([german], target)
    assert not limit_flags([SourceSentence("He has over six billion dollars.", "en")], target)
    assert not limit_flags([], target)
    assert not limit_flags([german], LangText("Er hat mehr als sechs Milliarden Dollar.", "de"))


def test_pairs_and_summaries_have_a_flag_for_the_limit() -> None:
    german, english = "Er hat weitere sechs Milliarden Dollar.", "He has more than six billion dollars."
    expected = Flag("number", "more than six billion", "the source sets no such limit", "added")
    assert pair_flags(german, english) == (expected,)
    support = [SourceSentence(german, "de", english)]
    assert summary_flags(english, support, ArticleFacts(tuple(support))) == (expected,)
