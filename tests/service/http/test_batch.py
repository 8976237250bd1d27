"""Many articles in one request: in order, each for itself, and never more in memory than is allowed."""

import asyncio
import json
import threading

import pytest

from models.errors import UnknownLanguage
from service.http.batch import Lines
from service.http.responses import ProblemBody, SummaryReport
from service.settings import Limits
from tests.service.http.stub import LIMITS, Gate, StubPipeline, assert_problem, await_that, client_of

HEADERS = {"Content-Type": "application/x-ndjson"}


def refuse_french(article, _watch):
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
        SummaryReport.model_validate(answer)


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


def test_a_line_over_the_limit_is_a_problem_and_the_next_is_read(client):
    long = json.dumps({"id": "long", "text": "x" * LIMITS.body_bytes})
    answers = batch(client, (long + '\n{"id": "b", "text": "Hallo."}\n' + long).encode())
    assert [answer.get("status", 200) for answer in answers] == [413, 200, 413]
    assert [answer.get("line") for answer in answers] == [1, None, 3]


def test_a_body_larger_than_one_limit_is_read_as_its_lines_are_done(client):
    line = json.dumps({"text": "y" * 20_000}).encode() + b"\n"
    assert len(batch(client, (line for _ in range(30)))) == 30


@pytest.mark.parametrize("content", [b"", b"\n \r\n\n"])
def test_a_batch_without_a_line_is_malformed(client, content):
    response = client.post("/v1/summaries/batch", content=content, headers=HEADERS)
    assert_problem(response, 400, "malformed-request")


def test_only_lines_of_json_are_taken(client):
    response = client.post("/v1/summaries/batch", json={"text": "Hallo."})
    assert "application/x-ndjson" in assert_problem(response, 415)["detail"]
    response = client.post("/v1/summaries/batch?length=short", content=b"{}", headers=HEADERS)
    assert_problem(response, 422)


def test_a_batch_waits_where_single_requests_are_turned_away():
    gate = Gate()
    pipeline = StubPipeline(gate)
    with client_of(pipeline, Limits(waiting_articles=1)) as client:
        answers = []
        content = b'{"text": "Eins."}\n{"text": "Zwei."}\n'
        threads = [threading.Thread(target=lambda: answers.append(batch(client, content))) for _ in range(4)]
        for thread in threads:
            thread.start()
        await_that(lambda: "kurzum_waiting_articles 1.0" in client.get("/metrics").text)
        response = client.post("/v1/summaries", json={"text": "Hallo."})
        assert_problem(response, 503, "overloaded")
        gate.opened.set()
        for thread in threads:
            thread.join(5)
        assert [[answer.get("status") for answer in lines] for lines in answers] == [[None, None]] * 4


def test_a_batch_stops_between_two_articles_when_the_service_drains():
    gate = Gate()
    with client_of(StubPipeline(gate)) as client:
        answers = []
        content = b'{"text": "Eins."}\n{"text": "Zwei."}\n'
        thread = threading.Thread(target=lambda: answers.append(batch(client, content)))
        thread.start()
        await_that(lambda: client.app.state.desk.worker._running is not None)
        client.app.state.desk.worker.drain()
        gate.opened.set()
        thread.join(5)
    [[report, problem]] = answers
    assert "summary" in report
    assert (problem["status"], problem["line"]) == (503, 2)


class Source:
    """A sender of chunks that counts how often it was asked and stays connected until `leave` is set."""

    def __init__(self, *chunks, ends=True):
        self.chunks = list(chunks)
        self.ends = ends
        self.asked = 0
        self.leave = asyncio.Event()

    async def __call__(self):
        self.asked += 1
        await asyncio.sleep(0)
        if self.chunks:
            chunk = self.chunks.pop(0)
            return {"type": "http.request", "body": chunk, "more_body": bool(self.chunks) or not self.ends}
        await self.leave.wait()
        return {"type": "http.disconnect"}


async def collect(lines, pause=0.0):
    pump = asyncio.create_task(lines.pump())
    got = []
    async for line in lines:
        got.append((line.number, line.refused.status if line.refused else line.content))
        await asyncio.sleep(pause)
    pump.cancel()
    return got


def test_lines_may_be_cut_anywhere():
    async def main():
        source = Source(b"ab", b"c\n\nd", b"", b"e\nf")
        return await collect(Lines(source, 100, 5))

    assert asyncio.run(main()) == [(1, b"abc"), (3, b"de"), (4, b"f")]


def test_no_more_is_read_ahead_than_the_limit():
    async def main():
        source = Source(*[b"x" * 90 + b"\n"] * 1000)
        lines = Lines(source, 1000, 5)
        pump = asyncio.create_task(lines.pump())
        await asyncio.sleep(0.05)
        asked = source.asked
        count = 0
        async for _ in lines:
            count += 1
        pump.cancel()
        return asked, count

    asked, count = asyncio.run(main())
    assert asked <= 4
    assert count == 1000


def test_tiny_lines_are_bounded_too():
    async def main():
        source = Source(*[b"x\n"] * 1000)
        lines = Lines(source, 1000, 5)
        pump = asyncio.create_task(lines.pump())
        await asyncio.sleep(0.05)
        pump.cancel()
        return source.asked

    assert asyncio.run(main()) <= 5


def test_a_sender_that_falls_silent_is_given_up_with_a_problem():
    async def main():
        return await collect(Lines(Source(b"a\nb", ends=False), 100, 0.03))

    assert asyncio.run(main()) == [(1, b"a"), (2, 408)]


def test_silence_while_an_article_is_in_work_is_no_fault():
    async def main():
        return await collect(Lines(Source(b"a\nb\n", ends=False), 100, 0.05), pause=0.12)

    assert asyncio.run(main()) == [(1, b"a"), (2, b"b"), (3, 408)]


def test_the_pump_ends_when_the_client_leaves():
    async def main(ends):
        source = Source(b"a\nb", ends=ends)
        pump = asyncio.create_task(Lines(source, 1000, 5).pump())
        await asyncio.sleep(0.02)
        assert not pump.done()
        source.leave.set()
        await asyncio.wait_for(pump, 1)

    asyncio.run(main(True))
    asyncio.run(main(False))
