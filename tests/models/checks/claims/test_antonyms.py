"""English words that say the opposite of a German word."""

import pytest

from models.checks.claims.antonyms import ANTONYM_PAIRS, antonym_flags
from models.checks.compare import ArticleFacts, pair_flags, summary_flags
from models.checks.data import read_toml
from models.checks.texts import LangText, SourceSentence
from models.checks.word_patterns import entries


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
        ("Es gab zwei Leichtverletzte.", "Two were badly hurt.", "badly hurt", "Leichtverletzte"),
        ("Sie wurde in Linz geboren.", "She died in Linz.", "died", "geboren"),
    ],
)
def test_an_opposite_is_flagged_with_the_german_word(german: str, english: str, text: str, says: str) -> None:
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
def test_a_word_is_not_flagged_if_either_text_may_mean_the_other_side(german: str, english: str) -> None:
    assert opposites(german, english) == []


def test_pairs_and_summaries_are_checked_for_opposites_but_english_sources_are_not() -> None:
    (flag,) = pair_flags("Die Zahl ist gesunken.", "The number rose.")
    assert (flag.kind, flag.text) == ("claim", "rose")
    evidence = [SourceSentence("Die Zahl ist gesunken.", "de", "The number rose.")]
    assert [f.text for f in summary_flags("The number rose.", evidence, ArticleFacts(tuple(evidence)))] == ["rose"]
    assert not antonym_flags([SourceSentence("The number fell.", "en")], LangText("The number rose.", "en"))
    assert not antonym_flags([SourceSentence("Die Zahl ist gesunken.", "de")], LangText("Die Zahl rose.", "de"))


ROWS = read_toml("models.checks.claims", "antonym_pairs.toml")["pair"]


def single_words(words: str) -> list[str]:
    return [entry.replace("*", "") for entry in entries(words) if "<" not in entry]


@pytest.mark.parametrize("number", range(len(ROWS)), ids=lambda number: ROWS[number]["first"]["word"])
def test_a_word_of_one_side_may_have_its_meaning_and_is_not_of_the_other_side(number: int) -> None:
    first, second = ANTONYM_PAIRS[number]
    for side, other, row in ((first, second, ROWS[number]["first"]), (second, first, ROWS[number]["second"])):
        for word in single_words(row["german"]):
            assert (bool(side.german.search(word)), bool(side.german_like.search(word))) == (True, True), word
            assert not other.german.search(word), word
        for word in single_words(row["english"]):
            assert (bool(side.english.search(word)), bool(side.english_like.search(word))) == (True, True), word
            assert not other.english.search(word), word
        assert side.english.fullmatch(row["word"])
