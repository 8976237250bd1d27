"""A checkpoint by name: fetched from the model hub, or a folder, and in either case looked over before it is loaded.

What is in the cache whole is used when the hub cannot be reached. A branch is taken to stand for a new commit only when
all of that commit is here and has passed, so that an update that fails leaves the old one usable.
"""

import contextlib
import errno
import logging
import os
import re
import time
from dataclasses import dataclass, replace
from pathlib import Path

from models.errors import ModelUnavailable
from models.hub.cache import (
    branch_file,
    commit_records,
    folder_records,
    folder_revision,
    known_commit,
    repository_folder,
    snapshot_folder,
)
from models.hub.client import COMMIT, DEFAULT_REVISION, Listing, RemoteFile, Unreachable, download_file, list_repository
from models.hub.files import FileSelection, Refusal, check_config, refuse_pickles, select_files
from models.hub.ledger import FileRecord, inspect_file, read_records, write_records, write_whole
from models.hub.licence import read_licence
from models.hub.weights import check_weights
from models.options import LOG_ONLY, Listener, LoadProgress

_REPOSITORY = re.compile(r"[\w.-]+(/[\w.-]+)?")
_REVISION = re.compile(r"(?!.*\.\.)[\w-][\w.-]*(/[\w.-]+)*")
_ABANDONED_AFTER_SECONDS = 3600
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DownloadedModel:
    """A model on this machine that is whole and safe to load.

    `id` is what the user called it; `folder` holds its files; `revision` is the hub's commit, or for a folder
    "sha256:…" over the files that matter; `licence` is what its card states, if it does.
    """

    id: str
    folder: Path
    revision: str
    licence: str | None

    @property
    def name(self) -> str:
        """The id as a report may show it: of a folder its own name, and not where it lies on this machine."""
        return self.folder.resolve().name if Path(self.id).expanduser().is_dir() else self.id


def fetch(
    name: str,
    *,
    revision: str | None = None,
    cache: Path,
    listener: Listener = LOG_ONLY,
) -> DownloadedModel:
    """The checkpoint of that name, which is a hub id, "id@revision", or a folder.

    Where the hub cannot be asked and the cache has the model, the listener gets a notice. Raises ModelUnavailable with
    one sentence on what to do.
    """
    if _folder(name) is None:
        name, _, pinned = name.partition("@")
        revision = revision or pinned or None
    folder = _folder(name)
    try:
        if folder is not None and revision is not None:
            raise ModelUnavailable(f"{name} is a folder, which has no revisions: leave out {revision}.")
        if folder is not None:
            return _from_folder(name, folder, cache)
        if not _REPOSITORY.fullmatch(name) or not _REVISION.fullmatch(revision or DEFAULT_REVISION):
            raise ModelUnavailable(f"{name!r} is neither a folder that is here nor the name of a model on the hub.")
        return _from_hub(name, revision, cache, listener)
    except Refusal as error:
        raise ModelUnavailable(f"{name} cannot be used: {error}.") from error
    except OSError as error:
        raise ModelUnavailable(_disk_message(name, cache, error)) from error


def _folder(name: str) -> Path | None:
    """The folder of that name, if there is one."""
    folder = Path(os.path.expanduser(name))  # noqa: PTH111  # pathlib's raises for "~nobody"
    return folder if name.strip() and folder.is_dir() else None  # an empty path is the folder that one is in


def _from_folder(name: str, folder: Path, cache: Path) -> DownloadedModel:
    names = [path.name for path in folder.iterdir() if path.is_file()]
    choice = select_files(names)
    refuse_pickles(choice, names)
    check_config(folder)
    ledger = folder_records(folder, cache)
    before = read_records(ledger)
    seen = {name: inspect_file(folder / name, before.get(name)) for name in choice.names}
    _verify_and_record(folder, choice, seen, before, ledger)
    return DownloadedModel(name, folder, folder_revision(choice, seen), read_licence(folder))


def _from_hub(repository: str, revision: str | None, cache: Path, listener: Listener) -> DownloadedModel:
    known = known_commit(repository, revision, cache)
    if revision is not None and revision == known:  # a commit never changes
        with contextlib.suppress(Refusal):  # damaged files are fetched again
            if (found := _from_cache(repository, known, cache)) is not None:
                return found
    try:
        listing = list_repository(repository, revision)
        found = _from_listing(repository, listing, cache, listener.progress)
    except Unreachable as error:
        old = _from_cache(repository, known, cache) if known is not None else None
        if old is None:
            raise ModelUnavailable(f"{error}; it is not in {cache} either.") from error
        listener.notice(f"{error}; what the cache has is used.")
        return old
    if listing.commit != revision:
        write_whole(branch_file(repository, revision, cache), listing.commit)
    return found


def _from_cache(repository: str, commit: str, cache: Path) -> DownloadedModel | None:
    """The checkpoint at this commit if all of it is here; None if not. Raises Refusal for what has changed since."""
    folder = snapshot_folder(repository, commit, cache)
    if not folder.is_dir():
        return None
    ledger = commit_records(repository, commit, cache)
    before = read_records(ledger)
    there = [path.name for path in folder.iterdir() if path.is_file()]
    try:
        choice = select_files(there)
    except Refusal:
        return None
    if set(before) - set(there):
        return None
    seen = {name: inspect_file(folder / name, before.get(name), _kind(folder / name)) for name in choice.names}
    for name in choice.names:
        expected = before[name].digest if name in before else _named_digest(folder / name)
        if expected is not None and seen[name].digest != expected:
            raise Refusal(f"{name} in the cache has changed since it was fetched; {_fetch_again_advice(folder)}")
    check_config(folder)
    _verify_and_record(folder, choice, seen, before, ledger)
    return DownloadedModel(repository, folder, commit, read_licence(folder))


def _from_listing(repository: str, listing: Listing, cache: Path, progress: LoadProgress) -> DownloadedModel:
    """Fetch what is missing or damaged, small files first, and check all of it."""
    choice = select_files(listing.files)
    folder = snapshot_folder(repository, listing.commit, cache)
    ledger = commit_records(repository, listing.commit, cache)
    before = read_records(ledger)
    fetcher = _Fetcher(repository, listing, cache, progress, choice)
    seen = {}
    for names in (choice.small, choice.weights):
        for name in names:
            seen[name] = fetcher.ensure_file(folder / name, before.get(name))
        if names is choice.small:
            check_config(folder)
    _verify_and_record(folder, choice, seen, before, ledger)
    return DownloadedModel(repository, folder, listing.commit, read_licence(folder))


class _Fetcher:
    """Gets files of one commit into the cache, each as the hub lists it, and tells the share of bytes that is here."""

    def __init__(
        self, repository: str, listing: Listing, cache: Path, progress: LoadProgress, choice: FileSelection
    ) -> None:
        self._repository, self._commit, self._place = repository, listing.commit, cache / "hub"
        self._files, self._progress = listing.files, progress
        self._total = sum(listing.files[name].size or 0 for name in choice.names)
        self._done = 0
        _remove_partial_downloads(repository_folder(repository, cache) / "blobs")

    def ensure_file(self, path: Path, before: FileRecord | None) -> FileRecord:
        """The file as it is here after it was fetched, if need be; raises Unreachable and Refusal."""
        listed = self._files[path.name]
        kind = (listed.digest or "sha256").split(":")[0]
        if before is not None and not before.digest.startswith(kind):
            before = None
        if path.is_file():
            seen = inspect_file(path, before, kind)
            if _is_listed(seen, listed):
                self._done += seen.size
                return seen
            _log.warning("%s of %s has changed since it was fetched: fetching it again", path.name, self._repository)
            _discard(path)
        self._report()
        seen = inspect_file(
            download_file(self._repository, path.name, self._commit, self._place, self._arrived), None, kind
        )
        if not _is_listed(seen, listed):
            _discard(path)
            raise Refusal(f"{path.name} did not arrive as the hub lists it (its hash is another): try again")
        return seen

    def _arrived(self, count: int) -> None:
        self._done += count
        self._report()

    def _report(self) -> None:
        self._progress(f"fetching {self._repository}", min(1.0, self._done / self._total) if self._total else 1.0)


def _verify_and_record(
    folder: Path, choice: FileSelection, seen: dict[str, FileRecord], before: dict[str, FileRecord], ledger: Path
) -> None:
    """Check the weights and, if they pass, remember all files as they are."""
    read = check_weights(folder, choice, lambda name: seen[name].pickle_checked)
    seen |= {name: replace(seen[name], pickle_checked=True) for name in read}
    if seen != before:
        write_records(ledger, seen)


def _is_listed(seen: FileRecord, listed: RemoteFile) -> bool:
    return listed.digest in (None, seen.digest) and listed.size in (None, seen.size)


def _discard(path: Path) -> None:
    """Remove a file of a snapshot and the blob behind it."""
    for one in {path.resolve(), path}:
        one.unlink(missing_ok=True)


def _remove_partial_downloads(blobs: Path) -> None:
    """Remove what a killed process has left half-written; one that runs has written to its file within the hour."""
    for left_over in blobs.glob("*.incomplete"):
        with contextlib.suppress(OSError):
            if left_over.stat().st_mtime < time.time() - _ABANDONED_AFTER_SECONDS:
                left_over.unlink()


def _named_digest(path: Path) -> str | None:
    """The hash that the name of the blob behind a file of a snapshot is; None where the two are not linked."""
    blob = path.resolve().name
    return f"{_kind(path)}:{blob}" if path.is_symlink() and re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", blob) else None


def _kind(path: Path) -> str:
    return "git" if path.is_symlink() and COMMIT.fullmatch(path.resolve().name) else "sha256"


def _fetch_again_advice(folder: Path) -> str:
    return f"delete {folder.parent.parent} and fetch it again where there is a network"


def _disk_message(name: str, cache: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"No space is left in {cache} for {name}: free some or name another cache folder."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR):
        return f"{name} cannot be put into {cache}, which cannot be written: name another cache folder."
    reason = os.strerror(error.errno) if error.errno else type(error).__name__
    return f"{name} cannot be read or put into {cache} ({reason}): look at that folder or name another."
