"""chrF, BLEU and ROUGE against references, each with the interval that chance alone would explain."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

# As in Koehn 2004 (Statistical significance tests for machine translation evaluation): 1,000 samples with
# replacement. The seed is fixed, so that equal input gives equal intervals.
BOOTSTRAP_SAMPLES = 1000
BOOTSTRAP_SEED = 12345

ROUGE_NAMES = {"rouge1": "ROUGE-1", "rouge2": "ROUGE-2", "rougeL": "ROUGE-L"}


@dataclass(frozen=True, slots=True)
class Score:
    """A figure from 0 to 100 with its 95 % bootstrap interval; `signature` says how sacrebleu counted."""

    value: float
    low: float
    high: float
    signature: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Rounded to what the figures bear."""
        figures: dict[str, Any] = {
            name: round(value, 2) for name, value in (("score", self.value), ("low", self.low), ("high", self.high))
        }
        return figures | ({"signature": self.signature} if self.signature else {})

    def __str__(self) -> str:
        return f"{self.value:5.1f}  [{self.low:.1f}, {self.high:.1f}]"


def translation_scores(targets: Sequence[str], references: Sequence[str]) -> dict[str, Score]:
    """chrF and BLEU of the whole corpus as sacrebleu counts them, with percentile bootstrap intervals."""
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF

    return {
        "chrF": _corpus_score(CHRF(), targets, references),
        "BLEU": _corpus_score(BLEU(), targets, references),
    }


def _corpus_score(metric: Any, targets: Sequence[str], references: Sequence[str]) -> Score:
    # sacrebleu's own resampling (2.6) fails where a sample scores 0: it mixes float and numpy.float32.
    import numpy as np

    whole = metric.corpus_score(list(targets), [list(references)])
    counts = np.array(metric._extract_corpus_statistics(list(targets), [list(references)]))
    chance = np.random.default_rng(BOOTSTRAP_SEED)
    samples = (
        counts[chance.integers(len(counts), size=len(counts))].sum(axis=0).tolist() for _ in range(BOOTSTRAP_SAMPLES)
    )
    low, high = _interval(sorted(float(metric._compute_score_from_stats(sample).score) for sample in samples))
    return Score(float(whole.score), low, high, str(metric.get_signature()))


def rouge(summary: str, reference: str) -> dict[str, float]:
    """ROUGE-1, -2 and -L (F, with stemming) of one summary, from 0 to 100."""
    found = _scorer().score(reference, summary)
    return {name: 100 * found[name].fmeasure for name in ROUGE_NAMES}


@cache
def _scorer() -> Any:
    from rouge_score.rouge_scorer import RougeScorer

    return RougeScorer(list(ROUGE_NAMES), use_stemmer=True)


@dataclass(frozen=True, slots=True)
class PooledShare:
    """A share in percent with its interval, and how many things it is a share of."""

    score: Score
    of: int

    def to_dict(self) -> dict[str, Any]:
        """The score's figures and the count."""
        return self.score.to_dict() | {"of": self.of}


def pooled_share(counts: Sequence[tuple[int, int]]) -> PooledShare | None:
    """How many of how many over all articles, which are drawn as wholes; None where there is nothing to count."""
    counts = [count for count in counts if count[1]]
    if not counts:
        return None
    chance = random.Random(BOOTSTRAP_SEED)
    samples = sorted(_percent(chance.choices(counts, k=len(counts))) for _ in range(BOOTSTRAP_SAMPLES))
    return PooledShare(Score(_percent(counts), *_interval(samples)), sum(of for _, of in counts))


def _percent(counts: Sequence[tuple[int, int]]) -> float:
    return 100 * sum(some for some, _ in counts) / sum(of for _, of in counts)


def mean_score(values: Sequence[float]) -> Score:
    """The mean of one figure per article, with its percentile bootstrap interval."""
    chance = random.Random(BOOTSTRAP_SEED)
    means = sorted(sum(chance.choices(values, k=len(values))) / len(values) for _ in range(BOOTSTRAP_SAMPLES))
    return Score(sum(values) / len(values), *_interval(means))


def _interval(ordered: Sequence[float]) -> tuple[float, float]:
    """The bounds of the middle 95 %."""
    cut = len(ordered) // 40
    return ordered[cut], ordered[-cut - 1]
