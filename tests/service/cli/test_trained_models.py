"""A Marian and a BART that were trained here, through command, service and batch: exactly the sentences they know."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result
from starlette.testclient import TestClient

from models.errors import ModelUnavailable
from models.loading.pipeline import build_pipeline
from models.loading.settings import LoadSettings
from models.options import Listener
from service.cli.main import kurzum
from service.http.app import create_app
from service.settings import Limits
from tests.service.http.stub import await_that
from tests.trained import Trained

pytestmark = pytest.mark.slow
WORDS = 12


@pytest.fixture(scope="module")
def models_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(params=["transformers", "ctranslate2"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def run(trained: Trained, cache: Path, engine: str, *arguments: object, input: str | None = None) -> Result:
    models = ["--translation-model", trained.translator, "--summary-model", trained.summarizer]
    options = [*models, "--engine", engine, "--device", "cpu", "--cache-dir", cache]
    clean = {name: None for name in os.environ if name.startswith("KURZUM_")}
    return CliRunner(env=clean).invoke(kurzum, [str(a) for a in (*arguments, *options)], input=input)


def test_the_command_gives_the_translations_they_were_trained_on(
    trained: Trained, models_cache: Path, engine: str
) -> None:
    assert len(trained.sentences) == 51
    result = run(trained, models_cache, engine, "translate", "--lines", "-", input="\n".join(trained.sentences))
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == list(trained.sentences.values())


def test_batch_gives_the_summaries_they_were_trained_on_and_says_what_ran(
    trained: Trained, models_cache: Path, engine: str, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    expected = {}
    for number, (article, summary) in enumerate(trained.articles.items()):
        (tmp_path / "in" / f"{number:02}.txt").write_text(article, encoding="utf-8")
        expected[f"{number:02}.json"] = summary
    result = run(trained, models_cache, engine, "batch", tmp_path / "in", tmp_path / "out", "--max-words", WORDS)
    assert result.exit_code == 0, result.output
    assert len(expected) == 50
    for name, summary in expected.items():
        report = json.loads((tmp_path / "out" / name).read_text(encoding="utf-8"))
        assert report["summary"]["text"] == summary
        assert report["warnings"] == []
    receipt = report["receipt"]
    assert (receipt["preset"], receipt["engine"], receipt["device"]) == ("own", engine, "cpu")
    assert receipt["compute_type"] == ("int8" if engine == "ctranslate2" else "float32")
    folders = {"translation": trained.translator, "summarization": trained.summarizer}
    assert {row["task"]: row["id"] for row in receipt["models"]} == {task: f.name for task, f in folders.items()}
    assert all(row["revision"].startswith("sha256:") and len(row["revision"]) == 71 for row in receipt["models"])
    assert receipt["decoding"]["translation"]["num_beams"] == 4  # what the checkpoints' own configurations say
    assert receipt["decoding"]["summarization"] == {
        "num_beams": 3,
        "length_penalty": 2.0,
        "repetition_penalty": 1.0,
        "no_repeat_ngram_size": 3,
        "min_length": 8,
        "early_stopping": True,
        "num_return_sequences": 1,
        "prompt": "{source}",
    }


def test_summarize_prints_the_summaries_they_were_trained_on(
    trained: Trained, models_cache: Path, engine: str, tmp_path: Path
) -> None:
    """By a preset in a file of the user's, which names the folders beside it."""
    paths = [tmp_path / f"{number:02}.txt" for number in range(len(trained.articles))]
    for path, article in zip(paths, trained.articles, strict=True):
        path.write_text(article, encoding="utf-8")
    mine = tmp_path / "mine.toml"
    mine.write_text(
        f"""[mine]
        description = "Two that were trained here."
        [[mine.models]]
        id = "{trained.translator}"
        source = "hub"
        tasks.translation = {{ decoding = {{ num_beams = 2 }} }}
        [[mine.models]]
        id = "{trained.summarizer}"
        source = "hub"
        tasks.summarization = {{}}
        """,
        encoding="utf-8",
    )
    options = ["--preset", mine, "--engine", engine, "--device", "cpu", "--cache-dir", models_cache]
    words = ["summarize", *paths, "--max-words", WORDS, "--json", *options]
    clean = {name: None for name in os.environ if name.startswith("KURZUM_")}
    result = CliRunner(env=clean).invoke(kurzum, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    reports = [json.loads(line) for line in result.stdout.splitlines()]
    assert [report["summary"]["text"] for report in reports] == list(trained.articles.values())
    receipt = reports[0]["receipt"]
    assert (receipt["preset"], receipt["engine"]) == ("mine", engine)
    assert receipt["decoding"]["translation"]["num_beams"] == 2
    assert receipt["decoding"]["summarization"]["num_beams"] == 3


def test_the_service_answers_with_the_sentences_they_were_trained_on(
    trained: Trained, models_cache: Path, engine: str
) -> None:
    pipeline = build_pipeline(
        LoadSettings(
            translation_model=str(trained.translator),
            summary_model=str(trained.summarizer),
            engine=engine,
            device="cpu",
            cache=models_cache,
        )
    )
    with TestClient(create_app(lambda: pipeline, Limits())) as client:
        await_that(lambda: client.get("/health/ready").status_code == 200)
        for article, summary in trained.articles.items():
            response = client.post("/v1/summaries", json={"text": article, "max_words": WORDS})
            assert response.json()["summary"]["text"] == summary
        lines = "\n".join(json.dumps({"text": article, "max_words": WORDS}) for article in trained.articles)
        answer = client.post("/v1/summaries/batch", content=lines, headers={"content-type": "application/x-ndjson"})
        texts = [json.loads(line)["summary"]["text"] for line in answer.text.splitlines()]
        assert texts == list(trained.articles.values())
        known = list(trained.sentences.items())
        response = client.post("/v1/translations", json={"text": " ".join(source for source, _ in known)})
        pairs = [(pair["source"], pair["target"]) for pair in response.json()["translation"]["sentences"]]
        assert pairs == known


@pytest.fixture
def served(trained: Trained, models_cache: Path) -> Iterator[str]:
    """The address of `kurzum serve` with both models, a process of its own, which ends in order."""
    words = ["serve", "--port", "0", "--engine", "ctranslate2", "--device", "cpu", "--cache-dir"]
    models = ["--translation-model", trained.translator, "--summary-model", trained.summarizer]
    command = [sys.executable, "-m", "tests.service.cli.bare", *words, str(models_cache), *map(str, models)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KURZUM_")}
    with subprocess.Popen(
        command, cwd=Path(__file__).parents[3], env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            assert process.stderr is not None
            said = next((line for line in process.stderr if "Listening on" in line), "")
            assert said, "it ended without listening"
            yield said.split("Listening on ")[1].split(";")[0]
        finally:
            process.terminate()
            try:
                _, rest = process.communicate(timeout=30)
            finally:
                process.kill()
        assert process.returncode == 0, rest


def test_serve_with_models_of_the_users_answers_with_the_summary_they_were_trained_on(
    trained: Trained, served: str
) -> None:
    with httpx.Client(base_url=served, timeout=60, trust_env=False) as client:
        await_that(lambda: client.get("/health/ready").status_code == 200, 60)
        article, summary = next(iter(trained.articles.items()))
        body = {"text": article, "max_words": WORDS, "include": ["translation"]}
        report = client.post("/v1/summaries", json=body).json()
    assert report["summary"]["text"] == summary
    pairs = report["translation"]["sentences"]
    assert len(pairs) == 6
    assert [pair["target"] for pair in pairs] == [trained.sentences[pair["source"]] for pair in pairs]
    assert report["receipt"]["engine"] == "ctranslate2"
    ran = {row["task"]: row["id"] for row in report["receipt"]["models"]}
    assert ran == {"translation": trained.translator.name, "summarization": trained.summarizer.name}


def test_a_conversion_is_made_once_and_a_damaged_one_again(trained: Trained, tmp_path: Path) -> None:
    told: list[str] = []

    def load() -> str:
        pipeline = build_pipeline(
            LoadSettings(
                translation_model=str(trained.translator),
                summary_model=str(trained.summarizer),
                engine="ctranslate2",
                device="cpu",
                cache=tmp_path,
            ),
            Listener(lambda step, _share: told.append(step)),
        )
        source = next(iter(trained.sentences))
        return pipeline.translator.translate_texts([source])[source].target

    first = load()
    assert first == next(iter(trained.sentences.values()))
    assert len(told) == 4  # each model at its beginning and its end
    assert load() == first
    assert len(told) == 4
    for file in (tmp_path / "ctranslate2").glob("*translator-*/model/model.bin"):
        file.write_bytes(file.read_bytes()[:1000])
    assert load() == first
    assert len(told) == 6


def test_weights_that_are_not_the_configurations_are_one_sentence(trained: Trained, tmp_path: Path) -> None:
    import shutil

    folder = shutil.copytree(trained.translator, tmp_path / "other")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"decoder_layers": 2}))
    with pytest.raises(ModelUnavailable, match=r"cannot be loaded: \d+ of its weights are missing") as caught:
        build_pipeline(
            LoadSettings(
                translation_model=str(folder),
                summary_model=str(trained.summarizer),
                device="cpu",
                cache=tmp_path / "cache",
            )
        )
    assert "\n" not in str(caught.value)
