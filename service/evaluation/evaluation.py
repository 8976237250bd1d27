"""How good translations and summaries are against references; lead-3 stands beside each summary's score.

Lead-3, the article's first three sentences, is what a summariser must beat on news; cut to as many words as our
summary has, it shows what length alone is worth. The gain over it is taken article by article, which tells small
differences from chance far better than two intervals side by side.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from models.options import OnProgress, Options, ignore_progress
from models.report import Report, TranslationText
from models.values import Article
from service.evaluation.novelty import Novelty, novelty
from service.evaluation.references import OnBadLine, Reference
from service.evaluation.scores import (
    ROUGE_NAMES,
    PooledShare,
    Score,
    mean_score,
    pooled_share,
    rouge,
    translation_scores,
)
from service.evaluation.segments import translate_segments
from service.evaluation.word_accuracy import word_accuracy
from service.failures import Failure, attempt

if TYPE_CHECKING:
    from models.pipeline import Pipeline

# What follows the work on one article: its number, from 1, and how many there are.
ProgressForArticle = Callable[[int, int], OnProgress]
LEAD_CUT = "lead-3 cut"
GAIN_OVER_LEAD_CUT = f"gain over {LEAD_CUT}"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of one file: for each system its scores by metric, and its mean length in words.

    `shares` say in percent what the summaries' sentences, numbers and names are, or which words a translation found.
    """

    task: str
    count: int
    seconds: float
    scores: dict[str, dict[str, Score]]
    words: dict[str, float] = field(default_factory=dict)
    shares: dict[str, PooledShare] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """As JSON values."""
        scores = {
            system: {metric: score.to_dict() for metric, score in metrics.items()}
            for system, metrics in self.scores.items()
        }
        more: dict[str, Any] = {}
        if self.words:
            more["words"] = {system: round(mean, 1) for system, mean in self.words.items()}
        if self.shares:
            more["shares"] = {name: share.to_dict() for name, share in self.shares.items()}
        return {"task": self.task, "count": self.count, "seconds": round(self.seconds, 1), "scores": scores} | more

    def lines(self) -> list[str]:
        """As lines for a reader."""
        width = len(GAIN_OVER_LEAD_CUT)
        shown = [f"{self.count} references, {self.seconds:.1f} s, 95 % bootstrap intervals"]
        for system, metrics in self.scores.items():
            length = f"{self.words[system]:.0f} words" if system in self.words else ""
            for metric, score in metrics.items():
                shown.append(f"{system:{width}} {metric:8} {score}  {score.signature or length}".rstrip())
        shown += [f"{name:{width + 9}} {share.score} % of {share.of}" for name, share in self.shares.items()]
        return shown


def evaluate_translation(
    pipeline: "Pipeline", references: Sequence[Reference], on_progress: OnProgress = ignore_progress
) -> Evaluation:
    """chrF, BLEU and word accuracy of the pipeline's English for German segments of one or more sentences.

    Raises ValueError without a reference.
    """
    if not references:
        raise ValueError("nothing to evaluate")
    start = time.monotonic()
    targets = list(translate_segments(pipeline, [r.source for r in references], "de", on_progress))
    seconds = time.monotonic() - start
    scores = translation_scores(targets, [r.target for r in references])
    counted = [word_accuracy(r.source, target, r.target) for r, target in zip(references, targets, strict=True)]
    shares = {f"{kind} found": pooled_share([row[kind] for row in counted]) for kind in counted[0]}
    known = {name: share for name, share in shares.items() if share}
    return Evaluation("translation", len(targets), seconds, {"kurzum": scores}, shares=known)


def evaluate_summary(
    pipeline: "Pipeline",
    references: Sequence[Reference],
    options: Options,
    on_bad_line: OnBadLine,
    progress_for: ProgressForArticle = lambda _number, _total: ignore_progress,
) -> Evaluation | None:
    """ROUGE of the pipeline's summaries and of lead-3; None if no article could be summarised.

    An article that cannot be is left out and complained about.
    """
    rows: list[dict[str, str]] = []
    own: list[Novelty] = []
    wanted: list[str] = []
    seconds = 0.0
    for number, reference in enumerate(references, 1):
        article, on_progress = Article(reference.source), progress_for(number, len(references))
        start = time.monotonic()
        report = attempt(pipeline.summarize, article, options, on_progress)
        seconds += time.monotonic() - start
        if isinstance(report, Failure):
            on_bad_line(reference.line, report.detail)
            continue
        # Without a pivot there is no translation to take the first sentences from.
        translation = report.translation or pipeline.translate(article).translation
        rows.append(_systems(report, translation))
        if report.summary and translation:
            own.append(novelty(report.summary.sentences, f"{report.text}\n{translation.text}"))
        wanted.append(reference.target)
    if not rows:
        return None
    figures = {
        system: [rouge(row[system], target) for row, target in zip(rows, wanted, strict=True)] for system in rows[0]
    }
    figures[GAIN_OVER_LEAD_CUT] = [
        {metric: ours[metric] - theirs[metric] for metric in ROUGE_NAMES}
        for ours, theirs in zip(figures["kurzum"], figures[LEAD_CUT], strict=True)
    ]
    scores = {
        system: {shown: mean_score([row[name] for row in of]) for name, shown in ROUGE_NAMES.items()}
        for system, of in figures.items()
    }
    words = {system: sum(len(row[system].split()) for row in rows) / len(rows) for system in rows[0]}
    return Evaluation("summary", len(rows), seconds, scores, words, _shares(own))


def _systems(report: Report, translation: TranslationText | None) -> dict[str, str]:
    """Our summary and the two baselines."""
    summary = report.summary.text if report.summary else ""
    lead = lead_sentences(translation) if translation else ""
    return {"kurzum": summary, "lead-3": lead, LEAD_CUT: " ".join(lead.split()[: len(summary.split())])}


def _shares(own: Sequence[Novelty]) -> dict[str, PooledShare]:
    found = {
        "sentences not copied": pooled_share([(of - some, of) for some, of in (row.copied for row in own)]),
        "sentences extracted": pooled_share([row.extracted for row in own]),
        "numbers not in article": pooled_share([row.numbers for row in own]),
        "names not in article": pooled_share([row.names for row in own]),
    }
    return {name: value for name, value in found.items() if value}


def lead_sentences(translation: TranslationText, count: int = 3) -> str:
    """The English of the first sentences that are German or English."""
    read = (sentence.target for sentence in translation.sentences if sentence.lang != "other")
    return " ".join(islice(read, count))
