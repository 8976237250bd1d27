"""A causal language model in torch with weights in int8, for a CPU: `gemma3` computes, `beam_search` searches."""

import itertools
import math
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from pathlib import Path
from typing import TYPE_CHECKING

from models.decoding import Decoding, Hypothesis, OnStep, ResolvedDecoding, Task, ignore_step, with_alternatives
from models.engines.causal import Causal
from models.engines.prompting import Prompter

if TYPE_CHECKING:
    from models.engines.gemma3_int8.beam_search import BeamHypothesis, IncrementalDecoder

# Beams that are decoded together: with more, products are no faster and the cache grows.
MAX_BEAMS_PER_GROUP = 64
# Into how many groups a batch is divided, however many threads there are.
MIN_GROUPS_PER_BATCH = 4
# Between two calls of `on_step`.
POLL_SECONDS = 0.2


class CausalInt8(Causal):
    """An `Engine` over `gemma3.Gemma3`; use `load`."""

    def __init__(
        self,
        model: "IncrementalDecoder",
        prompter: Prompter,
        receipt: Mapping[str, str],
        threads: int = 1,
        eos: str = "<eos>",
    ) -> None:
        import torch

        self._model = model
        super().__init__(prompter, receipt)
        self._eos_id = prompter.id_of(eos)
        self._pool = ThreadPoolExecutor(threads, "decoding", torch.set_num_threads, (1,))

    @classmethod
    def load(
        cls, folder: Path, prompts: Mapping[Task, str], window: int, threads: int, identity: Mapping[str, str]
    ) -> "CausalInt8":
        """Load a Hugging Face folder; `identity` is the rest of the receipt."""
        from models.engines.gemma3_int8 import model as gemma3

        receipt = {"engine": "transformers", "device": "cpu", "compute_type": "int8", **identity}
        return cls(gemma3.load(folder), Prompter(folder / "tokenizer.json", prompts, window), receipt, threads)

    def generate(
        self,
        task: Task,
        sources: Sequence[str],
        decoding: Decoding,
        max_new_tokens: int,
        min_new_tokens: int = 0,
        on_step: OnStep = ignore_step,
    ) -> list[Hypothesis]:
        """One hypothesis for each source, in order. Raises ValueError for a source longer than `window`."""
        prompts, search = self._prompter.encode(task, sources), self.resolve(task, decoding)
        groups = _groups(prompts, search)
        on_step()
        abandoned = threading.Event()
        limits = max_new_tokens, min_new_tokens, abandoned
        running = [self._pool.submit(self._search, [prompts[row] for row in g], search, *limits) for g in groups]
        try:
            while wait(running, POLL_SECONDS, return_when=FIRST_EXCEPTION).not_done:
                if any(one.done() and one.exception() for one in running):
                    break
                on_step()
        finally:
            # On Ctrl-C, when `on_step` stops the work and when a group fails, no thread may continue for nobody.
            abandoned.set()
        found = [one.result() for one in running]
        hypotheses = dict(zip(itertools.chain(*groups), itertools.chain(*found), strict=True))
        return [hypotheses[row] for row in range(len(prompts))]

    def _search(
        self,
        prompts: Sequence[Sequence[int]],
        search: ResolvedDecoding,
        most: int,
        least: int,
        abandoned: threading.Event,
    ) -> list[Hypothesis]:
        """One hypothesis for each prompt of a group, none once all is abandoned."""
        import torch

        from models.engines.gemma3_int8.beam_search import beam_search

        if abandoned.is_set():
            return []
        with torch.inference_mode():
            beams = beam_search(self._model, prompts, search, self._eos_id, most, least, abandoned.is_set)
        return [with_alternatives([self._hypothesis(ended) for ended in beam]) for beam in beams if beam]

    def _hypothesis(self, ended: "BeamHypothesis") -> Hypothesis:
        finished = ended.ids[-1] == self._eos_id
        score = ended.total / len(ended.ids)
        return Hypothesis(self._prompter.decode(ended.ids), len(ended.ids) - finished, finished, score)


def _groups(prompts: Sequence[Sequence[int]], search: ResolvedDecoding) -> list[list[int]]:
    """The rows that one thread decodes together, prompts of like length.

    Threads that shared one group would wait for each other at every product: on a busy machine, for long. What shares a
    group can change the last digit of a sum, from there the rounding to int8, and so a word: the groups do not depend
    on the threads, lest an article have another summary on another machine.
    """
    order = sorted(range(len(prompts)), key=lambda row: len(prompts[row]), reverse=True)
    size = max(1, min(MAX_BEAMS_PER_GROUP // search.num_beams, math.ceil(len(order) / MIN_GROUPS_PER_BATCH)))
    return [order[at : at + size] for at in range(0, len(order), size)]
