"""What a model in training says of rows of the mixture, on a GPU: beams of translations, samples of summaries.

`hypotheses.py` does this on a CPU, into a file; here what is said is handed on at once, with what it is worth to come.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any

import torch

from models.training import rewards, risk
from models.training.examples import Example, Examples
from models.training.lowrank import LowRankModel
from models.training.mixture import PROMPTS, Part

# Of which parts the hypotheses are, in shares of so many tokens a round, prompts and the humans' answers.
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
# Of rows with answers of such lengths.
MIN_ANSWER_TOKENS, MAX_ANSWER_TOKENS = 7, 110
# What rows of prompts and answers may come to while they grow.
MAX_BATCH_TOKENS = 1_500_000
# A prompt, the answers to it and last the human's, and what the former are worth, once that is known.
Sample = tuple[list[int], list[list[int]], Future[tuple[float, ...]]]


def generate_answers(model: Any, prompts: Sequence[Sequence[int]], most: int, **how: Any) -> list[list[list[int]]]:
    """What the (merged) model answers each prompt, as many as `how` says, best first; only what ends, with its end."""
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
    """Groups of prompts of like length that are answered together: what they may grow to stays within `most` tokens."""
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
    """What the model, as it is now, says of the next rows of each part."""
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
            # English is seldom longer than the German with its prompt: what is has run away.
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
