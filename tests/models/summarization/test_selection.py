"""Sentences chosen for a summary: of about the asked length, none of them twice."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.summarization.selection import Candidate, has_length, select
from models.values import Flag


def text_of(words: int, mark: str) -> str:
    """So many words that no text with another mark holds."""
    return " ".join(f"{chr(97 + n // 26)}{chr(97 + n % 26)}q{mark}" for n in range(words))


FLAG = Flag("claim", "soll", "the source reports this as hearsay", "lost_hedge")


def candidate(words: int, chunk: int, place: int) -> Candidate:
    return Candidate(text_of(words, f"{chunk}{place}"), chunk + place / 100, 0.8**place)


def test_each_chunk_is_heard_before_any_is_heard_twice() -> None:
    candidates = [candidate(10, chunk, place) for chunk in range(3) for place in range(3)]
    assert {c.position for c in select(candidates, 30)} == {0, 1, 2}
    assert {0, 1, 2} < {c.position for c in select(candidates, 40)}


def test_at_least_one_sentence_is_chosen_however_long() -> None:
    assert len(select([candidate(100, 0, 0)], 10)) == 1


def test_nothing_is_chosen_of_nothing() -> None:
    assert select([], 90) == []


def test_what_was_said_is_not_said_again() -> None:
    same = [Candidate("Musk wants to buy OpenAI now.", n) for n in range(3)]
    assert len(select(same, 90)) == 1


@pytest.mark.parametrize(
    ("one", "other", "left"),
    [
        ("Musk wants to buy the company OpenAI.", "The company OpenAI Musk wanted to buy.", 1),
        ("In 2019 the city had 40,000 inhabitants.", "In 2023 the city had 50,000 inhabitants.", 2),
        ("The dog sleeps in the garden.", "The cat sits on the warm roof.", 2),
        (
            "Ann Berg and her two sons were killed in a fire hours before the trial of a neighbour was to begin.",
            "On Monday Ann Berg and her two sons were killed, the day that somebody should have been sentenced.",
            1,
        ),
        (
            "Ann Berg and both sons were killed in a fire hours before the trial of a neighbour was to begin.",
            "On Monday Ann Berg was killed, and her two sons, the day that somebody should have been sentenced.",
            2,
        ),
    ],
)
def test_the_same_in_other_words_is_dropped_and_the_same_with_other_numbers_is_not(
    one: str, other: str, left: int
) -> None:
    assert len(select([Candidate(one, 0), Candidate(other, 1)], len(f"{one} {other}".split()))) == left


def test_a_low_priority_sentence_is_told_only_where_the_length_cannot_be_had_without() -> None:
    whole, low_priority = candidate(40, 0, 0), replace(candidate(5, 1, 0), low_priority=True)
    assert select([whole, low_priority], 45) == [whole]
    assert select([whole, low_priority], 55) == [whole, low_priority]
    assert select([low_priority], 55) == [low_priority]


def test_what_is_flagged_is_told_only_where_much_would_be_lost_without() -> None:
    first, flagged, other = candidate(40, 0, 0), replace(candidate(20, 1, 0), flags=(FLAG,)), candidate(18, 2, 0)
    assert select([first, flagged, other], 60) == [first, other]
    assert select([first, flagged], 60) == [first, flagged]
    assert select([first, replace(flagged, score=3.0), other], 60) == [first, replace(flagged, score=3.0)]


def test_of_two_that_say_the_same_the_scoreier_stays() -> None:
    text = "Musk wants to buy OpenAI now"
    assert [c.text for c in select([Candidate(text + "!", 0, 0.5), Candidate(text + ".", 1, 0.9)], 12)] == [text + "."]


@given(
    st.lists(st.tuples(st.integers(3, 45), st.floats(0.1, 1)), min_size=1, max_size=14), st.sampled_from([40, 55, 90])
)
def test_the_length_is_met_wherever_whole_sentences_can_meet_it(rows: list[tuple[int, float]], words: int) -> None:
    items = [Candidate(text_of(size, chr(97 + n)), n, score) for n, (size, score) in enumerate(rows)]
    sums = {0}
    for item in items:
        sums |= {total + item.words for total in sums}
    total = sum(c.words for c in select(items, words))
    if any(has_length(reachable, words) for reachable in sums):
        assert has_length(total, words)
    else:
        assert total in sums - {0}


def test_the_order_is_that_of_the_article() -> None:
    chosen = select([candidate(10, chunk, 0) for chunk in (2, 0, 1)], 30)
    assert [c.position for c in chosen] == [0, 1, 2]
