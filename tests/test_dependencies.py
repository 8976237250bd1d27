"""Imports in the code, dependencies in pyproject.toml and releases in constraints.txt agree."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
# Takes a second: it reads what every installed distribution holds.
DISTRIBUTIONS = packages_distributions()
OWN = {"models", "service", "tests"}


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def names(requirements: list[str]) -> set[str]:
    return {normalised(re.match(r"[\w.-]+", requirement)[0]) for requirement in requirements}  # type: ignore[index]


def imported(path: Path) -> set[str]:
    """The distributions that a file imports from, inside functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    modules = found - set(sys.stdlib_module_names) - OWN
    return {normalised(DISTRIBUTIONS.get(module, [module])[0]) for module in modules}


@pytest.mark.parametrize(
    ("folders", "extras"),
    [
        (["models", "service"], ["embedded"]),
        (["models/training"], ["embedded", "train"]),
        (["tests", ".ci"], ["embedded", "train", "dev"]),
    ],
    ids=["program", "training", "tests"],
)
def test_everything_that_is_imported_is_declared(folders: list[str], extras: list[str]) -> None:
    files = {path for folder in folders for path in (ROOT / folder).rglob("*.py")}
    if "models" in folders:
        files = {path for path in files if "training" not in path.parts}
    assert files
    used: set[str] = set().union(*(imported(path) for path in files))
    declared = names(PROJECT["dependencies"]).union(*(names(EXTRAS[extra]) for extra in extras))
    assert used - declared == set()


def test_constraints_hold_exactly_what_the_tests_run_with() -> None:
    """Where this fails after a change of dependencies, `make constraints` writes the file anew."""
    script = [sys.executable, str(ROOT / ".ci" / "constraints.py")]
    now = subprocess.run(script, capture_output=True, text=True, check=True).stdout
    assert now.splitlines() == (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()


def test_constraints_leave_torch_to_the_index_of_its_builds() -> None:
    pinned = names([line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")])
    assert "torch" not in pinned
    assert names(PROJECT["dependencies"]) - {"torch"} <= pinned


@pytest.mark.parametrize(
    ("name", "floor"),
    [
        ("starlette", "1.3.1"),
        ("lxml", "6.1"),
        ("ctranslate2", "4.8.2"),
        ("fastapi", "0.140.13"),
        ("transformers", "5.3"),
        ("torch", "2.11"),
        ("h11", "0.16"),
    ],
)
def test_no_release_below_the_last_known_advisory_is_allowed(name: str, floor: str) -> None:
    from packaging.requirements import Requirement
    from packaging.version import Version

    (requirement,) = [r for r in map(Requirement, PROJECT["dependencies"]) if r.name == name]
    lowest = min(Version(s.version.removesuffix(".*")) for s in requirement.specifier if s.operator in (">=", "=="))
    assert lowest >= Version(floor)
