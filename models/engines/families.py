"""What each family of seq2seq checkpoints must be told for a task: languages, prefix, first tokens, its own search.

    Marian              ">>eng<<" before the source, where the checkpoint writes several languages
    BART, Pegasus       nothing
    T5                  a prefix, which its configuration gives for the tasks it was trained on
    mT5                 nothing, unless a preset gives a prompt
    mBART               the source's language behind it; the target's as the decoder's start token
    mBART-50, M2M100,   the source's language before it; the target's forced as the first token
    NLLB
    FSMT                nothing: a checkpoint is one pair of languages

A generation config is taken apart for what is known here and made anew: whatever else one may hold (sampling, or a
decoding loop that the hub would have to send) has no say, and what of it would change a search is named to the user.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.decoding import ResolvedDecoding, Task

# German and English as the tokenizers of mBART, NLLB, M2M100 and Marian's multilingual checkpoints write them.
LANGUAGES = (("de_DE", "en_XX"), ("deu_Latn", "eng_Latn"), ("__de__", "__en__"))
MARIAN_ENGLISH = (">>eng<<", ">>en<<")
# Tokens that a checkpoint without positions (T5's are relative) is given, if neither it nor a preset says: T5 and mT5
# were trained on 512 and 1,024, and most of what was made from them on 512.
DEFAULT_WINDOW = 512
# A tokenizer that knows no limit gives a number beyond all use.
TOKENIZER_NO_LIMIT = 1_000_000
KEPT_SETTINGS = (
    "bad_words_ids",
    "begin_suppress_tokens",
    "bos_token_id",
    "decoder_start_token_id",
    "early_stopping",
    "encoder_no_repeat_ngram_size",
    "eos_token_id",
    "forced_bos_token_id",
    "forced_eos_token_id",
    "length_penalty",
    "min_length",
    "no_repeat_ngram_size",
    "num_beams",
    "pad_token_id",
    "renormalize_logits",
    "repetition_penalty",
    "suppress_tokens",
)
# What would change a search and is not done; temperature, top_k and the like mean nothing without do_sample.
UNSUPPORTED_SETTINGS = (
    "constraints",
    "diversity_penalty",
    "do_sample",
    "encoder_repetition_penalty",
    "exponential_decay_length_penalty",
    "force_words_ids",
    "guidance_scale",
    "min_new_tokens",
    "num_beam_groups",
    "penalty_alpha",
    "sequence_bias",
    "stop_strings",
    "watermarking_config",
)
DECODING_SETTINGS = ("num_beams", "length_penalty", "repetition_penalty", "no_repeat_ngram_size", "min_length")


@dataclass(frozen=True, slots=True)
class TaskFormat:
    """How one checkpoint does one task.

    `before` and `behind` are text around the source; `source_lang` is what the tokenizer's `src_lang` must be, and
    `target_lang` in its words what is written; `start` is the decoder's first token and `forced` the one that is put
    behind it; `default_decoding` is the checkpoint's search.
    """

    before: str
    behind: str
    source_lang: str | None
    target_lang: str | None
    start: int
    forced: int | None
    default_decoding: ResolvedDecoding


def generation_config(folder: Any, config: Any) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What of the checkpoint's generation config is kept, and the names of what else it would have done.

    Older checkpoints have it in their config.json. Raises ValueError where nothing says how a text ends.
    """
    from transformers import GenerationConfig

    try:
        loaded: Any = GenerationConfig.from_pretrained(folder, local_files_only=True)
    except OSError:
        loaded = GenerationConfig.from_model_config(config)
    found = {name: getattr(loaded, name, None) for name in KEPT_SETTINGS}
    for name in ("bos_token_id", "pad_token_id", "eos_token_id", "decoder_start_token_id"):
        if found[name] is None:
            found[name] = getattr(config, name, None)
    if not _token_ids(found["eos_token_id"]):
        raise ValueError("nothing says which token ends a text (eos_token_id)")
    if not _token_ids(found["pad_token_id"]):  # as `generate` has it; it only fills up what nobody reads
        found["pad_token_id"] = _token_ids(found["eos_token_id"])[0]
    unsupported_settings = tuple(name for name in UNSUPPORTED_SETTINGS if _changes_search(getattr(loaded, name, None)))
    return {name: value for name, value in found.items() if value is not None}, unsupported_settings


def task_format(
    task: Task,
    prompt: str | None,
    languages: tuple[str | None, str | None],
    tokenizer: Any,
    config: Any,
    generation: Mapping[str, Any],
) -> TaskFormat:
    """How the checkpoint does `task`; `prompt` and `languages` (source, target) are a preset's, where it gives them.

    Raises ValueError for a language that the tokenizer does not know and for a search that cannot be.
    """
    params = _task_params(task, config)
    before, behind = prompt.split("{source}") if prompt is not None else (_prefix(task, config, tokenizer), "")
    source, target = _languages(task, languages, tokenizer)
    start, forced = generation.get("decoder_start_token_id"), generation.get("forced_bos_token_id")
    if target is not None:
        if _language_behind(tokenizer):
            start, forced = _id(tokenizer, target), None
        else:
            forced = _id(tokenizer, target)
    if start is None:
        raise ValueError("nothing says which token its decoder starts with")
    values = {name: params.get(name, generation.get(name)) for name in DECODING_SETTINGS}
    if task == "translation":  # a least length is for summaries; a short sentence has a short translation
        values["min_length"] = None
    # It may also be "never", which is the opposite.
    values["early_stopping"] = params.get("early_stopping", generation.get("early_stopping")) is True
    default_decoding = ResolvedDecoding(**{name: value for name, value in values.items() if value is not None})
    # M2M100's tokenizer wants "de" where its vocabulary has "__de__".
    return TaskFormat(
        before, behind, source and source.strip("_"), target and target.strip("_"), start, forced, default_decoding
    )


def hidden_tokens(tokenizer: Any) -> frozenset[int]:
    """Tokens that say something to the model and nothing to a reader, beside those that the tokenizer knows as such.

    M2M100's languages are ordinary tokens where the checkpoint does not list them as special.
    """
    return frozenset(getattr(tokenizer, "id_to_lang_token", ()))


def max_positions(config: Any) -> int | None:
    """How many positions encoder and decoder have; None where they are relative."""
    found = getattr(config, "max_position_embeddings", None)
    return int(found) if found else None


def longest_source(config: Any, tokenizer: Any, window: int | None, overhead: int) -> int:
    """The longest input in tokens, all special ones and a prefix counted: `overhead` of them is not the source.

    The preset's `window` counts only where positions are relative and nothing else bounds the source.
    """
    limit = tokenizer.model_max_length if tokenizer.model_max_length < TOKENIZER_NO_LIMIT else None
    positions = max_positions(config)
    if positions is not None:
        return min(positions, limit or positions)
    if window is not None:
        return window + overhead
    return limit or getattr(config, "n_positions", None) or DEFAULT_WINDOW


def _token_ids(value: Any) -> list[int]:
    """A token's id, or several in a list; none where it is neither."""
    ids = value if isinstance(value, list) else [value]
    return ids if all(type(one) is int for one in ids) else []


def _changes_search(value: Any) -> bool:
    """Whether it is more than what changes nothing: nothing at all, a sum with 0 or a product with 1."""
    return value is True or bool(value and value != 1)


def _task_params(task: Task, config: Any) -> dict[str, Any]:
    """What config.json says for a task alone: T5 and BART have that for summaries."""
    known = getattr(config, "task_specific_params", None) or {}
    found = known.get("translation_de_to_en" if task == "translation" else "summarization", {})
    return dict(found)


def _prefix(task: Task, config: Any, tokenizer: Any) -> str:
    if config.model_type == "marian" and task == "translation":
        codes = getattr(tokenizer, "supported_language_codes", [])
        return next((f"{code} " for code in MARIAN_ENGLISH if code in codes), "")
    params = _task_params(task, config)
    if "prefix" in params:
        return str(params["prefix"])
    known = getattr(config, "task_specific_params", None) or {}
    if task == "translation" and any("to German" in str(one.get("prefix")) for one in known.values()):
        # T5 was trained from English only; the other direction is asked for in the same words.
        return "translate German to English: "
    return ""


def _languages(task: Task, asked: tuple[str | None, str | None], tokenizer: Any) -> tuple[str | None, str | None]:
    """The languages of source and target as the tokenizer writes them; None where it knows no languages."""
    pair = next((p for p in LANGUAGES if all(_knows(tokenizer, code) for code in p)), None)
    if pair is None or not hasattr(tokenizer, "src_lang"):
        return None, None
    wrap = "__{}__" if pair[0].startswith("__") else "{}"
    german, english = (wrap.format(own.strip("_")) if own else code for own, code in zip(asked, pair, strict=True))
    for code in (german, english):
        if not _knows(tokenizer, code):
            raise ValueError(f"its tokenizer knows no language {code.strip('_')}")
    return (english if task == "summarization" else german), english


def _knows(tokenizer: Any, token: str) -> bool:
    # Not by its vocabulary, in which M2M100's tokenizer does not list them.
    return tokenizer.convert_tokens_to_ids(token) not in (None, tokenizer.unk_token_id)


def _language_behind(tokenizer: Any) -> bool:
    """mBART's tokenizer of 2020 puts the language behind the source and wants the target's in the decoder's start."""
    return type(tokenizer).__name__.startswith("MBartTokenizer")


def _id(tokenizer: Any, token: str) -> int:
    return int(tokenizer.convert_tokens_to_ids(token))
