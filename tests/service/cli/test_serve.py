import signal
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from models.pipeline import Pipeline
from service.settings import Limits
from tests.service.cli.conftest import Run
from tests.service.cli.stand_in import Journal, backend


@pytest.fixture
def served(journal: Journal) -> dict[str, Any]:
    """What the command asks of the server; `backend` is the one to run it on."""
    asked: dict[str, Any] = {}

    def serve(
        load: Callable[[], Pipeline], host: str, port: int, limits: Limits, announce: Callable[[str], None]
    ) -> None:
        asked.update(host=host, port=port, limits=limits, pipeline=load())
        announce(f"http://{host}:{port}")

    asked["backend"] = replace(backend(journal), serve=serve)
    return asked


def test_without_options_it_serves_this_machine_alone_within_the_usual_limits(
    run: Run, served: dict[str, Any], journal: Journal
) -> None:
    result = run("serve", obj=served["backend"])
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
        obj=served["backend"], KURZUM_HOST="::1",
        KURZUM_DEADLINE_FACTOR="0.5", KURZUM_DRAIN_SECONDS="8", KURZUM_WAITING_ARTICLES="6",
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
