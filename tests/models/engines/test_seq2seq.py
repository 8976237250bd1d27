"""The transformers engine on a tiny checkpoint of every family: what plain `generate` gives, batched or alone."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.decoding import Decoding, Task
from models.engines.device import Device
from models.engines.seq2seq import Seq2Seq, Seq2SeqSpec
from models.engines.seq2seq_transformers import Seq2SeqTransformers
from models.errors import ModelUnavailable
from models.hub.files import longest_source
from models.presets import ModelSpec, TaskSpec
from tests.checkpoints import FAMILIES, seed_lines

OWN = Decoding()
MOST = 24
# What a user of each family does beside `generate(**tokenizer(source))`, as the family's documentation has it.
PLAIN: dict[str, Callable[[Any, Any, str], dict[str, Any]]] = {
    "mbart": lambda tokenizer, _model, _task: {"decoder_start_token_id": tokenizer.convert_tokens_to_ids("en_XX")},
    "mbart50": lambda tokenizer, _model, _task: {"forced_bos_token_id": tokenizer.convert_tokens_to_ids("en_XX")},
    "m2m100": lambda tokenizer, _model, _task: {"forced_bos_token_id": tokenizer.get_lang_id("en")},
    "nllb": lambda tokenizer, _model, _task: {"forced_bos_token_id": tokenizer.convert_tokens_to_ids("eng_Latn")},
}
GERMAN = {"mbart": "de_DE", "mbart50": "de_DE", "m2m100": "de", "nllb": "deu_Latn"}
SUMMARIES = ("bart", "pegasus", "t5")


def task_of(family: str) -> Task:
    return "summarization" if family in SUMMARIES else "translation"


def model_of(folder: Path, *tasks: Task, **fields: Any) -> ModelSpec:
    return ModelSpec(str(folder), "hub", {task: TaskSpec() for task in tasks}, **fields)


def load(folder: Path, *tasks: Task, **fields: Any) -> Seq2SeqTransformers:
    checkpoint = Seq2SeqSpec(folder, model_of(folder, *tasks, **fields))
    return Seq2SeqTransformers.load(checkpoint, Device("cpu"), "float32", 1, {"id": "tiny", "revision": "0"})


def plain(family: str, folder: Path, sources: list[str], max_new_tokens: int) -> list[tuple[list[int], str]]:
    """The generated ids and their text as a user of transformers gets them, one source at a time."""
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSeq2SeqLM.from_pretrained(folder)
    options: dict[str, Any] = {}
    if family in GERMAN:
        tokenizer.src_lang = GERMAN[family]
        options = PLAIN[family](tokenizer, model, task_of(family))
    prefix = ""
    if family == "t5":
        options = dict(model.config.task_specific_params["summarization"])
        prefix = options.pop("prefix")
    answers = []
    for source in sources:
        inputs = tokenizer(prefix + source, return_tensors="pt")
        ids = model.generate(**inputs, max_new_tokens=max_new_tokens, **options)[0, 1:].tolist()
        # Where they are not listed as special, M2M100's tokenizer decodes languages as text.
        heard = [i for i in ids if i not in getattr(tokenizer, "id_to_lang_token", ())]
        answers.append((ids, tokenizer.decode(heard, skip_special_tokens=True).strip()))
    return answers


@pytest.fixture(scope="session")
def folder_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a tiny checkpoint by its family, built once."""
    built: dict[str, Path] = {}

    def get(family: str) -> Path:
        if family not in built:
            built[family] = tmp_path_factory.mktemp(family)
            FAMILIES[family](built[family])
        return built[family]

    return get


@pytest.fixture(scope="session")
def engine_of(folder_of: Callable[[str], Path]) -> Callable[[str], Seq2SeqTransformers]:
    """The engine of a tiny checkpoint by its family, loaded once."""
    loaded: dict[str, Seq2SeqTransformers] = {}

    def get(family: str) -> Seq2SeqTransformers:
        if family not in loaded:
            loaded[family] = load(folder_of(family), task_of(family))
        return loaded[family]

    return get


@pytest.fixture(scope="session")
def sources() -> list[str]:
    """Sentences of the seeds, of unlike lengths, that fit the tiny windows."""
    return sorted((line for line in seed_lines() if 20 < len(line) < 110), key=lambda line: line[::-1])[:12]


each_family = pytest.mark.parametrize("family", FAMILIES)


@pytest.mark.slow
@each_family
def test_each_source_gives_token_for_token_what_plain_generate_gives_alone(
    family: str,
    folder_of: Callable[[str], Path],
    engine_of: Callable[[str], Seq2SeqTransformers],
    sources: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected = plain(family, folder_of(family), sources, MOST)
    engine = engine_of(family)
    checkpoint, generated = engine._checkpoint, []
    decode = checkpoint.decode
    with monkeypatch.context() as patch:
        patch.setattr(checkpoint, "decode", lambda ids: generated.append(list(ids)) or decode(ids))
        alone = [engine.generate(task_of(family), [source], OWN, MOST)[0] for source in sources]
        together = engine.generate(task_of(family), sources, OWN, MOST)
    assert generated == [ids for ids, _ in expected] * 2
    assert [h.text for h in alone] == [text for _, text in expected]
    assert [h.tokens for h in alone] == [len(ids) - (ids[-1] in checkpoint.end_ids) for ids, _ in expected]
    assert len({text for _, text in expected}) > len(sources) / 2  # else a batch's order would prove nothing
    assert [(h.text, h.tokens, h.finished) for h in together] == [(h.text, h.tokens, h.finished) for h in alone]
    assert [h.score for h in together] == pytest.approx([h.score for h in alone], abs=1e-4)


SOURCE = "Die Zeitung schreibt."


@pytest.fixture
def own_tokens(folder_of: Callable[[str], Path]) -> Callable[[str, str], list[int]]:
    """The ids of a text by a family's tokenizer, with nothing around them."""
    from transformers import AutoTokenizer

    def ids(family: str, text: str) -> list[int]:
        found: list[int] = AutoTokenizer.from_pretrained(folder_of(family))(text, add_special_tokens=False)["input_ids"]
        return found

    return ids


@pytest.mark.parametrize("code", [">>eng<<", ">>en<<"])
def test_a_marian_that_writes_several_languages_is_asked_for_english(
    folder_of: Callable[[str], Path], own_tokens: Callable[[str, str], list[int]], tmp_path: Path, code: str
) -> None:
    """As Helsinki-NLP/opus-mt-gmw-gmw wants it; a summary is asked for nothing."""
    folder = shutil.copytree(folder_of("marian"), tmp_path / "marian")
    vocabulary = json.loads((folder / "vocab.json").read_text())
    codes = {name: len(vocabulary) + number for number, name in enumerate([">>deu<<", code])}
    (folder / "vocab.json").write_text(json.dumps(vocabulary | codes))
    (ids,) = Seq2SeqSpec(folder, model_of(folder, "translation")).encode("translation", [SOURCE])
    assert ids == [codes[code], *own_tokens("marian", SOURCE), 0]
    (ids,) = Seq2SeqSpec(folder, model_of(folder, "summarization")).encode("summarization", [SOURCE])
    assert ids == [*own_tokens("marian", SOURCE), 0]


@pytest.mark.parametrize(
    ("family", "task", "prefix"),
    [
        ("t5", "translation", "translate German to English: "),
        ("t5", "summarization", "summarize: "),
        ("mt5", "translation", ""),  # which was trained on no task
        ("bart", "summarization", ""),
    ],
)
def test_t5_is_asked_in_the_words_of_its_training_and_others_are_not(
    folder_of: Callable[[str], Path],
    own_tokens: Callable[[str, str], list[int]],
    family: str,
    task: Task,
    prefix: str,
) -> None:
    folder = folder_of(family)
    checkpoint = Seq2SeqSpec(folder, model_of(folder, task))
    (ids,) = checkpoint.encode(task, [SOURCE])
    inner = own_tokens(family, prefix + SOURCE)
    assert inner in (ids[:-1], ids[1:-1])  # BART has a token in front, too
    assert checkpoint.window == 128 - len(checkpoint.encode(task, [""])[0])


@pytest.mark.parametrize("family", ["t5", "mt5"])
def test_the_prompt_of_a_preset_stands_around_the_source_and_counts_with_its_window(
    folder_of: Callable[[str], Path], own_tokens: Callable[[str, str], list[int]], family: str
) -> None:
    folder = folder_of(family)
    tasks = {"translation": TaskSpec(prompt="Auf Englisch: {source} Ende."), "summarization": TaskSpec()}
    checkpoint = Seq2SeqSpec(folder, ModelSpec(str(folder), "hub", tasks, window=90))
    (ids,) = checkpoint.encode("translation", [SOURCE])
    assert ids == [*own_tokens(family, f"Auf Englisch: {SOURCE} Ende."), *checkpoint.end_ids]
    prompts = [Seq2Seq(checkpoint, {}).prompt_template(task)["prompt"] for task in ("translation", "summarization")]
    assert prompts == ["Auf Englisch: {source} Ende.", "summarize: {source}" if family == "t5" else "{source}"]
    (bare,) = checkpoint.encode("translation", [""])
    assert (checkpoint.window, checkpoint.longest) == (90, 90 + len(bare))
    engine = Seq2SeqTransformers.load(checkpoint, Device("cpu"), "float32", 1, {})
    plain = load(folder, "translation", window=90)
    assert engine.generate("translation", [SOURCE], OWN, 8) != plain.generate("translation", [SOURCE], OWN, 8)


LANGUAGES = {
    # As the tokenizer is told: German, English, and French and Dutch, which a preset may name instead.
    "mbart": ("de_DE", "en_XX", "fr_XX", "nl_XX"),
    "mbart50": ("de_DE", "en_XX", "fr_XX", "nl_XX"),
    "m2m100": ("de", "en", "fr", "nl"),
    "nllb": ("deu_Latn", "eng_Latn", "fra_Latn", "nld_Latn"),
}


def languages_of(checkpoint: Seq2SeqSpec, task: Task) -> tuple[int, int]:
    """The ids by which a source is told to be in its language and a hypothesis to be in its own."""
    task_format, (row,) = checkpoint.format_of(task), checkpoint.encode(task, [SOURCE])
    if task_format.forced is not None:
        return row[0], task_format.forced
    return row[-1], task_format.start


@pytest.mark.parametrize("family", LANGUAGES)
def test_a_multilingual_model_is_told_german_or_for_a_summary_english_and_what_a_preset_names(
    folder_of: Callable[[str], Path], family: str
) -> None:
    folder = folder_of(family)
    tasks: tuple[Task, ...] = ("translation", "summarization", "direct")
    usual = Seq2SeqSpec(folder, model_of(folder, *tasks))
    named = LANGUAGES[family]
    wrapped = [f"__{name}__" if family == "m2m100" else name for name in named]
    german, english, french, dutch = usual.tokenizer.convert_tokens_to_ids(wrapped)
    assert len({german, english, french, dutch, usual.tokenizer.unk_token_id}) == 5
    assert languages_of(usual, "summarization") == (english, english)
    assert languages_of(usual, "translation") == languages_of(usual, "direct") == (german, english)
    assert languages_of(usual, "summarization") == (english, english)  # whatever was read before
    other = Seq2SeqSpec(folder, model_of(folder, *tasks, source_lang=named[2], target_lang=named[3]))
    described = Seq2Seq(other, {})
    expected = {"prompt": "{source}", "source_lang": named[2], "target_lang": named[3]}
    assert described.prompt_template("translation") == expected
    assert described.prompt_template("summarization")["source_lang"] == named[3]
    assert languages_of(other, "translation") == (french, dutch)
    assert languages_of(other, "summarization") == (dutch, dutch)


@pytest.mark.parametrize("family", LANGUAGES)
def test_a_language_that_the_tokenizer_does_not_know_is_one_sentence(
    folder_of: Callable[[str], Path], tmp_path: Path, family: str
) -> None:
    from models.loading.seq2seq import load_hub
    from models.loading.settings import LoadSettings

    model = model_of(folder_of(family), "translation", target_lang="tlh_Latn")
    with pytest.raises(ModelUnavailable, match=r"cannot be loaded: its tokenizer knows no language tlh_Latn\.$"):
        load_hub(model, LoadSettings(device="cpu", threads=1, cache=tmp_path))


@pytest.mark.parametrize(("value", "early"), [(True, True), (False, False), ("never", False), (None, False)])
def test_a_search_stops_early_where_the_checkpoint_says_so_and_never_means_no(
    folder_of: Callable[[str], Path], tmp_path: Path, value: object, early: bool
) -> None:
    folder = shutil.copytree(folder_of("mbart"), tmp_path / "mbart")
    file = folder / "generation_config.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"early_stopping": value}))
    engine = Seq2Seq(Seq2SeqSpec(folder, model_of(folder, "translation")), {})
    assert engine.resolve("translation", OWN).early_stopping is early


def test_a_checkpoint_of_one_pair_of_languages_is_told_none(folder_of: Callable[[str], Path]) -> None:
    folder = folder_of("bart")
    checkpoint = Seq2SeqSpec(folder, model_of(folder, "summarization", source_lang="tlh"))
    assert (checkpoint.format_of("summarization").source_lang, checkpoint.format_of("summarization").forced) == (
        None,
        0,
    )


@each_family
def test_the_list_of_models_tells_from_files_alone_what_the_engine_takes(
    family: str, folder_of: Callable[[str], Path]
) -> None:
    folder = folder_of(family)
    engine = Seq2SeqSpec(folder, model_of(folder, task_of(family)))
    assert longest_source(folder) == engine.longest
    assert longest_source(folder / "nowhere") is None
    described = Seq2SeqSpec(folder, model_of(folder, task_of(family), window=90))
    if family in ("t5", "mt5"):
        assert (described.window, longest_source(folder, 90)) == (90, None)
    else:
        assert longest_source(folder, 90) == described.longest == engine.longest
