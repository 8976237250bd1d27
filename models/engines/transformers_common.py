"""What both engines in transformers share: the threads of torch, the scores of greedy search, the end of a row."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from models.decoding import OnStep


@contextmanager
def torch_threads(count: int) -> Iterator[None]:
    """Compute with this many threads; the setting belongs to the process, and is put back."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def stop_at_step(on_step: OnStep) -> Any:
    """A stopping criterion that stops nothing by itself: what `on_step` raises leaves `generate`."""
    import torch
    from transformers import StoppingCriteria, StoppingCriteriaList

    class Step(StoppingCriteria):
        def __call__(self, input_ids: Any, *_scores: Any, **_kwargs: Any) -> Any:
            on_step()
            return torch.zeros(len(input_ids), dtype=torch.bool, device=input_ids.device)

    return StoppingCriteriaList([Step()])


def until_end(ids: Sequence[int], end_ids: Collection[int]) -> list[int]:
    """The ids up to the first end token, which is included."""
    return next((list(ids[: n + 1]) for n, token in enumerate(ids) if token in end_ids), list(ids))


def score_recorder() -> Any:
    """A processor that changes nothing and adds up the log probabilities of greedy search.

    `output_scores` would keep the whole vocabulary's scores of every step: gigabytes for a batch. This keeps those of
    one step, until the next call (or `sums`) shows which token was chosen.
    """
    import torch
    from transformers import LogitsProcessor

    class Recorder(LogitsProcessor):
        def __init__(self) -> None:
            self.last: Any = None
            self.chosen: list[Any] = []

        def __call__(self, input_ids: Any, scores: Any) -> Any:
            self._settle(input_ids[:, -1])
            self.last = scores
            return scores

        def _settle(self, tokens: Any) -> None:
            if self.last is not None:
                logs = torch.log_softmax(self.last.float(), dim=-1)
                self.chosen.append(logs.gather(1, tokens[:, None])[:, 0])

        def sums(self, sequences: Any, lengths: list[int]) -> list[float]:
            self._settle(sequences[:, -1])
            logs = torch.stack(self.chosen, dim=1).tolist()
            return [sum(row[:n]) for row, n in zip(logs, lengths, strict=True)]

    return Recorder()
