"""Beam search as transformers' `generate` does it, over a model that reads prompts and goes on step by step.

What was generated alone is punished for repetition, not the prompt: a summary may say what its article says.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import torch
from torch import Tensor

from models.decoding import ResolvedDecoding

# The search goes on with the sources that are not done once they are no more than this share of those it goes on with.
COMPACT_BELOW = 0.75


class IncrementalDecoder(Protocol):
    """A model with a cache of its own kind, which has a method `keep` for the sources that are not done."""

    def prefill(self, prompts: Sequence[Sequence[int]], beams: int) -> tuple[Tensor, Any]:
        """The logits after each prompt, (prompts, vocabulary), and the cache."""
        ...

    def step(self, tokens: Tensor, origins: Tensor, cache: Any) -> Tensor:
        """The logits (sources, beams, vocabulary) after one more token for each beam."""
        ...


@dataclass(frozen=True, slots=True)
class BeamHypothesis:
    """One hypothesis: its ids, the end token with them where there is one, and the sum of their log probabilities."""

    ids: tuple[int, ...]
    total: float


@dataclass(slots=True)
class Beams:
    """The search for one source: what goes on, with its totals, and what has ended, best first."""

    search: ResolvedDecoding
    running: list[BeamHypothesis] = field(default_factory=lambda: [BeamHypothesis((), 0.0)])
    finished: list[BeamHypothesis] = field(default_factory=list)

    def length_normalised_score(self, hypothesis: BeamHypothesis) -> float:
        """What hypotheses are compared by."""
        return float(hypothesis.total / len(hypothesis.ids) ** self.search.length_penalty)

    def advance(self, candidates: Sequence[tuple[float, int, int]], eos: int, last: bool) -> list[int]:
        """Take the best of twice as many candidates (total, beam, token) as there are beams, best first.

        Returns which beam each of those that go on comes from. Of the first as many as there are beams, those with the
        end token end, and at the `last` step all do.
        """
        width = self.search.num_beams
        running: list[BeamHypothesis] = []
        origins: list[int] = []
        for rank, (total, beam, token) in enumerate(candidates):
            if total == -math.inf:
                break
            hypothesis = BeamHypothesis((*self.running[beam].ids, token), total)
            if rank < width and (token == eos or last):
                self.finished.append(hypothesis)
            if token != eos and len(running) < width:
                running.append(hypothesis)
                origins.append(beam)
        self.finished = sorted(self.finished, key=self.length_normalised_score, reverse=True)[:width]
        self.running = running
        return origins

    @property
    def done(self) -> bool:
        """whether going on can bring nothing better, as far as `early_stopping` wants to know."""
        if not self.running:
            return True
        if len(self.finished) < self.search.num_beams:
            return False
        return self.search.early_stopping or self.length_normalised_score(
            self.finished[-1]
        ) >= self.length_normalised_score(self.running[0])


def beam_search(
    model: IncrementalDecoder,
    prompts: Sequence[Sequence[int]],
    search: ResolvedDecoding,
    eos: int,
    max_new: int,
    min_new: int = 0,
    abandoned: Callable[[], bool] = lambda: False,
) -> list[list[BeamHypothesis]]:
    """The `num_return_sequences` best hypotheses of at most `max_new` tokens for each prompt, best first.

    Where it is `abandoned`, what has ended by then is all there is.
    """
    width = search.num_beams
    logits, cache = model.prefill(prompts, width)
    logits = logits[:, None]
    every = [Beams(search) for _ in prompts]
    live = list(every)
    for length in range(1, max_new + 1):
        # As in the library: what greedy search chooses from is punished before it is normalised, what beams do after.
        scores = logits if width == 1 else logits.log_softmax(-1)
        _apply_penalties(scores, live, search)
        if length <= min_new:
            scores[..., eos] = -math.inf
        if width == 1:
            scores = scores.log_softmax(-1)
        found = _candidates(scores, live, 2 * width)
        tokens = torch.full((len(live), width), eos)
        origins = torch.zeros(len(live), width, dtype=torch.long)
        for row, (beams, candidates) in enumerate(zip(live, found, strict=True)):
            if not beams.running:
                continue
            for place, beam in enumerate(beams.advance(candidates, eos, length == max_new)):
                tokens[row, place], origins[row, place] = beams.running[place].ids[-1], beam
            if beams.done:
                beams.running = []
        rows = [row for row, beams in enumerate(live) if beams.running]
        if not rows or length == max_new or abandoned():
            break
        if len(rows) <= COMPACT_BELOW * len(live):
            cache.keep(rows)
            live, tokens, origins = [live[row] for row in rows], tokens[rows], origins[rows]
        logits = model.step(tokens, origins, cache)
    return [beams.finished[: search.num_return_sequences] for beams in every]


def _candidates(scores: Tensor, live: Sequence[Beams], count: int) -> list[list[tuple[float, int, int]]]:
    """For each source the best continuations of all its beams (total, beam, token), best first."""
    count = min(count, scores.shape[-1])
    best, tokens = scores.topk(count, -1)
    totals = torch.full(scores.shape[:2], -math.inf)
    for row, beams in enumerate(live):
        for place, running in enumerate(beams.running):
            totals[row, place] = running.total
    best = (best + totals[..., None]).flatten(1)
    top, where = best.topk(min(count, best.shape[1]), -1)
    chosen = tokens.flatten(1).gather(1, where)
    return [
        list(zip(total, (place // count for place in places), token, strict=True))
        for total, places, token in zip(top.tolist(), where.tolist(), chosen.tolist(), strict=True)
    ]


def _apply_penalties(scores: Tensor, live: Sequence[Beams], search: ResolvedDecoding) -> None:
    """Lower what has been generated, and forbid what would make an n-gram come again; in place."""
    if search.repetition_penalty == 1.0 and not search.no_repeat_ngram_size:
        return
    for row, beams in enumerate(live):
        for place, running in enumerate(beams.running):
            if search.repetition_penalty != 1.0 and running.ids:
                said = list(set(running.ids))
                before = scores[row, place, said]
                factor = torch.where(before < 0, search.repetition_penalty, 1 / search.repetition_penalty)
                scores[row, place, said] = before * factor
            if search.no_repeat_ngram_size:
                scores[row, place, list(_repeating(running.ids, search.no_repeat_ngram_size))] = -math.inf


def _repeating(ids: tuple[int, ...], size: int) -> set[int]:
    """The tokens that would end an n-gram of this size which has been there."""
    if len(ids) < size:
        return set()
    last = ids[len(ids) - size + 1 :]
    return {ids[at + size - 1] for at in range(len(ids) - size + 1) if ids[at : at + size - 1] == last}
