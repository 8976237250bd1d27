"""A folder that is built once, whole or not at all, and proved intact before it is used.

The manifest, written last, names every file with its sha256. A build goes into a temporary folder beside the target
and is renamed at the end, under a lock, so that an interrupted build leaves nothing that is taken for whole and a
second process waits for the first one's work instead of doing it again.
"""

import contextlib
import errno
import hashlib
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from models.errors import ModelUnavailable

MANIFEST = "manifest.json"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """What the manifest says about one file."""

    size: int
    sha256: str


def read_manifest(folder: Path) -> dict[str, ManifestEntry] | None:
    """The files by their path below `folder`; None where there is no manifest that can be read."""
    try:
        rows = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
        return {name: ManifestEntry(int(row["size"]), str(row["sha256"])) for name, row in rows.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write_manifest(folder: Path) -> None:
    """List every file below `folder`."""
    names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    rows = {name: {"size": (folder / name).stat().st_size, "sha256": sha256_of(folder / name)} for name in names}
    (folder / MANIFEST).write_text(json.dumps({"files": rows}, indent=1) + "\n", encoding="utf-8")


def sha256_of(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def find_damage(folder: Path, part: str = "", *, hashes: bool = True) -> str | None:
    """What is wrong with the files below `part` (all where it is empty), or None; without `hashes` only their sizes."""
    manifest = read_manifest(folder)
    if manifest is None:
        return "there is no manifest"
    wanted = {name: entry for name, entry in manifest.items() if name.startswith(part)}
    if not wanted:
        return f"nothing below {part}"
    for name, entry in wanted.items():
        path = folder / name
        try:
            if path.stat().st_size != entry.size or (hashes and sha256_of(path) != entry.sha256):
                return f"{name} is damaged"
        except OSError:
            return f"{name} is missing"
    return None


def ensure_built(folder: Path, build: Callable[[Path], None], part: str = "") -> None:
    """Have `folder` with the files below `part` intact, building the whole of it with `build(empty_folder)` if need be.

    Raises ModelUnavailable where the folder cannot be written or the disk is full; all else that `build` raises
    passes through.
    """
    if find_damage(folder, part) is None:
        return
    with _disk_errors(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_name(f"{folder.name}.lock")):
            wrong = find_damage(folder, part)
            if wrong is None:
                _log.info("%s was built by another process meanwhile", folder.name)
                return
            if folder.exists():
                _log.warning("building %s again: %s", folder.name, wrong)
            _replace(folder, build)


def _replace(folder: Path, build: Callable[[Path], None]) -> None:
    prefix = f"{folder.name}.tmp-"
    for left_over in folder.parent.glob(f"{prefix}*"):
        _log.info("removing %s, left by an interrupted build", left_over.name)
        shutil.rmtree(left_over, ignore_errors=True)
    temporary = Path(tempfile.mkdtemp(prefix=prefix, dir=folder.parent))
    try:
        fresh = temporary / "new"
        fresh.mkdir()
        build(fresh)
        write_manifest(fresh)
        if folder.exists():
            folder.rename(temporary / "old")
        fresh.rename(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


@contextlib.contextmanager
def _disk_errors(folder: Path) -> Iterator[None]:
    """Say what the user can do about a full disk and about a place where nothing may be written."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            message = f"No space is left to build the model in {folder.parent}: free 1 GB or name another cache folder."
        elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST):
            message = f"The cache folder {folder.parent} cannot be written: name another one or change its rights."
        else:
            reason = os.strerror(error.errno) if error.errno else type(error).__name__
            message = f"The model could not be built in {folder.parent} ({reason}): name another cache folder."
        raise ModelUnavailable(message) from error
