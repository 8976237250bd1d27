"""A causal checkpoint of a few thousand random weights, through the real tokenizer, configuration and converter."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from models.decoding import Task
from models.engines.causal_ctranslate2 import CausalCTranslate2
from models.engines.causal_transformers import CausalTransformers
from models.engines.device import Device
from models.engines.gemma3_int8.engine import CausalInt8

PROMPTS: dict[Task, str] = {
    "translation": "German: {source}\nEnglish:",
    "summarization": "Article: {source}\nSummary:",
}
WINDOW = 40
SLIDING_WINDOW = 56
TEXT = """Der Hund schläft im Garten, und die Katze sitzt auf dem Dach. German: English: Article: Summary:
Die Regierung hat am Freitag ein neues Gesetz beschlossen; es gilt ab Montag. A dog sleeps in the garden.
Der Preis stieg um 3,5 Prozent auf 1.234 Euro, sagte ein Sprecher. <eos> <bos> <pad> <unk>"""
SOURCES = [
    "Der Hund schläft im Garten.",
    "Ja.",
    "Die Regierung hat am Freitag ein neues Gesetz beschlossen; es gilt ab Montag.",
    "Die Katze sitzt auf dem Dach.",
    "Der Preis stieg um 3,5 Prozent, sagte ein Sprecher.",
]
IDENTITY = {"id": "tiny", "revision": "0"}
Engines = CausalCTranslate2 | CausalTransformers | CausalInt8


@dataclass(frozen=True)
class Tiny:
    """Where the checkpoint lies in Hugging Face's and in CTranslate2's format, and how to load it."""

    transformers: Path
    ctranslate2: Path

    def load(self, runtime: str) -> Any:
        """A fresh engine on the CPU with one thread, in float32 if its name is not "int8"."""
        if runtime == "int8":
            return CausalInt8.load(self.transformers, PROMPTS, WINDOW, 1, IDENTITY)
        arguments = (PROMPTS, WINDOW, Device("cpu"), "float32", 1, IDENTITY)
        if runtime == "transformers":
            return CausalTransformers.load(self.transformers, *arguments)
        return CausalCTranslate2.load(self.ctranslate2, *arguments)


def train_tokenizer() -> Any:
    """A small tokenizer of Gemma's make: spaces as ▁, <bos> in front."""
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True))
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.Fuse()])
    special = ["<pad>", "<eos>", "<bos>", "<unk>"]
    tokenizer.train_from_iterator([TEXT], trainers.BpeTrainer(vocab_size=220, special_tokens=special))
    tokenizer.post_processor = processors.TemplateProcessing(single="<bos> $A", special_tokens=[("<bos>", 2)])
    return tokenizer


def save_checkpoint(folder: Path) -> None:
    """Random weights, large enough that greedy search does not repeat one token, in `Gemma3ForCausalLM`."""
    import torch
    from transformers import Gemma3ForCausalLM, Gemma3TextConfig, PreTrainedTokenizerFast

    tokenizer = train_tokenizer()
    names = {"pad_token": "<pad>", "eos_token": "<eos>", "bos_token": "<bos>", "unk_token": "<unk>"}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **names).save_pretrained(folder)
    config = Gemma3TextConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=24,
        intermediate_size=32,
        num_hidden_layers=3,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=16,
        query_pre_attn_scalar=16,
        sliding_window=SLIDING_WINDOW,
        layer_types=["sliding_attention", "full_attention", "sliding_attention"],
        max_position_embeddings=256,
        pad_token_id=0,
        eos_token_id=1,
        bos_token_id=2,
    )
    torch.manual_seed(11)
    model = Gemma3ForCausalLM(config)
    with torch.no_grad():
        for name, weights in model.named_parameters():
            weights.normal_(0.0, 0.1 if "norm" in name else 0.4)
        # An end token as loud as this is chosen now and then, though the weights are random.
        model.get_input_embeddings().weight[1] *= 2.5
    model.save_pretrained(folder)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """The checkpoint, converted by CTranslate2's own converter."""
    from ctranslate2.converters import TransformersConverter

    folder = tmp_path_factory.mktemp("tiny")
    save_checkpoint(folder / "transformers")
    converted = folder / "ctranslate2"
    TransformersConverter(str(folder / "transformers")).convert(str(converted))
    (converted / "tokenizer.json").write_bytes((folder / "transformers" / "tokenizer.json").read_bytes())
    return Tiny(folder / "transformers", converted)


@pytest.fixture(scope="session")
def engine_of(tiny: Tiny) -> Callable[[str], Engines]:
    """The tiny checkpoint's engine by the name of its runtime, loaded once."""
    loaded: dict[str, Engines] = {}

    def get(runtime: str) -> Engines:
        if runtime not in loaded:
            loaded[runtime] = tiny.load(runtime)
        return loaded[runtime]

    return get


@pytest.fixture(params=["ctranslate2", "transformers", "int8"])
def engine(request: pytest.FixtureRequest, engine_of: Callable[[str], Engines]) -> Engines:
    """Each engine in turn."""
    return engine_of(request.param)
