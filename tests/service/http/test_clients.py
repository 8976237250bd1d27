"""Clients over a real connection: the one that leaves, the many at once, the slow, the hostile."""

import asyncio
import contextlib
import http.client
import json
import socket
import threading
import time
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.http.app import create_app
from service.http.connections import with_settings
from service.settings import Limits
from tests.service.http.stub import LIMITS, Gate, StubPipeline, assert_problem, await_that, client_of, listening

BODY = json.dumps({"text": "Der Rat tagt."}).encode()


def raw_request(path="/v1/summaries", body=BODY, content_type="application/json", accept="*/*"):
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {content_type}\r\nAccept: {accept}\r\n"
    return head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body


def post(port, body=BODY):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("POST", "/v1/summaries", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, response.headers, json.loads(response.read())
    finally:
        connection.close()


def timed(app, silence_seconds):
    """The application under the real server with the service's own protocol."""
    return listening(app, http=with_settings(silence_seconds, app.state.metrics))


def closed(connection):
    """Whether the other side closes the connection, be it in order or not, without another byte."""
    try:
        return connection.recv(1000) == b""
    except ConnectionResetError:
        return True


def only_when_asked(gate):
    def work(article, on_progress):
        if "warte" in article.text:
            gate(article, on_progress)

    return work


@pytest.mark.parametrize(
    ("path", "body", "content_type", "accept"),
    [
        ("/v1/summaries", b'{"text": "Bitte warte."}', "application/json", "*/*"),
        ("/v1/translations", b"Bitte warte.", "text/plain", "text/plain"),
        ("/v1/summaries", b"Bitte warte.", "text/plain", "text/event-stream"),
        ("/v1/summaries/batch", b'{"text": "Bitte warte."}\n{"text": "Mehr."}', "application/x-ndjson", "*/*"),
    ],
)
def test_when_the_client_leaves_its_article_is_stopped_and_the_next_is_served(path, body, content_type, accept):
    pipeline = StubPipeline(only_when_asked(Gate()))
    app = create_app(lambda: pipeline, LIMITS)
    with listening(app) as port:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(raw_request(path, body, content_type, accept))
            await_that(lambda: pipeline.seen)
        await_that(lambda: pipeline.ended == ["Cancelled"])
        status, _headers, report = post(port)
        assert status == 200
        assert report["summary"]["text"]
        assert len(pipeline.seen) == 2
        metrics = app.state.desk.metrics.exposition().decode()
        assert 'kurzum_articles_total{outcome="cancelled"} 1.0' in metrics


def test_a_waiting_article_whose_client_leaves_is_never_begun():
    gate = Gate()
    pipeline = StubPipeline(only_when_asked(gate))
    app = create_app(lambda: pipeline, LIMITS)
    with listening(app) as port:
        first = socket.create_connection(("127.0.0.1", port))
        first.sendall(raw_request(body=b'{"text": "Bitte warte."}'))
        await_that(lambda: pipeline.seen)
        with socket.create_connection(("127.0.0.1", port)) as second:
            second.sendall(raw_request())
            await_that(lambda: app.state.desk.worker.waiting == 1)
        await_that(lambda: app.state.desk.worker.waiting == 0)
        gate.opened.set()
        await_that(lambda: pipeline.ended == ["done"])
        first.close()
        assert len(pipeline.seen) == 1


def test_one_article_too_many_is_told_when_to_come_back_and_the_others_are_served():
    gate = Gate()
    pipeline = StubPipeline(gate)
    app = create_app(lambda: pipeline, LIMITS)
    with listening(app) as port:
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(post(port))) for _ in range(3)]
        for thread in threads:
            thread.start()
        await_that(lambda: app.state.desk.worker.waiting == LIMITS.waiting_articles)
        status, headers, problem = post(port)
        assert status == 503
        assert problem["type"].endswith("overloaded")
        assert int(headers["Retry-After"]) >= 1
        gate.opened.set()
        for thread in threads:
            thread.join(5)
        assert [status for status, *_ in answers] == [200] * 3


def test_an_article_whose_time_is_over_is_a_504():
    limits = Limits(deadline_seconds=0.2, deadline_factor=0)
    pipeline = StubPipeline(only_when_asked(Gate()))
    with client_of(pipeline, limits) as client:
        response = client.post("/v1/summaries", json={"text": "Bitte warte."})
        assert_problem(response, 504, "deadline-exceeded")
        await_that(lambda: pipeline.ended == ["DeadlineExceeded"])
        assert client.post("/v1/summaries", json={"text": "Hallo."}).status_code == 200


def test_many_clients_at_once_all_get_an_answer():
    limits = Limits(waiting_articles=50)
    app = create_app(StubPipeline, limits)

    async def all_at_once(port):
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            requests = [client.post("/v1/summaries", json={"text": f"Satz {n}.", "id": str(n)}) for n in range(40)]
            return await asyncio.gather(*requests)

    with listening(app) as port:
        responses = asyncio.run(all_at_once(port))
    assert [response.json()["id"] for response in responses] == [str(n) for n in range(40)]


def test_a_batch_beyond_all_buffers_is_answered_to_a_client_that_reads_only_at_the_end():
    line = json.dumps({"text": "Ein Satz. " * 400, "include": ["translation", "text"]}).encode() + b"\n"
    app = create_app(StubPipeline, Limits())
    with listening(app) as port:
        response = httpx.post(
            f"http://127.0.0.1:{port}/v1/summaries/batch",
            content=line * 300,
            headers={"Content-Type": "application/x-ndjson"},
            timeout=30,
        )
    assert len(response.content) > 8 * len(line) * 300
    assert response.text.count("\n") == 300


@pytest.mark.parametrize("begun", [b"", b"POST /v1/summaries HTTP/1.1\r\nHost"])
def test_a_header_that_does_not_come_is_given_up(begun):
    app = create_app(StubPipeline, LIMITS)
    with (
        timed(app, 0.2) as port,
        socket.create_connection(("127.0.0.1", port)) as slow,
    ):
        slow.settimeout(5)
        slow.sendall(begun)
        assert closed(slow)


def test_a_second_header_on_the_same_connection_has_its_own_time():
    app = create_app(StubPipeline, LIMITS)
    with (
        timed(app, 2.0) as port,
        socket.create_connection(("127.0.0.1", port)) as slow,
    ):
        slow.settimeout(30)
        for _ in range(3):
            time.sleep(0.2)
            slow.sendall(raw_request())
            got = b""
            while not got.endswith(b"0.06}}"):
                got += slow.recv(100_000)
            assert got.startswith(b"HTTP/1.1 200")
        slow.sendall(b"POST /v1")
        assert closed(slow)


def test_the_time_for_headers_does_not_run_while_a_request_is_worked_on():
    def work(_article, _on_progress):
        time.sleep(0.4)

    app = create_app(lambda: StubPipeline(work), LIMITS)
    with timed(app, 0.1) as port:
        assert post(port)[0] == 200


def test_pipelined_requests_are_answered_one_after_the_other():
    app = create_app(lambda: StubPipeline(lambda _a, _w: time.sleep(0.15)), LIMITS)
    with (
        timed(app, 0.2) as port,
        socket.create_connection(("127.0.0.1", port)) as client,
    ):
        client.settimeout(5)
        client.sendall(raw_request() * 3)
        got = b""
        while got.count(b"HTTP/1.1 200") < 3:
            piece = client.recv(100_000)
            assert piece
            got += piece


def test_a_refused_body_that_goes_on_for_ever_is_cut_off():
    app = create_app(StubPipeline, LIMITS)
    with (
        timed(app, 0.3) as port,
        socket.create_connection(("127.0.0.1", port)) as client,
    ):
        head = b"POST /v1/summaries HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        client.sendall(head + b"Content-Length: 99999999999\r\n\r\n")
        assert b" 413 " in client.recv(10_000)
        sent = 0
        with contextlib.suppress(OSError):
            for _ in range(3000):
                client.sendall(b"x" * 1000)
                sent += 1
                time.sleep(0.02)
        assert sent < 3000


def test_a_body_that_stops_half_way_is_a_408_and_the_connection_is_closed():
    app = create_app(StubPipeline, Limits(silence_seconds=0.2))
    with listening(app) as port, socket.create_connection(("127.0.0.1", port)) as client:
        client.settimeout(5)
        client.sendall(raw_request()[:-5])
        got = b""
        while piece := client.recv(10_000):
            got += piece
        assert b" 408 " in got
        assert b"application/problem+json" in got


ROUTES = ["/v1/summaries", "/v1/translations", "/v1/summaries/batch"]
TYPES = ["application/json", "text/plain", "text/html", "application/x-ndjson", "text/plain; charset=utf-16"]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text() | st.sampled_from(["text", "id"]), children),
    max_leaves=10,
)


@pytest.fixture(scope="module")
def victim():
    with client_of(StubPipeline()) as client:
        yield client


def assert_calm(client, response):
    assert response.status_code < 500, response.text
    if response.status_code >= 400:
        assert_problem(response, response.status_code)
    assert client.get("/health/ready").status_code == 200


FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FUZZ
@given(route=st.sampled_from(ROUTES), content_type=st.sampled_from(TYPES), content=st.binary(max_size=300))
def test_random_bytes_never_trouble_the_service(victim, route, content_type, content):
    assert_calm(victim, victim.post(route, content=content, headers={"Content-Type": content_type}))


@FUZZ
@given(route=st.sampled_from(ROUTES), value=VALUES)
def test_random_json_never_troubles_the_service(victim, route, value):
    kind = "application/x-ndjson" if route.endswith("batch") else "application/json"
    content = json.dumps(value).encode()
    response = victim.post(route, content=content, headers={"Content-Type": kind})
    assert_calm(victim, response)
    for line in response.text.splitlines() if route.endswith("batch") else []:
        assert json.loads(line).get("status", 200) < 500


FIELDS = [
    "text",
    "id",
    "title",
    "format",
    "source_lang",
    "summary_lang",
    "length",
    "max_words",
    "style",
    "mode",
    "include",
]


@FUZZ
@given(value=st.fixed_dictionaries({"text": st.text()}, optional=dict.fromkeys(FIELDS[1:], VALUES)))
def test_random_values_in_the_right_fields_never_trouble_the_service(victim, value):
    content = json.dumps(value).encode()
    assert_calm(victim, victim.post("/v1/summaries", content=content, headers={"Content-Type": "application/json"}))


@FUZZ
@given(
    path=st.text(st.characters(codec="utf-8"), max_size=20).map(lambda path: quote(path, safe="/")),
    method=st.sampled_from(["GET", "POST", "PUT", "HEAD", "OPTIONS", "BREW"]),
    header=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30),
)
def test_random_addresses_and_headers_never_trouble_the_service(victim, path, method, header):
    headers = {name: header.strip() for name in ("Accept", "Content-Type", "X-Request-ID", "Content-Encoding")}
    response = victim.request(method, f"/v1/{path}", headers=headers, content=b"{}")
    assert response.status_code < 500
    assert response.headers["x-request-id"]
