"""Prefixes and languages by what is then generated, beside a plain `generate` that is told the same in its own way.

What a family is told when nobody says more is in test_seq2seq.py; here is the rest: other tasks, other languages, the
words of a preset, and Marian checkpoints of several languages.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

from models.decoding import Decoding, Task
from models.engines.convert import convert
from models.engines.device import Device
from models.engines.seq2seq import Seq2SeqSpec
from models.engines.seq2seq_ctranslate2 import Seq2SeqCTranslate2
from models.engines.seq2seq_transformers import Seq2SeqTransformers
from models.presets import ModelSpec, TaskSpec
from tests.checkpoints import FAMILIES, marian, seed_lines

MOST = 20
GREEDY, BEAMS = Decoding(num_beams=1, no_repeat_ngram_size=0), Decoding(num_beams=3, no_repeat_ngram_size=0)
BUILD: dict[str, Callable[[Path], None]] = FAMILIES | {
    "marian_many": partial(marian, codes=(">>deu<<", ">>eng<<", ">>nld<<")),
    "marian_short": partial(marian, codes=(">>de<<", ">>en<<")),
}
pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Case:
    """What the engine is told by a preset; and what a user of transformers writes for it.

    `around` is text around the source, `src_lang` what the tokenizer is told, `first` the name of the token with which
    the target begins.
    """

    family: str
    task: Task = "translation"
    prompt: str | None = None
    languages: tuple[str | None, str | None] = (None, None)
    around: str = "{source}"
    src_lang: str | None = None
    first: str | None = None

    def spec(self, folder: Path) -> ModelSpec:
        """The model as a preset describes it."""
        source, target = self.languages
        tasks = {self.task: TaskSpec(prompt=self.prompt)}
        return ModelSpec(str(folder), "hub", tasks, source_lang=source, target_lang=target)


CASES = {
    "Marian into English among three": Case("marian_many", around=">>eng<< {source}"),
    "Marian into English by its short name": Case("marian_short", around=">>en<< {source}"),
    "Marian into Dutch by a preset": Case("marian_many", prompt=">>nld<< {source}", around=">>nld<< {source}"),
    "Marian's summary": Case("marian_many", "summarization"),
    "T5's translation": Case("t5", around="translate German to English: {source}"),
    "T5 by a preset": Case("t5", prompt="Auf Englisch: {source} Ende.", around="Auf Englisch: {source} Ende."),
    "mT5 by a preset": Case("mt5", prompt="summarize: {source}", around="summarize: {source}"),
    "mBART's summary": Case("mbart", "summarization", src_lang="en_XX", first="en_XX"),
    "mBART from French into Dutch": Case("mbart", languages=("fr_XX", "nl_XX"), src_lang="fr_XX", first="nl_XX"),
    "mBART-50's summary": Case("mbart50", "summarization", src_lang="en_XX", first="en_XX"),
    "mBART-50 from French into Dutch": Case("mbart50", languages=("fr_XX", "nl_XX"), src_lang="fr_XX", first="nl_XX"),
    "M2M100's summary": Case("m2m100", "summarization", src_lang="en", first="__en__"),
    "M2M100 straight from German": Case("m2m100", "direct", src_lang="de", first="__en__"),
    "M2M100 from French into Dutch": Case("m2m100", languages=("fr", "nl"), src_lang="fr", first="__nl__"),
    "NLLB's summary": Case("nllb", "summarization", src_lang="eng_Latn", first="eng_Latn"),
    "NLLB from French into Dutch": Case(
        "nllb", languages=("fra_Latn", "nld_Latn"), src_lang="fra_Latn", first="nld_Latn"
    ),
}


# Something else that each could have been told: it must make a difference, or the comparison would prove nothing.
OTHERWISE: dict[str, dict[str, str]] = {
    "marian_many": {"around": ">>deu<< {source}"},
    "marian_short": {"around": ">>de<< {source}"},
    "t5": {"around": "{source}"},
    "mt5": {"around": "{source}"},
    "mbart": {"src_lang": "it_IT"},
    "mbart50": {"src_lang": "it_IT"},
    "m2m100": {"src_lang": "it"},
    "nllb": {"src_lang": "ita_Latn"},
}


@pytest.fixture(scope="module")
def folder_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a tiny checkpoint, built once."""
    built: dict[str, Path] = {}

    def get(family: str) -> Path:
        if family not in built:
            built[family] = tmp_path_factory.mktemp(family)
            BUILD[family](built[family])
        return built[family]

    return get


@pytest.fixture(scope="module")
def sources() -> list[str]:
    """Sentences of the seeds that fit the tiny windows with a prompt around them."""
    return sorted((line for line in seed_lines() if 20 < len(line) < 90), key=lambda line: line[::-1])[:10]


def plain(case: Case, folder: Path, sources: list[str], num_beams: int) -> list[list[int]]:
    """What `generate` gives each source alone, the decoder's start taken off."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSeq2SeqLM.from_pretrained(folder)
    model.generation_config.max_length = None  # else it says of each call that `max_new_tokens` wins
    if case.src_lang is not None:
        tokenizer.src_lang = case.src_lang
    told: dict[str, Any] = {}
    if case.first is not None:
        place = "decoder_start_token_id" if case.family == "mbart" else "forced_bos_token_id"
        told[place] = tokenizer.convert_tokens_to_ids(case.first)
    rows = []
    for source in sources:
        inputs = tokenizer(case.around.format(source=source), return_tensors="pt")
        answer = model.generate(**inputs, num_beams=num_beams, max_new_tokens=MOST, **told)
        rows.append(answer[0, 1:].tolist())
    return rows


def generated(engine: Any, task: Task, sources: list[str], decoding: Decoding) -> list[list[int]]:
    """The ids of each source's hypothesis."""
    checkpoint, heard = engine._checkpoint, []
    decode = type(checkpoint).decode
    checkpoint.decode = lambda ids: heard.append(list(ids)) or decode(checkpoint, ids)
    for source in sources:
        engine.generate(task, [source], decoding, MOST)
    del checkpoint.decode
    return heard


def said(rows: list[list[int]], ends: list[int]) -> list[list[int]]:
    """Without an end token, which transformers puts also where there is room for no more."""
    return [row[:-1] if row[-1] in ends else row for row in rows]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_a_checkpoint_is_told_gives_token_for_token_what_plain_generate_gives(
    case: Case, folder_of: Callable[[str], Path], sources: list[str], tmp_path: Path
) -> None:
    folder = folder_of(case.family)
    checkpoint = Seq2SeqSpec(folder, case.spec(folder))
    identity = {"id": "tiny", "revision": "0"}
    ours = Seq2SeqTransformers.load(checkpoint, Device("cpu"), "float32", 1, identity)
    converted = convert(checkpoint, "0", "float32", tmp_path)
    theirs = Seq2SeqCTranslate2.load(converted, checkpoint, Device("cpu"), "float32", 1, identity)
    greedy, beams = (plain(case, folder, sources, number) for number in (1, 3))
    assert generated(ours, case.task, sources, GREEDY) == greedy
    assert generated(ours, case.task, sources, BEAMS) == beams
    # Where CTranslate2's beams part from these is in test_seq2seq_ctranslate2.py.
    ends = checkpoint.end_ids
    assert said(generated(theirs, case.task, sources, GREEDY), ends) == said(greedy, ends)
    otherwise = plain(replace(case, **OTHERWISE[case.family]), folder, sources, 1)
    assert sum(a == b for a, b in zip(greedy, otherwise, strict=True)) < len(sources) / 2
