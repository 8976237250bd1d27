"""How make sets itself up, with a stand-in for the interpreter that writes down what pip is asked."""

import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# `-c` is the look whether it has venv, `-m venv .venv` makes a copy of itself; pip fails at an index where asked to.
PYTHON = """#!/bin/sh
case "$*" in
  "-m venv .venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python;;
  *"pip install"*) echo "$*" >> pip.log; case "$*" in *--index-url*nowhere*) exit 1;; esac;;
esac
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "bin").mkdir()
    return tmp_path


def make(checkout: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Make what `make seeds` needs before it runs the program, with no interpreter but those in `bin`."""
    tools = {tool: shutil.which(tool) for tool in ("sh", "mkdir", "cp", "touch")}
    for tool, path in tools.items():
        (checkout / "bin" / tool).unlink(missing_ok=True)
        (checkout / "bin" / tool).symlink_to(str(path))
    command = [str(shutil.which("make")), ".venv/installed", *words]
    return subprocess.run(command, cwd=checkout, env={"PATH": "bin"}, capture_output=True, text=True)


def interpreter(checkout: Path, name: str, program: str = PYTHON) -> None:
    path = checkout / "bin" / name
    path.write_text(program)
    path.chmod(0o755)


def asked(checkout: Path) -> list[str]:
    return (checkout / "pip.log").read_text().splitlines()


def test_without_a_python_that_will_do_one_sentence_says_what_to_install(checkout: Path) -> None:
    interpreter(checkout, "python3.11", "#!/bin/sh\nexit 1\n")  # one without venv, or a shim for what is not there
    result = make(checkout)
    assert result.returncode != 0
    assert "No Python 3.11, 3.12 or 3.13" in result.stderr
    assert not (checkout / ".venv").exists()


def test_the_first_python_that_will_do_is_taken(checkout: Path) -> None:
    interpreter(checkout, "python3.11", "#!/bin/sh\nexit 1\n")
    interpreter(checkout, "python3.12")
    interpreter(checkout, "python3.13", "#!/bin/sh\nexit 1\n")
    result = make(checkout)
    assert result.returncode == 0, result.stderr
    assert "python3.12 -m venv .venv" in result.stdout


def test_torch_comes_first_from_the_cpu_index_and_the_rest_in_the_tested_releases(checkout: Path) -> None:
    interpreter(checkout, "python3.11")
    result = make(checkout)
    torch, rest = asked(checkout)
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert torch.split()[-1] in declared
    assert "--index-url https://download.pytorch.org/whl/cpu" in torch
    assert "-c constraints.txt" in rest
    assert result.stderr == ""


def test_where_the_cpu_index_cannot_be_reached_the_default_one_is_asked_after_a_warning(checkout: Path) -> None:
    interpreter(checkout, "python3.11")
    result = make(checkout, "TORCH_INDEX=https://nowhere.example/cpu")
    assert result.returncode == 0, result.stderr
    first, second, _ = asked(checkout)
    assert "nowhere" in first
    assert "--index-url" not in second
    assert second.split()[-1] == first.split()[-1]
    assert result.stderr.count("\n") == 1
    for word in ("CUDA", "GB", "TORCH_INDEX="):
        assert word in result.stderr
