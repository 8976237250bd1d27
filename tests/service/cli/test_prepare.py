"""`kurzum models` against the stand-in for the hub, each command a process of its own, as a user runs it."""

import contextlib
import json
import os
import pty
import termios
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import checkpoints
from tests.hub_stand_in import hub
from tests.models.hub.test_fetch import evil_pickle
from tests.service.cli.hub_user import NOWHERE, HubUser

TRANSLATION, SUMMARY = "Helsinki-NLP/opus-mt-de-en", "sshleifer/distilbart-cnn-12-6"
Files = dict[str, bytes]
pytestmark = pytest.mark.slow


def files_of(folder: Path, licence: str) -> Files:
    (folder / "README.md").write_text(f"---\nlicense: {licence}\n---\n")
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def marian(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("checkpoints") / "marian"
    checkpoints.marian(folder)
    return files_of(folder, "apache-2.0")


@pytest.fixture(scope="module")
def bart(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("checkpoints") / "bart"
    checkpoints.bart(folder)
    return files_of(folder, "cc-by-nc-sa-4.0")


class Kurzum(HubUser):
    """`kurzum models`, and what is asked of it here."""

    def fails(self, *words: object, **settings: Any) -> str:
        """The one sentence with which it ends, behind what it said before, exit code 3."""
        result = self(*words, **settings)
        assert result.returncode == 3, result.stderr
        assert "Traceback" not in result.stderr
        return result.stderr.splitlines()[-1]

    def rows(self) -> dict[str | None, list[dict[str, object]]]:
        lines = self("list", "--json", HF_ENDPOINT=NOWHERE).stdout.splitlines()
        return {row["preset"]: row["models"] for row in map(json.loads, lines)}


@pytest.fixture
def kurzum(tmp_path: Path) -> Iterator[Kurzum]:
    with hub() as server:
        yield Kurzum(server, tmp_path / "cache", ("models",))


def test_a_preset_is_fetched_ahead_once_and_the_list_tells_it_without_a_network(
    kurzum: Kurzum, marian: Files, bart: Files
) -> None:
    commit = kurzum.server.add(TRANSLATION, marian)
    kurzum.server.add(SUMMARY, bart)
    first = kurzum("prepare", "--preset", "standard")
    assert first.returncode == 0, first.stderr
    assert first.stdout == ""
    lines = first.stderr.splitlines()
    assert lines[0].startswith("kurzum: The model is made ready for use")
    assert f"kurzum: {SUMMARY} must not be used commercially: its licence is cc-by-nc-sa-4.0." in lines
    assert lines[-2].startswith(f"kurzum: {TRANSLATION}: ready, 0.")
    assert lines[-2].endswith(f" MB, revision {commit[:19]}.")
    # Both run in CTranslate2 here, so that they are converted now and not before the first article.
    assert len([path for path in (kurzum.cache / "ctranslate2").iterdir() if path.is_dir()]) == 2
    assert kurzum("prepare", "standard", "--compute-type", "float32").returncode == 0
    assert len([path for path in (kurzum.cache / "ctranslate2").iterdir() if path.is_dir()]) == 4
    kurzum.server.forget()
    assert kurzum("prepare", "standard").returncode == 0
    assert {request.path for request in kurzum.server.requests} == {
        f"/api/models/{TRANSLATION}",
        f"/api/models/{SUMMARY}",
    }
    translation, summary = kurzum.rows()["standard"]
    assert (translation["ready"], translation["revision"], translation["window"]) == (True, commit, 511)
    needed = {"README.md", "config.json", "generation_config.json", "model.safetensors", "tokenizer_config.json"}
    needed |= {"source.spm", "target.spm", "vocab.json"}
    assert translation["bytes"] == sum(len(marian[name]) for name in needed)
    assert (summary["licence"], summary["non_commercial"]) == ("cc-by-nc-sa-4.0", True)
    assert kurzum.rows()["quality"][0]["ready"] is False
    assert kurzum.rows()[None] == []
    text = kurzum("list").stdout
    # These have fewer positions than those that the preset describes.
    own = "128 tokens with special ones"
    assert f"  {TRANSLATION} (hub; apache-2.0; {own}): ready, " in text
    assert f"  {SUMMARY} (hub; cc-by-nc-sa-4.0, not for commercial use; {own}): ready, " in text
    info = kurzum("info", "standard").stdout
    assert f"revision  {commit}" in info
    assert info.count(f"window    {own}") == 2
    assert str(kurzum.cache / "hub") in info


def test_a_terminal_shows_a_bar_that_names_the_model(kurzum: Kurzum, marian: Files) -> None:
    kurzum.server.add("people/marian", marian)
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    both = ("--translation-model", "people/marian", "--summary-model", "people/marian")
    result = kurzum("prepare", *both, stderr=theirs)
    os.close(theirs)
    shown = ""
    with contextlib.suppress(OSError):  # the other end is closed
        while chunk := os.read(ours, 1 << 16):
            shown += chunk.decode()
    os.close(ours)
    assert result.returncode == 0, shown
    assert "fetching people/marian:   0%|" in shown
    assert "takes a while" not in shown


def test_models_of_the_users_choice_are_fetched_by_name_revision_and_folder_and_from_a_file(
    kurzum: Kurzum, marian: Files, bart: Files, tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    for name, content in bart.items():
        (folder / name).write_bytes(content)
    old = kurzum.server.add("people/marian", marian)
    kurzum.server.add("people/marian", marian | {"generation_config.json": b"{}"})
    result = kurzum("prepare", "--translation-model", f"people/marian@{old}", "--summary-model", folder)
    assert result.returncode == 0, result.stderr
    assert f"{folder} must not be used commercially" in result.stderr
    assert f"people/marian: ready, 0.7 MB, revision {old[:19]}" in result.stderr
    (held,) = kurzum.rows()[None]
    assert (held["id"], held["revision"], held["ready"]) == ("people/marian", old, True)
    assert "Also here:\n  people/marian (hub; apache-2.0; 128 tokens with special ones): ready" in kurzum("list").stdout
    preset = tmp_path / "mine.toml"
    model = 'source = "hub"\n'
    preset.write_text(
        '[mine]\ndescription = "Mine."\n'
        f'[[mine.models]]\nid = "people/marian"\n{model}tasks.translation = {{}}\n'
        f'[[mine.models]]\nid = "./mine"\n{model}tasks.summarization = {{}}\n'
    )
    assert kurzum("prepare", preset).returncode == 0
    info = json.loads(kurzum("info", preset, "--json").stdout)
    assert [model["ready"] for model in info["models"]] == [True, True]
    assert str(info["models"][1]["revision"]).startswith("sha256:")


def test_without_the_hub_what_is_here_is_used_aloud_and_what_is_not_ends_with_3(kurzum: Kurzum, marian: Files) -> None:
    kurzum.server.add("people/marian", marian)
    words = ("prepare", "--translation-model", "people/marian", "--summary-model", "people/marian")
    offline: dict[str, Any] = {"HF_HUB_OFFLINE": "1"}
    nowhere: dict[str, Any] = {"HF_ENDPOINT": NOWHERE}
    assert "cannot be fetched while HF_HUB_OFFLINE is set; it is not in" in kurzum.fails(*words, **offline)
    assert f"{NOWHERE} cannot be reached" in kurzum.fails(*words, **nowhere)
    assert kurzum(*words).returncode == 0
    for settings in (offline, nowhere):
        result = kurzum(*words, **settings)
        assert result.returncode == 0
        assert "; the copy in the cache is used." in result.stderr
    kurzum.server.repositories["people/marian"].token = "hf_right"
    assert "it is private" in kurzum.fails("prepare", "--translation-model", "people/nothing")
    assert kurzum(*words, HF_TOKEN="hf_right").returncode == 0


def test_what_could_do_harm_or_is_damaged_is_refused_with_its_reason(
    kurzum: Kurzum, bart: Files, tmp_path: Path
) -> None:
    mark = tmp_path / "it ran"
    without = {name: content for name, content in bart.items() if name != "model.safetensors"}
    config = json.loads(bart["config.json"])
    remote = {"auto_map": {"AutoModelForSeq2SeqLM": "modeling_x.X"}}
    cases: dict[str, tuple[Files, str]] = {
        "code": (without | {"pytorch_model.bin": evil_pickle(mark)}, "reading it could run code"),
        "other": (without | {"weights.pkl": b"x"}, "no weights in model.safetensors or pytorch_model.bin"),
        "remote": (bart | {"config.json": json.dumps(config | remote).encode()}, "modeling_x.py), which is never run"),
        "short": (bart | {"model.safetensors": bart["model.safetensors"][:-9]}, "is damaged or cut short"),
        "json": (bart | {"tokenizer_config.json": b"{"}, "tokenizer_config.json is damaged (it is not JSON)"),
        "pointer": (bart | {"model.safetensors": b"version https://git-lfs.github.com/spec/v1\n"}, "git lfs pull"),
    }
    for name, (files, reason) in cases.items():
        kurzum.server.add(f"people/{name}", files)
        sentence = kurzum.fails("prepare", "--summary-model", f"people/{name}", "--translation-model", f"people/{name}")
        assert sentence.startswith(f"kurzum: people/{name} cannot be used: ")
        assert reason in sentence
    assert not mark.exists()
    assert not any(row["ready"] for row in kurzum.rows()[None])


def test_a_file_that_changed_here_is_not_used_offline(kurzum: Kurzum, bart: Files) -> None:
    commit = kurzum.server.add("people/bart", bart)
    words = ("prepare", "--translation-model", "people/bart", "--summary-model", "people/bart")
    assert kurzum(*words).returncode == 0
    weights = kurzum.cache / "hub" / "models--people--bart" / "snapshots" / commit / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])
    assert "model.safetensors in the cache has changed" in kurzum.fails(*words, HF_HUB_OFFLINE="1")
    assert "not all or not checked yet" in kurzum("list").stdout
    assert kurzum(*words).returncode == 0
    assert weights.read_bytes() == bart["model.safetensors"]
