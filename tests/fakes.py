"""One deterministic engine that records its calls, behind the real protocol: the tests' only fake model."""

from collections.abc import Callable, Sequence

from models.decoding import GREEDY, Decoding, Hypothesis, OnStep, ResolvedDecoding, Task, ignore_step

Answer = Callable[[Task, str, ResolvedDecoding], str | Hypothesis]


def echo(task: Task, source: str, _search: ResolvedDecoding) -> str:
    """A translation that says which source it stands for; a summary that is the article's first sentence."""
    if task == "translation":
        return f"And this is what they would say: {source}"
    return source.split(". ")[0].rstrip(".") + "."


class FakeEngine:
    """An engine whose tokens are words and whose hypotheses come from `answer`; `calls` holds every batch."""

    tasks: frozenset[Task] = frozenset({"translation", "summarization", "direct"})

    def __init__(self, answer: Answer = echo, window: int = 50) -> None:
        self.receipt = {"engine": "fake", "device": "cpu", "compute_type": "none", "id": "fake", "revision": "0"}
        self.answer = answer
        self.window = window
        self.calls: list[tuple[Task, list[str], Decoding]] = []

    def resolve(self, task: Task, decoding: Decoding) -> ResolvedDecoding:
        return decoding.resolve(GREEDY)

    def prompt_template(self, task: Task) -> dict[str, str]:
        return {"prompt": f"{task}: {{source}}"}

    def count_tokens(self, sources: Sequence[str]) -> list[int]:
        return [len(source.split()) for source in sources]

    def generate(
        self,
        task: Task,
        sources: Sequence[str],
        decoding: Decoding,
        max_new_tokens: int,
        min_new_tokens: int = 0,
        on_step: OnStep = ignore_step,
    ) -> list[Hypothesis]:
        assert 0 <= min_new_tokens <= max_new_tokens
        self.calls.append((task, list(sources), decoding))
        hypotheses = []
        for source, tokens in zip(sources, self.count_tokens(sources), strict=True):
            if tokens > self.window:
                raise ValueError(f"{tokens} tokens do not fit a window of {self.window}")
            answer = self.answer(task, source, self.resolve(task, decoding))
            if isinstance(answer, Hypothesis):
                hypotheses.append(answer)
                continue
            words = answer.split(" ")
            text = " ".join(words[:max_new_tokens])
            hypotheses.append(Hypothesis(text, min(len(words), max_new_tokens), len(words) <= max_new_tokens))
        return hypotheses
