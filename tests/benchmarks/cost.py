"""What evidence and checks cost beside the summary they belong to: their share of an article's time by the clock.

python -m tests.benchmarks.cost FILE...     (articles as text, such as seeds/*.txt)

Counted are the checks of each translated sentence and of each hypothesis that was passed over, the index of the
article, and the evidence and checks of what may enter the summary. Each article is summarised once, as it would be by
the command; the sentence encoder is loaded with the first.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from models.evidence.index import EvidenceIndex
from models.loading.pipeline import build_pipeline
from models.loading.settings import LoadSettings
from models.summarization import summarizer
from models.summarization.verification import Verifier
from models.translation import translator
from models.values import Article

CHECKS: list[tuple[Any, str]] = [
    (translator, "pair_flags"),
    (Verifier, "verify"),
    (Verifier, "replacements"),
    (Verifier, "fillers"),
    (summarizer, "attribute"),
]


class Meter:
    """Seconds in functions, those that call each other counted once."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._inside = False

    def metered(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function with its time added."""

        def timed(*args: Any, **named: Any) -> Any:
            if self._inside:
                return function(*args, **named)
            self._inside, began = True, time.perf_counter()
            try:
                return function(*args, **named)
            finally:
                self._inside = False
                self.seconds += time.perf_counter() - began

        return timed


def main(paths: list[str]) -> None:
    """Print the share of each article and of all."""
    meter = Meter()
    for owner, name in CHECKS:
        setattr(owner, name, meter.metered(getattr(owner, name)))
    setattr(EvidenceIndex, "of", staticmethod(meter.metered(EvidenceIndex.of)))  # noqa: B010
    tool = build_pipeline(LoadSettings())
    checked = whole = 0.0
    for path in map(Path, paths):
        meter.seconds = 0.0
        total = tool.summarize(Article(path.read_text(encoding="utf-8"))).seconds.total
        checked, whole = checked + meter.seconds, whole + total
        print(f"{path.name}: {meter.seconds:.2f} of {total:.1f} s ({meter.seconds / total:.1%})")
    print(f"all: {checked:.2f} of {whole:.1f} s ({checked / whole:.1%})")


if __name__ == "__main__":
    main(sys.argv[1:])
