"""Groups in CTranslate2: never more started than can run, none once the work is stopped."""

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from models.decoding import ResolvedDecoding, ignore_step
from models.engines.ctranslate2_search import in_turn, patience, rows_per_group

if TYPE_CHECKING:
    from collections.abc import Callable


class Result:
    """A result that is ready when it has been asked for twice."""

    def __init__(self, value: int) -> None:
        self.value, self.asked = value, 0

    def done(self) -> bool:
        self.asked += 1
        return self.asked > 1

    def result(self) -> int:
        return self.value


@pytest.mark.parametrize("threads", [1, 3])
def test_results_come_in_order_and_no_more_groups_run_than_threads_and_one(threads: int) -> None:
    started: list[int] = []

    def start(number: int) -> list[Any]:
        started.append(number)
        return [Result(number)]

    jobs: list[Callable[[], list[Any]]] = [partial(start, number) for number in range(9)]
    found: list[int] = []
    for results in in_turn(jobs, threads, ignore_step):
        assert len(started) - len(found) <= threads + 1
        found += results
    assert found == started == list(range(9))


def test_a_stop_starts_no_further_group() -> None:
    started: list[int] = []

    class Stopped(Exception):
        pass

    def stop() -> None:
        if len(started) == 2:
            raise Stopped

    def start(number: int) -> list[Any]:
        started.append(number)
        return [Result(number)]

    with pytest.raises(Stopped):
        list(in_turn([partial(start, number) for number in range(9)], 2, stop))
    assert started == [0, 1]


def test_a_group_of_long_rows_is_small() -> None:
    assert [rows_per_group(tokens) for tokens in (1, 100, 192, 400, 900, 5000)] == [8, 8, 8, 3, 1, 1]


def test_patience_is_one_where_the_search_stops_early_or_has_one_beam() -> None:
    searches = [ResolvedDecoding(4), ResolvedDecoding(4, early_stopping=True), ResolvedDecoding(1)]
    assert [patience(search) for search in searches] == [2.0, 1.0, 1.0]
