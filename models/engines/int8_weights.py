"""Scales of int8 weights with which no processor's sums overflow.

Processors without VNNI multiply int8 weights with activations of 8 bits (0 to 255 after a shift) and add each two
neighbouring products in 16 bits, which saturate: 255 * 127 * 2 is 64,770, and 32,767 is the most. The scale of a row
is therefore so large that no two neighbours of one sign add up to more than 127: 255 * (127 + 1) is 32,640, the 1 for
rounding. The embedded model pays for that with a third of a bit; `python -m tests.benchmarks.int8_scales` compares it
with weights or activations of 7 bits. Processors with VNNI add in 32 bits; they compute with the same weights, so that
both kinds give the same text.
"""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

MAX_INT8 = 127
# The least scale, for rows of zeros.
MIN_SCALE = 1e-12
Floats = npt.NDArray[np.float32]


def row_scales(weight: Floats) -> npt.NDArray[np.float64]:
    """For a weight of shape (outputs, inputs) what each row is divided by before it is rounded to int8."""
    rows = np.ascontiguousarray(weight)
    if rows.shape[1] % 2:
        rows = np.pad(rows, ((0, 0), (0, 1)))
    first, second = rows[:, ::2], rows[:, 1::2]
    # Neighbours of opposite signs do not add up.
    largest = np.maximum(np.abs(rows).max(axis=1), np.abs(first + second).max(axis=1))
    scales: npt.NDArray[np.float64] = np.maximum(largest.astype(np.float64), MIN_SCALE) / MAX_INT8
    return scales


def save_ctranslate2(spec: Any, target: Path, compute_type: str) -> None:
    """Write a CTranslate2 model into `target`, which must not exist; int8 weights with the scales of `row_scales`."""
    spec.validate()
    in_int8 = compute_type.startswith("int8")
    spec.optimize(quantization=None if in_int8 else compute_type)
    if in_int8:
        _quantize(spec)
    target.mkdir(parents=True)
    spec.save(str(target))


def _quantize(spec: Any) -> None:
    """All weights that have a scale beside them, in place."""
    from ctranslate2.specs.model_spec import NumpyVariable, Variable, visit_spec

    def visit(layer: Any, name: str, value: Any) -> None:
        key = name.rsplit("/", 1)[-1]
        # A variable that is another one's alias is a name.
        if not isinstance(value, Variable) or value.is_scalar() or not hasattr(layer, f"{key}_scale"):
            return
        weight = value.to("float32").numpy()
        rows = weight.reshape(weight.shape[0], -1)
        scales = row_scales(rows)
        whole = np.rint(rows / scales[:, None]).astype(np.int8).reshape(weight.shape)
        setattr(layer, key, NumpyVariable(whole))
        # CTranslate2 divides by its scale, torch multiplies.
        setattr(layer, f"{key}_scale", NumpyVariable((1 / scales).astype(np.float32)))

    visit_spec(spec, visit)
