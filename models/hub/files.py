"""Which files of a checkpoint are needed, and whether its configuration is one that can be used.

Chosen by name from a list of names, so that a folder and the hub's listing of a repository go through the same rules:
safetensors before `pytorch_model.bin` and never both; nothing of TensorFlow, Flax, ONNX or Rust; no Python files; and
no other pickle, because reading a pickle can run whatever somebody put in it.
"""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CONFIG = "config.json"
MODEL_CARD = "README.md"
ADAPTER = "adapter_config.json"
INDEX = ".index.json"
SAFETENSORS, PICKLE = "model.safetensors", "pytorch_model.bin"
_SMALL_FILES = {
    CONFIG,
    MODEL_CARD,
    "generation_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "target_vocab.json",
    "vocab-src.json",
    "vocab-tgt.json",
    "vocab.txt",
    "merges.txt",
    "source.spm",
    "target.spm",
    "spiece.model",
    "sentencepiece.bpe.model",
    "tokenizer.model",
}
# Each alone is a whole tokenizer: fast ones, T5 and Pegasus, mBART and NLLB, Marian, BART, FSMT, BERT's pieces.
_TOKENIZERS = (
    {"tokenizer.json"},
    {"spiece.model"},
    {"sentencepiece.bpe.model"},
    {"tokenizer.model"},
    {"source.spm", "target.spm", "vocab.json"},
    {"vocab.json", "merges.txt"},
    {"vocab-src.json", "vocab-tgt.json", "merges.txt"},
    {"vocab.txt"},
)
_SHARD = {
    SAFETENSORS: re.compile(r"model-\d+-of-\d+\.safetensors"),
    PICKLE: re.compile(r"pytorch_model-\d+-of-\d+\.bin"),
}
_OTHER_WEIGHTS = re.compile(
    r".*\.(bin|pt|pth|pkl|pickle|ckpt|joblib|dill|h5|msgpack|onnx|ot|gguf|safetensors|tflite|mlmodel|npz)"
)
_PICKLES = re.compile(r".*\.(bin|pt|pth|pkl|pickle|ckpt|joblib|dill)")
# What a training run leaves beside its weights; nothing here ever opens it.
_LEFT_BY_TRAINING = re.compile(
    r"training_args\.bin|optimizer\.(pt|bin)|scheduler\.(pt|bin)|scaler\.pt|rng_state.*\.pth"
)
# Heads with which an encoder-decoder architecture does something else than write a text.
_NO_TEXT = re.compile(
    r"For(Sequence|Token)Classification$|ForQuestionAnswering$|ForCausalLM$|ForMaskedLM$|EncoderModel$"
)
_ATTENTION = ("attn_implementation", "_attn_implementation")
_TORCHS_OWN = ("eager", "sdpa", None)


class Refusal(Exception):
    """Why a checkpoint cannot be used, as the end of a sentence that began with its name and a colon."""


@dataclass(frozen=True, slots=True)
class FileSelection:
    """The names of the needed files: configuration, tokenizer and card; and the weights with their index."""

    small: tuple[str, ...]
    weights: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All of them; the small ones first, so that what they rule out is known before the weights are fetched."""
        return self.small + self.weights


def select_files(names: Collection[str]) -> FileSelection:
    """The needed files among `names`, which are paths below the checkpoint's folder; raises Refusal."""
    there = {name for name in names if "/" not in name}
    if ADAPTER in there:
        # Beside whole weights transformers would load it, too, where peft is installed; nothing here looks at it.
        raise Refusal(f"it has or is an adapter ({ADAPTER}): merge it into its model and save the whole")
    if CONFIG not in there:
        raise Refusal(f"it has no {CONFIG}, so it is no model that transformers can load")
    if not any(tokenizer <= there for tokenizer in _TOKENIZERS):
        raise Refusal("it has no tokenizer (such as tokenizer.json, spiece.model or source.spm with its vocabulary)")
    return FileSelection(tuple(sorted(there & _SMALL_FILES)), _choose_weights(there))


def refuse_pickles(choice: FileSelection, names: Collection[str]) -> None:
    """Raise Refusal for a folder in which a pickle lies that is neither its weights nor a training run's leftover."""
    for name in sorted(set(names) - set(choice.names)):
        if _PICKLES.fullmatch(name) and not _LEFT_BY_TRAINING.fullmatch(name) and not _weights_beside(name):
            raise Refusal(f"{name} may be a pickle, which can run code when it is read: take it out of the folder")


def check_config(folder: Path) -> dict[str, Any]:
    """The checkpoint's config.json, if it is a seq2seq model that needs no code of its own; raises Refusal."""
    for name in (CONFIG, "tokenizer_config.json", "generation_config.json"):
        if (folder / name).is_file() and ("auto_map" in (values := read_json(folder / name))):
            raise Refusal(
                f"{name} asks for Python code that comes with the model ({_named(values)}), which is never run"
            )
    config = read_json(folder / CONFIG)
    if (kernel := next(_kernels(config), None)) is not None:
        raise Refusal(f"{CONFIG} asks for compiled code from elsewhere ({kernel}), which is never fetched")
    kind = str(config.get("model_type", "unknown"))
    heads = [str(head) for head in config.get("architectures") or ()]
    if not config.get("is_encoder_decoder") or any(map(_NO_TEXT.search, heads)):
        what = f"{kind} ({', '.join(heads)})" if heads else kind
        raise Refusal(f"it is no sequence-to-sequence model but {what}: take one that writes a text from a text")
    return config


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a file of the checkpoint; raises Refusal."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise Refusal(f"{path.name} is damaged (it is not JSON)") from error
    if not isinstance(values, dict):
        raise Refusal(f"{path.name} is damaged (it is not a JSON object)")
    return values


def longest_source(folder: Path, window: int | None = None) -> int | None:
    """The longest input in tokens, special ones counted, as far as the checkpoint's own files say it.

    An engine says the same: positions where they are absolute, and what its tokenizer takes. Where they are relative,
    a preset's `window` counts instead, and the files say nothing.
    """
    try:
        config = read_json(folder / CONFIG)
        tokenizer = read_json(folder / "tokenizer_config.json")
    except Refusal:
        return None
    positions, taken = config.get("max_position_embeddings"), tokenizer.get("model_max_length")
    if not positions and window is not None:
        return None
    # A tokenizer that knows no limit gives a number beyond all use.
    limits = [value for value in (positions, taken) if isinstance(value, int) and 0 < value < 1_000_000]
    return min(limits, default=config.get("n_positions"))


def _choose_weights(there: set[str]) -> tuple[str, ...]:
    for whole, shard in _SHARD.items():
        if whole in there:
            return (whole,)
        if whole + INDEX in there:
            return (whole + INDEX, *sorted(name for name in there if shard.fullmatch(name)))
    others = sorted(name for name in there if _OTHER_WEIGHTS.fullmatch(name) and not _LEFT_BY_TRAINING.fullmatch(name))
    found = f"there is {', '.join(others[:3])}" if others else "there are none"
    raise Refusal(f"it has no weights in {SAFETENSORS} or {PICKLE} ({found}), and no other format is read")


def _weights_beside(name: str) -> bool:
    """Whether it is the same weights in the format that was not chosen; that one is not read."""
    return name == PICKLE or _SHARD[PICKLE].fullmatch(name) is not None


def _kernels(values: dict[str, Any]) -> Iterator[str]:
    """What is asked for in place of torch's attention, here and in configurations within.

    transformers fetches it from the hub where the package kernels is installed, a flash_attention_2 likewise.
    """
    for name, value in values.items():
        if name in _ATTENTION:
            asked = value.values() if isinstance(value, dict) else (value,)
            yield from (str(one) for one in asked if one not in _TORCHS_OWN)
        elif isinstance(value, dict):
            yield from _kernels(value)


def _named(values: dict[str, Any]) -> str:
    references = values["auto_map"].values() if isinstance(values["auto_map"], dict) else ()
    flat = [r for one in references for r in (one if isinstance(one, list) else [one]) if r]
    return ", ".join(sorted({str(r).split(".")[0] + ".py" for r in flat})) or "auto_map"
