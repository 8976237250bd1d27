"""Any text as a summary: its sentences, what they rest on, what is doubted."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.checking import check
from models.errors import Cancelled, EmptyText, TextTooLong, UnknownLanguage, UnusableSummary
from models.options import ignore_progress
from models.reading.article import read
from models.reading.summary_text import summary_sentences
from models.values import Article

ARTICLE = (
    "Das Konsortium um Elon Musk bot 97,4 Milliarden Dollar für OpenAI.\n\n"
    "Sam Altman lehnte das Angebot am Montag ab. Der Hund des Nachbarn schläft seit drei Tagen im Garten.\n"
)


def test_each_sentence_has_the_german_it_rests_on_and_its_doubts() -> None:
    offer, dog = check(Article(ARTICLE), "The consortium offered 98 billion dollars. The dog sleeps.").sentences
    assert offer.evidence[0].sentence == 0
    assert [(f.kind in {"number", "money"}, f.text) for f in offer.flags] == [(True, "98 billion")]
    assert ARTICLE[dog.evidence[0].start : dog.evidence[0].end].startswith("Der Hund des Nachbarn")
    assert dog.flags == ()


def test_as_json_each_evidence_quotes_the_text_that_its_offsets_count() -> None:
    report = check(Article("\ufeff" + ARTICLE, id="a", title="T"), "The dog sleeps in the garden.").to_dict()
    assert (report["id"], report["title"], report["source_lang"]) == ("a", "T", "de")
    (sentence,) = report["sentences"]
    assert list(sentence) == ["text", "lang", "flags", "evidence"]
    first = sentence["evidence"][0]
    assert list(first) == ["sentence", "start", "end", "score", "source"]
    assert first["source"] == ARTICLE[first["start"] : first["end"]]


def test_a_german_sentence_is_held_against_the_german_by_its_quantities() -> None:
    text = "Das Konsortium bot 98 Milliarden Dollar. Das Konsortium bot 97,4 Milliarden Dollar."
    wrong, right = check(Article(ARTICLE), text).sentences
    assert (wrong.lang, right.lang) == ("de", "de")
    assert [f.text for f in wrong.flags] == ["98 Milliarden"]
    assert right.flags == ()
    assert wrong.evidence[0].sentence == right.evidence[0].sentence == 0


def test_a_number_from_another_sentence_than_the_evidence_is_no_doubt_in_german() -> None:
    (sentence,) = check(Article(ARTICLE), "Der Hund des Nachbarn sah 97,4 Milliarden Dollar.").sentences
    assert sentence.flags == ()


def test_a_sentence_in_a_third_language_is_flagged_as_such_and_a_name_alone_is_not() -> None:
    french, name = check(Article(ARTICLE), "Le chien dort dans le jardin de sa maison.\n\nJürgen Łukasz").sentences
    assert [f.kind for f in french.flags] == ["language"]
    assert "language" not in [f.kind for f in name.flags]


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("loop", "Musk offered the money and the money and the money and the money for OpenAI."),
        ("loop", "The dog was nice and kind and good and sweet and fine and warm and old and grey."),
        ("unfinished", "Musk offered 97.4 billion dollars for the"),
        ("unfinished", "Musk offered 97.4 billion dollars,"),
        ("language", "The dog of the neighbour schläft seit drei Tagen im Garten."),
        ("language", "Der Hund des Nachbarn schläft seit drei Tagen im Garten."),
        ("language", "The dog <unk> sleeps in the garden."),
    ],
)
def test_what_a_failing_model_writes_is_flagged_in_anybodys_summary(kind: str, sentence: str) -> None:
    first, second = check(Article(ARTICLE), f"Musk offered 97.4 billion dollars for OpenAI. {sentence}").sentences
    assert kind in [f.kind for f in second.flags]
    assert first.flags == ()


def test_a_sentence_that_stands_twice_is_a_loop_the_second_time() -> None:
    sentences = check(Article(ARTICLE), "The dog is sleeping. Sam Altman declined. The dog is sleeping!").sentences
    assert [[(f.kind, f.detail) for f in s.flags] for s in sentences] == [[], [], [("loop", "the same as sentence 1")]]


@pytest.mark.parametrize(
    "summary",
    [
        "# Dog goes on\n\n- the dog sleeps\n- Musk offers 97.4 billion\n\nSummary: Altman said no to the offer",
        "OpenAI\n\nOpenAI",
    ],
)
def test_headings_points_and_names_have_no_fault(summary: str) -> None:
    assert all(s.flags == () for s in check(Article(ARTICLE), summary).sentences)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("- One point.\n- Another, by Mr. Smith.", ["One point.", "Another, by Mr. Smith."]),
        ("1. One.\n2) Two.\n• Three.\n* Four.", ["One.", "Two.", "Three.", "Four."]),
        ("1. FC Köln won.\nNobody had expected it.", ["1. FC Köln won.", "Nobody had expected it."]),
        ("# Heading\n\nA sentence. – Another.", ["Heading", "A sentence.", "– Another."]),
        ("The chancellor said on Tuesday evening that the\ncoalition would hold.", None),
        ("***\n\n---\nA sentence.\n…", ["A sentence."]),
        ("A\u00a0sentence\twith\u2009spaces \x00and\x1b nothing.", ["A sentence with spaces and nothing."]),
        ("1945 was the end.", ["1945 was the end."]),
        ("One. [1] Two [2, 3]. Three. [4*] [!1] Four.[^5]", ["One.", "Two.", "Three.", "Four."]),
        (
            "**Bold:** one.\n+ Two **and** three.\n(3) Four.\n> - Five.",
            ["Bold: one.", "Two and three.", "Four.", "Five."],
        ),
        ("It has [12] dogs and (3) and 2 ** 3 and [1.5].", ["It has [12] dogs and (3) and 2 ** 3 and [1.5]."]),
    ],
)
def test_points_headings_and_wrapped_lines_are_told_apart(text: str, sentences: list[str] | None) -> None:
    assert summary_sentences(text) == (sentences or [" ".join(text.split())])


@pytest.mark.parametrize("summary", ["", " \n\t", "***", "…", "\u200b\ufeff", "\x00\x01", "\ud800"])
def test_a_summary_without_a_word_is_refused_as_such(summary: str) -> None:
    with pytest.raises(UnusableSummary, match="The summary is empty"):
        check(Article(ARTICLE), summary)


def test_what_would_be_furniture_in_an_article_is_checked_in_a_summary() -> None:
    (sentence,) = check(Article(ARTICLE), "About this publication").sentences
    assert sentence.text == "About this publication"


def test_a_summary_is_held_to_the_same_limit_as_an_article() -> None:
    assert check(Article(ARTICLE), "word " * 50, max_characters=250).sentences
    for summary in ("word " * 51, "\u200b" * 501):
        with pytest.raises(TextTooLong, match="The summary has"):
            check(Article(ARTICLE), summary, max_characters=250)


@pytest.mark.parametrize(
    ("text", "error"),
    [("", EmptyText), ("Kommentar schreiben", EmptyText), ("Le chien dort dans le jardin.", UnknownLanguage)],
)
def test_an_article_that_cannot_be_used_is_refused_as_ever(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        check(Article(text), "The dog sleeps.")


def test_a_long_summary_can_be_followed_and_stopped_on_the_way() -> None:
    heard: list[tuple[str, int, int]] = []
    result = check(Article(ARTICLE), "The dog sleeps. " * 20, on_progress=lambda *step: heard.append(step))
    assert len(result.sentences) == 20
    assert list(dict.fromkeys(heard)) == [("check", done, 20) for done in range(21)]

    def stop(_stage: str, done: int, _total: int) -> None:
        if done:
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        check(Article(ARTICLE), "The dog sleeps. " * 20, on_progress=stop)


WORDS = st.sampled_from(["Musk", "97,4", "97.4", "billion", "Milliarden", "dog", "Hund", "1.", "- ", "\n", "\n\n", "."])


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80) | st.lists(WORDS).map(" ".join))
def test_any_text_is_a_summary_or_refused_and_evidence_points_into_the_article(summary: str) -> None:
    try:
        result = check(Article(ARTICLE), summary, on_progress=ignore_progress)
    except UnusableSummary:
        assert not any(map(str.isalnum, summary)) or len(summary) < 4
        return
    sources = read(Article(ARTICLE)).sentences
    for sentence in result.sentences:
        assert sentence.text == " ".join(sentence.text.split()) != ""
        for evidence in sentence.evidence:
            source = sources[evidence.sentence]
            assert (evidence.start, evidence.end, evidence.source) == (source.start, source.end, source.text)
