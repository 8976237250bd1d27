"""The service over the real pipeline with the fake engine: the documented report is the one that comes."""

import json

import pytest
from starlette.testclient import TestClient

from models.pipeline import Pipeline
from models.summarization.summarizer import Summarizer
from models.translation.translator import Translator
from service.http.app import CANARY, create_app
from service.http.openapi import HTML, TEXT
from service.settings import Limits
from tests.fakes import FakeEngine, echo
from tests.service.http.stub import REPORT, assert_problem, await_that


def answer(task, source, decoding):
    return "The dog sleeps in the garden." if source == CANARY else echo(task, source, decoding)


@pytest.fixture(scope="module")
def client():
    engine = FakeEngine(answer)
    limits = Limits(characters=5_000)
    pipeline = Pipeline(Translator(engine), Summarizer(engine), {"preset": "fake"}, limits.characters)
    with TestClient(create_app(lambda: pipeline, limits)) as client:
        await_that(lambda: client.get("/health/ready").status_code == 200)
        yield client


@pytest.mark.parametrize("body", [{"text": TEXT}, {"text": HTML, "format": "html", "style": "bullets"}])
def test_a_summary_has_the_documented_form(client, body):
    response = client.post("/v1/summaries", json=body | {"include": ["text", "translation"], "max_words": 10})
    report = REPORT.validate_python(response.json())
    assert report.receipt == {"preset": "fake"}
    for sentence in report.translation.sentences:
        assert report.text[sentence.start : sentence.end] == sentence.source
    for sentence in report.summary.sentences:
        for evidence in sentence.evidence:
            assert evidence.end <= len(report.text)


def test_a_translation_has_the_documented_form(client):
    report = REPORT.validate_python(client.post("/v1/translations", json={"text": TEXT}).json())
    assert report.coverage.translated == 3


def test_progress_counts_up_to_the_report(client):
    response = client.post("/v1/summaries", json={"text": TEXT}, headers={"Accept": "text/event-stream"})
    names = [line for line in response.text.splitlines() if line.startswith("event: ")]
    assert names[-1] == "event: report"
    assert "event: progress" in names


@pytest.mark.parametrize(
    ("text", "status", "code"),
    [
        ("Le chat dort dans le jardin et les enfants jouent dans la maison.", 422, "unknown-language"),
        ("12345 67890", 422, None),
        ("x" * 5_001, 413, "text-too-long"),
    ],
)
def test_what_the_pipeline_refuses_is_a_problem(client, text, status, code):
    assert_problem(client.post("/v1/summaries", json={"text": text}), status, code)


def test_html_with_too_long_a_text_is_refused_by_the_pipeline(client):
    html = "<p>" + "Der Hund schläft im Garten. " * 400 + "</p>"
    assert_problem(client.post("/v1/summaries", json={"text": html, "format": "html"}), 413, "text-too-long")


def test_a_batch_of_real_reports(client):
    content = "\n".join(json.dumps({"id": name, "text": TEXT}) for name in "abc").encode()
    response = client.post("/v1/summaries/batch", content=content, headers={"Content-Type": "application/x-ndjson"})
    assert [REPORT.validate_json(line).id for line in response.text.splitlines()] == ["a", "b", "c"]
