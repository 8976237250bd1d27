"""A seq2seq model in CTranslate2: int8 on a CPU, float16 or bfloat16 on a GPU, for the families that it knows."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from models.decoding import Decoding, Hypothesis, OnStep, ResolvedDecoding, Task, ignore_step, with_alternatives
from models.engines.ctranslate2_search import in_turn, patience, rows_per_group
from models.engines.device import Device
from models.engines.seq2seq import Seq2Seq, Seq2SeqSpec, group_by_min_length


class Seq2SeqCTranslate2(Seq2Seq):
    """An `Engine` over `ctranslate2.Translator`; use `load`.

    The tokens of the converted checkpoint are named by their ids.
    """

    def __init__(self, translator: Any, checkpoint: Seq2SeqSpec, receipt: Mapping[str, str]) -> None:
        self._translator = translator
        super().__init__(checkpoint, receipt)
        self._ends = [str(number) for number in checkpoint.end_ids]

    @classmethod
    def load(
        cls,
        folder: Path,
        checkpoint: Seq2SeqSpec,
        device: Device,
        compute_type: str,
        threads: int,
        identity: Mapping[str, str],
    ) -> "Seq2SeqCTranslate2":
        """Load a checkpoint that `convert` has made; `identity` is the rest of the receipt."""
        import ctranslate2

        translator = ctranslate2.Translator(
            str(folder),
            device.kind,
            device_index=device.index,
            compute_type=compute_type,
            inter_threads=threads if device.kind == "cpu" else 1,
            intra_threads=1,
        )
        receipt = {"engine": "ctranslate2", "device": str(device), "compute_type": compute_type, **identity}
        return cls(translator, checkpoint, receipt)

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
        rows, search = self._checkpoint.encode(task, sources), self.resolve(task, decoding)
        room = self._room(max_new_tokens)
        groups: list[list[int]] = []
        jobs: list[Callable[[], Any]] = []
        size = rows_per_group(room)
        for least, alike in group_by_min_length(rows, min(search.min_length, room)):
            order = sorted(alike, key=lambda number: -len(rows[number]))
            # The checkpoint's least length counts the start token, which is not generated.
            fewest = max(least - 1, min_new_tokens, 0)
            for start in range(0, len(order), size):
                group = order[start : start + size]
                groups.append(group)
                jobs.append(partial(self._decode, task, [rows[number] for number in group], search, room, fewest))
        hypotheses: dict[int, Hypothesis] = {}
        for group, results in zip(groups, in_turn(jobs, self._translator.num_translators, on_step), strict=True):
            for number, result in zip(group, results, strict=True):
                hypotheses[number] = self._hypothesis(task, search, result)
        return [hypotheses[number] for number in range(len(rows))]

    def _decode(self, task: Task, rows: list[list[int]], search: ResolvedDecoding, room: int, least: int) -> Any:
        """The results to come of rows that are decoded together."""
        generation, prefix = self._checkpoint.generation, self._prefix(task)
        banned = [[str(token) for token in tokens] for tokens in generation.get("bad_words_ids", ())]
        # Where the end token is forced when there is no more room, one generated token less has any.
        most = max(1, room - (generation.get("forced_eos_token_id") is not None))
        return self._translator.translate_batch(
            [[str(token) for token in row] for row in rows],
            target_prefix=[prefix] * len(rows),
            beam_size=search.num_beams,
            patience=patience(search),
            length_penalty=search.length_penalty,
            repetition_penalty=search.repetition_penalty,
            no_repeat_ngram_size=search.no_repeat_ngram_size,
            suppress_sequences=banned or None,
            end_token=self._ends,
            return_end_token=True,
            return_scores=True,
            num_hypotheses=search.num_return_sequences,
            max_input_length=0,
            max_decoding_length=most,
            min_decoding_length=min(least, most),
            asynchronous=True,
        )

    def _prefix(self, task: Task) -> list[str]:
        """The tokens that each hypothesis begins with: the decoder's start, then what is forced."""
        task_format = self._checkpoint.format_of(task)
        return [str(task_format.start)] + ([] if task_format.forced is None else [str(task_format.forced)])

    def _hypothesis(self, task: Task, search: ResolvedDecoding, result: Any) -> Hypothesis:
        forced = self._checkpoint.format_of(task).forced is not None
        beam = []
        for tokens, score in zip(result.hypotheses, result.scores, strict=True):
            ids = [int(token) for token in tokens]
            finished = bool(ids) and ids[-1] in self._checkpoint.end_ids
            # The sum of log probabilities divided by length ** length_penalty; a forced token has no share in it.
            mean = score * len(ids) ** search.length_penalty / max(1, len(ids) - forced)
            beam.append(Hypothesis(self._checkpoint.decode(ids), len(ids) - finished, finished, mean))
        return with_alternatives(beam)
