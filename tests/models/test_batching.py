"""Parts that fit a window: nothing lost, nothing too long, in order."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from models.batching import batches, chunks, opening_first, pieces


def words(texts: Sequence[str]) -> list[int]:
    return [len(t.split()) for t in texts]


def characters(texts: Sequence[str]) -> list[int]:
    return [len(t.encode()) for t in texts]


@given(st.lists(st.integers(min_value=1, max_value=300)), st.integers(1, 500), st.integers(1, 20))
def test_batches_hold_every_row_once_and_stay_within_the_bounds(lengths: list[int], tokens: int, rows: int) -> None:
    groups = batches(lengths, tokens, rows)
    assert sorted(i for group in groups for i in group) == list(range(len(lengths)))
    for group in groups:
        assert len(group) <= rows
        assert len(group) == 1 or len(group) * max(lengths[i] for i in group) <= tokens


@given(st.text(alphabet="ab ,;und\n", min_size=1, max_size=400), st.integers(1, 30))
def test_pieces_fit_and_hold_every_character(sentence: str, window: int) -> None:
    parts = pieces(sentence, window, characters)
    assert all(len(part.encode()) <= window or len(part) < 2 for part in parts)
    assert "".join("".join(parts).split()) == "".join(sentence.split())


def test_a_long_sentence_is_split_between_clauses_before_it_is_split_at_spaces() -> None:
    sentence = "Er kam spät am Abend nach Hause; sie war schon lange vorher gegangen"
    assert pieces(sentence, 9, words) == ["Er kam spät am Abend nach Hause;", "sie war schon lange vorher gegangen"]


def test_a_word_longer_than_the_window_is_split_inside() -> None:
    assert pieces("x" * 64, 20, characters) == ["x" * 16] * 4


@given(
    st.lists(st.integers(min_value=1, max_value=50), max_size=60), st.integers(1, 8), st.sampled_from([0.0, 0.2, 0.9])
)
def test_chunks_are_consecutive_cover_everything_and_fit(lengths: list[int], at_least: int, slope: float) -> None:
    runs = chunks(lengths, 50, at_least, slope)
    assert [i for run in runs for i in run] == list(range(len(lengths)))
    assert all(sum(lengths[i] for i in run) <= 50 for run in runs)


def test_chunks_are_of_about_equal_length_rather_than_full_ones_and_a_rest() -> None:
    assert [len(run) for run in chunks([10] * 6, 50)] == [3, 3]


def test_more_chunks_are_made_where_more_are_wanted() -> None:
    assert [len(run) for run in chunks([1] * 9, 50, at_least=3)] == [3, 3, 3]


def test_with_a_slope_the_chunks_grow_from_the_first_to_the_last() -> None:
    assert [len(run) for run in chunks([1] * 100, 90, 2, slope=0.2)] == [40, 60]
    assert [len(run) for run in chunks([1] * 100, 90, 5, slope=0.5)] == [10, 15, 20, 25, 30]


def test_with_a_slope_what_fits_one_window_is_one_chunk_and_the_last_is_not_cut_for_want_of_room() -> None:
    assert [len(run) for run in chunks([1] * 100, 100, slope=0.2)] == [100]
    assert [len(run) for run in chunks([1] * 190, 100, slope=0.2)] == [51, 63, 76]


@given(st.lists(st.integers(min_value=1, max_value=50), max_size=60), st.integers(0, 30))
def test_a_full_opening_and_the_rest_cover_everything_and_fit(lengths: list[int], smallest: int) -> None:
    runs = opening_first(lengths, 50, smallest)
    assert [i for run in runs for i in run] == list(range(len(lengths)))
    assert all(0 < sum(lengths[i] for i in run) <= 50 for run in runs)
    assert (len(runs) == 1) == (0 < sum(lengths) <= 50)
    if len(runs) > 1 and sum(lengths) >= 100:
        # No sentence more would have gone into the first.
        assert sum(lengths[: runs[0].stop + 1]) > 50


def test_the_opening_is_full_and_the_rest_of_about_equal_length() -> None:
    assert [len(run) for run in opening_first([10] * 12, 50, 0)] == [5, 4, 3]
    assert [len(run) for run in opening_first([10] * 4, 50, 0)] == [4]


def test_the_opening_leaves_enough_for_a_chunk_of_its_own() -> None:
    assert [len(run) for run in opening_first([10] * 6, 50, 20)] == [4, 2]
    assert [len(run) for run in opening_first([45, 10], 50, 20)] == [1, 1]
