"""A causal language model in torch, by transformers: every device, plain `generate`, no quantisation.

Penalties against repetition look only at what was generated, as CTranslate2 has it: a summary may say what its
article says, and `generate` alone would count the prompt.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from models.decoding import Decoding, Hypothesis, OnStep, ResolvedDecoding, Task, ignore_step, with_alternatives
from models.engines.causal import Causal
from models.engines.device import Device
from models.engines.prompting import Prompter
from models.engines.transformers_common import score_recorder, stop_at_step, torch_threads, until_end


class CausalTransformers(Causal):
    """An `Engine` over a transformers model; use `load`."""

    def __init__(self, model: Any, prompter: Prompter, receipt: Mapping[str, str], threads: int = 1) -> None:
        self._model, self._threads = model, threads
        super().__init__(prompter, receipt)
        self._eos_id, self._pad_id = int(model.config.eos_token_id), int(model.config.pad_token_id)

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
    ) -> "CausalTransformers":
        """Load a Hugging Face folder; `threads` are used while it generates; `identity` is the rest of the receipt."""
        import torch
        from transformers import AutoModelForCausalLM

        loaded: Any = AutoModelForCausalLM.from_pretrained(
            folder, dtype=getattr(torch, compute_type), attn_implementation="sdpa", local_files_only=True
        )
        model = loaded.to(str(device)).eval()
        receipt = {"engine": "transformers", "device": str(device), "compute_type": compute_type, **identity}
        return cls(model, Prompter(folder / "tokenizer.json", prompts, window), receipt, threads)

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
        import torch

        prompts, search = self._prompter.encode(task, sources), self.resolve(task, decoding)
        if not prompts:
            return []
        length = max(map(len, prompts))
        ids = torch.tensor([[self._pad_id] * (length - len(p)) + p for p in prompts])
        mask = torch.tensor([[0] * (length - len(p)) + [1] * len(p) for p in prompts])
        recorder = score_recorder() if search.num_beams == 1 else None
        with torch.inference_mode(), torch_threads(self._threads):
            output = self._model.generate(
                input_ids=ids.to(self._model.device),
                attention_mask=mask.to(self._model.device),
                do_sample=False,
                num_beams=search.num_beams,
                num_return_sequences=search.num_return_sequences,
                early_stopping=search.early_stopping if search.num_beams > 1 else None,
                length_penalty=search.length_penalty,
                max_new_tokens=max_new_tokens,
                min_new_tokens=min_new_tokens or None,
                eos_token_id=self._eos_id,
                pad_token_id=self._pad_id,
                logits_processor=_processors(search, length, recorder),
                stopping_criteria=stop_at_step(on_step),
                return_dict_in_generate=True,
                output_scores=search.num_beams > 1,
            )
        rows = [until_end(row, (self._eos_id,)) for row in output.sequences[:, length:].tolist()]
        if recorder is not None:
            sums = recorder.sums(output.sequences, [len(row) for row in rows])
            scores = [total / max(len(row), 1) for total, row in zip(sums, rows, strict=True)]
        else:
            # Beam search divides the sum of log probabilities by length ** length_penalty.
            scores = [
                score * len(row) ** (search.length_penalty - 1)
                for score, row in zip(output.sequences_scores.tolist(), rows, strict=True)
            ]
        flat = [self._hypothesis(row, score) for row, score in zip(rows, scores, strict=True)]
        each = search.num_return_sequences
        return [with_alternatives(flat[start : start + each]) for start in range(0, len(flat), each)]

    def _hypothesis(self, ids: list[int], score: float) -> Hypothesis:
        finished = bool(ids) and ids[-1] == self._eos_id
        return Hypothesis(self._prompter.decode(ids), len(ids) - finished, finished, score)


def _processors(search: ResolvedDecoding, prompt_length: int, recorder: Any) -> Any:
    """The penalties of `search` for generated tokens only, then the one that follows the scores."""
    from transformers import LogitsProcessor, LogitsProcessorList, NoRepeatNGramLogitsProcessor
    from transformers import RepetitionPenaltyLogitsProcessor as RepetitionPenalty

    class OnGenerated(LogitsProcessor):
        def __init__(self, inner: Any) -> None:
            self.inner = inner

        def __call__(self, input_ids: Any, scores: Any) -> Any:
            return self.inner(input_ids[:, prompt_length:], scores)

    processors = LogitsProcessorList()
    if search.repetition_penalty != 1.0:
        processors.append(OnGenerated(RepetitionPenalty(search.repetition_penalty)))
    if search.no_repeat_ngram_size:
        processors.append(OnGenerated(NoRepeatNGramLogitsProcessor(search.no_repeat_ngram_size)))
    if recorder is not None:
        processors.append(recorder)
    return processors
