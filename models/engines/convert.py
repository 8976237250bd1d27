"""A seq2seq checkpoint in CTranslate2's format: converted once, by its own converter, into the cache folder.

    CACHE/ctranslate2/NAME-KEY/    KEY is a hash over revision, number format and the version of the converter

Three things are done differently from the converter alone. Tokens are named by their ids: names that a tokenizer gives
twice or that transformers 5 keeps elsewhere then cannot move the vocabulary against the weights. And T5 checkpoints
whose embeddings are not tied are told so: transformers 5 says of all that they are, and the converter would scale the
output of Flan-T5 and mT5 down by the square root of the model's width. And Marian's decoder starts from its padding
token, as `generate` has it: the converter takes that for a zero, which it is no longer once somebody has trained on.
"""

import hashlib
import re
from pathlib import Path
from typing import Any

from models.engines.choice import CTRANSLATE2_FAMILIES
from models.engines.int8_weights import save_ctranslate2
from models.engines.seq2seq import Seq2SeqSpec
from models.options import LoadProgress, ignore_load_progress
from models.storage import ensure_built

# What the converter reads from a configuration and transformers 5 does not put there: whether layers normalise before
# they compute and whether the embeddings are normalised.
_ABSENT = {
    "marian": {"normalize_before": False, "normalize_embedding": False},
    "bart": {"normalize_before": False, "normalize_embedding": True},
    "mbart": {"normalize_before": True, "normalize_embedding": True},
    "pegasus": {"normalize_before": True, "normalize_embedding": False},
}


def conversion_obstacle(checkpoint: Seq2SeqSpec) -> str | None:
    """Why CTranslate2 cannot run the checkpoint, or None."""
    config = checkpoint.config
    family = str(config.model_type)
    if family not in CTRANSLATE2_FAMILIES:
        return f"it does not know the family {family}"
    if family == "marian":
        separate = getattr(config, "decoder_vocab_size", None) not in (None, config.vocab_size)
        if separate or not getattr(config, "share_encoder_decoder_embeddings", True):
            return "source and target have vocabularies of their own"
    return None


def convert(
    checkpoint: Seq2SeqSpec,
    revision: str,
    compute_type: str,
    cache: Path,
    progress: LoadProgress = ignore_load_progress,
) -> Path:
    """The folder with the converted checkpoint, made if it is not there whole.

    Raises ModelUnavailable where the cache cannot be written; what the converter raises passes through.
    """
    import ctranslate2

    key = f"{revision} {compute_type} {ctranslate2.__version__} ids pad pairs"
    name = re.sub(r"[^\w.-]+", "--", checkpoint.name).strip("-.")[-60:]
    folder = cache / "ctranslate2" / f"{name}-{hashlib.sha256(key.encode()).hexdigest()[:16]}"

    def build(target: Path) -> None:
        progress(f"converting {checkpoint.name}", 0.0)
        save_ctranslate2(_spec(checkpoint), target / "model", compute_type)
        progress(f"converting {checkpoint.name}", 1.0)

    ensure_built(folder, build)
    return folder / "model"


def _spec(checkpoint: Seq2SeqSpec) -> Any:
    """What CTranslate2's own converter makes of the weights, which are loaded as for the other engine."""
    import torch
    from ctranslate2.converters.transformers import _MODEL_LOADERS

    from models.engines.seq2seq_transformers import load_weights

    with torch.no_grad():
        model = load_weights(checkpoint, "float32")
        config = model.config
        family = str(config.model_type)
        for attribute, value in _ABSENT.get(family, {}).items():
            setattr(config, attribute, value)
        if family in ("t5", "mt5"):
            config.tie_word_embeddings = getattr(config, "scale_decoder_outputs", False)
        loader = "BartConfig" if family == "marian" else type(config).__name__
        spec = _MODEL_LOADERS[loader].get_model_spec(model)
    rows = spec.get_target_vocabulary_size()
    names = [str(number) for number in range(rows)]
    spec.register_source_vocabulary(names)
    spec.register_target_vocabulary(names)
    end = str(checkpoint.end_ids[0])
    spec.config.eos_token = end
    spec.config.bos_token = str(checkpoint.generation.get("bos_token_id", end))
    spec.config.unk_token = str(checkpoint.tokenizer.unk_token_id)
    spec.config.decoder_start_token = None  # It is told with each source.
    return spec
