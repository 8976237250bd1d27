"""Doubts are raised where the article has nothing like it, and only there."""

import pytest

from models.checks.compare import Facts, doubts, pair_flags
from models.checks.names import names, stem
from models.values import Document, Pair, Sentence, Translation

GERMAN = "Musks Konzern xAI bot in Kalifornien 97,4 Milliarden Dollar für OpenAI, so Präsident Selenskyj."
ENGLISH = "Musk's group xAI offered 97.4 million dollars for OpenAI in California, said President Zelensky."


def facts() -> Facts:
    sentence = Sentence(GERMAN, 0, len(GERMAN), "de", 0)
    document = Document("id", None, GERMAN, (sentence,))
    return Facts.of(Translation(document, (Pair(sentence, ENGLISH),)))


@pytest.mark.parametrize(
    "text",
    [
        "Musk offered 97.4 billion dollars.",
        "The Musk group wants OpenAI.",
        "In California, Zelensky spoke.",
        "On Monday, Americans and I heard of xAI.",
    ],
)
def test_what_the_article_holds_is_not_doubted(text: str) -> None:
    assert [f for f in doubts(text, facts()) if f.text != "Americans"] == []


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("Musk offered 97.4 million dollars.", "number", "97.4 million"),
        ("He offered 98 billion dollars.", "number", "98 billion"),
        ("The offer came from Bezos.", "name", "Bezos"),
        ("OpenMind was sold.", "name", "OpenMind"),
        ("He met Altman in Texas.", "name", "Texas"),
    ],
)
def test_what_the_article_does_not_hold_is_doubted(text: str, kind: str, words: str) -> None:
    assert (kind, words) in [(f.kind, f.text) for f in doubts(text, facts())]


def test_a_number_that_only_the_translation_holds_is_no_fact() -> None:
    assert doubts("97.4 million", facts())
    assert not doubts("97.4 billion", facts())


def test_the_first_word_of_a_sentence_is_no_name_for_its_capital() -> None:
    assert names("Yesterday he came. Then Bob left: Nobody saw him.") == ["Bob"]


def test_a_stem_knows_no_case_accent_or_inflection() -> None:
    assert stem("Kaliforniens") == stem("KALIFORNIEN")
    assert stem("Erdoğan") == stem("Erdogan")
    assert stem("Straße") == stem("strasse")


def test_a_number_on_one_side_only_is_flagged_with_its_side() -> None:
    flags = pair_flags("Es kostet 5,8 Milliarden Euro.", "It costs 5.8 million euros.")
    assert [(f.text, f.detail) for f in flags] == [
        ("5.8 million", "not in the source"),
        ("5,8 Milliarden", "not in the translation"),
    ]
    assert pair_flags("Es kostet 5,8 Milliarden Euro.", "It costs 5.8 billion euros.") == ()
