"""A seq2seq model in torch, by transformers: every family, every device, what plain `generate` gives."""

from collections.abc import Mapping, Sequence
from typing import Any

from models.decoding import Decoding, Hypothesis, OnStep, ResolvedDecoding, Task, ignore_step, with_alternatives
from models.engines.device import Device
from models.engines.seq2seq import Seq2Seq, Seq2SeqSpec, group_by_min_length
from models.engines.transformers_common import score_recorder, stop_at_step, torch_threads, until_end


class Seq2SeqTransformers(Seq2Seq):
    """An `Engine` over `AutoModelForSeq2SeqLM`; use `load`."""

    def __init__(self, model: Any, checkpoint: Seq2SeqSpec, receipt: Mapping[str, str], threads: int = 1) -> None:
        self._model, self._threads = model, threads
        super().__init__(checkpoint, receipt)

    @classmethod
    def load(
        cls, checkpoint: Seq2SeqSpec, device: Device, compute_type: str, threads: int, identity: Mapping[str, str]
    ) -> "Seq2SeqTransformers":
        """Load the weights; `threads` are used while it generates; `identity` is the rest of the receipt.

        Raises ValueError for weights that are not all there.
        """
        model = load_weights(checkpoint, compute_type).to(str(device)).eval()
        receipt = {"engine": "transformers", "device": str(device), "compute_type": compute_type, **identity}
        return cls(model, checkpoint, receipt, threads)

    def generate(
        self,
        task: Task,
        sources: Sequence[str],
        decoding: Decoding,
        max_new_tokens: int,
        min_new_tokens: int = 0,
        on_step: OnStep = ignore_step,
    ) -> list[Hypothesis]:
        """One hypothesis for each source, in order. Raises ValueError for a source longer than `window`.

        A hypothesis that ends just where there is room for no more counts as unfinished in the families whose
        configuration forces the end token there: nothing shows whether the model would have ended.
        """
        rows, search = self._checkpoint.encode(task, sources), self.resolve(task, decoding)
        room = self._room(max_new_tokens)
        hypotheses: dict[int, Hypothesis] = {}
        for least, group in group_by_min_length(rows, min(search.min_length, room)):
            decoded = self._decode(task, [rows[i] for i in group], search, room, least, min_new_tokens, on_step)
            hypotheses |= dict(zip(group, decoded, strict=True))
        return [hypotheses[number] for number in range(len(rows))]

    def _decode(
        self,
        task: Task,
        rows: list[list[int]],
        search: ResolvedDecoding,
        room: int,
        least: int,
        min_new_tokens: int,
        on_step: OnStep,
    ) -> list[Hypothesis]:
        import torch
        from transformers import LogitsProcessorList

        task_format, device = self._checkpoint.format_of(task), self._model.device
        length = max(map(len, rows))
        pad = int(self._checkpoint.generation["pad_token_id"])
        ids = torch.tensor([row + [pad] * (length - len(row)) for row in rows], device=device)
        mask = torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in rows], device=device)
        recorder = score_recorder() if search.num_beams == 1 else None
        with torch.inference_mode(), torch_threads(self._threads):
            output = self._model.generate(
                input_ids=ids,
                attention_mask=mask,
                num_beams=search.num_beams,
                num_return_sequences=search.num_return_sequences,
                length_penalty=search.length_penalty,
                repetition_penalty=search.repetition_penalty,
                no_repeat_ngram_size=search.no_repeat_ngram_size,
                early_stopping=search.early_stopping if search.num_beams > 1 else None,
                decoder_start_token_id=task_format.start,
                forced_bos_token_id=task_format.forced,
                max_new_tokens=room,
                # A least length counts the start token, which is not generated.
                min_length=max(least, min(min_new_tokens, room) + 1 if min_new_tokens else 0),
                logits_processor=LogitsProcessorList([] if recorder is None else [recorder]),
                stopping_criteria=stop_at_step(on_step),
                return_dict_in_generate=True,
                output_scores=search.num_beams > 1,
            )
        # What comes first is the decoder's start token, which nobody generated.
        answers = [until_end(row, self._checkpoint.end_ids) for row in output.sequences[:, 1:].tolist()]
        if recorder is not None:
            sums = recorder.sums(output.sequences, [len(row) for row in answers])
        else:
            # Beam search divides the sum of log probabilities by length ** length_penalty.
            sums = [
                score * len(row) ** search.length_penalty
                for score, row in zip(output.sequences_scores.tolist(), answers, strict=True)
            ]
        forced = task_format.forced is not None
        flat = [self._hypothesis(row, total, forced, room) for row, total in zip(answers, sums, strict=True)]
        each = search.num_return_sequences
        return [with_alternatives(flat[start : start + each]) for start in range(0, len(flat), each)]

    def _hypothesis(self, ids: list[int], total: float, forced: bool, room: int) -> Hypothesis:
        ended = bool(ids) and ids[-1] in self._checkpoint.end_ids
        cut = len(ids) >= room and self._checkpoint.generation.get("forced_eos_token_id") is not None
        # A forced token has probability 1 and no share in the mean.
        mean = total / max(1, len(ids) - forced - cut)
        return Hypothesis(self._checkpoint.decode(ids), len(ids) - ended, ended and not cut, mean)


def load_weights(checkpoint: Seq2SeqSpec, compute_type: str) -> Any:
    """The model with all its weights, and a generation config that holds only what is known here.

    Raises ValueError for weights that are missing: transformers alone would make them up and go on.
    """
    import torch
    from transformers import AutoModelForSeq2SeqLM, GenerationConfig
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    model, loading = AutoModelForSeq2SeqLM.from_pretrained(
        checkpoint.folder,
        dtype=getattr(torch, compute_type),
        local_files_only=True,
        weights_only=True,
        output_loading_info=True,
    )
    if missing := sorted(loading["missing_keys"]):
        raise ValueError(f"{len(missing)} of its weights are missing, such as {missing[0]}")
    model.generation_config = GenerationConfig(**checkpoint.generation)  # type: ignore[no-untyped-call]
    return model
