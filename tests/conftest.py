"""What all tests share. In CI a skipped test is a failure: everything that tests need is installed there."""

import os
import signal
from pathlib import Path

import pytest
from hypothesis import settings
from platformdirs import user_cache_path

from tests.trained import Trained, make

ROOT = Path(__file__).parent.parent
DATA = Path(os.environ.get("KURZUM_DATA") or ROOT.parent / "shared" / "data")

# A machine that is busy with something else makes no test fail.
settings.register_profile("default", deadline=None)
settings.register_profile("quick", max_examples=20, deadline=None)
settings.load_profile("default")


def pytest_configure() -> None:
    """Let SIGINT through to the processes that tests interrupt: a run in the background inherits it as ignored."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_report_header() -> str:
    """Say whether the cases that need the news articles are collected."""
    there = "found" if DATA.is_dir() else "not found, cases that are taken from it are not collected"
    return f"development data (KURZUM_DATA): {there}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that hold slow tests first, so that no worker is left with one at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turn a green run with skipped tests red in CI."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = len(reporter.stats.get("skipped", [])) if reporter else 0
    if os.environ.get("CI") and skipped and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def seeds() -> list[Path]:
    """The five real articles."""
    return sorted((ROOT / "seeds").glob("*.txt"))


@pytest.fixture(scope="session")
def cache() -> Path:
    """The folder that holds the built embedded model; the same that the command uses."""
    return Path(os.environ.get("KURZUM_CACHE") or user_cache_path("kurzum"))


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A Marian and a BART that know fifty German articles and their summaries; trained once a run."""
    return make(tmp_path_factory.mktemp("trained"))
