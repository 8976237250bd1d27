"""Which file of a folder becomes which report: every file its own, below OUT_DIR, on every file system.

`a.txt` becomes `a.json`; where two would become the same, as `a.txt` and `a.html` do, each keeps its suffix
(`a.txt.json`). Where that is not enough, as for `a.txt` and `A.txt` on a file system that takes them for one, a few
digits of the name's hash tell them apart (`a.txt.1f0c9a2b.json`). A name that would become too long is cut and gets
such digits too.
"""

import hashlib
import itertools
import os
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from models.reading.formats.registry import kind_of_suffix
from service.failures import CannotWrite, reason

# What file systems commonly allow for one name.
MAX_NAME_BYTES = 255
LISTING_NAMES = ("summaries.jsonl", "summaries.md")
LOCK_NAME = ".kurzum.lock"


@dataclass(frozen=True, slots=True)
class Found:
    """What lies below the folder of the articles, by paths relative to it.

    `articles` are sorted. `closed` are the folders that cannot be opened, with the reason; `passed_over` are the linked
    folders, `unread` the files of other kinds.
    """

    articles: tuple[PurePosixPath, ...]
    closed: dict[PurePosixPath, str]
    passed_over: tuple[PurePosixPath, ...]
    unread: tuple[PurePosixPath, ...]


def find_articles(in_dir: Path, out_dir: Path) -> Found:
    """Walk the folder; left out are hidden files and folders, OUT_DIR and every other folder that a run has written to.

    Linked folders are not entered, so that no loop of links can catch the walk. A link to a file counts as the file,
    wherever it leads. Whatever has the name of an article counts as one, also a broken link or a named pipe: it is then
    an article that cannot be read.
    """
    articles: list[PurePosixPath] = []
    closed: dict[PurePosixPath, str] = {}
    passed_over: list[PurePosixPath] = []
    unread: list[PurePosixPath] = []

    def relative(path: str | Path) -> PurePosixPath:
        return PurePosixPath(Path(path).relative_to(in_dir).as_posix())

    def cannot_open(error: OSError) -> None:
        closed[relative(error.filename)] = f"Cannot be opened: {reason(error)}."

    out_dir = out_dir.resolve()
    for folder, subfolders, names in os.walk(in_dir, onerror=cannot_open):
        here = Path(folder)
        subfolders[:] = sorted(name for name in subfolders if not _left_out(here / name, out_dir))
        passed_over += [relative(here / name) for name in subfolders if (here / name).is_symlink()]
        for name in names:
            if not name.startswith("."):
                (articles if kind_of_suffix(name) else unread).append(relative(here / name))
    return Found(tuple(sorted(articles)), closed, tuple(passed_over), tuple(sorted(unread)))


def _left_out(folder: Path, out_dir: Path) -> bool:
    written = os.path.exists(folder / LOCK_NAME)  # noqa: PTH110 - Path.exists raises for a closed folder
    return folder.name.startswith(".") or written or folder.resolve() == out_dir


def report_paths(sources: Iterable[PurePosixPath]) -> dict[PurePosixPath, PurePosixPath]:
    """Each source's report, relative to OUT_DIR: no two the same, however the file system compares names."""
    candidates = {source: _candidates(source) for source in sources}
    paths = {source: next(names) for source, names in candidates.items()}
    tries = dict.fromkeys(paths, 1)
    folders = {_folded(folder) for path in paths.values() for folder in path.parents}
    while clashing := _clashing(paths, tries, folders):
        for source in clashing:
            paths[source] = next(candidates[source])
            tries[source] += 1
    return paths


def _clashing(
    paths: dict[PurePosixPath, PurePosixPath], tries: dict[PurePosixPath, int], folders: set[str]
) -> list[PurePosixPath]:
    """The sources that must take another name: of those that want the same one, those with the fewest tries."""
    groups: dict[str, list[PurePosixPath]] = {}
    for source, path in paths.items():
        groups.setdefault(_folded(path), []).append(source)
    clashing = []
    for name, group in groups.items():
        if len(group) > 1 or name in folders:
            fewest = min(tries[source] for source in group)
            clashing += [source for source in group if tries[source] == fewest]
    return clashing


def _candidates(source: PurePosixPath) -> Iterator[PurePosixPath]:
    """The report's name as it should be, then longer and longer ones."""
    digest = hashlib.sha256(str(source).encode("utf-8", "surrogateescape")).hexdigest()
    top, *rest = source.parts
    if rest and _folded(top) in LISTING_NAMES:
        # A folder cannot have the name of a listing.
        source = PurePosixPath(f"{top}_", *rest)
    for name in (source.with_suffix(".json").name, f"{source.name}.json"):
        if len(os.fsencode(name)) <= MAX_NAME_BYTES:
            yield source.with_name(name)
    for length in itertools.count(8, 8):
        end = f".{digest[:length].ljust(length, '_')}.json"
        room = MAX_NAME_BYTES - len(end)
        yield source.with_name(os.fsencode(source.name)[:room].decode("utf-8", "ignore") + end)


def _folded(path: PurePosixPath | str) -> str:
    """The same for names that some file system takes for one: upper and lower case, composed and decomposed."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", str(path)).casefold())


def report_file(out_dir: Path, relative: PurePosixPath) -> Path:
    """Where this report lies; its folder is made if need be.

    Raises CannotWrite where a link leads out of OUT_DIR.
    """
    root = out_dir.resolve()
    try:
        folder = (root / relative.parent).resolve()
        if not folder.is_relative_to(root):
            raise CannotWrite(f"In the output folder, {relative.parent} is a link that leads out of it.")
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(f"{relative.parent} in the output folder cannot be made: {reason(error)}.") from error
    return folder / relative.name
