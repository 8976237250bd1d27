"""The word lists: what is wrong in the file is refused by name."""

import pytest

from models.reading.abbreviations import abbreviations, parse_abbreviations


@pytest.mark.parametrize("lang", ["de", "en"])
def test_the_lists_that_ship_are_sound(lang: str) -> None:
    assert "mr" in {word.lower() for word in abbreviations(lang).never_final}


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ({"never_finals": "Dr"}, "never_finals"),
        ({"never_final": ["Dr", "Prof"]}, "never_final must be one text"),
        ({"never_final": "Dr Prof Dr"}, "Dr twice"),
        ({"never_final": "Dr usw", "may_be_final": "usw"}, "usw cannot both"),
    ],
)
def test_a_fault_in_the_lists_is_named(table: dict[str, object], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        parse_abbreviations(table)
