"""Answers of a model in training to rows of the mixture, on a GPU: beams of translations, samples of summaries.

`hypotheses.py` does this on a CPU, into a file. Here each sample is yielded at once, with a future of its rewards.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any

import torch

from models.training import rewards, risk
from models.training.examples import Example, Examples
from models.training.lowrank import LowRankModel
from models.training.mixture import PROMPTS, Part

# Share of each part in the tokens of a round; prompts and the human answers count.
PART_SHARES = {
    "news": 0.24,
    "back-translated": 0.18,
    "other": 0.08,
    "segments": 0.05,
    "summaries": 0.36,
    "direct": 0.09,
}
ROUND_TOKENS = 700_000
BEAM = {"num_beams": 6, "num_return_sequences": 6, "length_penalty": 0.85, "early_stopping": True, "do_sample": False}
SAMPLES = {"num_return_sequences": 6, "do_sample": True, "temperature": 0.8, "top_k": 0, "top_p": 0.95}
# Only rows whose human answer has such a length are sampled.
MIN_ANSWER_TOKENS, MAX_ANSWER_TOKENS = 7, 110
# Upper limit of the tokens of a batch, prompts and answers, once the answers are complete.
MAX_BATCH_TOKENS = 1_500_000
# A prompt; the model's answers with the human one last; the rewards of the model's answers.
Sample = tuple[list[int], list[list[int]], Future[tuple[float, ...]]]


def generate_answers(model: Any, prompts: Sequence[Sequence[int]], most: int, **how: Any) -> list[list[list[int]]]:
    """The finished answers of the merged model to each prompt, with their end token, best first, without repetition."""
    width = max(map(len, prompts))
    pad, end = model.config.pad_token_id, model.config.eos_token_id
    ids = torch.tensor([[pad] * (width - len(prompt)) + list(prompt) for prompt in prompts], device=model.device)
    mask = torch.tensor([[0] * (width - len(prompt)) + [1] * len(prompt) for prompt in prompts], device=model.device)
    generated = model.generate(input_ids=ids, attention_mask=mask, max_new_tokens=most, pad_token_id=pad, **how)
    found = [answer[: answer.index(end) + 1] if end in answer else [] for answer in generated[:, width:].tolist()]
    size = len(found) // len(prompts)
    return [
        [list(one) for one in dict.fromkeys(map(tuple, found[at : at + size])) if len(one) > 1]
        for at in range(0, len(found), size)
    ]


def grouped(examples: Sequence[Example], rows_each: int, most: int) -> list[list[Example]]:
    """Groups of prompts of similar length; rows with answers as long as the prompts stay within `most` tokens."""
    groups: list[list[Example]] = [[]]
    for example in sorted(examples, key=lambda e: -len(e[0])):
        group = groups[-1]
        longest = max(len(group[0][0]), 40) if group else 0
        if group and rows_each * (len(group) + 1) * 2 * longest > most:
            groups.append([])
        groups[-1].append(example)
    return groups


def sample(
    model: LowRankModel, tokenizer: Any, examples: Examples, parts: dict[str, Part], pool: ProcessPoolExecutor
) -> Iterator[Sample]:
    """Sample answers of the model, as it is now, to the next rows of each part."""
    for name, share in PART_SHARES.items():
        part = parts[name]
        translating = part.prompt == "translation"
        budget = share * ROUND_TOKENS
        block: list[Example] = []
        while budget > 0:
            example = examples.take(part)
            if MIN_ANSWER_TOKENS <= len(example[1]) <= MAX_ANSWER_TOKENS:
                block.append(example)
                budget -= len(example[0]) + len(example[1])
        how = BEAM if translating else SAMPLES
        for group in grouped(block, int(how["num_return_sequences"]), MAX_BATCH_TOKENS):
            # English is seldom longer than the German with its prompt. A longer answer has run away.
            most = 12 + max(len(prompt) for prompt, _ in group) if translating else MAX_ANSWER_TOKENS
            with model.merged() as causal:
                generated = generate_answers(causal, [prompt for prompt, _ in group], most, **how)
            for (prompt, human), found in zip(group, generated, strict=True):
                if len(found) > 1:
                    found = found[: risk.MAX_HYPOTHESES]
                    texts = [text.strip() for text in tokenizer.batch_decode([*found, human], skip_special_tokens=True)]
                    if translating:
                        future = pool.submit(rewards.translation_rewards, texts[:-1], texts[-1])
                    else:
                        before, after = PROMPTS[part.prompt].split("{source}")
                        text = tokenizer.decode(prompt, skip_special_tokens=True)
                        article = text.removeprefix(before).removesuffix(after)
                        english = part.prompt == "summarization"
                        future = pool.submit(rewards.summary_rewards, texts[:-1], texts[-1], article, english)
                    yield prompt, [*found, human], future
