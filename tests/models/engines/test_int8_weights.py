"""Int8 weights whose sums fit into 16 bits, and hardly less exact than those that do not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.engines.int8_weights import row_scales

MAX_INT16 = 32_767
MAX_ACTIVATION = 255


@settings(deadline=None, max_examples=200)
@given(arrays(np.float32, st.tuples(st.integers(1, 4), st.integers(1, 9)), elements=st.floats(-8, 8, width=32)))
def test_two_neighbouring_products_never_leave_sixteen_bits(weight: np.ndarray) -> None:
    whole = np.rint(weight / row_scales(weight)[:, None])
    assert np.abs(whole).max() <= 127
    padded = np.pad(whole, ((0, 0), (0, whole.shape[1] % 2))).reshape(len(whole), -1, 2)
    for sign in (1, -1):
        assert MAX_ACTIVATION * np.clip(sign * padded, 0, None).sum(axis=2).max() <= MAX_INT16


@pytest.mark.parametrize(
    ("row", "largest"),
    [
        ([1.0, 0.0, 0.5, 0.5], 127),  # no pair adds up to more than the largest
        ([1.0, -1.0, 0.2, 0.1], 127),  # what has opposite signs does not add up
        ([1.0, 1.0, 0.2, 0.1], 64),  # 255 * 64 * 2 is 32,640
        ([0.2, 1.0, 1.0, 0.2], 106),  # only neighbours that are added together count
    ],
)
def test_a_row_keeps_as_many_steps_as_its_pairs_allow(row: list[float], largest: int) -> None:
    weight = np.array([row], dtype=np.float32)
    assert np.abs(np.rint(weight / row_scales(weight)[:, None])).max() == largest
