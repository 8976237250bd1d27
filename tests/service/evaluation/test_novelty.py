"""What a summary has that its article has not, told from the surface."""

import pytest

from models.values import SummarySentence
from service.evaluation.novelty import names, novelty
from service.evaluation.scores import pooled_share

ARTICLE = (
    "Angela Merkel besuchte am Montag München. Dort leben 1.234,5 Menschen.\n"
    "Angela Merkel visited Munich on Monday. There 1,234.5 people live."
)


def counted(text: str, *, extracted: bool = False) -> dict[str, tuple[int, int]]:
    found = novelty([SummarySentence(text, extracted=extracted)], ARTICLE)
    return {name: getattr(found, name) for name in ("copied", "extracted", "numbers", "names")}


@pytest.mark.parametrize(
    ("text", "copied"),
    [
        ("Angela Merkel visited Munich on Monday.", 1),
        ("angela merkel visited Munich", 1),
        ("Merkel visited Munich.", 1),  # a run of its words
        ("Merkel visited a town.", 0),
        ("Merkel visited Mun", 0),  # whole words only
    ],
)
def test_a_sentence_is_copied_where_its_words_stand_in_one_run(text: str, copied: int) -> None:
    assert counted(text)["copied"] == (copied, 1)


def test_numbers_are_the_same_whatever_their_points_and_commas() -> None:
    assert counted("There live 1,234.5 and 1.234,5 people, not 1,235.")["numbers"] == (1, 3)


def test_names_in_german_or_english_stand_there_with_genitive_and_hyphen() -> None:
    assert counted("In Munich Merkel's München-Munich trip met Obama and UK-based Smith.")["names"] == (3, 6)


def test_what_the_summariser_took_over_is_counted_as_extracted() -> None:
    assert counted("x", extracted=True)["extracted"] == (1, 1)
    assert counted("x")["extracted"] == (0, 1)


def test_a_capital_at_an_opening_makes_no_name_and_days_are_none() -> None:
    assert names('Yesterday he said: "Nothing happened on Monday", and I think of (Maybe) Berlin\'s Spree.') == [
        "Berlin",
        "Spree",
    ]


def test_a_share_is_of_all_things_and_its_interval_of_articles_drawn_as_wholes() -> None:
    # One article of 98 things and one of 2: a sample of two articles has 98:2 mixed, or one of them twice.
    found = pooled_share([(0, 98), (2, 2), (0, 0)])
    assert found is not None
    assert (found.score.value, found.score.low, found.score.high, found.of) == (2, 0, 100, 100)
    assert pooled_share([(0, 0)]) is None
    assert pooled_share([]) is None
