"""Presets: what is shipped, and what a wrong file of them is told."""

import tomllib

import pytest

from models.engines.base import Decoding
from models.errors import UsageError
from models.presets import load_preset, parse_presets, preset_names

GOOD = """
[tiny]
description = "Two models."

[[tiny.models]]
id = "reader"
source = "embedded"
family = "causal"
licence = "MIT"
window = 40
tasks.translation = { prompt = "German: {source}\\nEnglish:", decoding = { num_beams = 3 }, measured = "BLEU 1" }

[[tiny.models]]
id = "writer"
source = "hub"
revision = "abc"
family = "seq2seq"
licence = "MIT"
window = 60
tasks.summarization = {}
"""


def test_the_embedded_preset_has_one_model_with_its_three_tasks() -> None:
    preset = load_preset("embedded")
    assert preset.name == "embedded"
    assert preset.description
    (model,) = preset.models
    assert set(model.tasks) == {"translation", "summarization", "direct"}
    assert (model.source, model.family, model.licence) == ("embedded", "causal", "Gemma Terms of Use")
    assert all(preset.model_for(task) is model for task in model.tasks)


def test_the_prompts_of_the_embedded_preset_differ_and_hold_the_source_once() -> None:
    prompts = [str(spec.prompt) for spec in load_preset("embedded").models[0].tasks.values()]
    assert len(set(prompts)) == 3
    assert [prompt.count("{source}") for prompt in prompts] == [1, 1, 1]


def test_an_unknown_preset_is_a_usage_error_that_names_those_there_are() -> None:
    with pytest.raises(UsageError) as caught:
        load_preset("huge")
    assert "'huge'" in str(caught.value)
    assert preset_names()
    assert all(name in str(caught.value) for name in preset_names())


def test_a_file_of_presets_says_which_model_does_which_task_and_how() -> None:
    preset = parse_presets(GOOD)["tiny"]
    reader, writer = preset.models
    assert preset.model_for("translation") is reader
    assert preset.model_for("summarization") is writer
    assert preset.model_for("direct") is None
    assert reader.tasks["translation"].decoding == Decoding(num_beams=3)
    assert reader.tasks["translation"].measured == "BLEU 1"
    assert (reader.revision, writer.revision) == (None, "abc")
    assert writer.tasks["summarization"].prompt is None
    assert writer.tasks["summarization"].decoding == Decoding()


def test_the_first_model_that_can_do_a_task_does_it() -> None:
    second = GOOD.replace("tasks.summarization = {}", "tasks = { summarization = {}, translation = {} }")
    model = parse_presets(second)["tiny"].model_for("translation")
    assert model is not None
    assert model.id == "reader"


def test_the_tasks_of_a_model_cannot_be_changed_by_who_reads_them() -> None:
    with pytest.raises(TypeError):
        parse_presets(GOOD)["tiny"].models[0].tasks["direct"] = None  # type: ignore[index]


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ('source = "hub"', 'source = "attic"', "model writer: source or family"),
        ('family = "seq2seq"', 'family = "rnn"', "model writer: source or family"),
        ("tasks.summarization = {}", "tasks = { summarization = {}, poetry = {} }", "no such task: poetry"),
        ("tasks.summarization = {}", 'tasks.summarization = { prompt = "{source}" }', "any other none"),
        ('prompt = "German: {source}\\nEnglish:", ', "", "a causal model needs a prompt"),
        ("German: {source}", "German:", "one {source} for translation"),
        ("German: {source}", "German: {source} {source}", "one {source} for translation"),
        ("tasks.summarization", "tasks.direct", "preset tiny: no model for summarization"),
        (
            '[[tiny.models]]\nid = "writer"',
            '[[other.models]]\nid = "writer"',
            "preset tiny: no model for summarization",
        ),
    ],
)
def test_a_file_of_presets_that_is_wrong_is_told_where(right: str, wrong: str, told: str) -> None:
    assert GOOD.count(right) == 1
    with pytest.raises(ValueError, match=told.replace("{", r"\{")):
        parse_presets(GOOD.replace(right, wrong))


def test_a_file_of_presets_that_is_not_toml_is_a_value_error() -> None:
    assert issubclass(tomllib.TOMLDecodeError, ValueError)
    with pytest.raises(tomllib.TOMLDecodeError):
        parse_presets("[tiny\n")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('description = "Two models."\n', ""),
        ('source = "hub"\n', ""),
        ('licence = "MIT"\nwindow = 60\n', "window = 60\n"),
        ("window = 60\n", "window = 60\ncolour = 3\n"),
        ("num_beams = 3", "num_bears = 3"),
        ('measured = "BLEU 1"', 'measures = "BLEU 1"'),
    ],
)
def test_a_key_that_is_missing_or_unknown_is_a_value_error(right: str, wrong: str) -> None:
    assert GOOD.count(right) == 1
    with pytest.raises(ValueError, match="preset tiny"):
        parse_presets(GOOD.replace(right, wrong))
