"""Joining engines into a pipeline: what the receipt says, and that one model is loaded once."""

from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from models.errors import UsageError
from models.loading import pipeline as assembly
from models.loading.pipeline import build_pipeline, join
from models.loading.settings import LoadSettings
from models.options import Listener, Options
from models.presets import DEFAULT_SUMMARY_WORDS, load_preset, parse_presets, with_models
from models.values import Article
from tests.fakes import FakeEngine

TWO = """
[two]
description = "One model a task, and none for direct."
[[two.models]]
id = "reader"
source = "hub"
licence = "MIT"
window = 40
tasks.translation = { decoding = { num_beams = 4, length_penalty = 0.8 } }
[[two.models]]
id = "writer"
source = "hub"
licence = "MIT"
window = 40
tasks.summarization = {}
"""
# No three words in a row that are left in German by a fake that repeats its source.
ARTICLE = "Der Hund der Familie Meier bellt am Abend. Die Nachbarn der Familie Meier kennen Hunde, Katzen und Kinder. "


def named(name: str) -> FakeEngine:
    engine = FakeEngine()
    engine.receipt = {**engine.receipt, "engine": f"{name} engine", "id": name, "revision": f"{name} 1"}
    return engine


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """The preset, task and options of each engine that `build_pipeline` has loaded; all are fakes."""
    calls: list[tuple[Any, ...]] = []

    def load_engine(preset: Any, settings: Any, task: str, listener: Any) -> FakeEngine:
        calls.append((preset, settings, task, listener))
        return named(preset.model_for(task).id)

    monkeypatch.setattr(assembly, "load_engine", load_engine)
    return calls


def test_the_receipt_names_program_preset_engine_models_and_decoding() -> None:
    preset = load_preset("embedded")
    engine = FakeEngine()
    receipt = join(preset, {preset.models[0].id: engine}).receipt
    decoding = receipt.pop("decoding")
    assert receipt == {
        "kurzum": version("kurzum"),
        "preset": "embedded",
        "engine": "fake",
        "device": "cpu",
        "compute_type": "none",
        "models": [
            {"task": t, "id": "fake", "revision": "0", "engine": "fake", "device": "cpu", "compute_type": "none"}
            for t in ("translation", "summarization", "direct")
        ],
    }
    specs = preset.models[0].tasks
    assert set(decoding) == set(specs)
    assert decoding["translation"] == {
        "num_beams": specs["translation"].decoding.num_beams,
        "length_penalty": specs["translation"].decoding.length_penalty,
        "repetition_penalty": 1.0,
        "no_repeat_ngram_size": 0,
        "min_length": 0,
        "early_stopping": True,
        "num_return_sequences": specs["translation"].decoding.num_return_sequences or 1,
        "prompt": "translation: {source}",
    }
    assert decoding["summarization"]["no_repeat_ngram_size"] == specs["summarization"].decoding.no_repeat_ngram_size


def test_each_task_is_done_by_its_model_with_its_decoding() -> None:
    preset = parse_presets(TWO)["two"]
    reader, writer = named("reader"), named("writer")
    pipeline = join(preset, {"reader": reader, "writer": writer})
    report = pipeline.summarize(Article(ARTICLE * 12), Options(length="short")).to_dict()
    assert {task for task, _, _ in reader.calls} == {"translation"}
    assert {task for task, _, _ in writer.calls} == {"summarization"}
    assert {decoding for _, _, decoding in reader.calls} == {preset.models[0].tasks["translation"].decoding}
    assert report["receipt"]["engine"] == "reader engine"
    assert report["receipt"]["models"] == [
        {"task": task, "id": name, "revision": f"{name} 1", "engine": f"{name} engine", "device": "cpu"}
        | {"compute_type": "none"}
        for task, name in (("translation", "reader"), ("summarization", "writer"))
    ]
    assert set(report["receipt"]["decoding"]) == {"translation", "summarization"}


def test_one_model_for_three_tasks_is_loaded_once_with_the_options(loads: list[tuple[Any, ...]]) -> None:
    def progress(step: str, share: float) -> None:
        raise AssertionError((step, share))

    settings = LoadSettings(
        engine="transformers", device="cpu", compute_type="bfloat16", threads=3, cache=Path("somewhere")
    )
    listener = Listener(progress)
    pipeline = build_pipeline(settings, listener, max_characters=1234)
    assert loads == [(load_preset("embedded"), settings, "translation", listener)]
    assert pipeline.max_characters == 1234
    assert pipeline.receipt["preset"] == "embedded"


def test_two_models_are_loaded_once_each_and_none_for_a_task_without(
    loads: list[tuple[Any, ...]], tmp_path: Path
) -> None:
    (tmp_path / "two.toml").write_text(TWO, encoding="utf-8")
    pipeline = build_pipeline(LoadSettings(preset=str(tmp_path / "two.toml"), cache=Path("somewhere")))
    assert [task for _, _, task, _ in loads] == ["translation", "summarization"]
    assert [row["id"] for row in pipeline.receipt["models"]] == ["reader", "writer"]


def test_models_of_the_users_are_loaded_in_place_of_the_presets(loads: list[tuple[Any, ...]]) -> None:
    pipeline = build_pipeline(
        LoadSettings(translation_model="a/reader", summary_model="a/writer@2", cache=Path("somewhere"))
    )
    assert [(preset.name, task) for preset, _, task, _ in loads] == [("own", "translation"), ("own", "summarization")]
    assert [row["id"] for row in pipeline.receipt["models"]] == ["a/reader", "a/writer"]
    assert pipeline.receipt["preset"] == "own"
    assert "direct" not in pipeline.receipt["decoding"]


def test_window_and_words_of_a_summary_are_the_presets_where_it_gives_them() -> None:
    text = TWO.replace("tasks.summarization = {}", "tasks.summarization = { words = 61 }").replace("40", "33", 1)
    preset = parse_presets(text)["two"]
    pipeline = join(preset, {"reader": named("reader"), "writer": named("writer")})
    assert (pipeline.translator.window, pipeline.summarizer.window) == (33, 40)
    assert pipeline.summarizer.words_per_chunk == 61
    silent = with_models(preset, summary="anything")
    pipeline = join(silent, {"reader": named("reader"), "anything": named("anything")})
    assert pipeline.summarizer.window == FakeEngine().window
    assert pipeline.summarizer.words_per_chunk == DEFAULT_SUMMARY_WORDS


def test_an_unknown_preset_is_a_usage_error_before_anything_is_loaded(loads: list[tuple[Any, ...]]) -> None:
    with pytest.raises(UsageError, match="'huge'"):
        build_pipeline(LoadSettings(preset="huge", cache=Path("somewhere")))
    assert loads == []
