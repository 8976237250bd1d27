"""One article's way through the service: its limits, its place in the queue, its count in the metrics."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from models.errors import EmptyText, TextTooLong
from models.options import Watch, unwatched
from models.report import Report
from service.metrics import Metrics
from service.problems import problem_of
from service.schemas import SummaryRequest, TranslationRequest, article
from service.settings import Limits
from service.worker import Job, Worker

ArticleRequest = SummaryRequest | TranslationRequest


@dataclass(frozen=True, slots=True)
class Desk:
    """What all routes share."""

    worker: Worker
    limits: Limits
    metrics: Metrics

    async def report(self, request: ArticleRequest, follow: Watch = unwatched, patient: bool = False) -> Report:
        """The report on one article; raises as `Worker.run` and the pipeline do, and counts what came of it."""
        try:
            self.check(request)
            characters = min(len(request.text), self.limits.characters)
            seconds = self.limits.deadline(characters)
            report = await self.worker.run(_job(request), characters, seconds, follow, patient)
        except Exception as error:
            self.metrics.articles.labels(problem_of(error).code).inc()
            raise
        except BaseException:  # The request was cancelled because its client left.
            self.metrics.articles.labels("cancelled").inc()
            raise
        self.metrics.done(report)
        return report

    def check(self, request: ArticleRequest) -> None:
        """Raise EmptyText or TextTooLong before any work; of HTML only the pipeline knows how long its text is."""
        if not request.text.strip():
            raise EmptyText("The text is empty or holds only blanks.")
        if request.format == "text" and len(request.text) > self.limits.characters:
            raise TextTooLong(f"The text is longer than {self.limits.characters:,} characters.")

    def admit(self, request: ArticleRequest) -> None:
        """Raise what `report` would raise at once, while there is still a status to choose."""
        self.check(request)
        self.worker.require_place()


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


TheDesk = Annotated[Desk, Depends(_desk)]


def render(request: ArticleRequest, report: Report) -> dict[str, object]:
    """The report with what the request wants included; a translation is never left out of a translation's report."""
    include = set(request.include)
    if isinstance(request, TranslationRequest):
        include.add("translation")
    return report.to_dict(include)


def bare(report: Report) -> str:
    """The English alone: the summary, or the translation where no summary was asked for."""
    if report.summary is not None:
        return report.summary.text
    return report.translation.text if report.translation is not None else ""


def _job(request: ArticleRequest) -> Job[Report]:
    source = article(request)
    if isinstance(request, SummaryRequest):
        options = request.options()
        return lambda pipeline, watch: pipeline.summarize(source, options, watch)
    return lambda pipeline, watch: pipeline.translate(source, watch)
