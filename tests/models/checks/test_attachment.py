"""Values that changed places are seen as far as the checks reach, and no farther: a table costs no more than a text."""

import pytest

from models.checks.attachment import REACH
from models.checks.quantities import quantity_flags
from models.checks.texts import Text

PLACES = (
    *("Berlin", "Hamburg", "Bremen", "Kassel", "Jena", "Ulm", "Trier", "Mainz", "Worms", "Fulda", "Siegen", "Hagen"),
    *("Essen", "Celle", "Stade", "Emden", "Aalen", "Goslar", "Gera", "Halle", "Zwickau", "Chemnitz", "Weimar", "Bonn"),
)


def flags(one: int, other: int) -> list[str]:
    """The doubts about a list whose figures at these places have been exchanged in English."""
    figures = [101 + 7 * n for n in range(len(PLACES))]
    german = "; ".join(f"{figure} Autos in {place}" for figure, place in zip(figures, PLACES, strict=True))
    figures[one], figures[other] = figures[other], figures[one]
    english = "; ".join(f"{figure} cars in {place}" for figure, place in zip(figures, PLACES, strict=True))
    found = quantity_flags([Text(german + ".", "de")], Text(english + ".", "en"), complete=True)
    return [flag.text for flag in found]


@pytest.mark.parametrize(("one", "other"), [(2, 5), (0, REACH - 1)])
def test_two_values_that_changed_places_are_seen_with_others_between_them(one: int, other: int) -> None:
    (text,) = flags(one, other)
    assert text == f"{101 + 7 * other} … {101 + 7 * one}"


def test_values_farther_from_each_other_are_not_compared_and_an_untouched_list_has_no_doubts() -> None:
    assert flags(0, REACH + 2) == []
    assert flags(3, 3) == []
