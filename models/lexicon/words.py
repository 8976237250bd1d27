"""Words and their base forms, German and English; simplemma knows the forms."""

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

# No word of either language is longer; what is longer has no base form.
MAX_WORD_CHARACTERS = 60
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")


def tokens(text: str) -> list[str]:
    """The words of a text; hyphens and apostrophes inside a word belong to it."""
    return _WORD.findall(text)


@cache
def word_list(name: Literal["function_words", "particles", "suffixes", "optional_english"]) -> frozenset[str]:
    """One of the lists of `words.toml`."""
    return frozenset(tomllib.loads(files("models.lexicon").joinpath("words.toml").read_text("utf-8"))[name].split())


@lru_cache(maxsize=50_000)
def lemma(word: str, lang: Literal["de", "en"] = "de") -> str:
    """The base form of a word: the word itself where none is known, or where it is too long to be one."""
    import simplemma

    return simplemma.lemmatize(word, lang) if len(word) <= MAX_WORD_CHARACTERS else word
