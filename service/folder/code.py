"""Which code makes the reports, as a hash: the version of a checkout stays the same while its files change."""

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

PACKAGES = ("models", "service")
# These change no report: training stands apart, and the embedded model's own digest covers its adapter.
NOT_IN_REPORTS = ("models/training", "models/embedded/adapter")


@cache
def installed_code() -> str:
    """The hash of both packages as they are installed here, editable or from a wheel."""
    return code_digest(Path(str(files(package))) for package in PACKAGES)


def code_digest(packages: Iterable[Path]) -> str:
    """A hash of the names and contents of all sources and data files below these folders, documents left out."""
    whole = hashlib.sha256()
    for package in packages:
        for path in sorted(_sources(package)):
            name = path.relative_to(package.parent).as_posix()
            whole.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()


def _sources(package: Path) -> Iterator[Path]:
    apart = [package.parent / name for name in NOT_IN_REPORTS]
    for path in package.rglob("*"):
        if path.suffix in (".pyc", ".md") or not path.is_file():
            continue
        if not any(path.is_relative_to(folder) for folder in apart):
            yield path
