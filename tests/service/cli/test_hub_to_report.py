"""From the hub to the report: what a preset names is fetched, checked, loaded, and says what it was taught.

Under the presets' own names the stand-in for the hub has the tiny models of tests/trained.py, so that the summary is
known to the letter, and of every other family one with random weights.
"""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import safetensors.torch

from tests.checkpoints import FAMILIES, bart, seed_lines
from tests.hub_stand_in import hub
from tests.service.cli.hub_user import NOWHERE, ROOT, HubUser
from tests.trained import Trained

pytestmark = pytest.mark.slow
Files = dict[str, bytes]
MARIAN, FSMT = "Helsinki-NLP/opus-mt-de-en", "facebook/wmt19-de-en"
SUMMARIES = {
    "standard": "sshleifer/distilbart-cnn-12-6",
    "fast": "sshleifer/distilbart-cnn-6-6",
    "quality": "facebook/bart-large-cnn",
}
# Both ways to each family's output in one process: ten that load torch would take a minute.
PROGRAM = """
import json, sys
from pathlib import Path
from models.decoding import Decoding
from models.loading.engine import load_engine
from models.loading.settings import LoadSettings
from models.presets import load_preset, with_models

cache, *names = sys.argv[1:]
sources = sys.stdin.read().splitlines()
for name in names:
    preset = with_models(load_preset("embedded"), translation=name)
    engine = load_engine(preset, LoadSettings(device="cpu", threads=1, cache=Path(cache)))
    found = engine.generate("translation", sources, Decoding(), 24)
    receipt = {key: engine.receipt[key] for key in ("revision", "engine")}
    print(json.dumps({"texts": [h.text for h in found], "scores": [h.score for h in found], **receipt}))
"""


def files_of(folder: Path) -> Files:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def pickled(files: Files) -> Files:
    """The same model as older repositories have it: its weights in pytorch_model.bin and nowhere else."""
    import torch

    file = io.BytesIO()
    torch.save(safetensors.torch.load(files["model.safetensors"]), file)
    return {name: content for name, content in files.items() if name != "model.safetensors"} | {
        "pytorch_model.bin": file.getvalue()
    }


@pytest.fixture(scope="module")
def random(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A folder with random weights for each family."""
    parent = tmp_path_factory.mktemp("random")
    for name, build in FAMILIES.items():
        build(parent / name)
    return {name: parent / name for name in FAMILIES}


@pytest.fixture(scope="module")
def kurzum(trained: Trained, random: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubUser]:
    """A user without a model, and a hub with all that the presets name, each behind a commit that is no longer it."""
    marian, bart_files = files_of(trained.translator), files_of(trained.summarizer)
    large = tmp_path_factory.mktemp("large")
    bart(large, max_position_embeddings=1024)  # what random weights translate is longer than a tiny window
    with hub() as server:
        for name, files in {
            MARIAN: marian,
            FSMT: files_of(random["fsmt"]),
            SUMMARIES["standard"]: pickled(bart_files),
            SUMMARIES["fast"]: bart_files,
            SUMMARIES["quality"]: files_of(large),
        }.items():
            server.add(name, {"config.json": b"{}"})
            server.add(name, files)
        yield HubUser(server, tmp_path_factory.mktemp("user"))


@pytest.fixture(scope="module")
def article(trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("article") / "article.txt"
    file.write_text(next(iter(trained.articles)), encoding="utf-8")
    return file


def summarize(kurzum: HubUser, preset: str, article: Path, **settings: Any) -> dict[str, Any]:
    """The report, without the seconds that it took."""
    words = ("summarize", "--json", "--preset", preset, "--device", "cpu", "--max-words", "12", article)
    result = kurzum(*words, **settings)
    assert result.returncode == 0, result.stderr
    report: dict[str, Any] = json.loads(result.stdout)
    del report["seconds"]
    return report


def commits(report: dict[str, Any]) -> dict[str, str]:
    return {row["id"]: row["revision"] for row in report["receipt"]["models"]}


def now(kurzum: HubUser, *names: str) -> dict[str, str]:
    """The commits that the hub's branches stand for."""
    return {name: kurzum.server.repositories[name].branches["main"] for name in names}


def known(trained: Trained, report: dict[str, Any]) -> None:
    """The report has every sentence, and the summary, as the models were taught them."""
    article, summary = next(iter(trained.articles.items()))
    pairs = [(pair["source"], pair["target"]) for pair in report["translation"]["sentences"]]
    assert " ".join(source for source, _ in pairs) == article
    assert pairs == [(source, trained.sentences[source]) for source, _ in pairs]
    assert report["summary"]["text"] == summary
    assert report["warnings"] == []


def test_the_standard_preset_gives_the_summary_that_its_models_know_with_the_hub_and_without(
    kurzum: HubUser, trained: Trained, article: Path
) -> None:
    report = summarize(kurzum, "standard", article)
    known(trained, report)
    assert report["receipt"]["preset"] == "standard"
    assert commits(report) == now(kurzum, MARIAN, SUMMARIES["standard"])
    assert {"source.spm", "model.safetensors", "pytorch_model.bin"} <= set(kurzum.server.asked())
    kurzum.server.forget()
    assert summarize(kurzum, "standard", article) == report
    assert all(request.path.startswith("/api/models/") for request in kurzum.server.requests)
    assert summarize(kurzum, "standard", article, HF_ENDPOINT=NOWHERE) == report
    kurzum.server.forget()
    assert summarize(kurzum, "standard", article, HF_HUB_OFFLINE="1") == report
    assert kurzum.server.requests == []


def test_the_fast_preset_gives_the_same_summary_greedily(kurzum: HubUser, trained: Trained, article: Path) -> None:
    report = summarize(kurzum, "fast", article)
    known(trained, report)
    assert commits(report) == now(kurzum, MARIAN, SUMMARIES["fast"])
    assert report["receipt"]["decoding"]["translation"]["num_beams"] == 1


def test_the_quality_preset_gives_a_whole_report_whatever_its_translations_are_worth(
    kurzum: HubUser, article: Path
) -> None:
    report = summarize(kurzum, "quality", article)
    assert commits(report) == now(kurzum, FSMT, SUMMARIES["quality"])
    assert [row["engine"] for row in report["receipt"]["models"]] == ["transformers", "ctranslate2"]
    text = article.read_text(encoding="utf-8")
    pairs = report["translation"]["sentences"]
    assert " ".join(text[pair["start"] : pair["end"]] for pair in pairs) == text
    assert all(pair["target"] for pair in pairs)
    assert report["coverage"]["translated"] == len(pairs) == 6
    # Random weights say nothing about teachers and bakers, and the guard sees it.
    assert any(pair["flags"] for pair in pairs)
    # Which of that is good enough for a summary is for the summariser to say, and not the matter here.
    assert report["summary"]["text"] == " ".join(sentence["text"] for sentence in report["summary"]["sentences"])


@pytest.fixture(scope="module")
def outputs(random: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """What each family gives from its folder, from the hub, and from the hub with its weights in a pickle."""
    cache = tmp_path_factory.mktemp("families")
    sources = [line for line in seed_lines() if 20 < len(line) < 110][:6]
    with hub() as server:
        names = []
        for family, folder in random.items():
            files = files_of(folder)
            server.add(f"safe/{family}", files)
            server.add(f"pickled/{family}", pickled(files))
            names += [str(folder), f"safe/{family}", f"pickled/{family}"]
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "KURZUM_"))}
        own = {"HF_ENDPOINT": server.url, "HF_HOME": str(cache / "home"), "NO_PROXY": "*"}
        words = [sys.executable, "-c", PROGRAM, str(cache), *names]
        given: dict[str, Any] = {"input": "\n".join(sources), "capture_output": True, "text": True, "timeout": 600}
        result = subprocess.run(words, cwd=ROOT, env=clean | own, **given)
        assert result.returncode == 0, result.stderr
        rows = [json.loads(line) for line in result.stdout.splitlines()]
        for name, row in zip(names, rows, strict=True):
            revision = row.pop("revision")
            if name in server.repositories:
                assert revision == server.repositories[name].branches["main"]
    return {family: rows[at * 3 : at * 3 + 3] for at, family in enumerate(random)}


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_from_the_hub_gives_what_it_gives_from_its_folder(
    family: str, outputs: dict[str, list[dict[str, Any]]]
) -> None:
    from_folder, safe, from_pickle = outputs[family]
    assert len(set(from_folder["texts"])) > 2
    assert safe == from_folder
    assert from_pickle == from_folder
