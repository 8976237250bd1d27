"""Sentences chosen for a summary: of about the asked length, none of them twice."""

from models.selection import Candidate, select


def candidate(words: int, chunk: int, place: int) -> Candidate:
    return Candidate(" ".join(f"w{chunk}.{place}.{n}" for n in range(words)), chunk, place)


def test_each_chunk_is_heard_before_any_is_heard_twice() -> None:
    candidates = [candidate(10, chunk, place) for chunk in range(3) for place in range(3)]
    assert [(c.chunk, c.place) for c in select(candidates, 40)] == [(0, 0), (0, 1), (1, 0), (2, 0)]


def test_at_least_one_sentence_is_chosen_however_long() -> None:
    assert len(select([candidate(100, 0, 0)], 10)) == 1


def test_what_was_said_is_not_said_again() -> None:
    same = [Candidate("Musk wants to buy OpenAI now.", n, 0) for n in range(3)]
    assert len(select(same, 90)) == 1
