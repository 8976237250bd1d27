"""The real server as its own process: where it listens, and that it ends only when what was accepted is done."""

import logging
import signal
import socket
import urllib.request

import pytest

from models.errors import UsageError
from service.http.app import create_app
from service.http.server import configure_logging, serve
from tests.service.http.process import Process
from tests.service.http.stub import LIMITS, StubPipeline, await_that


@pytest.fixture
def start():
    started = []

    def starter(**settings):
        started.append(Process(**settings))
        return started[-1]

    yield starter
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
            one.end()


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_process_when_the_running_and_the_waiting_article_are_done(start, ending):
    process = start()
    await_that(lambda: process.status("/health/ready") == 200, 10)
    answers = []
    threads = [process.posting(20, answers) for _ in range(2)]
    await_that(lambda: "kurzum_waiting_articles 1.0" in process.text("/metrics"))
    process.process.send_signal(ending)
    for thread in threads:
        thread.join(60)
    assert answers == [200, 200]
    assert process.end() == 0
    assert process.lines.count("begun a") == 2
    assert process.lines[-1] == "returned"
    assert "POST /v1/summaries 200" in process.stderr
    assert "Traceback" not in process.stderr
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(process.address, timeout=1)


def test_a_signal_while_the_model_loads_ends_the_process_at_once(start):
    process = start(load="time.sleep(60)")
    assert process.status("/health/live") == 200
    assert process.status("/health/ready") == 503
    process.process.send_signal(signal.SIGTERM)
    assert process.end(30) == 0
    assert "Traceback" not in process.stderr


@pytest.mark.parametrize(("ending", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_second_signal_leaves_what_is_unfinished(start, ending, code):
    process = start()
    await_that(lambda: process.status("/health/ready") == 200)
    answers = []
    thread = process.posting(600, answers)
    await_that(lambda: "begun a" in process.lines)
    process.process.send_signal(ending)
    await_that(lambda: not process.listens())
    process.process.send_signal(ending)
    assert process.end(30) == code
    thread.join(10)
    assert answers != [200]
    assert "Traceback" not in process.stderr


def test_a_port_that_is_taken_is_wrong_use_and_says_so():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"127.0.0.1:{port}.*in use.*--port"):
            serve(lambda: create_app(StubPipeline, LIMITS), port=port)


@pytest.mark.parametrize(
    ("host", "port", "says"),
    [
        ("no-such-host.invalid", 0, "not known"),
        ("127.0.0.1", 70_000, "Cannot listen"),
        ("192.0.2.1", 0, "Cannot listen"),
    ],
)
def test_addresses_that_cannot_be_had_are_wrong_use(host, port, says):
    with pytest.raises(UsageError, match=says):
        serve(lambda: create_app(StubPipeline, LIMITS), host, port)


def test_a_port_for_the_powerful_is_wrong_use(monkeypatch):
    def forbidden(*_args, **_kwargs):
        raise PermissionError

    monkeypatch.setattr(socket, "create_server", forbidden)
    with pytest.raises(UsageError, match="above 1023"):
        serve(lambda: create_app(StubPipeline, LIMITS), port=80)


def test_it_listens_on_loopback_and_announces_its_address(start):
    process = start()
    assert process.address.startswith("http://127.0.0.1:")
    with urllib.request.urlopen(process.address + "/health/live", timeout=30) as response:
        assert response.status == 200
        assert "server" not in response.headers


def test_it_listens_on_ipv6_where_it_is_asked_to_or_says_that_it_cannot(start):
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        with pytest.raises(UsageError):
            serve(lambda: create_app(StubPipeline, LIMITS), "::1", 0)
        return
    process = start(host="::1")
    assert process.address.startswith("http://[::1]:")
    assert process.status("/health/live") == 200


def test_own_lines_are_logged_and_others_only_when_they_warn(monkeypatch):
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    level, own = root.level, logging.getLogger("kurzum").level
    try:
        configure_logging()
        assert logging.getLogger("kurzum.access").isEnabledFor(logging.INFO)
        assert not logging.getLogger("somebody").isEnabledFor(logging.INFO)
    finally:
        root.setLevel(level)
        logging.getLogger("kurzum").setLevel(own)
