"""A folder that is built once, whole or not at all, and noticed when it is not intact."""

import errno
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from models.errors import ModelUnavailable
from models.storage import MANIFEST, ensure_built, find_damage, hash_file, read_manifest

NAMES = {"weights/model.bin", "weights/config.json", "other/model.bin"}


class Builder:
    """A build of three small files that counts how often it ran."""

    def __init__(self) -> None:
        self.runs = 0

    def __call__(self, target: Path) -> None:
        assert list(target.iterdir()) == []
        self.runs += 1
        for name in NAMES:
            (target / name).parent.mkdir(exist_ok=True)
            (target / name).write_text(f"the content of {name}", encoding="utf-8")


@pytest.fixture
def builder() -> Builder:
    return Builder()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where it is to be built; the folder above does not exist either."""
    return tmp_path / "cache" / "model-1"


def left_in(cache: Path) -> set[str]:
    """What lies in the cache folder except the lock."""
    return {path.name for path in cache.iterdir() if path.suffix != ".lock"}


def test_a_folder_is_built_once_and_then_reused(place: Path, builder: Builder) -> None:
    ensure_built(place, builder)
    ensure_built(place, builder)
    assert builder.runs == 1
    assert left_in(place.parent) == {place.name}
    assert {p.relative_to(place).as_posix() for p in place.rglob("*") if p.is_file()} == {*NAMES, MANIFEST}


def test_the_manifest_names_every_file_with_its_size_and_sha256(place: Path, builder: Builder) -> None:
    ensure_built(place, builder)
    manifest = read_manifest(place)
    assert manifest is not None
    assert set(manifest) == NAMES
    for name, entry in manifest.items():
        assert (entry.size, f"sha256:{entry.sha256}") == ((place / name).stat().st_size, hash_file(place / name))


@pytest.mark.parametrize("error", [RuntimeError("a bug"), KeyboardInterrupt(), ModelUnavailable("no packages")])
def test_an_interrupted_build_leaves_nothing_and_the_next_call_builds(
    place: Path, builder: Builder, error: BaseException
) -> None:
    def interrupted(target: Path) -> None:
        builder(target)
        raise error

    with pytest.raises(type(error)) as caught:
        ensure_built(place, interrupted)
    assert caught.value is error
    assert left_in(place.parent) == set()
    assert find_damage(place) == "there is no manifest"
    ensure_built(place, builder)
    assert find_damage(place) is None


def test_an_interrupted_rebuild_leaves_the_folder_as_it_was(place: Path, builder: Builder) -> None:
    ensure_built(place, builder)
    (place / "weights/model.bin").unlink()

    def interrupted(_target: Path) -> None:
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError, match="a bug"):
        ensure_built(place, interrupted)
    assert left_in(place.parent) == {place.name}
    ensure_built(place, builder, "other/")
    assert builder.runs == 1


def test_a_build_that_was_killed_leaves_no_folder_and_is_cleaned_up_by_the_next(place: Path, builder: Builder) -> None:
    kill = (
        "import os, pathlib, sys\nfrom models.storage import ensure_built\n"
        "def build(target):\n    (target / 'half').write_text('x')\n    os._exit(9)\n"
        "ensure_built(pathlib.Path(sys.argv[1]), build)"
    )
    assert subprocess.run([sys.executable, "-c", kill, place], check=False).returncode == 9
    (left_over,) = left_in(place.parent)
    assert left_over.startswith(f"{place.name}.tmp-")
    ensure_built(place, builder)
    assert left_in(place.parent) == {place.name}
    assert not (place / "half").exists()


def test_what_belongs_to_another_model_is_not_cleaned_up(place: Path, builder: Builder) -> None:
    other = place.parent / "model-2.tmp-abc"
    other.mkdir(parents=True)
    ensure_built(place, builder)
    assert other.is_dir()


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[3] ^= 1
    path.write_bytes(data)


def truncate(path: Path) -> None:
    os.truncate(path, 3)


@pytest.mark.parametrize(
    ("harm", "told", "seen_by_size"),
    [(flip, "damaged", False), (truncate, "damaged", True), (Path.unlink, "missing", True)],
    ids=["other bytes", "truncated", "missing"],
)
def test_a_file_that_is_not_as_it_was_built_is_noticed_and_built_again(
    place: Path, builder: Builder, harm: Callable[[Path], None], told: str, seen_by_size: bool
) -> None:
    ensure_built(place, builder)
    harm(place / "weights/model.bin")
    assert find_damage(place) == f"weights/model.bin is {told}"
    assert (find_damage(place, hashes=False) is not None) == seen_by_size
    ensure_built(place, builder)
    assert builder.runs == 2
    assert find_damage(place) is None
    assert left_in(place.parent) == {place.name}


def test_a_file_whose_size_and_time_are_unchanged_is_not_read_again(place: Path, builder: Builder) -> None:
    """As for checkpoints of the hub: hashing everything at each start takes seconds. An image keeps whole seconds."""
    ensure_built(place, builder)
    path = place / "weights/model.bin"
    built = path.stat().st_mtime_ns
    flip(path)
    os.utime(path, ns=(built, built))
    assert find_damage(place) is None
    whole_seconds = built // 10**9 * 10**9
    os.utime(path, ns=(whole_seconds, whole_seconds))
    assert find_damage(place) is None
    os.utime(path, ns=(built + 1, built + 1))
    assert find_damage(place) == "weights/model.bin is damaged"


def test_only_the_part_that_is_asked_for_is_looked_at(place: Path, builder: Builder) -> None:
    ensure_built(place, builder)
    flip(place / "weights/model.bin")
    ensure_built(place, builder, "other/")
    assert builder.runs == 1
    ensure_built(place, builder, "weights/")
    assert builder.runs == 2


def test_a_part_that_the_manifest_does_not_know_is_not_taken_for_whole(place: Path, builder: Builder) -> None:
    ensure_built(place, builder)
    assert find_damage(place, "nowhere/") == "nothing below nowhere/"


@pytest.mark.parametrize("text", ["", "[]", '{"files": 3}', '{"files": {"a": {}}}', '{"files": {"a": {"size": "x"}}}'])
def test_a_manifest_that_cannot_be_read_counts_as_none(place: Path, builder: Builder, text: str) -> None:
    ensure_built(place, builder)
    (place / MANIFEST).write_text(text, encoding="utf-8")
    assert find_damage(place) == "there is no manifest"
    ensure_built(place, builder)
    assert builder.runs == 2


def test_two_threads_at_once_build_once(place: Path, builder: Builder) -> None:
    begun = threading.Event()

    def slow(target: Path) -> None:
        builder(target)
        begun.set()
        time.sleep(0.3)

    threads = [threading.Thread(target=ensure_built, args=(place, slow)) for _ in range(2)]
    threads[0].start()
    assert begun.wait(10)
    threads[1].start()
    for thread in threads:
        thread.join(10)
    assert builder.runs == 1
    assert find_damage(place) is None


def test_two_processes_at_once_build_once(place: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    code = (
        "import pathlib, sys, time\nfrom models.storage import ensure_built\n"
        "def build(target):\n"
        "    with open(sys.argv[2], 'a') as log: log.write('built\\n')\n"
        "    time.sleep(1)\n    (target / 'file').write_text('x')\n"
        "ensure_built(pathlib.Path(sys.argv[1]), build)"
    )
    both = [subprocess.Popen([sys.executable, "-c", code, place, log]) for _ in range(2)]
    assert [process.wait(30) for process in both] == [0, 0]
    assert log.read_text(encoding="utf-8") == "built\n"
    assert find_damage(place) is None


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.ENOSPC, "No space is left to build the model in {0}: free 1 GB or name another cache folder."),
        (errno.EDQUOT, "No space is left to build the model in {0}: free 1 GB or name another cache folder."),
        (errno.EACCES, "The cache folder {0} cannot be written: name another one or change its rights."),
        (errno.EROFS, "The cache folder {0} cannot be written: name another one or change its rights."),
        (errno.EIO, "The model could not be built in {0} (Input/output error): name another cache folder."),
    ],
)
def test_a_disk_that_refuses_gives_one_clear_sentence_and_leaves_nothing(place: Path, number: int, told: str) -> None:
    def refused(target: Path) -> None:
        (target / "half").write_text("x", encoding="utf-8")
        raise OSError(number, os.strerror(number))

    with pytest.raises(ModelUnavailable) as caught:
        ensure_built(place, refused)
    assert str(caught.value) == told.format(place.parent)
    assert left_in(place.parent) == set()


def test_an_error_of_the_disk_without_a_number_is_named_by_its_kind(place: Path) -> None:
    def refused(_target: Path) -> None:
        raise OSError("something")

    with pytest.raises(ModelUnavailable, match=r"\(OSError\)"):
        ensure_built(place, refused)


@pytest.mark.parametrize("below", ["", "deeper"])
def test_a_cache_folder_that_is_a_file_gives_one_clear_sentence(tmp_path: Path, builder: Builder, below: str) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    cache = tmp_path / "file" / below
    with pytest.raises(ModelUnavailable, match="cannot be written: name another one") as caught:
        ensure_built(cache / "model-1", builder)
    assert str(cache) in str(caught.value)
    assert builder.runs == 0


def test_a_cache_folder_without_the_right_to_write_gives_one_clear_sentence(
    place: Path, builder: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    # Replaced, since root may write everywhere.
    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(ModelUnavailable, match="cannot be written: name another one or change its rights"):
        ensure_built(place, builder)
    assert builder.runs == 0
