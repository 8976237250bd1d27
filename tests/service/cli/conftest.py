"""The command line in this process or in one of its own, always with the stand-in for the models."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from service.cli.backend import Backend
from service.cli.main import kurzum
from tests.service.cli.stand_in import Journal, backend

ROOT = Path(__file__).parents[3]
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("KURZUM_")}

Run = Callable[..., Result]


@pytest.fixture
def journal() -> Journal:
    """What the commands of this test ask of the models."""
    return Journal()


@pytest.fixture
def run(journal: Journal) -> Run:
    """Run a command in this process."""

    def command(
        *args: object, input: str | bytes | None = None, obj: Backend | None = None, **environment: str
    ) -> Result:
        clean = {name: None for name in os.environ if name.startswith("KURZUM_")}
        runner = CliRunner(env={**clean, **environment})
        return runner.invoke(kurzum, [str(a) for a in args], input=input, obj=obj or backend(journal))

    return command


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start a command as a process; its journal is `journal.txt` in the test's folder."""
    with ExitStack() as started:

        def start_process(*args: object, seconds: float = 0.0, **settings: Any) -> subprocess.Popen[bytes]:
            environment = ENVIRONMENT | {
                "KURZUM_TEST_JOURNAL": str(tmp_path / "journal.txt"),
                "KURZUM_TEST_SECONDS": str(seconds),
            }
            options: dict[str, Any] = {"env": environment, "stdin": subprocess.DEVNULL}
            options |= dict.fromkeys(("stdout", "stderr"), subprocess.PIPE) | settings
            command = [sys.executable, "-m", "tests.service.cli.stand_in", *map(str, args)]
            process = subprocess.Popen(command, cwd=ROOT, **options)
            started.enter_context(process)
            started.callback(process.kill)
            return process

        yield start_process
