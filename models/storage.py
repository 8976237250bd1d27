"""Files that must be whole: folders that are built once, and records by which a change is noticed.

The manifest of a built folder, written last, names every file with its SHA-256. A build goes into a temporary folder
beside the target, which is renamed at the end under a lock. An interrupted build leaves nothing that looks whole, and a
second process waits for the first instead of building again.
"""

import contextlib
import errno
import hashlib
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock

from models.errors import ModelUnavailable

MANIFEST = "manifest.json"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """What the manifest says about one file; without `changed_ns` it is hashed each time."""

    size: int
    sha256: str
    changed_ns: int = -1


def read_manifest(folder: Path) -> dict[str, ManifestEntry] | None:
    """The files by their path below `folder`; None where there is no manifest that can be read."""
    try:
        rows = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
        return {name: ManifestEntry(**row) for name, row in rows.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write_manifest(folder: Path) -> None:
    """List every file below `folder`."""
    names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    rows = {name: asdict(_manifest_entry(folder / name)) for name in names}
    (folder / MANIFEST).write_text(json.dumps({"files": rows}, indent=1) + "\n", encoding="utf-8")


def _manifest_entry(path: Path) -> ManifestEntry:
    stat = path.stat()
    return ManifestEntry(stat.st_size, hash_file(path).removeprefix("sha256:"), stat.st_mtime_ns)


def find_damage(folder: Path, part: str = "", *, hashes: bool = True) -> str | None:
    """What is wrong with the files below `part`, or None. Without `hashes` only the sizes are compared."""
    manifest = read_manifest(folder)
    if manifest is None:
        return "there is no manifest"
    wanted = {name: entry for name, entry in manifest.items() if name.startswith(part)}
    if not wanted:
        return f"nothing below {part}"
    for name, entry in wanted.items():
        path = folder / name
        try:
            stat = path.stat()
            if stat.st_size != entry.size:
                return f"{name} is damaged"
            known = not hashes or unchanged(stat, entry.size, entry.changed_ns)
            if not known and hash_file(path) != f"sha256:{entry.sha256}":
                return f"{name} is damaged"
        except OSError:
            return f"{name} is missing"
    return None


def ensure_built(folder: Path, build: Callable[[Path], None], part: str = "") -> None:
    """Make sure that the files below `part` of `folder` are intact; if not, build all of it with `build(empty_folder)`.

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
    """Turn a full disk or a folder without write permission into a message that says what to do."""
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


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file as it was when it was last read; `digest` is "sha256:…" or "git:…".

    `pickle_checked` says that it is a pickle and holds nothing but weights.
    """

    size: int
    changed_ns: int
    digest: str
    pickle_checked: bool = False


def inspect_file(path: Path, before: FileRecord | None, kind: str = "sha256") -> FileRecord:
    """The file as it is now, hashed by `kind` ("sha256", or "git" for git's own), or `before` where it is unchanged."""
    stat = path.stat()
    if before is not None and before.digest.startswith(kind) and unchanged(stat, before.size, before.changed_ns):
        return before
    digest = hash_file(path, kind)
    checked = before is not None and before.pickle_checked and before.digest == digest
    return FileRecord(stat.st_size, stat.st_mtime_ns, digest, checked)


def unchanged(stat: os.stat_result, size: int, changed_ns: int) -> bool:
    """Whether a file is taken for unchanged, as git's index does it: by its size and the time of its last change.

    Hashing gigabytes at every start would take seconds. Layers of an image keep whole seconds of the time.
    """
    seconds, nanoseconds = divmod(stat.st_mtime_ns, 10**9)
    same_time = stat.st_mtime_ns == changed_ns or (nanoseconds == 0 and seconds == changed_ns // 10**9)
    return stat.st_size == size and same_time


def hash_file(path: Path, kind: str = "sha256") -> str:
    """The hash of a file as "kind:…"; git's is that of a blob: SHA-1 over a header with the length, and the bytes."""
    with path.open("rb") as file:
        if kind == "sha256":
            return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
        whole = hashlib.sha1(b"blob %d\0" % os.fstat(file.fileno()).st_size, usedforsecurity=False)
        while piece := file.read(1 << 20):
            whole.update(piece)
        return f"git:{whole.hexdigest()}"


def read_records(path: Path) -> dict[str, FileRecord]:
    """Records by the names of the files; empty where there are none that can be read."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["files"]
        return {name: FileRecord(**row) for name, row in rows.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def write_records(path: Path, records: Mapping[str, FileRecord]) -> None:
    """Write records; where the cache cannot be written, the files are simply hashed again next time."""
    text = json.dumps({"files": {name: asdict(record) for name, record in sorted(records.items())}}, indent=1) + "\n"
    with contextlib.suppress(OSError):
        write_atomically(path, text)


def write_atomically(path: Path, text: str) -> None:
    """Write a small file in one step that others see, so that nobody reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
