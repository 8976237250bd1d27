"""Where checkpoints lie in the cache folder, and what of them is there: told from names and sizes, without a network.

CACHE/hub/          what was fetched, in huggingface_hub's own layout
CACHE/checked/      what was found whole and safe: one ledger a checkpoint (models/hub/ledger.py)
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from models.hub.client import COMMIT, DEFAULT_REVISION
from models.hub.files import CARD, Choice, Refusal, choose
from models.hub.ledger import Seen, read_ledger
from models.hub.licence import read_licence


@dataclass(frozen=True, slots=True)
class Held:
    """A checkpoint of which something is on this machine.

    `ready` says that all of it is there, in the sizes in which it passed the checks of `hub.fetch`; hashes are compared
    when it is used. `revision` is the commit, or for a folder its hash; None where that would have to be computed.
    """

    id: str
    folder: Path
    revision: str | None
    licence: str | None
    size: int
    ready: bool


def store(repository: str, cache: Path) -> Path:
    """The repository's own folder in the cache."""
    return cache / "hub" / ("models--" + repository.replace("/", "--"))


def snapshot(repository: str, commit: str, cache: Path) -> Path:
    """The folder with the files of one commit."""
    return store(repository, cache) / "snapshots" / commit


def branch(repository: str, revision: str | None, cache: Path) -> Path:
    """The file that holds the commit for which a branch or tag stands."""
    return store(repository, cache) / "refs" / (revision or DEFAULT_REVISION)


def known_commit(repository: str, revision: str | None, cache: Path) -> str | None:
    """The commit that the revision stood for when it was last fetched whole."""
    if revision is not None and COMMIT.fullmatch(revision):
        return revision
    try:
        return branch(repository, revision, cache).read_text().strip() or None
    except (OSError, ValueError):
        return None


def commit_ledger(repository: str, commit: str, cache: Path) -> Path:
    """The ledger of a commit of a repository."""
    return cache / "checked" / f"{store(repository, cache).name}-{commit}.json"


def folder_ledger(folder: Path, cache: Path) -> Path:
    """The ledger of a user's folder, which is known by where it lies."""
    return cache / "checked" / f"folder-{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]}.json"


def folder_revision(choice: Choice, seen: dict[str, Seen]) -> str:
    """What tells the contents of a folder from any other: "sha256:…" over all files but the card."""
    matter = "".join(f"{name} {seen[name].digest}\n" for name in choice.names if name != CARD)
    return f"sha256:{hashlib.sha256(matter.encode()).hexdigest()}"


def look_up(name: str, revision: str | None, cache: Path) -> Held | None:
    """What is here of the checkpoint of that name, a hub id or a folder; None for nothing."""
    if Path(name).is_dir():
        folder, ledger, commit = Path(name), folder_ledger(Path(name), cache), None
    else:
        commit = known_commit(name, revision, cache)
        if commit is None:
            return _unfinished(name, cache)
        folder, ledger = snapshot(name, commit, cache), commit_ledger(name, commit, cache)
    return _held(name, folder, commit, read_ledger(ledger))


def held_checkpoints(cache: Path) -> list[Held]:
    """Every commit of every repository in the cache."""
    found = []
    for place in sorted((cache / "hub").glob("models--*/snapshots/*")):
        repository = place.parent.parent.name.removeprefix("models--").replace("--", "/")
        ledger = commit_ledger(repository, place.name, cache)
        if (held := _held(repository, place, place.name, read_ledger(ledger))) is not None:
            found.append(held)
    return found


def _held(name: str, folder: Path, commit: str | None, ledger: dict[str, Seen]) -> Held | None:
    try:
        sizes = {path.name: path.stat().st_size for path in folder.iterdir() if path.is_file()}
        choice = choose(sizes)
    except OSError:
        return None
    except Refusal:
        return Held(name, folder, commit, read_licence(folder), sum(sizes.values()), ready=False)
    needed = {file: sizes[file] for file in choice.names}
    ready = {file: seen.size for file, seen in ledger.items()} == needed
    revision = folder_revision(choice, ledger) if commit is None and ready else commit
    return Held(name, folder, revision, read_licence(folder), sum(needed.values()), ready)


def _unfinished(repository: str, cache: Path) -> Held | None:
    """Something of a repository whose branch was never here whole."""
    place = store(repository, cache)
    blobs = [path.stat().st_size for path in place.glob("blobs/*") if path.is_file()]
    return Held(repository, place, None, None, sum(blobs), ready=False) if blobs else None
