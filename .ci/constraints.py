"""Print constraints.txt: what this environment holds of the releases that kurzum depends on, exactly.

    .venv/bin/python .ci/constraints.py > constraints.txt

Torch is left out with what only it needs: its builds differ by machine, and pyproject.toml pins it. So are packages
that merely lie in the environment.
"""

import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = "kurzum"
APART = {PROJECT, "torch"}


def declared(pyproject: Path) -> Iterator[Requirement]:
    """What the project asks for, with all its extras."""
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    for text in [
        *project["dependencies"],
        *(one for extra in project["optional-dependencies"].values() for one in extra),
    ]:
        yield Requirement(text)


def installed(requirements: Iterable[Requirement]) -> dict[str, str]:
    """The version of each distribution that these need here, directly or not, by its normalised name."""
    found: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(requirement, "") for requirement in requirements]
    while waiting:
        requirement, extra = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in APART or (requirement.marker and not requirement.marker.evaluate({"extra": extra})):
            continue
        try:
            there = distribution(name)
        except PackageNotFoundError as error:
            raise SystemExit(f"{name} is declared in pyproject.toml and not installed: run make test once.") from error
        found[name] = there.version
        for wanted in ("", *requirement.extras):
            if (name, wanted) not in seen:
                seen.add((name, wanted))
                waiting += [(Requirement(text), wanted) for text in there.requires or ()]
    return found


def main() -> None:
    """Print the file."""
    print("# The releases that the tests ran with, torch apart. `make constraints` renews them.")
    for name, version in sorted(installed(declared(Path(__file__).parent.parent / "pyproject.toml")).items()):
        print(f"{name}=={version}")


if __name__ == "__main__":
    main()
