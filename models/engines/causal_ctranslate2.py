"""A causal language model in CTranslate2: int8 on a CPU, float16 on a GPU. Never imports torch."""

import itertools
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from models.decoding import Decoding, Hypothesis, OnStep, ResolvedDecoding, Task, ignore_step, with_alternatives
from models.engines.causal import Causal
from models.engines.ctranslate2_search import in_turn, patience, rows_per_group
from models.engines.device import Device
from models.engines.prompting import Prompter


class CausalCTranslate2(Causal):
    """An `Engine` over `ctranslate2.Generator`; use `load`.

    A prompt must fit the model's sliding window (512 tokens for Gemma 3 270M): CTranslate2 4.8 reads longer ones
    wrongly, while what is generated beyond it is right. `window` is to be chosen so that it does.
    """

    def __init__(self, generator: Any, prompter: Prompter, receipt: Mapping[str, str], eos: str = "<eos>") -> None:
        self._generator = generator
        super().__init__(prompter, receipt)
        self._eos, self._eos_id = eos, prompter.id_of(eos)

    @classmethod
    def load(
        cls,
        folder: Path,
        prompts: Mapping[Task, str],
        window: int,
        device: Device,
        compute_type: str,
        threads: int,
        identity: Mapping[str, str],
    ) -> "CausalCTranslate2":
        """Load a converted model with `tokenizer.json` beside it; `identity` is the rest of the receipt."""
        import ctranslate2

        generator = ctranslate2.Generator(
            str(folder),
            device.kind,
            device_index=device.index,
            compute_type=compute_type,
            inter_threads=threads if device.kind == "cpu" else 1,
            intra_threads=1,
        )
        receipt = {"engine": "ctranslate2", "device": str(device), "compute_type": compute_type, **identity}
        return cls(generator, Prompter(folder / "tokenizer.json", prompts, window), receipt)

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
        hypotheses: dict[int, Hypothesis] = {}
        groups = _groups(prompts, search, max_new_tokens, min_new_tokens)

        def start(group: Sequence[int]) -> Any:
            return self._generator.generate_batch(
                [self._prompter.tokens(prompts[row]) for row in group],
                beam_size=search.num_beams,
                patience=patience(search),
                length_penalty=search.length_penalty,
                repetition_penalty=search.repetition_penalty,
                no_repeat_ngram_size=search.no_repeat_ngram_size,
                max_length=max_new_tokens,
                min_length=min_new_tokens,
                include_prompt_in_result=False,
                end_token=self._eos,
                return_end_token=True,
                return_scores=True,
                num_hypotheses=search.num_return_sequences,
                asynchronous=True,
            )

        jobs = [partial(start, group) for group in groups]
        for group, results in zip(groups, in_turn(jobs, self._generator.num_generators, on_step), strict=True):
            for row, result in zip(group, results, strict=True):
                hypotheses[row] = self._hypothesis(result, search)
        return [hypotheses[row] for row in range(len(prompts))]

    def _hypothesis(self, result: Any, search: ResolvedDecoding) -> Hypothesis:
        beam = []
        for ids, score in zip(result.sequences_ids, result.scores, strict=True):
            finished = bool(ids) and ids[-1] == self._eos_id
            # The sum of log probabilities divided by length ** length_penalty.
            mean = score * max(1, len(ids)) ** (search.length_penalty - 1)
            beam.append(Hypothesis(self._prompter.decode(ids), len(ids) - finished, finished, mean))
        return with_alternatives(beam)


def _groups(
    prompts: Sequence[Sequence[int]], search: ResolvedDecoding, max_new_tokens: int, min_new_tokens: int
) -> list[list[int]]:
    """The rows that go through the generator together, shortest prompts first.

    CTranslate2 reads the shortest prompt's length at once and forces the rest of the longer ones step by step. It then
    counts the forced tokens as generated ones when it punishes repetition or sees to a least length: then only
    prompts of one length go together. Without, a mixed batch is right, and faster than several small ones.
    """
    order = sorted(range(len(prompts)), key=lambda row: len(prompts[row]))
    if search.repetition_penalty == 1.0 and not search.no_repeat_ngram_size and not min_new_tokens:
        size = rows_per_group(max_new_tokens)
        return [order[i : i + size] for i in range(0, len(order), size)]
    return [list(rows) for _, rows in itertools.groupby(order, key=lambda row: len(prompts[row]))]
