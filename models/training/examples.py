"""Training examples: rows of the mixture as token ids, in batches of similar length, in a reproducible order.

The order follows from a seed and from the record beside an adapter, so that a run continues where another stopped.
"""

import json
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from models.training.mixture import PROMPTS, Part, Row

BATCH_TOKENS = 1200
BLOCK_BATCHES = 60
MAX_ARTICLE_TOKENS = 440
MAX_EXAMPLE_TOKENS = 640
SEED = 20261122
HISTORY_FILE = "training.json"
Example = tuple[list[int], list[int]]


class Examples:
    """Prompt and answer as token ids, in endless shuffled rounds through the rows of each part.

    `places` is the number of rows read of each part (by its name), including the current block. A run that begins with
    the places of another continues there, without the rest of its last block.
    """

    def __init__(
        self,
        tokenizer: Any,
        material: dict[Part, list[Row]],
        seed: int,
        places: Mapping[str, int] | None = None,
        batch_tokens: int = BATCH_TOKENS,
    ) -> None:
        self.places = {part.name: (places or {}).get(part.name, 0) for part in material}
        self._tokenizer = tokenizer
        self._material = material
        self._seed = seed
        self._batch_tokens = batch_tokens
        self._rounds: dict[str, tuple[int, list[int]]] = {}

    def batches(self) -> Iterator[list[Example]]:
        """Blocks in which each part has its share of the tokens; within a block, batches of similar length."""
        while True:
            block: list[Example] = []
            for part in self._material:
                budget = part.share * BLOCK_BATCHES * self._batch_tokens
                while budget > 0:
                    prompt, answer = example = self.take(part)
                    block.append(example)
                    budget -= len(prompt) + len(answer)
            batches = grouped(block, self._batch_tokens)
            random.Random(f"{self._seed} {self.places}").shuffle(batches)
            yield from batches

    def take(self, part: Part) -> Example:
        """The next row of the part that is not too long."""
        rows = self._material[part]
        while True:
            round_, place = divmod(self.places[part.name], len(rows))
            self.places[part.name] += 1
            prompt, answer = self.encode(part, *rows[self._order(part.name, round_, len(rows))[place]])
            if len(prompt) + len(answer) <= MAX_EXAMPLE_TOKENS:
                return prompt, answer

    def _order(self, name: str, round_: int, size: int) -> list[int]:
        """The order in which a round reads the rows of a part."""
        if name not in self._rounds or self._rounds[name][0] != round_:
            self._rounds[name] = round_, order(self._seed, name, round_, size)
        return self._rounds[name][1]

    def encode(self, part: Part, source: str, target: str) -> Example:
        """Prompt and answer as token ids; an article is cut to MAX_ARTICLE_TOKENS."""
        if part.prompt != "translation":
            ids = self._tokenizer(source, add_special_tokens=False).input_ids
            if len(ids) > MAX_ARTICLE_TOKENS:
                source = self._tokenizer.decode(ids[:MAX_ARTICLE_TOKENS])
        prompt = self._tokenizer(PROMPTS[part.prompt].format(source=source)).input_ids
        answer = self._tokenizer(" " + target, add_special_tokens=False).input_ids
        return prompt, [*answer, self._tokenizer.eos_token_id]


def order(seed: int, name: str, round_: int, size: int) -> list[int]:
    """The row numbers of a part in the order of one round."""
    return random.Random(f"{seed} {name} {round_}").sample(range(size), size)


def grouped(block: list[Example], most: int = BATCH_TOKENS) -> list[list[Example]]:
    """Batches of similar length; rows times the longest row stay within `most` tokens."""
    batches: list[list[Example]] = [[]]
    for example in sorted(block, key=lambda e: len(e[0]) + len(e[1])):
        if (len(example[0]) + len(example[1])) * (len(batches[-1]) + 1) > most and batches[-1]:
            batches.append([])
        batches[-1].append(example)
    return batches


def read_history(adapter: Path | None) -> dict[str, Any]:
    """The record of an adapter: tokens `seen` and `places`, rows read of each part; zeros where it has none."""
    file = adapter and adapter / HISTORY_FILE
    if file is None or not file.is_file():
        return {"seen": 0, "places": {}}
    history: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return history


def write_history(history: dict[str, Any], adapter: Path) -> None:
    """Write the record beside an adapter."""
    (adapter / HISTORY_FILE).write_text(json.dumps(history, indent=2) + "\n", encoding="utf-8")
