"""The transformers engine on a tiny checkpoint of every family: what plain `generate` gives, batched or alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.engines.base import Decoding, Task
from models.engines.device import Device
from models.engines.seq2seq import Checkpoint
from models.engines.seq2seq_transformers import Seq2SeqTransformers
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
    return ModelSpec(str(folder), "hub", "seq2seq", {task: TaskSpec() for task in tasks}, **fields)


def load(folder: Path, *tasks: Task, **fields: Any) -> Seq2SeqTransformers:
    checkpoint = Checkpoint(folder, model_of(folder, *tasks, **fields))
    return Seq2SeqTransformers.load(checkpoint, Device("cpu"), "float32", 1, {"id": "tiny", "revision": "0"})


def plain(family: str, folder: Path, sources: list[str], max_new_tokens: int) -> list[tuple[str, int]]:
    """Text and number of tokens, end token not counted, as a user of transformers gets them, one source at a time."""
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
        ended = ids[-1] == model.config.eos_token_id
        # Where they are not listed as special, M2M100's tokenizer decodes languages as text.
        heard = [i for i in ids if i not in getattr(tokenizer, "id_to_lang_token", ())]
        answers.append((tokenizer.decode(heard, skip_special_tokens=True).strip(), len(ids) - ended))
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
def test_each_source_gives_what_plain_generate_gives_alone(
    family: str,
    folder_of: Callable[[str], Path],
    engine_of: Callable[[str], Seq2SeqTransformers],
    sources: list[str],
) -> None:
    expected = plain(family, folder_of(family), sources, MOST)
    engine = engine_of(family)
    alone = [engine.generate(task_of(family), [source], OWN, MOST)[0] for source in sources]
    assert [(h.text, h.tokens) for h in alone] == expected
    assert len(set(expected)) > len(sources) / 2  # else the order of a batch would prove nothing
    together = engine.generate(task_of(family), sources, OWN, MOST)
    assert [(h.text, h.tokens, h.finished) for h in together] == [(h.text, h.tokens, h.finished) for h in alone]
    assert [h.score for h in together] == pytest.approx([h.score for h in alone], abs=1e-4)
