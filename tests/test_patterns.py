"""No text freezes the process: while a pattern runs, nothing else of the interpreter does.

Each use of `re` in the packages is tried on texts that are built to be hard for it (`tests/hostile.py`). A pattern that
cannot be made fast on every text has a length limit in the code in front of it, and is tried through that code here.
"""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile import SECONDS, hostile_strings, slowest

ROOT = Path(__file__).parent.parent
# (file, start of the pattern) of a pattern with a limit in front of it, and the code that has the limit.
LIMITED: dict[tuple[str, str], Callable[[str], object]] = {}


@pytest.fixture(scope="module")
def too_slow() -> list[tuple[str, str, str]]:
    """(file, pattern, how) of each use of `re` that is too slow or whose pattern is not known on import."""
    command = [sys.executable, "-m", "tests.hostile"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    return [(path, pattern, how) for path, pattern, how in json.loads(done.stdout)]


def limit_of(path: str, pattern: str) -> Callable[[str], object] | None:
    """The code that limits a pattern, if it has one."""
    return next((code for (file, start), code in LIMITED.items() if file == path and pattern.startswith(start)), None)


@pytest.mark.slow
def test_every_pattern_is_fast_on_hostile_text_or_has_a_limit(too_slow: list[tuple[str, str, str]]) -> None:
    assert [entry for entry in too_slow if not limit_of(entry[0], entry[1])] == []


@pytest.mark.slow
def test_the_code_in_front_of_a_slow_pattern_is_fast_on_the_same_text(too_slow: list[tuple[str, str, str]]) -> None:
    for path, pattern, _ in too_slow:
        if code := limit_of(path, pattern):
            for text in hostile_strings(re.compile(pattern)):
                seconds = min(_processor_time(code, text) for _ in range(3))
                assert seconds < SECONDS, (path, pattern, text[:60])


@pytest.mark.parametrize("pattern", [r"(a+)+b", r"\s+x", r"Foto: (?:[A-Z]\w*,?){1,10}!", r"^(\w+\s?)*$"])
def test_a_pattern_that_backtracks_is_caught(pattern: str) -> None:
    compiled = re.compile(pattern)
    assert slowest(compiled, hostile_strings(compiled), anchored=False)[0] > SECONDS


@pytest.mark.parametrize("pattern", [r"[a-z]{1,40}", r"\d\d?\.\d", r"(?<!\s)\s+x", r"(?:und|oder)\b"])
def test_a_linear_pattern_passes(pattern: str) -> None:
    compiled = re.compile(pattern)
    assert slowest(compiled, hostile_strings(compiled), anchored=False)[0] < SECONDS


def _processor_time(code: Callable[[str], object], text: str) -> float:
    start = time.process_time()
    code(text)
    return time.process_time() - start
