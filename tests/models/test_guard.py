"""Faults of decoding, and the human sentences that must not be taken for them."""

import pytest

from models.engines.base import Hypothesis
from models.guard import faults, repeated, summary_faults


def kinds(source: str, target: str, *, finished: bool = True) -> list[str]:
    (found,) = faults([source], [Hypothesis(target, 5, finished)])
    return [f.kind for f in found]


GOOD = [
    ("Der Hund schläft.", "The dog is asleep."),
    ("Elon Musk, Sam Altman, Ilya Sutskever, Greg Brockman", "Elon Musk, Sam Altman, Ilya Sutskever, Greg Brockman"),
    ("Nein, nein, nein!", "No, no, no!"),
    ("Ja ja ja ja ja ja, sagte er.", "Yes yes yes yes yes yes, he said."),
    ("Astera Labs (NASDAQ: ALAB)", "Astera Labs (NASDAQ: ALAB)"),
    ("OpenAI", "OpenAI"),
    ("Donaudampfschifffahrtsgesellschaft", "Danube steamship company"),
    ("Kommentar", "A comment"),
    ("Sie sagte, dass sie sagte, dass er es sei.", "She said that she said that it was him."),
    ("Es war 1.000.000.000.000 Mal so weit.", "It was 1,000,000,000,000 times as far."),
]


LONG = "Der Minister erklärte am Dienstag, dass die Mauer im Hafen bis zum Sommer erneuert wird, und dankte allen."
BAD = [
    ("loop", LONG, "The minister said on Tuesday that the the the wall in the harbour will be renewed by summer."),
    ("loop", LONG, "The wall will be built in May, the wall will be built in June, the wall will be built in July."),
    (
        "loop",
        LONG,
        "The minister said the wall in the harbour is old. The minister said the wall in the harbour is new.",
    ),
    (
        "loop",
        LONG,
        "The minister said on Tuesday that the wall ....................................... will be renewed.",
    ),
    ("loop", LONG, "The minister thanked everybody - - - - - - - - - - - - - - - - - - - - - - - - - - - - - -"),
    (
        "language",
        LONG,
        "The minister erklärte am Dienstag, dass the wall in the harbour will be erneuert wird, und thanked them.",
    ),
    ("language", "Die Verwaltung will die Versicherung ändern.", "The office wants to change the Versicherung."),
    ("unfinished", LONG, "The minister said on Tuesday that the wall in the harbour will be renewed by summer and the"),
    ("unfinished", LONG, "The minister said on Tuesday that the wall in the harbour will be renewed by summer,"),
    ("unfinished", LONG, "The minister said on Tuesday that the wall in the harbour (which will be renewed by summer."),
    ("length", "Er kommt.", "He is coming, and he is coming with his brother and his sister today."),
    ("copy", LONG, LONG),
    ("empty", LONG, ""),
]


@pytest.mark.parametrize(("kind", "source", "target"), BAD)
def test_each_fault_is_found_where_the_model_says_that_it_is_done(kind: str, source: str, target: str) -> None:
    assert kind in kinds(source, target)


def test_what_the_source_repeats_or_leaves_open_may_be_so_in_english() -> None:
    source = "Er kam im Mai an den See, er kam im Juni an den See, er kam im Juli an den See,"
    assert kinds(source, "He came to the lake in May, he came to the lake in June, he came to the lake in July,") == []


def test_a_german_title_in_quotation_marks_may_stay() -> None:
    source = 'Die Zeitung "Neue Versicherung und Leben" wurde den eigenen Lesern verkauft, heißt es.'
    assert (
        kinds(source, 'The newspaper "Neue Versicherung und Leben" has been sold to its own readers, they say.') == []
    )


@pytest.mark.parametrize(("source", "target"), GOOD)
def test_a_human_translation_has_no_fault(source: str, target: str) -> None:
    assert kinds(source, target) == []


def test_a_loop_of_many_words_is_found() -> None:
    assert repeated("and then he said that it was so " * 3) == "and then he said that it was so"


def test_a_loop_of_letters_is_found() -> None:
    assert kinds("Das ist lustig.", "That is hahahahahahahahahahahahaha") == ["loop"]


def test_a_row_of_dots_is_no_loop() -> None:
    assert repeated("Chapter one .................... 5") == ""


def test_no_letters_at_all_is_empty() -> None:
    assert kinds("Der Hund schläft.", " ... ") == ["empty"]


def test_a_long_sentence_with_a_short_answer_is_flagged() -> None:
    assert "length" in kinds("Der Hund schläft heute lange im schönen Garten hinter dem alten Haus. " * 3, "The dog.")


def test_no_hypotheses_have_no_faults() -> None:
    assert faults([], []) == []


SUMMARIES = [
    ("language", LONG, "Der Minister dankte allen im Hafen."),
    ("unfinished", LONG, "The minister thanked everybody in the"),
    ("length", "The wall is old.", "The wall in the harbour is old and will be renewed by the minister next summer."),
    ("loop", LONG, "The wall is the the the wall."),
    ("empty", LONG, ""),
]


@pytest.mark.parametrize(("kind", "source", "summary"), SUMMARIES)
def test_a_summary_has_faults_of_its_own(kind: str, source: str, summary: str) -> None:
    assert [f.kind for f in summary_faults(source, Hypothesis(summary, 5, finished=True))] == [kind]


def test_a_summary_that_is_a_good_sentence_of_its_source_has_no_fault() -> None:
    source = "The wall in the harbour is old. The minister thanked everybody."
    assert summary_faults(source, Hypothesis("The minister thanked everybody.", 5, finished=True)) == []
