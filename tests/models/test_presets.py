"""Presets: what is shipped, and what a wrong file of them is told."""

import tomllib
from pathlib import Path

import pytest

from models.decoding import Decoding
from models.errors import UsageError
from models.presets import DEFAULT_SUMMARY_WORDS, Preset, load_preset, parse_presets, preset_names, with_models

GOOD = """
[tiny]
description = "Two models."

[[tiny.models]]
id = "reader"
source = "embedded"
licence = "MIT"
window = 40
tasks.translation = { prompt = "German: {source}\\nEnglish:", decoding = { num_beams = 3 }, measured = "BLEU 1" }

[[tiny.models]]
id = "writer"
source = "hub"
revision = "abc"
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
    assert (model.source, model.licence) == ("embedded", "Gemma Terms of Use")
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
        ('source = "hub"', 'source = "attic"', "model writer, source: "),
        ("tasks.summarization = {}", "tasks = { summarization = {}, poetry = {} }", "model writer, tasks, poetry: "),
        (
            "tasks.summarization = {}",
            'tasks.summarization = { prompt = "summarize:" }',
            "model writer, summarization: .* must hold {source} once",
        ),
        (
            "tasks.summarization = {}",
            "tasks.summarization = { words = 0 }",
            "words must be greater than 0",
        ),
        ("window = 40\n", "", "model reader: the embedded model needs a window"),
        ("window = 60", 'window = "many"', "model writer, window: "),
        ("window = 60", "window = true", "model writer, window: "),
        ("window = 60", "window = -1", "window and words must be greater than 0"),
        (
            'prompt = "German: {source}\\nEnglish:", ',
            "",
            "translation: the embedded model needs a prompt",
        ),
        ("German: {source}", "German:", "must hold {source} once"),
        ("German: {source}", "German: {source} {source}", "must hold {source} once"),
        ("tasks.summarization", "tasks.direct", "preset tiny: no model for summarization"),
    ],
)
def test_a_wrong_file_of_presets_is_a_value_error_that_says_where(right: str, wrong: str, told: str) -> None:
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
        ('id = "writer"\n', ""),
    ],
)
def test_a_key_that_is_missing_is_a_value_error_that_names_it(right: str, wrong: str) -> None:
    assert GOOD.count(right) == 1
    with pytest.raises(ValueError, match=rf"^preset tiny, (model \w+, )?{right.split()[0]}: .*required"):
        parse_presets(GOOD.replace(right, wrong))


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        (
            'description = "Two models."\n',
            'description = "Two."\ndevice = "cpu"\n',
            "preset tiny, device: ",
        ),
        ("window = 60\n", "window = 60\ncolour = 3\n", "preset tiny, model writer, colour: "),
        ("num_beams = 3", "num_bears = 3", "preset tiny, model reader, tasks, translation, decoding, num_bears: "),
        ("measured =", "measures =", "preset tiny, model reader, tasks, translation, measures: "),
    ],
)
def test_an_unknown_key_is_a_value_error_that_says_where(right: str, wrong: str, told: str) -> None:
    assert GOOD.count(right) == 1
    with pytest.raises(ValueError, match=f"^{told}"):
        parse_presets(GOOD.replace(right, wrong))


@pytest.mark.parametrize(
    ("decoding", "told"),
    [
        ('num_beams = "many"', "decoding, num_beams: "),
        ("num_beams = true", "decoding, num_beams: "),
        ("no_repeat_ngram_size = 2.5", "decoding, no_repeat_ngram_size: "),
        ('length_penalty = "long"', "decoding, length_penalty: "),
        ("num_beams = -3", "decoding: num_beams is .* not -3"),
        ("num_return_sequences = 0", "decoding: num_return_sequences is .* not 0"),
        ("length_penalty = nan", "decoding: length_penalty is .* not nan"),
        ("repetition_penalty = 0", "decoding: repetition_penalty is .* not 0"),
    ],
)
def test_a_search_that_cannot_be_is_a_value_error_that_says_where(decoding: str, told: str) -> None:
    with pytest.raises(ValueError, match=f"^preset tiny, model reader, tasks, translation, {told}"):
        parse_presets(GOOD.replace("num_beams = 3", decoding))


@pytest.mark.parametrize("wrong", ["id = 5", 'id = "writer"\nlicence = 3', 'id = "writer"\ntarget_lang = ["en"]'])
def test_a_name_that_is_no_text_is_a_value_error(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"^preset tiny, model \w+, \w+: .* string"):
        parse_presets(GOOD.replace('licence = "MIT"\nwindow = 60', "window = 60").replace('id = "writer"', wrong))


def test_each_shipped_preset_of_the_hub_has_a_model_for_each_task_with_licence_and_window() -> None:
    assert preset_names() == ("embedded", "standard", "fast", "quality")
    for name in preset_names()[1:]:
        models = load_preset(name).models
        assert {task for model in models for task in model.tasks} == {"translation", "summarization"}
        for model in models:
            assert model.source == "hub"
            assert model.licence in ("apache-2.0", "mit")
            # Positions of the checkpoint less its special tokens.
            assert model.window in (511, 1022, 1023)
            assert model.revision is None


def test_the_shipped_presets_decode_as_their_checkpoints_say_but_for_the_fast_translation() -> None:
    def translation(name: str) -> Decoding:
        model = load_preset(name).model_for("translation")
        assert model is not None
        return model.tasks["translation"].decoding

    assert [translation(name) for name in ("standard", "fast", "quality")] == [Decoding(), Decoding(1), Decoding()]


def test_a_summary_of_each_shipped_model_has_a_number_of_words() -> None:
    words = {name: load_preset(name).model_for("summarization") for name in preset_names()}
    assert {name: model and model.tasks["summarization"].words for name, model in words.items()} == {
        "embedded": 50,
        "standard": 55,
        "fast": 55,
        "quality": 55,
    }


def test_a_preset_may_be_a_users_own_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD.replace('id = "writer"', 'id = "./nearby"'), encoding="utf-8")
    preset = load_preset(str(path))
    assert preset.name == "tiny"
    assert [model.id for model in preset.models] == ["reader", str(tmp_path / "nearby")]


def test_a_tilde_is_the_users_home_and_one_of_nobody_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for written, meant in (("~/models/writer", f"{tmp_path}/models/writer"), ("~nobody-here/x", "~nobody-here/x")):
        (tmp_path / "mine.toml").write_text(GOOD.replace('id = "writer"', f'id = "{written}"'), encoding="utf-8")
        assert load_preset("~/mine.toml").models[1].id == meant
    (tmp_path / "own").mkdir()
    reader, writer = with_models(load_preset("standard"), "~/own", "~nobody-here/x").models
    assert (reader.id, writer.id) == (f"{tmp_path}/own", "~nobody-here/x")
    with pytest.raises(UsageError, match=r"~nobody-here/x\.toml cannot be read"):
        load_preset("~nobody-here/x.toml")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "cannot be read: No such file"),
        ("[tiny\n", "holds no valid preset"),
        ("", "holds 0 presets"),
        (GOOD + GOOD.replace("tiny", "other"), "holds 2 presets"),
        (GOOD.replace("num_beams", "num_bears"), "num_bears"),
        ('[tiny]\ndescription = "x"\nmodels = [1]', "preset tiny"),
    ],
)
def test_a_users_file_that_is_no_preset_is_wrong_use_that_names_it(tmp_path: Path, text: str | None, told: str) -> None:
    path = tmp_path / "mine.toml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_preset(str(path))
    assert told in str(caught.value)
    assert str(path) in str(caught.value)


def test_no_model_of_the_users_leaves_the_preset_as_it_is() -> None:
    preset = load_preset("embedded")
    assert with_models(preset) is preset


def tasks_of(preset: Preset) -> dict[str, set[str]]:
    return {model.key: set(model.tasks) for model in preset.models}


def test_a_model_of_the_users_takes_the_place_of_the_presets_for_its_task() -> None:
    preset = load_preset("embedded")
    embedded = preset.models[0].id
    assert tasks_of(with_models(preset, translation="some/reader")) == {
        "some/reader": {"translation"},
        embedded: {"summarization", "direct"},
    }
    summary = with_models(preset, summary="some/writer")
    # Nobody knows whether a summary model of the user's reads German.
    assert tasks_of(summary) == {"some/writer": {"summarization"}, embedded: {"translation"}}
    assert summary.models[0].tasks["summarization"].words == DEFAULT_SUMMARY_WORDS
    both = with_models(preset, "some/reader", "some/writer")
    assert tasks_of(both) == {"some/reader": {"translation"}, "some/writer": {"summarization"}}
    assert both.name == "own"


def test_one_model_named_for_both_tasks_is_one_model() -> None:
    assert tasks_of(with_models(load_preset("standard"), "some/model", "some/model")) == {
        "some/model": {"translation", "summarization"}
    }
    assert len(with_models(load_preset("standard"), "some/model@a", "some/model@b").models) == 2


def test_a_revision_stands_behind_an_at_sign_unless_a_folder_is_called_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "model@home").mkdir()
    monkeypatch.chdir(tmp_path)
    reader, writer = with_models(load_preset("standard"), "some/reader@v2", "model@home").models
    assert (reader.id, reader.revision) == ("some/reader", "v2")
    assert (writer.id, writer.revision) == ("model@home", None)


@pytest.mark.parametrize("name", ["", "  "])
def test_a_model_without_a_name_is_wrong_use(name: str) -> None:
    with pytest.raises(UsageError, match="needs a name"):
        with_models(load_preset("embedded"), summary=name)


def test_a_mode_that_no_model_can_do_is_a_usage_error_without_loading_one() -> None:
    load_preset("embedded").check_mode("direct")
    load_preset("standard").check_mode("pivot")
    for preset in (load_preset("standard"), with_models(load_preset("embedded"), summary="some/writer")):
        with pytest.raises(UsageError, match=preset.name):
            preset.check_mode("direct")
