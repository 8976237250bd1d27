"""What a caller may ask of one summary, and how to follow or stop the work."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from models.errors import UsageError

Length = Literal["short", "medium", "long"]
Style = Literal["paragraph", "bullets"]
Mode = Literal["pivot", "direct"]
SummaryLang = Literal["en", "de"]

# Words of the summary that each length aims at.
LENGTHS: dict[Length, int] = {"short": 40, "medium": 90, "long": 180}
MAX_WORDS_RANGE = (10, 2000)

# Called between two steps of the work with the stage ("read", "translate", "summarize", "check"), the steps done and
# all steps of that stage. It may raise `Stopped` to end the work.
OnProgress = Callable[[str, int, int], None]
# Called often in work that has no count of its own; it may raise `Stopped` to end the work.
CheckStop = Callable[[], None]


def ignore_progress(_stage: str, _done: int, _total: int) -> None:
    """Follow nothing, stop nothing."""


def never_stop() -> None:
    """Let the work go on."""


@dataclass(frozen=True, slots=True)
class Options:
    """One summary's length in words, form, way and language; `max_words` goes before `length`.

    A German summary is made of the article's own sentences: `mode` has no bearing on it.

    Raises UsageError for values out of range.
    """

    length: Length = "medium"
    max_words: int | None = None
    style: Style = "paragraph"
    mode: Mode = "pivot"
    summary_lang: SummaryLang = "en"

    def __post_init__(self) -> None:
        low, high = MAX_WORDS_RANGE
        if self.max_words is not None and not low <= self.max_words <= high:
            raise UsageError(f"max_words is {self.max_words}: choose between {low} and {high}.")

    @property
    def words(self) -> int:
        """The number of words to aim at."""
        return self.max_words if self.max_words is not None else LENGTHS[self.length]


DEFAULT = Options()

# Called while models are fetched, built and loaded, with the name of the step and the share that is done, 0 to 1.
LoadProgress = Callable[[str, float], None]


def ignore_load_progress(_step: str, _share: float) -> None:
    """Follow nothing."""


@dataclass(frozen=True, slots=True)
class Listener:
    """Whom loading tells about its progress.

    `notice` gets one sentence about a model that the user should know, such as that its licence forbids commercial use.
    """

    progress: LoadProgress = ignore_load_progress
    notice: Callable[[str], None] = logging.getLogger(__name__).warning


LOG_ONLY = Listener()
