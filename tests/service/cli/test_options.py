import json
from pathlib import Path

import click
import pytest

from models.engines import hardware
from service.cli.main import kurzum
from tests.service.cli.conftest import Run
from tests.service.cli.stand_in import Journal

ARTICLE = "Hunde schlafen im Garten. Sie bellen nicht mehr. Die Nachbarn sind froh darüber.\n"


def asked(journal: Journal) -> str:
    """What was asked of the pipeline for the last article: words, style, mode."""
    return journal.lines[-1].removeprefix("summarize Hunde ")


@pytest.mark.parametrize(
    ("flags", "environment", "expected"),
    [
        ([], {}, "90 paragraph pivot"),
        (["--length", "short", "--style", "bullets"], {}, "40 bullets pivot"),
        (["--max-words", "33"], {}, "33 paragraph pivot"),
        (["--mode", "direct"], {}, "90 paragraph direct"),
        ([], {"KURZUM_LENGTH": "long", "KURZUM_STYLE": "bullets", "KURZUM_MODE": "direct"}, "180 bullets direct"),
        ([], {"KURZUM_MAX_WORDS": "44"}, "44 paragraph pivot"),
        (["--max-words", "33"], {"KURZUM_MAX_WORDS": "44"}, "33 paragraph pivot"),
        (["--length", "short"], {"KURZUM_MAX_WORDS": "44"}, "40 paragraph pivot"),
        (["--max-words", "33"], {"KURZUM_LENGTH": "long"}, "33 paragraph pivot"),
        ([], {"KURZUM_LENGTH": ""}, "90 paragraph pivot"),
    ],
)
def test_flags_go_before_the_environment_and_that_before_the_defaults(
    run: Run, journal: Journal, flags: list[str], environment: dict[str, str], expected: str
) -> None:
    result = run("summarize", *flags, input=ARTICLE, **environment)
    assert result.exit_code == 0, result.stderr
    assert asked(journal) == expected


def test_model_settings_reach_the_models_from_flags_and_from_the_environment(
    run: Run, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hardware, "ctranslate2_cuda_devices", lambda: 2)
    monkeypatch.setattr(hardware, "ctranslate2_cuda_formats", lambda _: {"float16"})
    run("summarize", "--device", "cpu", "--compute-type", "int8", "--threads", "3", input=ARTICLE)
    run("translate", input=ARTICLE, KURZUM_DEVICE="cuda:1", KURZUM_COMPUTE_TYPE="float16", KURZUM_THREADS="4")
    loads = [line for line in journal.lines if line.startswith("load")]
    assert loads == ["load embedded cpu int8 3", "load embedded cuda:1 float16 4"]


# Every command with input that is missing or empty.
IDLE = [
    ["summarize", "/nowhere"],
    ["summarize", "--summary-lang", "de", "-"],
    ["translate", "/nowhere"],
    ["translate", "--lines", "/dev/null"],
    ["batch", "EMPTY", "OUT"],
    ["check", "a", "b"],
    ["serve", "--port", "0"],
    ["models", "list"],
    ["models", "info", "embedded"],
    ["models", "prepare"],
    ["evaluate", "translation", "/nowhere.tsv"],
    ["evaluate", "summary", "/nowhere.jsonl"],
]


@pytest.mark.parametrize("words", IDLE, ids=" ".join)
@pytest.mark.parametrize("flag", [True, False], ids=["by flag", "by environment"])
def test_an_absent_device_is_one_sentence_before_anything_is_loaded(
    run: Run, journal: Journal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: list[str], flag: bool
) -> None:
    for name in ("ctranslate2_cuda_devices", "torch_cuda_devices", "lacks_cublas"):
        monkeypatch.setattr(hardware, name, lambda: 0)
    (tmp_path / "EMPTY").mkdir()
    monkeypatch.chdir(tmp_path)
    result = run(*words, *(["--device", "cuda"] if flag else []), input=ARTICLE, KURZUM_DEVICE="" if flag else "cuda")
    assert result.exit_code == 3
    assert result.stderr.splitlines() == [
        "kurzum: cuda was asked for, but ctranslate2 finds none here: choose --device cpu or auto."
    ]
    assert journal.lines == []
    assert not (tmp_path / "OUT").exists()


def test_every_command_is_held_to_that() -> None:
    def leaves(command: click.Command, *path: str) -> set[str]:
        if not isinstance(command, click.Group):
            return {" ".join(path)}
        return {leaf for name, below in command.commands.items() for leaf in leaves(below, *path, name)}

    # `health` only asks another process, and runs on no device.
    with_device = leaves(kurzum) - {"health"}
    assert all(any(" ".join(words).startswith(leaf) for words in IDLE) for leaf in with_device)


@pytest.mark.parametrize("words", [["serve", "--port", "0"], ["models", "prepare"]], ids=" ".join)
def test_a_number_format_that_there_is_not_is_wrong_use_before_anything_is_loaded(run: Run, words: list[str]) -> None:
    result = run(*words, "--compute-type", "int3")
    assert result.exit_code == 2
    assert "cannot compute in 'int3': choose from" in result.stderr


def test_models_of_the_users_are_named_by_flags_or_by_the_environment(run: Run, journal: Journal) -> None:
    run("translate", "--translation-model", "a/b@c", "--summary-model", "./d", input=ARTICLE)
    run("translate", input=ARTICLE, KURZUM_TRANSLATION_MODEL="e", KURZUM_SUMMARY_MODEL="f")
    run("translate", "--translation-model", "g", input=ARTICLE, KURZUM_TRANSLATION_MODEL="e")
    own = [line for line in journal.lines if line.startswith("instead")]
    assert own == ["instead ['a/b@c', './d']", "instead ['e', 'f']", "instead ['g']"]


def test_a_preset_may_be_a_file_and_a_wrong_one_is_wrong_use(run: Run, journal: Journal, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        """[mine]
        description = "One model for both."
        [[mine.models]]
        id = "some/model"
        source = "hub"
        tasks = { translation = {}, summarization = {} }
        """,
        encoding="utf-8",
    )
    assert run("translate", "--preset", path, input=ARTICLE).exit_code == 0
    assert run("translate", input=ARTICLE, KURZUM_PRESET=str(path)).exit_code == 0
    assert journal.lines == [f"load {path} auto None None"] * 2
    path.write_text("[mine]", encoding="utf-8")
    result = run("translate", "--preset", path, input=ARTICLE)
    assert result.exit_code == 2
    assert "Invalid value for '--preset'" in result.stderr
    assert "preset mine, description" in result.stderr


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("KURZUM_DEVICE", "gpu"),
        ("KURZUM_PRESET", "better"),
        ("KURZUM_ENGINE", "onnx"),
        ("KURZUM_THREADS", "0"),
        ("KURZUM_MAX_WORDS", "5"),
        ("KURZUM_LENGTH", "tiny"),
        ("KURZUM_SUMMARY_LANG", "fr"),
        ("KURZUM_CACHE", __file__),
        ("KURZUM_MAX_CHARACTERS", "many"),
        ("KURZUM_SOURCE_LANG", "fr"),
    ],
)
def test_a_wrong_value_from_the_environment_names_its_variable(run: Run, variable: str, value: str) -> None:
    result = run("summarize", input=ARTICLE, **{variable: value})
    assert result.exit_code == 2
    assert f"Invalid value for the environment variable {variable}" in result.stderr


@pytest.mark.parametrize(
    ("flag", "value"),
    [
        ("--device", "cuda:x"),
        ("--preset", "better"),
        ("--threads", "none"),
        ("--threads", "257"),
        ("--summary-lang", "fr"),
    ],
)
def test_a_wrong_value_of_a_flag_names_the_flag_alone(run: Run, flag: str, value: str) -> None:
    result = run("summarize", flag, value, input=ARTICLE)
    assert result.exit_code == 2
    assert f"Invalid value for '{flag}'" in result.stderr
    assert "KURZUM_" not in result.stderr


def test_a_german_summary_can_be_asked_for_by_flag_and_by_environment(run: Run) -> None:
    asked = run("summarize", "--json", "--summary-lang", "de", input=ARTICLE)
    assert json.loads(asked.stdout)["summary_lang"] == "de"
    asked = run("summarize", "--json", input=ARTICLE, KURZUM_SUMMARY_LANG="de")
    assert json.loads(asked.stdout)["summary_lang"] == "de"


def test_length_and_number_of_words_together_are_wrong_use(run: Run) -> None:
    result = run("summarize", "--length", "short", "--max-words", "50", input=ARTICLE)
    assert result.exit_code == 2
    assert "--length or --max-words" in result.stderr


def test_the_cache_folder_is_where_its_flag_says(run: Run, tmp_path: Path) -> None:
    assert str(tmp_path) in run("models", "info", "embedded", "--cache-dir", tmp_path).stdout
    assert str(tmp_path) in run("models", "info", "embedded", KURZUM_CACHE=str(tmp_path)).stdout


def test_help_shows_the_environment_variable_of_every_setting(run: Run) -> None:
    for command in ("summarize", "batch"):
        text = " ".join(run(command, "--help").stdout.split())
        where = ("PRESET", "TRANSLATION_MODEL", "SUMMARY_MODEL", "DEVICE", "ENGINE", "COMPUTE_TYPE", "THREADS")
        what = ("LENGTH", "MAX_WORDS", "STYLE")
        for name in (*where, "CACHE", *what):
            assert f"env var: KURZUM_{name}" in text, (command, name)


def test_the_commands_stand_in_the_order_of_their_use_and_exit_codes_below(run: Run) -> None:
    text = run("--help").stdout
    places = [text.index(f"\n  {name} ") for name in kurzum.commands]
    assert places == sorted(places)
    assert "Exit codes: 0 all done" in text


def test_no_command_at_all_shows_the_help_and_is_wrong_use(run: Run) -> None:
    result = run()
    assert result.exit_code == 2
    assert "Usage: kurzum" in result.stderr


def test_the_version_is_the_packages_own(run: Run) -> None:
    from importlib.metadata import version

    assert run("--version").stdout == f"kurzum {version('kurzum')}\n"


def test_a_preset_without_an_end_is_refused_by_its_size(run: Run) -> None:
    result = run("summarize", "--preset", "/dev/zero", input=ARTICLE)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "longer than 1,000,000 bytes" in result.stderr
