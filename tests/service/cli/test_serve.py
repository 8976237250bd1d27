import signal
import sys
import urllib.request
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from service.settings import Limits
from tests.service.cli.conftest import Run
from tests.service.cli.stand_in import Journal

Announce = Callable[[str], None]


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the command asks of the server and of the application."""
    asked: dict[str, Any] = {}
    server, app = ModuleType("service.http.server"), ModuleType("service.http.app")

    def serve(
        create: Callable[[], None], host: str, port: int, announce: Callable[[str], None], limits: Limits
    ) -> None:
        asked.update(host=host, port=port)
        create()
        announce(f"http://{host}:{port}")

    def create_app(load: Callable[[], Any], limits: Limits) -> None:
        asked.update(limits=limits, pipeline=load())

    server.serve = serve  # type: ignore[attr-defined]
    app.create_app = create_app  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "service.http.server", server)
    monkeypatch.setitem(sys.modules, "service.http.app", app)
    return asked


def test_without_options_it_serves_this_machine_alone_within_the_usual_limits(
    run: Run, served: dict[str, Any], journal: Journal
) -> None:
    result = run("serve")
    assert result.exit_code == 0
    assert (served["host"], served["port"], served["limits"]) == ("127.0.0.1", 8000, Limits())
    assert journal.lines == ["load embedded auto None None"]
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        "kurzum: The model is made ready for use: weights.",
        "kurzum: Listening on http://127.0.0.1:8000; ready when the model is loaded.",
    ]


def test_every_limit_is_an_option_and_a_variable(run: Run, served: dict[str, Any], journal: Journal) -> None:
    result = run(
        "serve", "--port", "0", "--max-characters", "10", "--max-body-bytes", "20", "--body-seconds", "3",
        "--deadline-seconds", "4", "--silence-seconds", "7", "--device", "cpu",
        KURZUM_HOST="::1", KURZUM_DEADLINE_FACTOR="0.5", KURZUM_DRAIN_SECONDS="8", KURZUM_WAITING_ARTICLES="6",
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    assert (served["host"], served["port"]) == ("::1", 0)
    assert served["limits"] == Limits(
        body_bytes=20,
        characters=10,
        deadline_seconds=4.0,
        deadline_factor=0.5,
        waiting_articles=6,
        body_seconds=3.0,
        silence_seconds=7.0,
        drain_seconds=8.0,
    )
    assert served["pipeline"].max_characters == 10
    assert journal.lines == ["load embedded cpu None None"]


def test_a_port_that_cannot_be_is_wrong_use_and_names_its_variable(run: Run) -> None:
    result = run("serve", KURZUM_PORT="99999")
    assert result.exit_code == 2
    assert "the environment variable KURZUM_PORT" in result.stderr


def test_the_service_says_where_it_listens_and_ends_in_order(start: Callable[..., Any]) -> None:
    process = start("serve", "--port", "0")
    line = ""
    while "Listening on" not in line:
        line = process.stderr.readline().decode()
        assert line, "it ended without listening"
    address = line.split("Listening on ")[1].split(";")[0]
    with urllib.request.urlopen(f"{address}/health/live", timeout=10) as answer:
        assert answer.status == 200
    process.send_signal(signal.SIGTERM)
    output, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    assert output == b""
    assert b"Traceback" not in errors
