"""The figures for Prometheus, in one registry for each application, so that two in one process do not mix."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from service.http.worker import Worker

CONTENT_TYPE = CONTENT_TYPE_LATEST
BUCKETS = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)


class Metrics:
    """Requests, articles, seconds; the queue's length and readiness are looked up when asked for."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "kurzum_requests", "Requests by route and status.", ["route", "status"], registry=self.registry
        )
        self.articles = Counter(
            "kurzum_articles", "Articles by what came of them: done, or a problem's code.", ["outcome"],
            registry=self.registry,
        )  # fmt: skip
        self.seconds = Histogram(
            "kurzum_stage_seconds", "Seconds of an article in each stage.", ["stage"],
            buckets=BUCKETS, registry=self.registry,
        )  # fmt: skip
        self.waiting = Gauge("kurzum_waiting_articles", "Articles accepted and not begun.", registry=self.registry)
        self.ready = Gauge("kurzum_ready", "1 when articles are accepted.", registry=self.registry)

    def watch(self, worker: Worker) -> None:
        """Tell the queue's length and the readiness of this worker."""
        self.waiting.set_function(lambda: worker.waiting)
        self.ready.set_function(lambda: worker.ready)

    def done(self, seconds: Mapping[str, float]) -> None:
        """Count an article that came through, and the time that each stage took."""
        self.articles.labels("done").inc()
        for stage, spent in seconds.items():
            self.seconds.labels(stage).observe(spent)

    def exposition(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)
