"""Repetition is found in every form; lists and tables of human texts are not mistaken for it."""

import pytest

from models.checks.repetition import find_loop, low_diversity, repeated_ngram, repeated_template, repeated_tokens


def test_a_phrase_of_many_words_that_comes_three_times_is_found() -> None:
    assert repeated_tokens("and then he said that it was so " * 3) == "and then he said that it was so"


def test_repeated_letters_are_found() -> None:
    assert find_loop("Das ist lustig.", "That is hahahahahahahahahahahaha").startswith("hahaha")


def test_a_row_of_dots_is_no_repetition() -> None:
    assert repeated_tokens("Chapter one .................... 5") == ""


LOOPS = {
    "synonyms in twos": "The garden was nice and kind and lovely and sweet and warm and fine and good and bright.",
    "synonyms in fours": "The host was glad, the owner was pleased, the keeper was content, the boss was cheerful, "
    "the man was joyful, the woman was merry.",
    "a clause within a sentence": "The landlord who reopened the old garden behind the church said that he was glad "
    "because he reopened the old garden behind the church.",
    "few words": "The garden was lovely and beautiful, pretty and lovely, beautiful and handsome, and lovely, "
    "pretty and beautiful was the garden, lovely and pretty.",
    "sentences by turns": "The landlord reopened it. The neighbours came. The landlord reopened it. "
    "The neighbours came. The landlord reopened it.",
    "four words in a row": "They must be punished as far as possible, as far as possible, in social networks.",
    "three sentences": "The landlord came. " * 3,
}
NONE = [
    "We are open Monday and Friday from 9 a.m. to 2 p.m., Tuesday and Thursday from 4 p.m. to 6 p.m. and Saturdays "
    "from 10 a.m. to 12 p.m.",
    "Goals: 1-0 Zymner (minute 24), 2-0 Fink (minute 39), 2-1 Gill (minute 45), 2-2 Gill (minute 59), 3-2 Nau (60).",
    "The chancellor, the president, the minister, the mayor and the bishop came to the fair in the old town.",
    "He has the keys to the house, the keys to the car and the keys to the shop.",
]


@pytest.mark.parametrize("text", LOOPS.values(), ids=LOOPS)
def test_every_form_of_repetition_is_found(text: str) -> None:
    assert find_loop("Der Wirt hat am Sonntag den alten Garten hinter der Kirche wieder geöffnet.", text)


@pytest.mark.parametrize("text", NONE)
def test_hours_scores_and_lists_are_no_repetition(text: str) -> None:
    assert find_loop("Der Wirt hat am Sonntag den alten Garten hinter der Kirche wieder geöffnet.", text) == ""


@pytest.mark.parametrize("text", LOOPS.values(), ids=LOOPS)
def test_the_target_may_repeat_what_its_source_repeats(text: str) -> None:
    assert find_loop(text, text) == ""


def test_each_rule_returns_what_it_found() -> None:
    assert repeated_ngram("a b c d e f g h, A b c d e f g") == "a b c d e f g"
    assert repeated_ngram("1 2 3 4 5 6 7, 1 2 3 4 5 6 7") == ""
    assert "and a and b and c" in repeated_template("go and a and b and c and d and e and f and g and h")
    assert low_diversity("old and new " * 7) == ("old and new " * 7)[: len("old and new " * 6 + "old and")]


def test_a_phrase_that_the_source_has_twice_in_a_row_may_come_twice() -> None:
    assert (
        find_loop(
            "Sie rief: „Bleib im Prozess, bleib im Prozess!“", "She called: “Stay in the process, stay in the process!”"
        )
        == ""
    )
