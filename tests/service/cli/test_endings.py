"""How each ending becomes an exit code, in this process; signals themselves are tested in processes of their own."""

import logging
import os
import signal
import sys
import warnings
from pathlib import Path

import click
import pytest

from models.errors import (
    DeadlineExceeded,
    DeviceUnavailable,
    EmptyText,
    KurzumError,
    ModelUnavailable,
    Unavailable,
    UsageError,
)
from service.cli import main as cli
from service.failures import DiskFull, OutputClosed, OutputFailed
from tests.service.cli.conftest import Run


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("So."), 2),
        (click.UsageError("So."), 2),
        (Unavailable("So."), 3),
        (ModelUnavailable("So."), 3),
        (DeviceUnavailable("So."), 3),
        (EmptyText("So."), 1),
        (DeadlineExceeded("So."), 1),
        (DiskFull("So."), 1),
        (OutputFailed("So."), 1),
        (KurzumError("So."), 1),
    ],
)
def test_an_error_is_its_sentence_and_its_code(
    run: Run, monkeypatch: pytest.MonkeyPatch, error: Exception, code: int
) -> None:
    monkeypatch.setattr("service.cli.summarize.input_names", _raise(error))
    result = run("summarize", "a.txt")
    assert result.exit_code == code
    assert result.stdout == ""
    assert "So." in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (KeyboardInterrupt(), 130, "\nkurzum: Interrupted; what is done stays done.\n"),
        (cli.Terminated(), 143, "kurzum: Terminated; what is done stays done.\n"),
        (OutputClosed(), 141, ""),
        (
            ZeroDivisionError("secret words of the article"),
            1,
            "kurzum: Something unexpected went wrong (ZeroDivisionError): run with KURZUM_DEBUG=1 for the traceback.\n",
        ),
    ],
)
def test_other_endings_have_their_codes_and_words(
    run: Run, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, said: str
) -> None:
    monkeypatch.setattr("service.cli.summarize.input_names", _raise(error))
    result = run("summarize", "a.txt")
    assert (result.exit_code, result.stderr) == (code, said)


def _raise(error: BaseException) -> object:
    def raising(*_: object) -> None:
        raise error

    return raising


def test_the_process_is_made_ready_then_the_command_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    handlers: dict[int, object] = {}
    monkeypatch.setattr(signal, "signal", handlers.__setitem__)
    monkeypatch.setattr(sys, "argv", ["/somewhere/kurzum", "--version"])
    monkeypatch.setattr(os, "environ", {"TRANSFORMERS_VERBOSITY": "info"})
    monkeypatch.setattr(logging, "lastResort", logging.lastResort)
    with warnings.catch_warnings(), pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("kurzum ")
    assert isinstance(logging.lastResort, logging.NullHandler)
    assert os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] == "1"
    assert os.environ["TRANSFORMERS_VERBOSITY"] == "info"
    with pytest.raises(cli.Terminated):
        handlers[signal.SIGTERM](signal.SIGTERM, None)  # type: ignore[operator]


def test_debugging_lets_the_libraries_speak(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(sys, "argv", ["kurzum", "--version"])
    monkeypatch.setattr(os, "environ", {"KURZUM_DEBUG": "1"})
    with pytest.raises(SystemExit):
        cli.main()
    assert os.environ == {"KURZUM_DEBUG": "1"}


def test_the_exit_codes_of_the_module_are_those_of_its_docstring() -> None:
    text = Path(cli.__file__).read_text(encoding="utf-8").split('"""')[1]
    for code in (
        cli.OK,
        cli.FAILED,
        cli.WRONG_USE,
        cli.UNAVAILABLE,
        cli.INTERRUPTED,
        cli.TERMINATED,
        cli.OUTPUT_CLOSED,
    ):
        assert f"{code} " in text
