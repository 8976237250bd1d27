"""Work on an article can be stopped at any stage, and soon: a deadline that nobody looks at is none."""

import time
from collections.abc import Callable
from itertools import pairwise

import pytest

from models.checking import check
from models.errors import Cancelled
from models.options import OnProgress, Options
from models.pipeline import Pipeline
from models.summarization.summarizer import Summarizer
from models.translation.translator import Translator
from models.values import Article
from tests.fakes import FakeEngine

# The most processor time between two looks at the deadline: below 1 on idle cores, several times that on slow ones.
MAX_SECONDS = 5.0
ARTICLE = " ".join(f"Am Morgen zählte Frau Meier {n} Hunde im Garten von Haus {n}, sagte sie." for n in range(30))

Work = Callable[[Article, OnProgress], object]


def summarizing(**options: object) -> Work:
    engine = FakeEngine(lambda *_: "Mrs Meier counted the dogs in the garden.", window=400)
    pipeline = Pipeline(Translator(engine), Summarizer(engine), {})
    return lambda article, on_progress: pipeline.summarize(article, Options(**options), on_progress)  # type: ignore[arg-type]


def checking(article: Article, on_progress: OnProgress) -> object:
    return check(article, "Mrs Meier counted 77 dogs.", on_progress=on_progress)


WAYS: dict[str, tuple[Work, set[str]]] = {
    "pivot": (summarizing(), {"read", "translate", "check", "summarize"}),
    "direct": (summarizing(mode="direct"), {"read", "check", "summarize"}),
    "German": (summarizing(summary_lang="de"), {"read", "summarize"}),
    "check": (checking, {"check"}),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_stage_looks_at_the_deadline_and_ends_with_it(way: str) -> None:
    work, stages = WAYS[way]
    heard: list[str] = []
    work(Article(ARTICLE), lambda stage, *_: heard.append(stage))
    assert set(heard) == stages
    for wanted in stages:

        def stop(stage: str, *_: int, at: str = wanted) -> None:
            if stage == at:
                raise Cancelled(at)

        with pytest.raises(Cancelled, match=wanted):
            work(Article(ARTICLE), stop)


@pytest.mark.slow
def test_the_longest_article_never_goes_long_without_a_look_at_the_deadline() -> None:
    sentences = (
        f"Am Morgen zählte Frau Meier aus Freiburg {n} Hunde im Garten von Haus {n}, sagte sie der Zeitung."
        for n in range(3_950)
    )
    looks = [time.process_time()]
    work, _ = WAYS["direct"]
    work(Article("\n\n".join(sentences)), lambda *_: looks.append(time.process_time()))
    assert max(later - sooner for sooner, later in pairwise(looks)) < MAX_SECONDS
