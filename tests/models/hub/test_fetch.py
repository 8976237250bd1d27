"""Checkpoints from a hub: each question in a process of its own, which finds the stand-in through HF_ENDPOINT."""

import contextlib
import errno
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy

from models.hub.client import DOWNLOAD_CHUNK_BYTES
from tests.hub_stand_in import Hub, hub
from tests.models.bart import save_bart

ROOT = Path(__file__).parents[3]
NAME = "people/bart"
PROGRAM = """
import json, sys
from pathlib import Path
from models.errors import KurzumError
from models.hub.fetch import fetch
from models.options import Listener

name, cache = sys.argv[1:]
shares = []
try:
    found = fetch(name, cache=Path(cache), listener=Listener(lambda step, share: shares.append((step, share))))
except KurzumError as error:
    answer = {"error": type(error).__name__, "text": str(error)}
else:
    answer = {"id": found.id, "folder": str(found.folder), "revision": found.revision, "licence": found.licence}
print(json.dumps(answer | {"shares": shares, "torch": "torch" in sys.modules}))
"""
# What comes before a program whose disk has room for so many bytes of a download and no more.
FULL_DISK = """
import os
import huggingface_hub.file_download

class Disk:
    room, error = int(os.environ["TEST_ROOM"]), int(os.environ["TEST_ERROR"])

    def __init__(self, file):
        self.file = file

    def write(self, piece):
        fits = piece[:Disk.room]
        Disk.room -= len(fits)
        self.file.write(fits)
        self.file.flush()
        if len(fits) < len(piece):
            raise OSError(Disk.error, os.strerror(Disk.error))

http_get = huggingface_hub.file_download.http_get
huggingface_hub.file_download.http_get = lambda url, file, **options: http_get(url, Disk(file), **options)
"""
COMMAND = "from service.cli.main import main\nmain()\n"
pytestmark = pytest.mark.slow


@pytest.fixture
def server() -> Iterator[Hub]:
    with hub() as running:
        yield running


@pytest.fixture(scope="module")
def bart(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a repository as they often are: one model in many formats, and what training left."""
    folder = tmp_path_factory.mktemp("bart")
    save_bart(folder)
    (folder / "README.md").write_text("---\nlicense: cc-by-nc-4.0\nlanguage: de\n---\n# A model\n")
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    others = (
        "tf_model.h5",
        "flax_model.msgpack",
        "rust_model.ot",
        "onnx/model.onnx",
        "training_args.bin",
        "modeling.py",
    )
    return files | dict.fromkeys(others, b"not needed" * 40) | {".gitattributes": b"*.bin filter=lfs"}


@dataclass
class Client:
    """Asks for a checkpoint as a program would."""

    server: Hub
    cache: Path

    def start(self, name: str = NAME, **settings: str) -> subprocess.Popen[str]:
        return self.run("-W", "error", "-c", PROGRAM, name, str(self.cache), **settings)

    def run(self, *words: str, **settings: str) -> subprocess.Popen[str]:
        """Python with these words, in an environment of its own."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
        environment = {
            **clean,
            "HF_ENDPOINT": self.server.url,
            "HF_HOME": str(self.cache / "home"),
            "NO_PROXY": "*",
            "PYTHONPATH": str(ROOT),
        }
        return subprocess.Popen(
            [sys.executable, *words],
            cwd=self.cache.parent,
            env=environment | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __call__(self, name: str = NAME, **settings: str) -> dict[str, Any]:
        with self.start(name, **settings) as process:
            output, errors = process.communicate(timeout=120)
        assert output, errors
        answer: dict[str, Any] = json.loads(output)
        return answer

    def says(self, name: str = NAME, **settings: str) -> str:
        """Why the model cannot be had."""
        answer = self(name, **settings)
        assert answer.get("error") == "ModelUnavailable", answer
        return str(answer["text"])

    def folder(self, commit: str) -> Path:
        return self.cache / "hub" / "models--people--bart" / "snapshots" / commit


@pytest.fixture
def ask(server: Hub, tmp_path: Path) -> Client:
    cache = tmp_path / "cache"
    cache.mkdir()
    return Client(server, cache)


def heavy(files: dict[str, bytes]) -> dict[str, bytes]:
    """The repository with weights that take four pieces to arrive; nothing looks at what they are."""
    return files | {"model.safetensors": safetensors.numpy.save({"weight": np.arange(1_000_000, dtype=np.float32)})}


def half_written(cache: Path) -> list[Path]:
    return list(cache.rglob("*.incomplete"))


def has_bytes(cache: Path) -> bool:
    """Whether a file has begun to arrive; small ones are whole, and elsewhere, before one can look."""
    with contextlib.suppress(FileNotFoundError):
        return any(path.stat().st_size for path in half_written(cache))
    return False


def wait_for(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_only_what_is_needed_is_fetched_with_progress_and_without_torch(
    server: Hub, ask: Client, bart: dict[str, bytes]
) -> None:
    commit = server.add(NAME, bart)
    found = ask()
    assert (found["id"], found["revision"], found["licence"]) == (NAME, commit, "cc-by-nc-4.0")
    needed = {
        "README.md",
        "config.json",
        "generation_config.json",
        "model.safetensors",
        "tokenizer.json",
        "tokenizer_config.json",
    }
    assert {path.name: path.read_bytes() for path in Path(found["folder"]).iterdir()} == {n: bart[n] for n in needed}
    assert set(server.asked("HEAD")) == needed
    shares = [share for _, share in found["shares"]]
    assert shares[0] == 0
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert {step for step, _ in found["shares"]} == {f"fetching {NAME}"}
    assert found["torch"] is False


def test_the_small_files_are_judged_before_the_weights_are_fetched(
    server: Hub, ask: Client, bart: dict[str, bytes]
) -> None:
    config = json.loads(bart["config.json"]) | {"is_encoder_decoder": False, "architectures": ["BartForCausalLM"]}
    server.add(NAME, bart | {"config.json": json.dumps(config).encode()})
    assert "no sequence-to-sequence model but bart (BartForCausalLM)" in ask.says()
    assert "model.safetensors" not in server.asked("HEAD")


def test_nothing_is_reported_about_who_asks(server: Hub, ask: Client, bart: dict[str, bytes]) -> None:
    server.add(NAME, bart)
    ask()
    for request in server.requests:
        assert request.path.startswith((f"/api/models/{NAME}", f"/{NAME}/resolve/", "/storage/"))
        assert "torch" not in request.agent
        assert "agent/" not in request.agent


def test_without_safetensors_the_pickle_is_fetched_and_read_once_for_weights_only(
    server: Hub, ask: Client, bart: dict[str, bytes], tmp_path: Path
) -> None:
    save_bart(tmp_path / "pickled", pickled=True)
    server.add(NAME, tmp_path / "pickled")
    found = ask()
    assert (Path(found["folder"]) / "pytorch_model.bin").is_file()
    assert found["torch"] is True
    assert ask()["torch"] is False


def test_a_pickle_with_code_is_refused_and_its_code_does_not_run(
    server: Hub, ask: Client, bart: dict[str, bytes], tmp_path: Path
) -> None:
    mark = tmp_path / "it ran"
    files = {name: content for name, content in bart.items() if name != "model.safetensors"}
    server.add(NAME, files | {"pytorch_model.bin": evil_pickle(mark)})
    assert "pytorch_model.bin holds more than weights, and reading it could run code" in ask.says()
    assert not mark.exists()


def evil_pickle(mark: Path) -> bytes:
    """What `torch.save` would write of an object that makes a file when it is read."""
    import io

    import torch

    class Evil:
        def __reduce__(self) -> tuple[object, tuple[object, ...]]:
            return Path.touch, (mark,)

    buffer = io.BytesIO()
    torch.save({"weight": torch.zeros(2), "more": Evil()}, buffer)
    return buffer.getvalue()


def test_a_branch_a_tag_and_a_commit_are_found_and_named_by_their_commit(
    server: Hub, ask: Client, bart: dict[str, bytes]
) -> None:
    old = server.add(NAME, bart)
    other = server.add(NAME, bart | {"config.json": bart["config.json"] + b" "}, branch="v2.0")
    assert ask()["revision"] == old
    assert ask(f"{NAME}@v2.0")["revision"] == other
    assert ask(f"{NAME}@{old}")["revision"] == old
    assert "has no revision 'v3'" in ask.says(f"{NAME}@v3")


def test_a_commit_that_is_here_is_not_asked_for_again(server: Hub, ask: Client, bart: dict[str, bytes]) -> None:
    commit = server.add(NAME, bart)
    ask()
    server.forget()
    assert ask(f"{NAME}@{commit}")["revision"] == commit
    assert server.requests == []


def test_a_branch_that_moved_brings_only_what_changed(server: Hub, ask: Client, bart: dict[str, bytes]) -> None:
    server.add(NAME, bart)
    ask()
    server.forget()
    new = server.add(NAME, bart | {"generation_config.json": b"{}"})
    assert ask()["revision"] == new
    assert [request.path for request in server.requests if request.method == "GET"] == [
        f"/api/models/{NAME}",
        f"/{NAME}/resolve/{new}/generation_config.json",
    ]


def test_offline_what_is_in_the_cache_is_used_and_nothing_is_asked(
    server: Hub, ask: Client, bart: dict[str, bytes]
) -> None:
    commit = server.add(NAME, bart)
    ask()
    server.forget()
    found = ask(HF_HUB_OFFLINE="1")
    assert (found["revision"], found["licence"]) == (commit, "cc-by-nc-4.0")
    assert server.requests == []
    assert "while HF_HUB_OFFLINE is set; it is not in" in ask.says("people/other", HF_HUB_OFFLINE="1")


def test_without_a_network_what_is_in_the_cache_is_used(server: Hub, ask: Client, bart: dict[str, bytes]) -> None:
    commit = server.add(NAME, bart)
    ask()
    nowhere = {"HF_ENDPOINT": "http://127.0.0.1:9"}
    assert ask(**nowhere)["revision"] == commit
    text = ask.says("people/other", **nowhere)
    assert "http://127.0.0.1:9 cannot be reached" in text
    assert f"it is not in {ask.cache} either" in text


def test_a_hub_that_fails_is_no_reason_not_to_use_the_cache(server: Hub, ask: Client, bart: dict[str, bytes]) -> None:
    commit = server.add(NAME, bart)
    ask()
    server.status = 503
    assert ask()["revision"] == commit
    assert "answers with status 503" in ask.says("people/other")
    server.status = 429
    assert "asks to slow down" in ask.says("people/other")


def test_something_else_behind_the_address_is_called_no_hub(server: Hub, ask: Client) -> None:
    server.status = 200
    assert "does not answer as a model hub does: look at HF_ENDPOINT" in ask.says()
    assert "look at HF_ENDPOINT" in ask.says(HF_ENDPOINT="http://[")


def test_a_model_that_is_not_there_may_be_private(server: Hub, ask: Client, bart: dict[str, bytes]) -> None:
    server.add(NAME, bart)
    server.repositories[NAME].token = "hf_right"
    for name, token in ((NAME, None), ("people/nothing", None), ("people/nothing", "hf_right")):
        text = ask.says(name, **({"HF_TOKEN": token} if token else {}))
        assert f"has no model {name}, or it is private: check the name, or set HF_TOKEN" in text


def test_a_private_model_opens_to_the_right_token_which_the_file_store_never_sees(
    server: Hub, ask: Client, bart: dict[str, bytes]
) -> None:
    commit = server.add(NAME, bart)
    server.repositories[NAME].token = "hf_right"
    assert "may not be read with this token: set HF_TOKEN to one that may" in ask.says(HF_TOKEN="hf_wrong")
    assert "does not know the token in HF_TOKEN" in ask.says(HF_TOKEN="expired")
    server.forget()
    assert ask(HF_TOKEN="hf_right")["revision"] == commit
    tokens = {request.host.split(":")[0]: request.token for request in server.requests}
    assert tokens == {"127.0.0.1": "hf_right", "localhost": None}


def test_a_gated_model_says_where_to_accept_its_terms(server: Hub, ask: Client, bart: dict[str, bytes]) -> None:
    server.add(NAME, bart)
    server.repositories[NAME].gated = True
    server.repositories[NAME].token = "hf_right"
    text = ask.says(HF_TOKEN="hf_wrong")
    assert f"accepted its terms on {server.url}/{NAME}" in text
    assert "set HF_TOKEN" in text


def test_a_broken_connection_is_taken_up_where_it_was(server: Hub, ask: Client, bart: dict[str, bytes]) -> None:
    weights = (files := heavy(bart))["model.safetensors"]
    server.add(NAME, files)
    server.cuts["model.safetensors"] = [DOWNLOAD_CHUNK_BYTES + 1000, DOWNLOAD_CHUNK_BYTES]
    found = ask()
    assert (Path(found["folder"]) / "model.safetensors").read_bytes() == weights
    ranges = [r.range for r in server.requests if r.path.startswith("/storage/") and r.method == "GET"]
    assert ranges == [None, f"bytes={DOWNLOAD_CHUNK_BYTES}-", f"bytes={2 * DOWNLOAD_CHUNK_BYTES}-"]
    assert found["shares"][-1][1] == 1


def test_a_connection_that_stays_broken_leaves_nothing_half_written(
    server: Hub, ask: Client, bart: dict[str, bytes]
) -> None:
    server.add(NAME, bart)
    server.cuts["model.safetensors"] = [1000] + [0] * 9
    assert "model.safetensors of people/bart cannot be fetched" in ask.says()
    assert half_written(ask.cache) == []
    assert "it is not in" in ask.says(HF_HUB_OFFLINE="1")


def test_a_connection_that_stalls_is_given_up_and_leaves_nothing_half_written(
    server: Hub, ask: Client, bart: dict[str, bytes]
) -> None:
    commit = server.add(NAME, bart)
    server.held["model.safetensors"] = threading.Event()
    assert "model.safetensors of people/bart cannot be fetched" in ask.says(HF_HUB_DOWNLOAD_TIMEOUT="1")
    assert half_written(ask.cache) == []
    server.held.pop("model.safetensors").set()
    assert ask()["revision"] == commit


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_process_that_is_ended_while_it_fetches_leaves_nothing_that_is_taken_for_whole(
    server: Hub, ask: Client, bart: dict[str, bytes], how: signal.Signals
) -> None:
    commit = server.add(NAME, heavy(bart))
    server.held["model.safetensors"] = threading.Event()
    with ask.start() as process:
        wait_for(lambda: has_bytes(ask.cache) or process.poll() is not None)
        process.send_signal(how)
        process.communicate(timeout=60)
    assert process.returncode != 0
    assert (how == signal.SIGKILL) == bool(half_written(ask.cache))
    assert "it is not in" in ask.says(HF_HUB_OFFLINE="1")
    server.held.pop("model.safetensors").set()
    for path in half_written(ask.cache):
        os.utime(path, (0, 0))
    assert ask()["revision"] == commit
    assert half_written(ask.cache) == []


@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_command_leaves_nothing_half_written_when_it_is_ended_while_it_fetches(
    server: Hub, ask: Client, bart: dict[str, bytes], how: signal.Signals, code: int
) -> None:
    server.add(NAME, heavy(bart))
    server.held["model.safetensors"] = threading.Event()
    command = ("-m", "tests.service.cli.bare", "models", "prepare", "--cache-dir", str(ask.cache))
    with ask.run(*command, "--translation-model", NAME, "--summary-model", NAME) as process:
        wait_for(lambda: has_bytes(ask.cache) or process.poll() is not None)
        process.send_signal(how)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == code, errors
    assert errors.endswith("what is done stays done.\n")
    assert "Traceback" not in errors
    assert half_written(ask.cache) == []
    assert "it is not in" in ask.says(HF_HUB_OFFLINE="1")


@pytest.mark.parametrize(
    "room", [0, 3000, DOWNLOAD_CHUNK_BYTES + 30_000], ids=["at once", "in the tokenizer", "in the weights"]
)
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_is_full_in_the_middle_of_a_file_is_one_sentence_and_leaves_nothing_half_written(
    server: Hub, ask: Client, bart: dict[str, bytes], room: int, code: int
) -> None:
    commit = server.add(NAME, files := heavy(bart))
    settings = {"TEST_ROOM": str(room), "TEST_ERROR": str(code)}
    sentence = f"No space is left in {ask.cache} for {NAME}: free some or name another cache folder."
    with ask.run("-W", "error", "-c", FULL_DISK + PROGRAM, NAME, str(ask.cache), **settings) as process:
        output, errors = process.communicate(timeout=60)
    answer = json.loads(output)
    assert (answer["error"], answer["text"], errors) == ("ModelUnavailable", sentence, "")
    assert half_written(ask.cache) == []
    there = [path for path in (ask.cache / "hub").glob("models--*/blobs/*") if path.is_file()]
    assert (room == 0) == (there == [])
    assert all(path.read_bytes() in files.values() for path in there)
    assert "it is not in" in ask.says(HF_HUB_OFFLINE="1")
    server.forget()
    assert ask()["revision"] == commit
    assert (ask.folder(commit) / "model.safetensors").read_bytes() == files["model.safetensors"]
    assert len(set(server.asked("HEAD"))) == 6 - len(there)


@pytest.mark.parametrize("words", [["models", "prepare"], ["summarize", "seeds/000_c217078e54e02380.txt"]])
def test_a_disk_that_is_full_ends_a_command_with_3(
    server: Hub, ask: Client, bart: dict[str, bytes], words: list[str]
) -> None:
    server.add(NAME, heavy(bart))
    settings = {"TEST_ROOM": str(2 * DOWNLOAD_CHUNK_BYTES), "TEST_ERROR": str(errno.ENOSPC)}
    words = [word if word[:5] != "seeds" else str(ROOT / word) for word in words]
    words += ["--cache-dir", str(ask.cache), "--translation-model", NAME, "--summary-model", NAME]
    with ask.run("-c", FULL_DISK + COMMAND, *words, **settings) as process:
        output, errors = process.communicate(timeout=60)
    assert (process.returncode, output) == (3, "")
    *_, last = errors.splitlines()
    assert last == f"kurzum: No space is left in {ask.cache} for {NAME}: free some or name another cache folder."
    assert errors.count("No space") == 1
    assert half_written(ask.cache) == []
    with ask.run("-c", COMMAND, "models", "list", "--cache-dir", str(ask.cache)) as process:
        shown, _ = process.communicate(timeout=60)
    assert re.search(rf"  {NAME} \(.*\): 0\.0 MB are here, not all or not checked yet", shown)


def test_a_file_that_arrives_changed_is_refused_and_fetched_anew_the_next_time(
    server: Hub, ask: Client, bart: dict[str, bytes]
) -> None:
    commit = server.add(NAME, bart)
    for file in ("tokenizer.json", "model.safetensors"):
        server.spoilt = {file}
        assert f"{file} did not arrive as the hub lists it (its hash is another)" in ask.says()
        assert not (ask.folder(commit) / file).exists()
        assert "it is not in" in ask.says(HF_HUB_OFFLINE="1")
    server.spoilt = set()
    assert ask()["revision"] == commit


@pytest.mark.parametrize("file", ["config.json", "model.safetensors"])
def test_a_file_that_changed_in_the_cache_is_refused_offline_and_fetched_again_online(
    server: Hub, ask: Client, bart: dict[str, bytes], file: str
) -> None:
    commit = server.add(NAME, bart)
    ask()
    path = ask.folder(commit) / file
    content = bytearray(path.read_bytes())
    content[-2] ^= 1
    path.write_bytes(content)
    assert f"{file} in the cache has changed since it was fetched" in ask.says(HF_HUB_OFFLINE="1")
    assert f"{file} in the cache has changed" in ask.says(f"{NAME}@{commit}", HF_HUB_OFFLINE="1")
    server.forget()
    assert ask(f"{NAME}@{commit}")["revision"] == commit
    assert set(server.asked("HEAD")) == {file}
    assert path.read_bytes() == bart[file]
    assert ask(HF_HUB_OFFLINE="1")["revision"] == commit


def test_a_file_that_is_gone_from_the_cache_is_missed(server: Hub, ask: Client, bart: dict[str, bytes]) -> None:
    commit = server.add(NAME, bart)
    ask()
    (ask.folder(commit) / "generation_config.json").unlink()
    assert "it is not in" in ask.says(HF_HUB_OFFLINE="1")
    assert ask(f"{NAME}@{commit}")["revision"] == commit
    assert (ask.folder(commit) / "generation_config.json").is_file()


def test_a_cache_that_another_program_filled_is_compared_with_its_own_hashes(
    server: Hub, ask: Client, bart: dict[str, bytes]
) -> None:
    commit = server.add(NAME, bart)
    ask()
    for ledger in (ask.cache / "checked").iterdir():
        ledger.unlink()
    assert ask(HF_HUB_OFFLINE="1")["revision"] == commit
    for ledger in (ask.cache / "checked").iterdir():
        ledger.unlink()
    with (ask.folder(commit) / "tokenizer.json").open("ab") as file:
        file.write(b" ")
    assert "tokenizer.json in the cache has changed" in ask.says(HF_HUB_OFFLINE="1")


def test_an_update_that_fails_leaves_the_old_commit_usable(server: Hub, ask: Client, bart: dict[str, bytes]) -> None:
    old = server.add(NAME, bart)
    ask()
    new = server.add(NAME, bart | {"tokenizer.json": bart["tokenizer.json"] + b" "})
    server.spoilt = {"tokenizer.json"}
    assert "tokenizer.json did not arrive" in ask.says()
    assert ask(HF_HUB_OFFLINE="1")["revision"] == old
    server.spoilt = set()
    assert ask()["revision"] == new


def test_two_processes_at_once_fetch_the_same_model(server: Hub, ask: Client, bart: dict[str, bytes]) -> None:
    commit = server.add(NAME, bart)
    with ask.start() as one, ask.start() as two:
        answers = [json.loads(process.communicate(timeout=120)[0]) for process in (one, two)]
    assert [answer["revision"] for answer in answers] == [commit, commit]
    assert half_written(ask.cache) == []


def test_shards_are_fetched_together_and_missed_one_by_one(
    server: Hub, ask: Client, bart: dict[str, bytes], tmp_path: Path
) -> None:
    save_bart(tmp_path / "sharded", shard_bytes=8_000)
    files = {path.name: path.read_bytes() for path in (tmp_path / "sharded").iterdir()}
    shards = sorted(name for name in files if name.startswith("model-"))
    assert len(shards) > 1
    commit = server.add(NAME, files)
    assert {path.name for path in Path(ask()["folder"]).iterdir()} >= {*shards, "model.safetensors.index.json"}
    (ask.folder(commit) / shards[0]).unlink()
    assert "it is not in" in ask.says(HF_HUB_OFFLINE="1")
    server.add(NAME, {name: content for name, content in files.items() if name != shards[1]})
    assert f"{shards[1]}, which model.safetensors.index.json names, is missing" in ask.says()


@pytest.mark.parametrize("name", ["", "a/b/c", "./here", "two words", "people/bart@../../x", "-x/y", "~nobody/x"])
def test_what_is_neither_a_folder_nor_a_name_is_refused(server: Hub, ask: Client, name: str) -> None:
    assert "is neither an existing folder nor the name of a model on the hub" in ask.says(name)
    assert server.requests == []


def test_a_cache_that_cannot_be_written_is_named(server: Hub, ask: Client, bart: dict[str, bytes]) -> None:
    server.add(NAME, bart)
    (ask.cache / "hub").write_text("in the way")
    assert f"cannot be put into {ask.cache}, which cannot be written" in ask.says()
