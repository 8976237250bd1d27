"""SIGTERM while clients send, read or wait as no client should: the process ends in its time and loses nothing."""

import json
import signal
import socket
import threading

import pytest

from tests.service.http.process import Process
from tests.service.http.stub import await_that

# Each starts a server of its own.
pytestmark = pytest.mark.slow

HEAD = b"POST /v1/summaries HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
BATCH = b"POST /v1/summaries/batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"


@pytest.mark.parametrize(
    "begin", [b"", b"POST /v1", HEAD + b"Content-Length: 100\r\n\r\n{", BATCH + b"Transfer-Encoding: chunked\r\n\r\n"]
)
def test_the_end_waits_for_no_client_that_has_not_sent_its_request(begin):
    with Process() as server, socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(begin)
        connection.settimeout(30)
        assert server.status("/health/live") == 200
        server.process.send_signal(signal.SIGTERM)
        got = connection.recv(10_000)
        assert server.end(30) == 0
        assert "Traceback" not in server.stderr
        # A request whose header was complete is told why it is not answered.
        assert got.startswith(b"HTTP/1.1 503 " if b"\r\n\r\n" in begin else b"")


def test_the_end_waits_for_no_client_that_does_not_read():
    line = json.dumps({"text": "Ein Satz. " * 400, "include": ["translation", "text"]}).encode() + b"\n"
    with Process(limits="drain_seconds=2.0") as server, socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", server.port))
        connection.sendall(BATCH + b"Content-Length: %d\r\n\r\n" % (300 * len(line)) + line * 300)
        await_that(lambda: len(server.lines) > 10)
        server.process.send_signal(signal.SIGTERM)
        assert server.end(40) == 0


def test_what_is_not_done_within_the_drain_window_is_told_so():
    with Process(limits="drain_seconds=1.0") as server:
        answers = []

        def post():
            answers.append(server.article("a", "600"))

        threads = [threading.Thread(target=post) for _ in range(3)]
        for thread in threads:
            thread.start()
        await_that(lambda: "kurzum_waiting_articles 2.0" in server.text("/metrics"))
        server.process.send_signal(signal.SIGTERM)
        for thread in threads:
            thread.join(30)
        assert server.end(30) == 0
    assert [status for status, *_ in answers] == [503] * 3
    assert {json.loads(body)["type"] for *_, body in answers} == {"urn:kurzum:problem:shutting-down"}


def test_a_batch_loses_and_doubles_no_line_at_the_end():
    with Process() as server:
        answers = []
        lines = [json.dumps({"text": "Hallo.", "id": str(n), "title": "2"}) for n in range(5)]

        def post():
            answers.append(server.post("\n".join(lines).encode(), "/v1/summaries/batch", "application/x-ndjson"))

        thread = threading.Thread(target=post)
        thread.start()
        await_that(lambda: "begun 1" in server.lines)
        server.process.send_signal(signal.SIGTERM)
        thread.join(30)
        assert server.end(30) == 0
    [(status, _headers, body)] = answers
    got = [json.loads(line) for line in body.splitlines()]
    assert status == 200
    assert [answer.get("id") for answer in got[:-1]] == [str(n) for n in range(len(got) - 1)]
    assert got[-1]["type"] == "urn:kurzum:problem:shutting-down"
    assert got[-1]["line"] == len(got)
    assert [line for line in server.lines if line.startswith("begun")] == [f"begun {n}" for n in range(len(got) - 1)]
