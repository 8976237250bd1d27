"""What the hash of each file of a checkpoint was, so that a change is noticed without hashing gigabytes at every start.

As git's index does it: a file whose size and time of change are those of the last look is taken for unchanged, any
other is hashed again. The ledger lies in the cache folder, beside the checkpoints and never in them.
"""

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file as it was; `digest` is "sha256:…" or "git:…"; `harmless` says that it is a pickle of weights only."""

    size: int
    changed_ns: int
    digest: str
    pickle_checked: bool = False


def inspect_file(path: Path, before: FileRecord | None, kind: str = "sha256") -> FileRecord:
    """The file as it is now; hashed by `kind` ("sha256", or "git" for git's own) unless it is as `before`."""
    stat = path.stat()
    if before is not None and (before.size, before.changed_ns) == (stat.st_size, stat.st_mtime_ns):
        return before
    seen = FileRecord(stat.st_size, stat.st_mtime_ns, digest_of(path, before.digest.split(":")[0] if before else kind))
    return replace(seen, pickle_checked=before is not None and before.pickle_checked and before.digest == seen.digest)


def digest_of(path: Path, kind: str) -> str:
    """The hash of a file; git's is that of a blob: SHA-1 over a header with the length, and the bytes."""
    with path.open("rb") as file:
        if kind == "sha256":
            return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
        whole = hashlib.sha1(b"blob %d\0" % os.fstat(file.fileno()).st_size, usedforsecurity=False)
        while piece := file.read(1 << 20):
            whole.update(piece)
        return f"git:{whole.hexdigest()}"


def read_records(path: Path) -> dict[str, FileRecord]:
    """The files by name; empty where there is no ledger that can be read."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["files"]
        return {name: FileRecord(**row) for name, row in rows.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def write_records(path: Path, files: Mapping[str, FileRecord]) -> None:
    """Write it whole or not at all; where the cache cannot be written, the files are simply hashed again next time."""
    text = json.dumps({"files": {name: asdict(seen) for name, seen in sorted(files.items())}}, indent=1) + "\n"
    with contextlib.suppress(OSError):
        write_whole(path, text)


def write_whole(path: Path, text: str) -> None:
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
