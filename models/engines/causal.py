"""What both engines for causal models share: all that rests on the prompts and not on the runtime."""

from collections.abc import Mapping, Sequence

from models.decoding import GREEDY, Decoding, ResolvedDecoding, Task
from models.engines.prompting import Prompter


class Causal:
    """The part of an `Engine` that a `Prompter` answers."""

    def __init__(self, prompter: Prompter, receipt: Mapping[str, str]) -> None:
        self._prompter = prompter
        self._receipt = dict(receipt)

    @property
    def tasks(self) -> frozenset[Task]:
        """The tasks there is a prompt for."""
        return self._prompter.tasks

    @property
    def window(self) -> int:
        """The longest source in tokens."""
        return self._prompter.window

    @property
    def receipt(self) -> dict[str, str]:
        """What runs."""
        return dict(self._receipt)

    def resolve(self, task: Task, decoding: Decoding) -> ResolvedDecoding:
        """`decoding`, greedy and without penalties where it is open. Raises ValueError for a task without a prompt."""
        self._prompter.prompt(task)
        return decoding.resolve(GREEDY)

    def prompt_template(self, task: Task) -> dict[str, str]:
        """The task's prompt. Raises ValueError for a task without one."""
        return {"prompt": self._prompter.prompt(task)}

    def count_tokens(self, sources: Sequence[str]) -> list[int]:
        """Tokens of each source alone."""
        return self._prompter.count(sources)
