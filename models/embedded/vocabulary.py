"""The tokenizer of the embedded model: Gemma's, with only the tokens that `kept_tokens.json` lists.

The base file has tokens but no merges; these follow from the vocabulary, in the order of the tokens. Made from the kept
tokens alone, they are exactly the base's merges whose parts and result are kept.
"""

import json
from collections.abc import Sequence
from typing import Any

# GGUF's token types (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md): <bos> and its like are control
# tokens, runs of newlines are user-defined: found in a text before anything is merged.
CONTROL, USER_DEFINED = 3, 4
# In the order in which the base's own conversion adds them; ids follow from the vocabulary.
SPECIAL_TOKENS = {"bos_token": "<bos>", "eos_token": "<eos>", "unk_token": "<unk>", "pad_token": "<pad>"}
SPACE_MARK = "▁"


def tokenizer_json(tokens: Sequence[str], types: Sequence[int], kept: Sequence[int]) -> str:
    """The `tokenizer.json` (of the `tokenizers` library) for the kept ids; new ids count from 0 in the order of `kept`.

    `tokens` and `types` are the whole vocabulary of the base file.
    """
    spelled = [_respell(tokens[old]) for old in kept]
    vocab = {token: new for new, token in enumerate(spelled)}
    special = [types[old] == CONTROL for old in kept]
    added = [new for new, old in enumerate(kept) if types[old] in (CONTROL, USER_DEFINED) and tokens[old] in vocab]
    bos = vocab[SPECIAL_TOKENS["bos_token"]]
    spec = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [_added(new, spelled[new], special[new]) for new in added],
        "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": SPACE_MARK},
        "pre_tokenizer": {
            "type": "Split",
            "pattern": {"String": " "},
            "behavior": "MergedWithPrevious",
            "invert": False,
        },
        "post_processor": _begin_with(SPECIAL_TOKENS["bos_token"], bos),
        "decoder": {
            "type": "Sequence",
            "decoders": [
                {"type": "Replace", "pattern": {"String": SPACE_MARK}, "content": " "},
                {"type": "ByteFallback"},
                {"type": "Fuse"},
            ],
        },
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": SPECIAL_TOKENS["unk_token"],
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": True,
            "byte_fallback": True,
            "ignore_merges": False,
            "vocab": vocab,
            "merges": merges_of(vocab),
        },
    }
    return json.dumps(spec, ensure_ascii=False)


def tokenizer_config() -> dict[str, Any]:
    """The `tokenizer_config.json` beside it, by which transformers finds the class and the special tokens."""
    return {
        "backend": "tokenizers",
        "tokenizer_class": "GemmaTokenizer",
        "model_max_length": 32768,
        "mask_token": "<mask>",
        **SPECIAL_TOKENS,
    }


def merges_of(vocab: dict[str, int]) -> list[tuple[str, str]]:
    """Every way to put a token together from two others, in the order of the vocabulary, longer left part first."""
    return [
        (token[:cut], token[cut:])
        for token in vocab
        for cut in range(len(token) - 1, 0, -1)
        if token[:cut] in vocab and token[cut:] in vocab
    ]


def _respell(token: str) -> str:
    """A run of spaces is stored as such but looked up after the normaliser has replaced them."""
    return SPACE_MARK * len(token) if " " in token and not token.strip() else token


def _added(number: int, content: str, special: bool) -> dict[str, Any]:
    return {
        "id": number,
        "content": content,
        "single_word": False,
        "lstrip": False,
        "rstrip": False,
        "normalized": False,
        "special": special,
    }


def _begin_with(token: str, number: int) -> dict[str, Any]:
    """A post-processor that puts one token in front of each text."""

    def piece(kind: str, name: str, type_id: int) -> dict[str, Any]:
        return {kind: {"id": name, "type_id": type_id}}

    first = [piece("SpecialToken", token, 0), piece("Sequence", "A", 0)]
    return {
        "type": "TemplateProcessing",
        "single": first,
        "pair": [*first, piece("SpecialToken", token, 1), piece("Sequence", "B", 1)],
        "special_tokens": {token: {"id": token, "ids": [number], "tokens": [token]}},
    }
