"""A sentence is flagged if the article has nothing like it, and only then."""

import gc
import weakref

import pytest

from models.checks.compare import ArticleFacts, pair_flags, sources_at, summary_flags, unsupported_facts
from models.checks.texts import SourceSentence
from models.values import Document, Lang, Pair, Sentence, Translation

GERMAN = "Musks Konzern xAI bot in Kalifornien 97,4 Milliarden Dollar für OpenAI, so Präsident Selenskyj."
ENGLISH = "Musk's group xAI offered 97.4 million dollars for OpenAI in California, said President Zelensky."


def facts() -> ArticleFacts:
    sentence = Sentence(GERMAN, 0, len(GERMAN), "de", 0)
    document = Document("id", None, GERMAN, (sentence,))
    return ArticleFacts.of(Translation(document, (Pair(sentence, ENGLISH),)))


@pytest.mark.parametrize(
    "text",
    [
        "Musk offered 97.4 billion dollars.",
        "The Musk group wants OpenAI.",
        "In California, Zelensky spoke.",
        "Today, the people and I heard of xAI.",
    ],
)
def test_what_the_article_has_is_not_flagged(text: str) -> None:
    assert unsupported_facts(text, facts()) == ()


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
def test_what_the_article_lacks_is_flagged(text: str, kind: str, words: str) -> None:
    assert (kind, words) in [(f.kind, f.text) for f in unsupported_facts(text, facts())]


def test_a_number_that_only_the_translation_has_is_flagged() -> None:
    assert unsupported_facts("97.4 million", facts())
    assert not unsupported_facts("97.4 billion", facts())


def test_a_pair_is_compared_in_values_names_and_claims() -> None:
    flags = pair_flags("Es kostet 5,8 Milliarden Euro.", "It costs 5.8 million euros.")
    assert [(f.text, f.detail) for f in flags] == [
        ("5.8 million", "the source says 5,8 Milliarden"),
    ]
    assert pair_flags("Es kostet 5,8 Milliarden Euro.", "It costs 5.8 billion euros.") == ()
    assert [(f.kind, f.text) for f in pair_flags("Es kostet 5 Euro.", "It costs.")] == [("number", "5")]
    assert [(f.kind, f.text) for f in pair_flags("Altman soll gehen.", "Bezos is leaving.")] == [
        ("name", "Bezos"),
        ("claim", "soll"),
    ]


SENTENCES: list[tuple[str, Lang, str]] = [
    ("Die Firma bot angeblich 50 Milliarden Dollar.", "de", "The company reportedly offered 50 million dollars."),
    ("Altman lehnte im Mai ab.", "de", "Altman declined in May."),
    ("The market closed at 12,000 points.", "en", "The market closed at 12,000 points."),
]


def article(*, translated: bool) -> Translation | Document:
    sentences, start = [], 0
    for number, (text, lang, _) in enumerate(SENTENCES):
        sentences.append(Sentence(text, start, start + len(text), lang, number))
        start += len(text) + 1
    document = Document("id", None, "\n".join(s.text for s in sentences), tuple(sentences))
    pairs = tuple(Pair(s, english) for s, (_, _, english) in zip(sentences, SENTENCES, strict=True))
    return Translation(document, pairs) if translated else document


def found(text: str, places: list[int], *, translated: bool = True) -> list[tuple[str, str, str]]:
    material = article(translated=translated)
    flags = summary_flags(text, sources_at(material, places), ArticleFacts.of(material))
    return [(f.kind, f.text, f.detail) for f in flags]


@pytest.mark.parametrize("translated", [True, False])
def test_a_summary_is_compared_with_its_evidence_and_its_names_with_the_article(translated: bool) -> None:
    assert found("Altman declined an offer reported to be 50 billion dollars.", [0, 1], translated=translated) == []
    assert found("Altman reportedly got 50 billion dollars.", [0], translated=translated) == []
    assert found("The market closed at 12,000.", [2, 0], translated=translated) == []


def test_a_value_that_only_the_evidence_lacks_is_flagged_as_such() -> None:
    assert found("Altman declined 12,000.", [1]) == [("number", "12,000", "in the article, but not in its evidence")]
    assert found("Altman declined 13,000.", [1]) == [("number", "13,000", "not in the article")]
    assert found("Altman declined 50 million dollars in May.", [1])[0][2] == "not in the article"


def test_hearsay_that_the_summary_states_as_a_fact_is_flagged() -> None:
    assert [(kind, text) for kind, text, _ in found("The company offered 50 billion dollars.", [0])] == [
        ("claim", "angeblich")
    ]


@pytest.mark.parametrize("translated", [True, False])
def test_only_a_german_sentence_of_a_translated_article_has_a_translation(translated: bool) -> None:
    german, english = SENTENCES[0], SENTENCES[2]
    assert sources_at(article(translated=translated), [2, 0]) == [
        SourceSentence(english[0], "en"),
        SourceSentence(german[0], "de", german[2] if translated else None),
    ]


class TracedText(str):
    """A text of which a test can see whether anything still refers to it."""


def test_no_check_keeps_a_text_for_the_process() -> None:
    german, english = TracedText(GERMAN), TracedText(ENGLISH)
    pair_flags(german, english)
    sentences = (SourceSentence(german, "de", english),)
    summary_flags(english, sentences, ArticleFacts(sentences))
    kept = [weakref.ref(german), weakref.ref(english)]
    del german, english, sentences
    gc.collect()
    assert [text() for text in kept] == [None, None]
