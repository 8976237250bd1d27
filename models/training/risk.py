"""Minimum risk training: make those of the model's own answers more likely that are nearest to the human one.

Cross-entropy teaches the human words one by one, but a beam search chooses among whole sentences of the model. This
loss lowers their expected risk (Shen et al., "Minimum Risk Training for Neural Machine Translation", 2016), together
with the cross-entropy of the human answer (as in Edunov et al., "Classical Structured Prediction Losses for Sequence to
Sequence Learning", 2018). A source and all of its candidates are one row, in which no candidate sees another.
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

# Weight of the risk beside the cross-entropy; power to which the candidates' probabilities are raised.
RISK_WEIGHT, SCORE_SHARPNESS = 8.0, 0.5
MAX_HYPOTHESES = 5
MAX_BATCH_TOKENS = 3200
BLOCK_ROWS = 600


@dataclass(frozen=True, slots=True)
class Candidates:
    """Token ids of a prompt and of its answers, the human one last, and the reward of each of the model's answers."""

    prompt: list[int]
    answers: list[list[int]]
    rewards: tuple[float, ...]

    @property
    def tokens(self) -> int:
        """The number of tokens in the row."""
        return len(self.prompt) + sum(map(len, self.answers))


def read_candidates(file: Path, encode: Callable[[str, str], tuple[list[int], list[int]]]) -> list[Candidates]:
    """The lines of a file of `hypotheses.py` that have at least two hypotheses."""
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
    """The place in each part of the mixture after this file has been read."""
    found: dict[str, int] = {}
    with file.open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            found[row["part"]] = max(row["place"], found.get(row["part"], 0))
    return found


def batches(found: Sequence[Candidates], seed: int, most: int | None = None) -> list[list[Candidates]]:
    """All rows once, in batches of similar length; rows times the longest stay within `most`, or MAX_BATCH_TOKENS."""
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
    """The cross-entropy of the human tokens plus the weighted risk, and the number of tokens that were read."""
    device = causal.device
    ids, places, seen = (tensor.to(device) for tensor in packed(batch))
    masks = {"full_attention": seen, "sliding_attention": seen}
    hidden = causal.model(input_ids=ids, attention_mask=masks, position_ids=places, use_cache=False).last_hidden_state
    where, labels, owners = (tensor.to(device) for tensor in _answer_targets(batch))
    likely = -cross_entropy(causal.lm_head(hidden[where[0], where[1]]).float(), labels, reduction="none")
    lengths = torch.tensor([len(answer) for candidates in batch for answer in candidates.answers])
    totals = torch.zeros(len(lengths), device=device).index_add(0, owners, likely)
    # The rest is a few hundred numbers, each read alone, which is faster on the CPU.
    totals = totals.cpu()
    risk, entropy, tokens, at = torch.zeros(()), torch.zeros(()), 0, 0
    for candidates in batch:
        mine = slice(at, at + len(candidates.rewards))
        # The beam ranks by the mean; times the mean length it is as sharp as the probability of whole sentences.
        means = totals[mine] / lengths[mine]
        shares = (SCORE_SHARPNESS * lengths[mine].float().mean() * means).softmax(0)
        reward = torch.tensor(candidates.rewards)
        risk = risk - (shares * (reward - reward.mean())).sum()
        at += len(candidates.answers)
        entropy, tokens = entropy - totals[at - 1], tokens + int(lengths[at - 1])
    return entropy / tokens + RISK_WEIGHT * risk / len(batch), sum(candidates.tokens for candidates in batch)


def packed(batch: Sequence[Candidates]) -> tuple[Tensor, Tensor, Tensor]:
    """Ids and positions, (rows, columns), and the attention mask, (rows, 1, columns, columns).

    A row is a prompt followed by its answers. An answer sees the prompt and itself, and its positions begin behind the
    prompt.
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
    """For each answer token: where it is predicted, (2, tokens); its id; and the number of its answer in the batch."""
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
