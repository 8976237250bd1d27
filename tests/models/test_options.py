"""What may be asked of a summary."""

import pytest

from models.errors import UsageError
from models.options import Options


def test_a_length_stands_for_a_number_of_words_and_max_words_goes_before_it() -> None:
    assert [Options(length=name).words for name in ("short", "medium", "long")] == [40, 90, 180]
    assert Options(length="long", max_words=55).words == 55


@pytest.mark.parametrize("words", [0, -1, 9, 2001])
def test_words_out_of_range_are_an_error_that_names_the_range(words: int) -> None:
    with pytest.raises(UsageError, match="between 10 and 2000"):
        Options(max_words=words)
