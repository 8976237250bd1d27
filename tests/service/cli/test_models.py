import json
import re
from pathlib import Path

import pytest

import models.embedded.build as build
from models.options import LoadProgress
from models.presets import preset_names
from tests.service.cli.conftest import Run


def test_the_list_names_every_preset_with_origin_licence_and_state(run: Run, tmp_path: Path) -> None:
    text = run("models", "list", "--cache-dir", tmp_path).stdout
    for name in preset_names():
        assert re.search(rf"^{name}: ", text, re.MULTILINE)
    assert "(embedded; Gemma Terms of Use; 440 tokens): not built yet" in text
    assert "opus-mt-de-en (hub; apache-2.0; 511 tokens): not here; fetched from the hub when first used" in text


def test_json_says_the_same_a_line_a_preset(run: Run, tmp_path: Path) -> None:
    rows = list(map(json.loads, run("models", "list", "--json", "--cache-dir", tmp_path).stdout.splitlines()))
    assert [row["preset"] for row in rows] == [*preset_names(), None]
    model = rows[0]["models"][0]
    assert model["ready"] is False
    assert model["bytes"] is None
    assert model["licence"] == "Gemma Terms of Use"


def test_info_tells_what_a_preset_is_made_of(run: Run, tmp_path: Path) -> None:
    text = run("models", "info", "embedded", "--cache-dir", tmp_path).stdout
    for fact in (
        "gemma-3-270m-de-en",
        build.digest(),
        "440 tokens",
        str(tmp_path),
        "direct, summarization, translation",
    ):
        assert fact in text
    assert (
        json.loads(run("models", "info", "embedded", "--json", "--cache-dir", tmp_path).stdout)["preset"] == "embedded"
    )


def test_an_unknown_preset_is_wrong_use_that_lists_those_there_are(run: Run) -> None:
    for command in (["models", "info", "better"], ["models", "prepare", "better"]):
        result = run(*command)
        assert result.exit_code == 2
        assert "choose from embedded" in result.stderr


def test_a_preset_named_twice_is_wrong_use(run: Run) -> None:
    result = run("models", "prepare", "standard", "--preset", "fast")
    assert result.exit_code == 2
    assert "Name the preset once" in result.stderr


def test_prepare_builds_with_progress_and_says_that_it_is_ready(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[Path] = []

    def prepare(cache: Path, progress: LoadProgress) -> None:
        progress("weights", 0.5)
        built.append(cache)

    monkeypatch.setattr(build, "prepare", prepare)
    monkeypatch.setattr(build, "status", lambda cache: build.BuildStatus(bool(built), cache, 410_000_000, "abc"))
    result = run("models", "prepare", "--cache-dir", tmp_path)
    assert result.exit_code == 0
    assert built == [tmp_path]
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        "kurzum: The model is made ready for use; this happens only once and takes a while.",
        "kurzum: gemma-3-270m-de-en: ready, 410 MB.",
    ]
    assert run("models", "prepare", "embedded", KURZUM_CACHE=str(tmp_path / "b")).exit_code == 0
    assert built[-1] == tmp_path / "b"


@pytest.mark.parametrize(
    ("config", "tokens", "told"),
    [
        ({"max_position_embeddings": 64}, 1024, "64 tokens with special ones"),
        ({"max_position_embeddings": 2048}, 1024, "1024 tokens with special ones"),
        ({"n_positions": 512}, 512, "90 tokens"),  # relative positions: what the preset says
    ],
)
def test_the_window_of_a_checkpoint_that_is_here_is_its_own_and_not_the_presets(
    run: Run, tmp_path: Path, config: dict[str, int], tokens: int, told: str
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "tokenizer_config.json").write_text(json.dumps({"model_max_length": tokens}))
    (folder / "tokenizer.json").write_text("{}")
    (folder / "model.safetensors").write_text("")
    preset = tmp_path / "mine.toml"
    preset.write_text(
        '[mine]\ndescription = "Mine."\n[[mine.models]]\nid = "./mine"\nsource = "hub"\n'
        "window = 90\ntasks = { translation = {}, summarization = {} }\n"
    )
    assert f"  window    {told}\n" in run("models", "info", preset, "--cache-dir", tmp_path).stdout
