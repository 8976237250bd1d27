"""A checkpoint by name: fetched from the model hub, or a folder, and in either case checked before it is loaded.

A whole checkpoint in the cache is used when the hub cannot be reached. A branch stands for a new commit only when all
of that commit is here and has been checked, so that a failed update leaves the old one usable.
"""

import contextlib
import errno
import logging
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from models.errors import ModelUnavailable
from models.hub.cache import (
    branch_file,
    commit_records,
    folder_records,
    folder_revision,
    known_commit,
    named_digest,
    remove_partial_downloads,
    snapshot_folder,
)
from models.hub.client import DEFAULT_REVISION, Listing, Unreachable, download_file, list_repository
from models.hub.files import Refusal, check_config, refuse_pickles, select_files
from models.hub.licence import read_licence
from models.hub.weights import check_weights
from models.options import LOG_ONLY, Listener, LoadProgress
from models.storage import FileRecord, inspect_file, read_records, write_atomically, write_records

_REPOSITORY = re.compile(r"[\w.-]+(/[\w.-]+)?")
_REVISION = re.compile(r"(?!.*\.\.)[\w-][\w.-]*(/[\w.-]+)*")
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
            raise ModelUnavailable(f"{name!r} is neither an existing folder nor the name of a model on the hub.")
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
    refuse_pickles(select_files(names), names)
    records = _verify(folder, folder_records(folder, cache), {})
    return DownloadedModel(name, folder, folder_revision(records), read_licence(folder))


def _from_hub(repository: str, revision: str | None, cache: Path, listener: Listener) -> DownloadedModel:
    known = known_commit(repository, revision, cache)
    if revision is not None and revision == known:  # A commit never changes.
        with contextlib.suppress(Refusal):  # What is missing or damaged is fetched again.
            return _from_cache(repository, known, cache)
    try:
        listing = list_repository(repository, revision)
        fetched = _download(repository, listing, cache, listener.progress)
    except Unreachable as error:
        try:
            found = _from_cache(repository, known or "", cache)
        except Incomplete:
            raise ModelUnavailable(f"{error}; it is not in {cache} either.") from error
        listener.notice(f"{error}; the copy in the cache is used.")
        return found
    found = _from_cache(repository, listing.commit, cache, fetched)
    if listing.commit != revision:
        write_atomically(branch_file(repository, revision, cache), listing.commit)
    return found


class Incomplete(Refusal):
    """Files of the checkpoint are missing in the cache."""


def _from_cache(
    repository: str, commit: str, cache: Path, fetched: Mapping[str, FileRecord] | None = None
) -> DownloadedModel:
    """The checkpoint at this commit; `fetched` are records of files that have just been hashed.

    Raises Incomplete, or Refusal where a file is damaged or unsafe.
    """
    folder, ledger = snapshot_folder(repository, commit, cache), commit_records(repository, commit, cache)
    try:
        there = {path.name for path in folder.iterdir() if path.is_file()}
        select_files(there)
    except (Refusal, OSError) as error:
        raise Incomplete("it is not there as a whole") from error
    if gone := set(read_records(ledger)) - there:
        raise Incomplete(f"{min(gone)} is missing")
    _verify(folder, ledger, fetched or {})
    return DownloadedModel(repository, folder, commit, read_licence(folder))


def _download(repository: str, listing: Listing, cache: Path, progress: LoadProgress) -> dict[str, FileRecord]:
    """Fetch what is missing or damaged, small files first, so that a refusal comes before the weights.

    Raises Unreachable and Refusal.
    """
    selection = select_files(listing.sizes)
    folder = snapshot_folder(repository, listing.commit, cache)
    records = read_records(commit_records(repository, listing.commit, cache))
    remove_partial_downloads(repository, cache)
    total = sum(listing.sizes[name] or 0 for name in selection.names)
    done = 0

    def arrived(count: int) -> None:
        nonlocal done
        done += count
        progress(f"fetching {repository}", min(1.0, done / total) if total else 1.0)

    for names in (selection.small, selection.weights):
        for name in names:
            path = folder / name
            if path.is_file():
                records[name] = _inspect(path, records.get(name))
                if _is_intact(path, records[name]):
                    done += records[name].size
                    continue
                _log.warning("%s of %s has changed since it was fetched: fetching it again", name, repository)
                _remove(path)
            arrived(0)
            download_file(repository, name, listing.commit, cache, arrived)
            records[name] = _inspect(path, None)
            if not _is_intact(path, records[name]):
                _remove(path)
                raise Refusal(f"{name} did not arrive as the hub lists it (its hash is another): try again")
        if names is selection.small:
            check_config(folder)
    return {name: records[name] for name in selection.names}


def _inspect(path: Path, before: FileRecord | None) -> FileRecord:
    """The file as it is, hashed as the hub hashed it."""
    return inspect_file(path, before, (named_digest(path) or "sha256").split(":")[0])


def _is_intact(path: Path, record: FileRecord) -> bool:
    """Whether a file has the hash that the hub gave for it, as far as the cache knows that."""
    return named_digest(path) in (None, record.digest)


def _verify(folder: Path, ledger: Path, fetched: Mapping[str, FileRecord]) -> dict[str, FileRecord]:
    """Check all needed files of a checkpoint and remember how they were; reads only what has changed since.

    Raises Refusal.
    """
    before = read_records(ledger)
    selection = select_files([path.name for path in folder.iterdir() if path.is_file()])
    records = {name: _inspect(folder / name, fetched.get(name) or before.get(name)) for name in selection.names}
    if damaged := [name for name, record in records.items() if not _is_intact(folder / name, record)]:
        advice = f"delete {folder.parent.parent} and fetch it again where there is a network"
        raise Refusal(f"{damaged[0]} in the cache has changed since it was fetched; {advice}")
    check_config(folder)
    checked = check_weights(folder, selection, lambda name: records[name].pickle_checked)
    records |= {name: replace(records[name], pickle_checked=True) for name in checked}
    if records != before:
        write_records(ledger, records)
    return records


def _remove(path: Path) -> None:
    """Remove a file of a snapshot and the blob behind it."""
    for one in {path.resolve(), path}:
        one.unlink(missing_ok=True)


def _disk_message(name: str, cache: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"No space is left in {cache} for {name}: free some or name another cache folder."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR):
        return f"{name} cannot be put into {cache}, which cannot be written: name another cache folder."
    reason = os.strerror(error.errno) if error.errno else type(error).__name__
    return f"{name} cannot be read or put into {cache} ({reason}): look at that folder or name another."
