"""Source to prompt tokens and back, the same for every engine that runs a causal model.

It uses the `tokenizers` library alone: no engine needs torch to count tokens.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tokenizers import Tokenizer

from models.decoding import Task


class Prompter:
    """The tokenizer of a causal checkpoint and its prompt for each task.

    A source is data: white space of any kind becomes one space (a newline would end it, and the adapter has
    seen none), and the names of control tokens are encoded as the characters they are written with.
    """

    def __init__(self, tokenizer_file: Path, prompts: Mapping[Task, str], window: int) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer_file))
        self._tokenizer.encode_special_tokens = True
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._prompts = dict(prompts)
        self.window = window

    @property
    def tasks(self) -> frozenset[Task]:
        """The tasks there is a prompt for."""
        return frozenset(self._prompts)

    def id_of(self, token: str) -> int:
        """The id of a token. Raises ValueError where there is none."""
        number = self._tokenizer.token_to_id(token)
        if number is None:
            raise ValueError(f"the tokenizer has no token {token}")
        return number

    def ids(self, text: str) -> list[int]:
        """The tokens of a text by their ids, nothing put around it."""
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def tokens(self, ids: Sequence[int]) -> list[str]:
        """The tokens by their names, as CTranslate2 wants them."""
        return [self._tokenizer.id_to_token(number) or "" for number in ids]

    def count(self, sources: Sequence[str]) -> list[int]:
        """Tokens of each source alone."""
        encodings = self._tokenizer.encode_batch([_one_line(s) for s in sources], add_special_tokens=False)
        return [len(encoding.ids) for encoding in encodings]

    def prompt(self, task: Task) -> str:
        """The prompt with its slot for the source. Raises ValueError for a task without one."""
        if task not in self._prompts:
            raise ValueError(f"this checkpoint has no prompt for {task}")
        return self._prompts[task]

    def encode(self, task: Task, sources: Sequence[str]) -> list[list[int]]:
        """The prompt of each source as token ids, whole.

        Raises ValueError for a task without a prompt and for a source longer than the window.
        """
        before, after = self.prompt(task).split("{source}")
        longest = max(self.count(sources), default=0)
        if longest > self.window:
            raise ValueError(f"a source of {longest} tokens does not fit the window of {self.window}")
        texts = [before + _one_line(source) + after for source in sources]
        return [encoding.ids for encoding in self._tokenizer.encode_batch(texts)]

    def decode(self, ids: Sequence[int]) -> str:
        """The text of generated ids, without control tokens and white space around it."""
        return self._tokenizer.decode(list(ids), skip_special_tokens=True).strip()


def _one_line(source: str) -> str:
    return " ".join(source.split())
