"""Many articles in one request: in order, each for itself, and never more in memory than is allowed."""

import json
import threading

import pytest

from models.errors import UnknownLanguage
from service.http.responses import ProblemBody
from tests.service.http.stub import LIMITS, REPORT, Gate, StubPipeline, assert_problem, await_that, client_of

HEADERS = {"Content-Type": "application/x-ndjson"}


def refuse_french(article, _on_progress):
    if "Bonjour" in article.text:
        raise UnknownLanguage("Neither German nor English.")


@pytest.fixture(scope="module")
def client():
    with client_of(StubPipeline(refuse_french)) as client:
        yield client


def batch(client, content, **headers):
    response = client.post("/v1/summaries/batch", content=content, headers=HEADERS | headers)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in response.text.splitlines()]


def test_one_answer_a_line_in_the_order_of_the_lines(client):
    lines = [json.dumps({"id": str(n), "text": f"Satz {n}."}) for n in range(20)]
    answers = batch(client, "\n".join(lines).encode())
    assert [answer["id"] for answer in answers] == [str(n) for n in range(20)]
    for answer in answers:
        REPORT.validate_python(answer)


def test_one_broken_line_never_ends_the_others(client):
    content = "\r\n".join(
        [
            '{"id": "a", "text": "Hallo."}',
            "{",
            "",
            '{"id": "b", "text": "Bonjour."}',
            "  ",
            '{"id": "c", "text": "Hallo.", "lenght": 1}',
            "[]",
            '{"id": 5, "text": "Hallo."}',
            '{"id": "d", "text": "Hallo."}',
        ]
    )
    answers = batch(client, content.encode(), **{"X-Request-ID": "r1"})
    assert [answer.get("status", 200) for answer in answers] == [200, 400, 422, 422, 422, 422, 200]
    problems = [ProblemBody.model_validate(answer) for answer in answers if "status" in answer]
    assert [(p.line, p.id, p.request_id) for p in problems] == [
        (2, None, "r1"),
        (4, "b", "r1"),
        (6, "c", "r1"),
        (7, None, "r1"),
        (8, None, "r1"),
    ]


def test_a_batch_over_the_limits_is_refused_whole(client):
    for content, code in ((b"x" * (LIMITS.body_bytes + 1), "body-too-large"), (b"1\n" * 10_001, "text-too-long")):
        response = client.post("/v1/summaries/batch", content=content, headers=HEADERS)
        assert_problem(response, 413, code)


@pytest.mark.parametrize("content", [b"", b"\n \r\n\n"])
def test_a_batch_without_a_line_is_malformed(client, content):
    response = client.post("/v1/summaries/batch", content=content, headers=HEADERS)
    assert_problem(response, 400, "malformed-request")


def test_only_lines_of_json_are_taken(client):
    response = client.post("/v1/summaries/batch", json={"text": "Hallo."})
    assert "application/x-ndjson" in assert_problem(response, 415)["detail"]
    response = client.post("/v1/summaries/batch?length=short", content=b"{}", headers=HEADERS)
    assert_problem(response, 422)


def test_batches_and_single_requests_take_turns():
    gate = Gate()
    pipeline = StubPipeline(gate)
    with client_of(pipeline) as client:
        worker = client.app.state.desk.worker
        answers, statuses = [], []

        def send_batch(name):
            lines = [json.dumps({"text": f"Satz {n}.", "id": f"{name}{n}"}) for n in range(3)]
            answers.append(batch(client, "\n".join(lines).encode()))

        def send_single():
            statuses.append(client.post("/v1/summaries", json={"text": "Hallo.", "id": "single"}).status_code)

        threads = [threading.Thread(target=send_batch, args=(name,)) for name in "abcdef"]
        for thread in threads:
            thread.start()
        await_that(lambda: worker.waiting == 5)
        threads += [threading.Thread(target=send_single) for _ in range(2)]
        for thread in threads[6:]:
            thread.start()
        await_that(lambda: worker.waiting == 7)
        gate.opened.set()
        for thread in threads:
            thread.join(20)
    assert statuses == [200, 200]
    assert [[answer.get("status") for answer in lines] for lines in answers] == [[None] * 3] * 6
    order = [article.id == "single" for article in pipeline.seen]
    assert order[:5] == [False, True, False, True, False]


def test_a_batch_stops_between_two_articles_when_the_service_drains():
    gate = Gate()
    with client_of(StubPipeline(gate)) as client:
        answers = []
        content = b'{"text": "Eins."}\n{"text": "Zwei."}\n'
        thread = threading.Thread(target=lambda: answers.append(batch(client, content)))
        thread.start()
        await_that(lambda: client.app.state.desk.worker.busy)
        client.app.state.desk.worker.drain()
        gate.opened.set()
        thread.join(5)
    [[report, problem]] = answers
    assert "summary" in report
    assert (problem["status"], problem["line"]) == (503, 2)
