"""Bodies that once froze, filled or crashed the service, sent to the real server."""

import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.service.http.process import Process

# Each starts a server of its own.
pytestmark = pytest.mark.slow

NDJSON = "application/x-ndjson"
BATCH = "/v1/summaries/batch"
# Ten times what the service promises for a health check, and more for machines that do other work.
PROBE_SECONDS = 5.0


@pytest.fixture(scope="module")
def server():
    with Process() as process:
        yield process


def probed(server, request, at_least=1):
    """The answer to `request`, during which health checks are answered, each in time and so many at least."""
    done = threading.Event()
    probes = []

    def probe():
        while not done.is_set():
            probes.append(server.status("/health/live", PROBE_SECONDS))

    with ThreadPoolExecutor(1) as pool:
        watching = pool.submit(probe)
        try:
            answer = request()
        finally:
            done.set()
        watching.result()
    assert len(probes) >= at_least
    assert set(probes) == {200}
    return answer


def test_thousands_of_refused_lines_never_hold_the_event_loop(server):
    # On a loop that is held all the time, one health check is answered before and one after.
    status, _headers, body = probed(server, lambda: server.post(b"1\n" * 3000, BATCH, NDJSON), at_least=5)
    lines = body.splitlines()
    assert status == 200
    assert len(lines) == 3000
    assert {json.loads(line)["status"] for line in lines[::100]} == {422}


def test_more_lines_than_allowed_are_refused_at_once(server):
    status, _headers, body = probed(server, lambda: server.post(b"1\n" * 4_000_000, BATCH, NDJSON))
    assert status == 413
    assert "lines" in json.loads(body)["detail"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(lambda: "{" + ",".join(f'"{n:x}":0' for n in range(800_000)) + "}", id="unknown keys"),
        pytest.param(lambda: '{"text":[' + "[]," * 2_600_000 + "0]}", id="empty lists"),
        pytest.param(lambda: '{"text":' + "[" * 7_900_000, id="nesting"),
        pytest.param(lambda: '{"include":[' + '"a",' * 1_900_000 + '"a"]}', id="strings"),
    ],
)
def test_a_body_of_a_million_values_is_refused_without_being_parsed(server, body):
    status, _headers, answer = probed(server, lambda: server.post(body().encode()))
    assert status == 422
    assert "too many values" in json.loads(answer)["detail"]


def test_escapes_alone_never_hold_the_event_loop(server):
    body = b'{"id": "escapes", "text": "' + b'\\"\\n' * 90_000 + b'"}'
    assert probed(server, lambda: server.post(body))[0] == 200


def test_a_few_thousand_unknown_fields_are_refused_with_the_first_of_them(server):
    status, _headers, body = server.post({f"field{n}": 0 for n in range(3000)})
    problem = json.loads(body)
    assert status == 422
    assert len(problem["errors"]) == 20
    assert "field0" in problem["detail"]
    assert "2,999 more" in problem["detail"]


def test_odd_parameters_of_a_media_type_are_passed_over(server):
    for parameter in ("a*" + "9" * 5000 + "=1", "=;;=", "a=" + "x" * 5000):
        assert server.post(b"Das ist gut.", kind=f"text/plain; {parameter}")[0] == 200


def test_unknown_charsets_take_no_memory():
    with Process() as server:

        def ask(rounds):
            for number in rounds:
                status, *_ = server.post(b"Das ist gut.", kind=f"text/plain; charset={number}{'x' * 30_000}")
                assert status == 400

        ask(range(300))
        before = memory(server)
        ask(range(300, 900))
        # Each name that Python's registry keeps would take 30 KB: 18 MB for these.
        assert memory(server) - before < 9_000_000


def memory(server):
    """Bytes of memory that the server's process uses."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return 1024 * int(re.search(r"VmRSS:\s+(\d+)", status)[1])


@pytest.mark.parametrize("title", ["no memory", "no thread"])
def test_a_lack_of_memory_is_a_503_and_the_next_article_is_served(server, title):
    status, headers, body = server.article("a", title)
    assert status == 503
    assert int(headers["Retry-After"]) > 0
    assert json.loads(body)["type"].endswith("out-of-memory")
    assert server.article("b")[0] == 200
