"""Where checkpoints lie in the cache folder, and what of them is there, by names and sizes, without a network.

CACHE/hub/          what was fetched, in huggingface_hub's own layout
CACHE/checked/      one file of records for each checkpoint that was found whole and safe
"""

import contextlib
import hashlib
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from models.hub.client import COMMIT, DEFAULT_REVISION
from models.hub.files import MODEL_CARD, Refusal, select_files
from models.hub.licence import read_licence
from models.storage import FileRecord, read_records

_ABANDONED_AFTER_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class CachedCheckpoint:
    """A checkpoint of which something is on this machine.

    `ready` means that all of it is there, in the sizes that it had when it was checked; hashes are compared when it is
    used. `revision` is the commit, or of a folder its hash; None where that would have to be computed.
    """

    id: str
    folder: Path
    revision: str | None
    licence: str | None
    size: int
    ready: bool


def repository_folder(repository: str, cache: Path) -> Path:
    """The repository's own folder in the cache."""
    return cache / "hub" / ("models--" + repository.replace("/", "--"))


def snapshot_folder(repository: str, commit: str, cache: Path) -> Path:
    """The folder with the files of one commit."""
    return repository_folder(repository, cache) / "snapshots" / commit


def branch_file(repository: str, revision: str | None, cache: Path) -> Path:
    """The file that holds the commit for which a branch or tag stands."""
    return repository_folder(repository, cache) / "refs" / (revision or DEFAULT_REVISION)


def known_commit(repository: str, revision: str | None, cache: Path) -> str | None:
    """The commit that the revision stood for when it was last fetched whole."""
    if revision is not None and COMMIT.fullmatch(revision):
        return revision
    try:
        return branch_file(repository, revision, cache).read_text().strip() or None
    except (OSError, ValueError):
        return None


def commit_records(repository: str, commit: str, cache: Path) -> Path:
    """The ledger of a commit of a repository."""
    return cache / "checked" / f"{repository_folder(repository, cache).name}-{commit}.json"


def folder_records(folder: Path, cache: Path) -> Path:
    """The ledger of a user's folder, which is known by where it lies."""
    return cache / "checked" / f"folder-{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]}.json"


def folder_revision(records: Mapping[str, FileRecord]) -> str:
    """A revision for the contents of a folder: "sha256:…" over all files but the model card."""
    matter = "".join(f"{name} {record.digest}\n" for name, record in records.items() if name != MODEL_CARD)
    return f"sha256:{hashlib.sha256(matter.encode()).hexdigest()}"


def named_digest(path: Path) -> str | None:
    """The hash that the hub gave for a cached file: the name of the blob that it links to; None where it is no link.

    The blob of a large file is named by its SHA-256, of a small one by git's hash.
    """
    blob = path.resolve().name
    if not path.is_symlink() or not re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", blob):
        return None
    return f"{'git' if COMMIT.fullmatch(blob) else 'sha256'}:{blob}"


def remove_partial_downloads(repository: str, cache: Path) -> None:
    """Remove what a killed process left behind; a running one has written to its file within the hour."""
    for left_over in repository_folder(repository, cache).glob("blobs/*.incomplete"):
        with contextlib.suppress(OSError):
            if left_over.stat().st_mtime < time.time() - _ABANDONED_AFTER_SECONDS:
                left_over.unlink()


def find_cached(name: str, revision: str | None, cache: Path) -> CachedCheckpoint | None:
    """What is here of the checkpoint of that name, a hub id or a folder; None for nothing."""
    if Path(name).is_dir():
        folder, ledger, commit = Path(name), folder_records(Path(name), cache), None
    else:
        commit = known_commit(name, revision, cache)
        if commit is None:
            return _describe_unfinished(name, cache)
        folder, ledger = snapshot_folder(name, commit, cache), commit_records(name, commit, cache)
    return _describe_cached(name, folder, commit, read_records(ledger))


def cached_checkpoints(cache: Path) -> list[CachedCheckpoint]:
    """Every commit of every repository in the cache."""
    found = []
    for place in sorted((cache / "hub").glob("models--*/snapshots/*")):
        repository = place.parent.parent.name.removeprefix("models--").replace("--", "/")
        ledger = commit_records(repository, place.name, cache)
        if (held := _describe_cached(repository, place, place.name, read_records(ledger))) is not None:
            found.append(held)
    return found


def _describe_cached(
    name: str, folder: Path, commit: str | None, ledger: dict[str, FileRecord]
) -> CachedCheckpoint | None:
    try:
        sizes = {path.name: path.stat().st_size for path in folder.iterdir() if path.is_file()}
        choice = select_files(sizes)
    except OSError:
        return None
    except Refusal:
        return CachedCheckpoint(name, folder, commit, read_licence(folder), sum(sizes.values()), ready=False)
    needed = {file: sizes[file] for file in choice.names}
    ready = {file: seen.size for file, seen in ledger.items()} == needed
    revision = folder_revision({name: ledger[name] for name in choice.names}) if commit is None and ready else commit
    return CachedCheckpoint(name, folder, revision, read_licence(folder), sum(needed.values()), ready)


def _describe_unfinished(repository: str, cache: Path) -> CachedCheckpoint | None:
    """Something of a repository whose branch was never here whole."""
    place = repository_folder(repository, cache)
    blobs = [path.stat().st_size for path in place.glob("blobs/*") if path.is_file()]
    return CachedCheckpoint(repository, place, None, None, sum(blobs), ready=False) if blobs else None
