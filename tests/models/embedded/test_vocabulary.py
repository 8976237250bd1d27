"""The trimmed tokenizer: ids, merges, bytes and control tokens, on a vocabulary that can be read."""

import itertools
import json
from importlib.resources import files

import pytest
from tokenizers import Tokenizer

from models.embedded.vocabulary import CONTROL, USER_DEFINED, merges_of, tokenizer_json

NORMAL, BYTE = 1, 6
SPECIAL = ["<pad>", "<eos>", "<bos>", "<unk>"]
BYTES = [f"<0x{n:02X}>" for n in range(256)]
WORDS = ["\n\n", "  ", "▁", "d", "e", "r", "h", "u", "n", "z", "de", "der", "▁der", "hu", "und", "hund", "▁hu", "un"]
TOKENS = [*SPECIAL, *BYTES, *WORDS]
TYPES = [CONTROL] * 4 + [BYTE] * 256 + [USER_DEFINED] + [NORMAL] * (len(WORDS) - 1)


def keeping(*dropped: str) -> list[int]:
    return [number for number, token in enumerate(TOKENS) if token not in dropped]


def tokenizer(kept: list[int]) -> Tokenizer:
    return Tokenizer.from_str(tokenizer_json(TOKENS, TYPES, kept))


def test_kept_tokens_are_numbered_from_zero_in_their_order() -> None:
    kept = keeping("z", "hu", "un")
    vocab = json.loads(tokenizer_json(TOKENS, TYPES, kept))["model"]["vocab"]
    assert list(vocab.values()) == list(range(len(kept)))
    assert [token.replace("▁▁", "  ") for token in vocab] == [TOKENS[old] for old in kept]


def test_merges_are_those_of_the_whole_vocabulary_whose_parts_and_result_are_kept() -> None:
    kept = keeping("hu", "z")
    names = {TOKENS[old] for old in kept}
    whole = merges_of({token: number for number, token in enumerate(TOKENS)})
    trimmed = merges_of({TOKENS[old]: number for number, old in enumerate(kept)})
    assert trimmed == [(a, b) for a, b in whole if {a, b, a + b} <= names]
    assert 0 < len(trimmed) < len(whole)


def test_merges_come_in_the_order_of_the_tokens_with_the_longer_left_part_first() -> None:
    vocab = {token: number for number, token in enumerate(["a", "b", "c", "ab", "bc", "abc"])}
    assert merges_of(vocab) == [("a", "b"), ("b", "c"), ("ab", "c"), ("a", "bc")]


def test_every_merge_has_parts_and_a_result_with_an_id_in_the_shipped_choice() -> None:
    kept = json.loads(files("models.embedded").joinpath("kept_tokens.json").read_text(encoding="utf-8"))
    assert kept == sorted(set(kept))
    assert all(isinstance(number, int) and 0 <= number < 262_144 for number in kept)
    assert kept[:4] == [0, 1, 2, 3]  # <pad>, <eos>, <bos>, <unk>: the configuration names them by number
    assert set(range(238, 494)) <= set(kept)  # the 256 bytes, by which any text can be written


def test_a_text_is_merged_begins_with_bos_and_comes_back() -> None:
    encoding = tokenizer(keeping()).encode("der hund")
    assert encoding.tokens == ["<bos>", "der", "▁hu", "n", "d"]
    assert tokenizer(keeping()).decode(encoding.ids) == "der hund"


def test_without_a_token_the_same_text_takes_smaller_ones() -> None:
    shorter = tokenizer(keeping("▁hu"))
    encoding = shorter.encode("der hund", add_special_tokens=False)
    assert "▁hu" not in encoding.tokens
    assert shorter.decode(encoding.ids) == "der hund"


@pytest.mark.parametrize("text", ["ж", "der € hund", "漢字", "🙂", "der  hund"])
def test_what_has_no_token_is_spelled_in_bytes_and_comes_back(text: str) -> None:
    trimmed = tokenizer(keeping("  "))
    encoding = trimmed.encode(text, add_special_tokens=False)
    assert "<unk>" not in encoding.tokens
    assert trimmed.decode(encoding.ids) == text


def test_a_run_of_spaces_is_looked_up_as_the_normaliser_writes_it() -> None:
    assert "▁▁" in tokenizer(keeping()).encode("der  hund").tokens


def test_control_tokens_are_special_and_user_defined_ones_are_found_but_not_special() -> None:
    added = json.loads(tokenizer_json(TOKENS, TYPES, keeping()))["added_tokens"]
    assert {row["content"]: row["special"] for row in added} == {**dict.fromkeys(SPECIAL, True), "\n\n": False}
    trimmed = tokenizer(keeping())
    encoding = trimmed.encode("der\n\nder<eos>")
    assert encoding.tokens == ["<bos>", "der", "\n\n", "der", "<eos>"]
    assert trimmed.decode(encoding.ids) == "der\n\nder"


def test_a_pair_of_texts_gets_one_bos_each() -> None:
    trimmed = tokenizer(keeping())
    assert trimmed.encode("der", "hund").tokens.count("<bos>") == 2


def test_every_text_of_kept_letters_comes_back() -> None:
    trimmed = tokenizer(keeping("hu", "der"))
    for letters in itertools.product("derhun ", repeat=4):
        text = "".join(letters)
        assert trimmed.decode(trimmed.encode(text).ids) == text
