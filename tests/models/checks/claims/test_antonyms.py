"""Words that say the opposite of the German's."""

import pytest

from models.checks.claims.antonym_pairs import ANTONYM_PAIRS
from models.checks.claims.antonyms import antonym_flags
from models.checks.compare import ArticleFacts, pair_flags, summary_flags
from models.checks.texts import LangText, SourceSentence


def opposites(german: str, english: str) -> list[tuple[str, str]]:
    return [(f.text, f.detail) for f in antonym_flags([SourceSentence(german, "de")], LangText(english, "en"))]


@pytest.mark.parametrize(
    ("german", "english", "text", "says"),
    [
        ("Die Zahl der Gäste ist gesunken.", "The number of guests rose.", "rose", "gesunken"),
        ("Die Mieten sind stark gestiegen.", "Rents have fallen sharply.", "fallen", "gestiegen"),
        ("Sie hat den Prozess verloren.", "She won the case.", "won", "verloren"),
        ("Die Firma kaufte das Haus.", "The firm sold the house.", "sold", "kaufte"),
        ("Im Süden der Stadt brennt es.", "There is a fire in the north of the city.", "north", "Süden"),
        ("Das Bad wurde geschlossen.", "The pool was opened.", "opened", "geschlossen"),
        ("Seine Mutter lebt in Ulm.", "His father lives in Ulm.", "father", "Mutter"),
        ("Er kam mit seinem Ehemann.", "He came with his wife.", "wife", "Ehemann"),
        ("Der Verlust war hoch.", "The profit was high.", "profit", "Verlust"),
        ("Sie wurde in Linz geboren.", "She died in Linz.", "died", "geboren"),
    ],
)
def test_the_opposite_is_named_with_what_the_source_says(german: str, english: str, text: str, says: str) -> None:
    assert opposites(german, english) == [(text, f"the source says “{says}”")]


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("Die Zahl der Gäste ist gesunken.", "The number of guests fell."),
        ("Wien verlor gegen Graz.", "Graz beat Vienna, who lost again."),
        ("Wien verlor gegen Graz.", "Graz won when Vienna were beaten."),
        ("Er hat nicht gewonnen.", "He lost."),
        ("Er hat gewonnen.", "He has not lost."),
        ("Die Preise sind gesunken, die Löhne gestiegen.", "Wages rose."),
        ("Die Zahl nahm erst ab, dann zu.", "The number rose."),
        ("Seine Eltern, vor allem die Mutter, halfen.", "His father helped."),
    ],
)
def test_what_may_be_meant_is_no_doubt(german: str, english: str) -> None:
    assert opposites(german, english) == []


def test_it_is_a_claim_of_a_pair_and_of_a_summary_and_english_sources_are_left_alone() -> None:
    (flag,) = pair_flags("Die Zahl ist gesunken.", "The number rose.")
    assert (flag.kind, flag.text) == ("claim", "rose")
    evidence = [SourceSentence("Die Zahl ist gesunken.", "de", "The number rose.")]
    assert [f.text for f in summary_flags("The number rose.", evidence, ArticleFacts(tuple(evidence)))] == ["rose"]
    assert not antonym_flags([SourceSentence("The number fell.", "en")], LangText("The number rose.", "en"))
    assert not antonym_flags([SourceSentence("Die Zahl ist gesunken.", "de")], LangText("Die Zahl rose.", "de"))


def test_what_says_a_pole_for_sure_may_say_it_too_and_is_none_of_the_other() -> None:
    for here, there in ANTONYM_PAIRS:
        for one, other in ((here, there), (there, here)):
            assert one.german.pattern in one.german_like.pattern
            assert one.english.pattern in one.english_like.pattern
            assert one.english.pattern != other.english.pattern
