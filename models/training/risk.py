"""Minimum risk training: of what the model says itself, what is nearest to the human translation is to be likelier.

Cross-entropy teaches the human's words one by one. What a beam search returns is chosen among whole sentences that the
model wrote: here the expected badness of those is what is lowered (Shen et al., "Minimum Risk Training for Neural
Machine Translation", 2016), together with the cross-entropy of the human's (as in Edunov et al., "Classical Structured
Prediction Losses for Sequence to Sequence Learning", 2018). The hypotheses are those of `hypotheses.py`, made once,
before; a source and all of its hypotheses are read as one row, in which no hypothesis sees another.
"""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from models.training import rewards

# What the risk weighs beside the cross-entropy; the hypotheses' shares are their probabilities to this power.
RISK_WEIGHT, SCORE_SHARPNESS = 8.0, 0.5
MAX_HYPOTHESES = 5
MAX_BATCH_TOKENS = 3200
BLOCK_ROWS = 600


@dataclass(frozen=True, slots=True)
class Candidates:
    """A prompt's ids, those of each hypothesis and last of the human's translation, and how good each hypothesis is."""

    prompt: list[int]
    answers: list[list[int]]
    rewards: tuple[float, ...]

    @property
    def tokens(self) -> int:
        """How many are read."""
        return len(self.prompt) + sum(map(len, self.answers))


def read_candidates(file: Path, encode: Callable[[str, str], tuple[list[int], list[int]]]) -> list[Candidates]:
    """Those lines of `hypotheses.py` that leave a choice."""
    found = []
    with file.open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            texts, target = row["hypotheses"][:MAX_HYPOTHESES], row["target"]
            if len(texts) < 2:
                continue
            encoded = [encode(row["source"], text) for text in (*texts, target)]
            good = rewards.translation_rewards(texts, target)
            found.append(Candidates(encoded[0][0], [answer for _, answer in encoded], good))
    return found


def places(file: Path) -> dict[str, int]:
    """How far the parts of the mixture have been read by whoever has read this file."""
    found: dict[str, int] = {}
    with file.open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            found[row["part"]] = max(row["place"], found.get(row["part"], 0))
    return found


def batches(found: Sequence[Candidates], seed: int, most: int | None = None) -> list[list[Candidates]]:
    """All of them once, batches of like length whose rows times the longest stay within `most`, or ROW_TOKENS."""
    most = most or MAX_BATCH_TOKENS
    order = random.Random(seed).sample(list(found), len(found))
    made: list[list[Candidates]] = []
    for start in range(0, len(order), BLOCK_ROWS):
        block: list[list[Candidates]] = [[]]
        for candidates in sorted(order[start : start + BLOCK_ROWS], key=lambda c: c.tokens):
            if candidates.tokens * (len(block[-1]) + 1) > most and block[-1]:
                block.append([])
            block[-1].append(candidates)
        made += random.Random(f"{seed} {start}").sample(block, len(block))
    return made


def loss_of(causal: Any, batch: Sequence[Candidates]) -> tuple[Tensor, int]:
    """The cross-entropy of the human's tokens and the weighted risk, and how many tokens were read."""
    device = causal.device
    ids, places, seen = (tensor.to(device) for tensor in packed(batch))
    masks = {"full_attention": seen, "sliding_attention": seen}
    hidden = causal.model(input_ids=ids, attention_mask=masks, position_ids=places, use_cache=False).last_hidden_state
    where, labels, owners = (tensor.to(device) for tensor in _answer_targets(batch))
    likely = -cross_entropy(causal.lm_head(hidden[where[0], where[1]]).float(), labels, reduction="none")
    lengths = torch.tensor([len(answer) for candidates in batch for answer in candidates.answers])
    totals = torch.zeros(len(lengths), device=device).index_add(0, owners, likely)
    # From here on it is numbers by the hundred, each asked for: not worth an accelerator's while.
    totals = totals.cpu()
    risk, entropy, tokens, at = torch.zeros(()), torch.zeros(()), 0, 0
    for candidates in batch:
        mine = slice(at, at + len(candidates.rewards))
        # As the beam ranks them, by their mean; made as sharp as whole sentences of that length are.
        means = totals[mine] / lengths[mine]
        shares = (SCORE_SHARPNESS * lengths[mine].float().mean() * means).softmax(0)
        reward = torch.tensor(candidates.rewards)
        risk = risk - (shares * (reward - reward.mean())).sum()
        at += len(candidates.answers)
        entropy, tokens = entropy - totals[at - 1], tokens + int(lengths[at - 1])
    return entropy / tokens + RISK_WEIGHT * risk / len(batch), sum(candidates.tokens for candidates in batch)


def packed(batch: Sequence[Candidates]) -> tuple[Tensor, Tensor, Tensor]:
    """Ids and places in the text, (rows, columns), and what each column sees, (rows, 1, columns, columns).

    A row is a prompt and its answers one behind the other; an answer sees the prompt and itself, and each begins at the
    place behind the prompt.
    """
    longest = max(candidates.tokens for candidates in batch)
    ids = torch.zeros(len(batch), longest, dtype=torch.long)
    places, parts = torch.zeros_like(ids), torch.full_like(ids, -1)
    for row, candidates in enumerate(batch):
        at = 0
        for part, text in enumerate([candidates.prompt, *candidates.answers]):
            end, begin = at + len(text), len(candidates.prompt) if part else 0
            ids[row, at:end] = torch.tensor(text)
            places[row, at:end] = torch.arange(begin, begin + len(text))
            parts[row, at:end] = part
            at = end
    columns = torch.arange(longest)
    earlier = columns[:, None] >= columns
    seen = earlier & ((parts[:, None, :] == 0) | (parts[:, None, :] == parts[:, :, None]))
    return ids, places, (seen | torch.eye(longest, dtype=torch.bool))[:, None]


def _answer_targets(batch: Sequence[Candidates]) -> tuple[Tensor, Tensor, Tensor]:
    """Where (2, tokens) each token of an answer is foretold, which token it is, and which of all answers it is of."""
    where: list[tuple[int, int]] = []
    labels: list[int] = []
    owners: list[int] = []
    for row, candidates in enumerate(batch):
        at = len(candidates.prompt)
        for answer in candidates.answers:
            where += [(row, len(candidates.prompt) - 1), *((row, column) for column in range(at, at + len(answer) - 1))]
            owners += [owners[-1] + 1 if owners else 0] * len(answer)
            labels += answer
            at += len(answer)
    return torch.tensor(where).T, torch.tensor(labels), torch.tensor(owners)
