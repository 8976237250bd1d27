"""POST /v1/checks over a pipeline without models: the check itself is the real one."""

import json
import threading

import pytest
from pydantic import TypeAdapter

from models.checking import Check, check
from models.values import Article
from tests.service.http.stub import LIMITS, Gate, StubPipeline, assert_problem, await_that, client_of

TEXT = "Der Rat berät über drei neue Radwege. Der Bau kostet 4,5 Millionen Euro."
SUMMARY = "The council debates three new cycle paths. Building them costs 45 million euros."


@pytest.fixture(scope="module")
def pipeline():
    return StubPipeline()


@pytest.fixture(scope="module")
def client(pipeline):
    with client_of(pipeline) as client:
        yield client


def test_a_summary_is_answered_with_the_documented_report_and_without_the_model(client, pipeline):
    response = client.post("/v1/checks", json={"text": TEXT, "summary": SUMMARY, "id": "a", "title": "Radwege"})
    report = TypeAdapter(Check).validate_python(response.json())
    assert response.headers["content-type"] == "application/json"
    assert (report.id, report.title) == ("a", "Radwege")
    assert [s.evidence[0].sentence for s in report.sentences] == [0, 1]
    assert "45 million" in [f.text for f in report.sentences[1].flags]
    assert pipeline.seen == []


def test_it_is_the_same_as_on_the_command_line(client):
    body = {"text": TEXT, "summary": SUMMARY}
    assert client.post("/v1/checks", json=body).json() == check(Article(TEXT), SUMMARY).to_dict()


def test_format_and_language_of_the_source_are_heard(client):
    page = f"<html><body><article><p>{TEXT * 4}</p></article></body></html>"
    body = {"text": page, "summary": SUMMARY, "format": "html", "source_lang": "de"}
    sources = [e["source"] for s in client.post("/v1/checks", json=body).json()["sentences"] for e in s["evidence"]]
    assert sources
    assert "<p>" not in "".join(sources)
    assert client.post("/v1/checks", json=body | {"source_lang": "en"}).json()["source_lang"] == "en"


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"text": TEXT}, 422, "summary"),
        ({"summary": SUMMARY}, 422, "text"),
        ({"text": TEXT, "summary": 5}, 422, "summary"),
        ({"text": TEXT, "summary": SUMMARY, "include": ["text"]}, 422, "include"),
        ({"text": TEXT, "summary": SUMMARY, "sumary": ""}, 422, "sumary"),
        ({"text": TEXT, "summary": SUMMARY, "id": "x" * 201}, 422, "id"),
        ({"text": TEXT, "summary": " \n"}, 422, "summary"),
        ({"text": TEXT, "summary": "\u0000\u200b***"}, 422, "summary"),
        ({"text": " ", "summary": SUMMARY}, 422, "text"),
        ({"text": "Le chien dort dans le jardin.", "summary": SUMMARY}, 422, "text"),
        ({"text": TEXT, "summary": "a" * (LIMITS.characters + 1)}, 413, None),
        ({"text": "a" * (LIMITS.characters + 1), "summary": SUMMARY}, 413, None),
        ([], 422, ""),
    ],
)
def test_what_cannot_be_used_is_a_problem_with_its_field(client, body, status, field):
    problem = assert_problem(client.post("/v1/checks", json=body), status)
    assert field is None or field in [error["field"] for error in problem["errors"]]


def test_only_json_is_taken_and_no_query_beside_it(client):
    assert_problem(client.post("/v1/checks", content=b"x", headers={"Content-Type": "text/plain"}), 415)
    assert_problem(client.post("/v1/checks?id=a", json={"text": TEXT, "summary": SUMMARY}), 422)
    assert_problem(client.get("/v1/checks"), 405)


@pytest.mark.parametrize("field", ["text", "summary"])
def test_half_a_surrogate_pair_is_refused_and_a_null_character_read_over(client, field):
    body = json.dumps({"text": TEXT, "summary": SUMMARY})
    broken = body.replace("45 million", "\\ud800") if field == "summary" else body.replace("4,5", "\\udfff")
    headers = {"Content-Type": "application/json"}
    assert_problem(client.post("/v1/checks", content=broken.encode(), headers=headers), 400)
    fine = json.loads(body)
    fine[field] = fine[field].replace(" ", " \x00", 1)
    assert client.post("/v1/checks", json=fine).json() == check(Article(TEXT), SUMMARY).to_dict()


def test_a_check_is_counted_with_its_seconds_and_so_is_a_refused_one():
    with client_of(StubPipeline()) as client:
        client.post("/v1/checks", json={"text": TEXT, "summary": SUMMARY})
        client.post("/v1/checks", json={"text": TEXT, "summary": "…"})
        text = client.get("/metrics").text
    for line in (
        'kurzum_requests_total{route="/v1/checks",status="200"} 1.0',
        'kurzum_requests_total{route="/v1/checks",status="422"} 1.0',
        'kurzum_articles_total{outcome="done"} 1.0',
        'kurzum_articles_total{outcome="unusable-summary"} 1.0',
        'kurzum_stage_seconds_count{stage="check"} 1.0',
    ):
        assert line in text, text


def test_a_check_waits_for_its_turn_and_the_event_loop_goes_on():
    gate = Gate()
    answers = []
    with client_of(StubPipeline(gate)) as client:
        body = {"text": TEXT, "summary": SUMMARY}
        first = threading.Thread(target=lambda: client.post("/v1/summaries", json={"text": TEXT}))
        second = threading.Thread(target=lambda: answers.append(client.post("/v1/checks", json=body)))
        first.start()
        await_that(lambda: client.app.state.desk.worker.busy)
        second.start()
        await_that(lambda: client.app.state.desk.worker.waiting == 1)
        assert client.get("/health/live").status_code == 200
        assert answers == []
        gate.opened.set()
        first.join(20)
        second.join(20)
    assert answers[0].status_code == 200
