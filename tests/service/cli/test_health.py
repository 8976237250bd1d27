import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from service.cli.health import started_port
from tests.service.cli.conftest import Run


@contextmanager
def service(status: int) -> Iterator[int]:
    """Something that answers on a port of its own as a service in this state does."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/health/ready" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_a_ready_service_is_healthy_whatever_the_proxy(run: Run) -> None:
    with service(200) as port:
        assert run("health", "--port", port, http_proxy="http://127.0.0.1:9").exit_code == 0
        assert run("health", KURZUM_PORT=str(port)).exit_code == 0


def test_a_service_that_loads_its_model_is_not_healthy(run: Run) -> None:
    with service(503) as port:
        result = run("health", "--port", port)
    assert result.exit_code == 1
    assert "503" in result.stderr


def test_a_port_where_nothing_listens_is_not_healthy(run: Run) -> None:
    with service(200) as port:
        pass
    result = run("health", "--port", port)
    assert (result.exit_code, result.stdout) == (1, "")
    assert str(port) in result.stderr


@pytest.mark.parametrize(
    ("words", "port"),
    [
        (["python", "/opt/kurzum/bin/kurzum", "serve", "--port", "8001"], 8001),
        (["kurzum", "serve", "--port=8002", "--host", "0.0.0.0"], 8002),
        (["kurzum", "serve"], None),
        (["sleep", "--port", "8003"], None),
        ([], None),
    ],
)
def test_the_port_is_read_from_the_command_line_of_the_service(words: list[str], port: int | None) -> None:
    assert started_port("".join(f"{word}\0" for word in words).encode()) == port
