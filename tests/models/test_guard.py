"""Faults of decoding, and the human sentences that must not be taken for them."""

import pytest

from models.engines.base import Hypothesis
from models.guard import faults, repeated


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
