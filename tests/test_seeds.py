"""The main job, with the real model on the real articles: by command, by folder, by POST, and from a wheel."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models.checks.compare import ArticleFacts, unsupported_facts
from models.checks.repetition import repeated_tokens
from models.reading.article import read
from models.reading.language import detect
from models.values import Article

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
KURZUM = Path(sys.executable).with_name("kurzum")
# Names without which a summary has missed what the article is about: at least two of each must be there.
NAMES = {
    "000": {"Musk", "OpenAI", "Altman", "Astera"},
    "001": {"Musk", "OpenAI", "Altman", "Trump"},
    "002": {"Musk", "xAI", "OpenAI"},
    "003": {"Musk", "xAI", "OpenAI", "Altman"},
    "004": {"Musk", "OpenAI", "Altman"},
}


def run(*arguments: str | Path, folder: Path = ROOT, program: Path = KURZUM) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [program, *arguments], capture_output=True, text=True, cwd=folder, env=os.environ | {"PYTHONPATH": ""}
    )
    assert done.returncode == 0, done.stderr
    return done


def check(report: dict[str, Any], path: Path) -> None:
    """What must be true of the report on a seed, whichever way it came."""
    summary, source = report["summary"]["text"], path.read_text(encoding="utf-8")
    sentences = [s["text"] for s in report["summary"]["sentences"]]
    assert set(detect(sentences, expect="en")) == {"en"}, summary
    assert 10 < len(summary.split()) < 0.5 * len(source.split())
    assert all(re.search(r"[.!?][\"'”’)]*$", s) for s in sentences), sentences
    assert repeated_tokens(summary) == ""
    assert len({n for n in NAMES[path.name[:3]] if n.lower() in summary.lower()}) >= 2, summary
    document = read(Article(source))
    assert [f for f in unsupported_facts(summary, ArticleFacts.of(document)) if f.kind == "number"] == []
    assert all(s["evidence"] for s in report["summary"]["sentences"]), sentences
    assert report["receipt"]["preset"] == "embedded"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out")
    run("batch", "seeds", out)
    return out


def test_the_folder_is_summarised_one_report_an_article(folder: Path, seeds: list[Path]) -> None:
    assert len(seeds) == 5
    for path in seeds:
        check(json.loads((folder / path.name).with_suffix(".json").read_text(encoding="utf-8")), path)


def test_the_listings_hold_every_article_in_order(folder: Path, seeds: list[Path]) -> None:
    rows = [json.loads(line) for line in (folder / "summaries.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["file"] for row in rows] == [path.name for path in seeds]
    assert all(path.name in (folder / "summaries.md").read_text(encoding="utf-8") for path in seeds)


def test_a_second_run_redoes_nothing(folder: Path) -> None:
    before = {p.name: p.stat().st_mtime_ns for p in folder.glob("0*.json")}
    run("batch", "seeds", folder)
    assert {p.name: p.stat().st_mtime_ns for p in folder.glob("0*.json")} == before


def test_the_command_gives_the_folder_s_summary(folder: Path, seeds: list[Path]) -> None:
    path = seeds[1]
    report = json.loads(run("summarize", "--json", path).stdout)
    check(report, path)
    there = json.loads((folder / path.name).with_suffix(".json").read_text(encoding="utf-8"))
    assert report["summary"] == there["summary"]


@pytest.fixture
def server() -> Iterator[str]:
    process = subprocess.Popen(
        [KURZUM, "serve", "--port", "0"], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, cwd=ROOT
    )
    try:
        assert process.stderr is not None
        for line in process.stderr:
            if match := re.search(r"http://127\.0\.0\.1:\d+", line):
                await_ready(match.group())
                yield match.group()
                break
        else:
            pytest.fail("the server did not say where it listens")
    finally:
        process.send_signal(signal.SIGTERM)
        _, rest = process.communicate(timeout=60)
        assert process.returncode == 0, rest


def await_ready(address: str) -> None:
    """Return when the canary sentence came out right; the model is loaded after the server listens."""
    end = time.monotonic() + 300
    while True:
        try:
            with urllib.request.urlopen(f"{address}/health/ready", timeout=60):
                return
        except urllib.error.HTTPError:
            if time.monotonic() > end:
                raise
            time.sleep(0.5)


def post(url: str, body: bytes, **headers: str) -> bytes:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    with urllib.request.urlopen(urllib.request.Request(url, body, names), timeout=300) as answer:
        return bytes(answer.read())


def test_the_service_gives_the_folder_s_summary(server: str, folder: Path, seeds: list[Path]) -> None:
    path = seeds[2]
    text = path.read_text(encoding="utf-8")
    body = json.dumps({"text": text, "include": ["translation", "text"]}).encode()
    report = json.loads(post(f"{server}/v1/summaries", body, Content_Type="application/json"))
    check(report, path)
    there = json.loads((folder / path.name).with_suffix(".json").read_text(encoding="utf-8"))
    assert report["summary"] == there["summary"]
    bare = post(f"{server}/v1/summaries", text.encode(), Content_Type="text/plain", Accept="text/plain")
    assert bare.decode().strip() == report["summary"]["text"]
    with urllib.request.urlopen(f"{server}/health/ready", timeout=60) as ready:
        assert ready.status == 200


def test_the_wheel_summarises_a_file_from_another_environment_and_folder(tmp_path: Path, seeds: list[Path]) -> None:
    source = shutil.copytree(
        ROOT, tmp_path / "source", ignore=shutil.ignore_patterns(".*", "out", "build", "*.egg-info")
    )
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, source],
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("kurzum-*.whl")
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env/bin/python"
    subprocess.run([python, "-m", "pip", "install", "-q", "--no-deps", "--no-index", wheel], check=True)
    # The dependencies are those of this environment; kurzum itself is not found there, since a folder named in a
    # .pth file has its own .pth files ignored.
    (site,) = (tmp_path / "env/lib").glob("python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    where = subprocess.run(
        [python, "-c", "import models, service; print(models.__file__, service.__file__)"],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert all(name.startswith(str(site)) for name in where.stdout.split())
    done = run("summarize", "--json", seeds[4], folder=tmp_path, program=tmp_path / "env/bin/kurzum")
    check(json.loads(done.stdout), seeds[4])
