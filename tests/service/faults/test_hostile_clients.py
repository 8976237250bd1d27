"""Clients that connect and stay silent, send or read slowly, or speak no HTTP, against the real server."""

import contextlib
import json
import resource
import socket

import pytest

from tests.service.http.process import Process
from tests.service.http.stub import await_that

# Each starts a server of its own.
pytestmark = pytest.mark.slow

BATCH = b"POST /v1/summaries/batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
SINGLE = b"POST /v1/summaries HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


@pytest.fixture(scope="module")
def server():
    with Process(limits="silence_seconds=1.0, body_seconds=3.0") as process:
        yield process


@contextlib.contextmanager
def connections(server, count, begin=b""):
    """So many connections to the server, each with these bytes sent."""
    with contextlib.ExitStack() as stack:
        opened = [stack.enter_context(socket.create_connection(("127.0.0.1", server.port))) for _ in range(count)]
        for connection in opened:
            connection.settimeout(60)
            with contextlib.suppress(OSError):
                connection.sendall(begin)
        yield opened


def answer(connection):
    """All that comes until the server closes the connection."""
    got = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := connection.recv(100_000):
            got += piece
    return got


@pytest.mark.parametrize(
    "begin",
    [b"", b"POST /v1", BATCH + b"Transfer-Encoding: chunked\r\n\r\n", SINGLE + b"Content-Length: 100\r\n\r\n{"],
    ids=["nothing", "half a header", "an empty stream", "half a body"],
)
def test_health_and_articles_are_served_beside_many_silent_connections(begin):
    with Process() as server, connections(server, 90, begin):
        assert server.status("/health/live") == 200
        assert server.status("/health/ready") == 200
        assert server.article("a")[0] == 200


def test_beside_more_connections_than_allowed_the_newest_is_served(server):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    try:
        with connections(server, 1100, b"POST /v1"):
            assert server.status("/health/live") == 200
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_health_is_answered_beside_more_requests_than_allowed():
    begun = SINGLE + b"Content-Length: 100\r\n\r\n{"
    with Process() as server, connections(server, 110, begun) as opened:
        assert b" 503 " in opened[-1].recv(1000)
        assert server.status("/health/live") == 200
        assert server.status("/health/ready") == 200
        status, headers, _body = server.article("a")
        assert (status, headers["Content-Type"]) == (503, "application/problem+json")
        assert int(headers["Retry-After"]) > 0


@pytest.mark.parametrize("head", [BATCH, SINGLE])
def test_a_body_that_falls_silent_is_answered_408_and_closed(server, head):
    with connections(server, 1, head + b"Content-Length: 100\r\n\r\n{") as [connection]:
        assert b" 408 " in answer(connection)


def test_a_body_that_trickles_without_end_is_closed(server):
    with connections(server, 1, BATCH + b"Transfer-Encoding: chunked\r\n\r\n") as [connection]:
        connection.settimeout(0.3)
        got = b""
        for _ in range(200):
            with contextlib.suppress(TimeoutError):
                got += connection.recv(1000)
            if got:
                break
            connection.sendall(b"1\r\n\n\r\n")
        assert b" 408 " in got


def test_a_client_that_does_not_read_its_answer_is_cut_off(server):
    line = json.dumps({"text": "Ein Satz. " * 400, "include": ["translation", "text"]}).encode() + b"\n"
    body = line * 300
    before = server.stderr.count("/v1/summaries/batch")
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", server.port))
        connection.sendall(BATCH + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        # The line in the log comes when the request is over.
        await_that(lambda: server.stderr.count("/v1/summaries/batch") > before, 300)
        got = answer(connection)
    assert got.count(b"\n") < 300
    assert server.article("a")[0] == 200


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"no http\r\n\r\n", 400),
        (b"GET /health/live HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n", 400),
        (SINGLE + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"GET /health/live HTTP/9.9\r\nHost: x\r\n\r\n", 505),
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
    ],
)
def test_what_is_no_proper_request_is_a_problem_with_an_id(server, request_bytes, status):
    with connections(server, 1, request_bytes) as [connection]:
        connection.shutdown(socket.SHUT_WR)
        head, _, body = answer(connection).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert b"application/problem+json" in head
    problem = json.loads(body)
    assert problem["status"] == status
    assert f"x-request-id: {problem['request_id']}" in head.decode().lower()
    assert len(problem["instance"]) <= 200
    await_that(lambda: problem["request_id"] in server.stderr)


def test_a_body_of_tiny_chunks_is_given_up(server):
    with connections(server, 1, BATCH + b"Transfer-Encoding: chunked\r\n\r\n") as [connection]:
        with contextlib.suppress(OSError):
            for _ in range(1000):
                connection.sendall(b"1\r\nx\r\n" * 1000)
        head = answer(connection)
    assert head == b"" or head.startswith(b"HTTP/1.1 400 ")
    await_that(lambda: "- - 400" in server.stderr)
    assert server.status("/health/live") == 200


def test_heads_and_whole_urls_are_understood(server):
    with connections(server, 1, b"HEAD /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n") as [connection]:
        head, _, body = answer(connection).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert body == b""
    target = b"GET http://x/health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with connections(server, 1, target) as [connection]:
        assert answer(connection).startswith(b"HTTP/1.1 200 ")


def test_log_lines_and_labels_stay_short_whatever_is_asked(server):
    with connections(server, 1, b"A" * 30_000 + b" /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n") as [
        connection
    ]:
        answer(connection)
    assert server.status("/openapi.json") == 200
    assert server.status("/docs/assets/favicon.png") == 200
    assert max(map(len, server.errors)) < 1000
    # An answer is counted after it is sent.
    for route in ("/openapi.json", "/docs/assets"):
        await_that(lambda route=route: f'route="{route}"' in server.text("/metrics"))
    assert 'status="0"' not in server.text("/metrics")


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://elsewhere.example"}])
def test_a_page_of_another_site_cannot_use_the_service(server, headers):
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    request = f"POST /v1/summaries HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: text/plain\r\n{lines}"
    with connections(server, 1, request.encode() + b"Content-Length: 6\r\n\r\nHallo.") as [connection]:
        assert answer(connection).startswith(b"HTTP/1.1 403 ")
