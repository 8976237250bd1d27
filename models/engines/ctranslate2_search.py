"""What both CTranslate2 engines share: the end of a beam search, and how to leave one that nobody waits for."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from models.decoding import OnStep, ResolvedDecoding

# Finished hypotheses to wait for, in beams there are. Without early stopping `generate` goes on until no running beam
# can win, which this comes near to.
PATIENCE_WITHOUT_EARLY_STOPPING = 2.0
# Rows that one thread decodes together, and rows times the most tokens that each may get. CTranslate2 cannot leave a
# group before its end, so that a group is kept short.
MAX_ROWS_PER_GROUP = 8
MAX_NEW_TOKENS_PER_GROUP = 1536
# Between two calls of `on_step`.
POLL_SECONDS = 0.02


def patience(search: ResolvedDecoding) -> float:
    """CTranslate2's `patience`: 1 is early stopping."""
    return 1.0 if search.early_stopping or search.num_beams == 1 else PATIENCE_WITHOUT_EARLY_STOPPING


def rows_per_group(max_new_tokens: int) -> int:
    """How many rows are decoded together where each may get so many tokens."""
    return max(1, min(MAX_ROWS_PER_GROUP, MAX_NEW_TOKENS_PER_GROUP // max(1, max_new_tokens)))


def in_turn(groups: Iterable[Callable[[], list[Any]]], threads: int, on_step: OnStep) -> Iterator[list[Any]]:
    """Start the groups, one more at once than there are threads, and give the results of each, in order.

    A thread decodes a group on its own: two on one group would wait for each other at every layer. Where `on_step`
    raises, no group is started any more.
    """
    running: deque[list[Any]] = deque()
    for start in groups:
        if len(running) > threads:
            yield _finished(running.popleft(), on_step)
        on_step()
        running.append(start())
    while running:
        yield _finished(running.popleft(), on_step)


def _finished(results: list[Any], on_step: OnStep) -> list[Any]:
    while not all(result.done() for result in results):
        on_step()
        time.sleep(POLL_SECONDS)
    return [result.result() for result in results]
