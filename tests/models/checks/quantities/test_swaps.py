"""Values that have changed places are found, up to a limited distance from each other."""

import pytest

from models.checks.quantities.check import SourceQuantities, quantity_flags
from models.checks.quantities.swaps import MAX_LINK_DISTANCE
from models.checks.texts import LangText, SourceSentence

PLACES = (
    *("Berlin", "Hamburg", "Bremen", "Kassel", "Jena", "Ulm", "Trier", "Mainz", "Worms", "Fulda", "Siegen", "Hagen"),
    *("Essen", "Celle", "Stade", "Emden", "Aalen", "Goslar", "Gera", "Halle", "Zwickau", "Chemnitz", "Weimar", "Bonn"),
)


def flags(one: int, other: int) -> list[str]:
    """Return the flagged words of a list in whose English the figures at two places were exchanged."""
    figures = [101 + 7 * n for n in range(len(PLACES))]
    german = "; ".join(f"{figure} Autos in {place}" for figure, place in zip(figures, PLACES, strict=True))
    figures[one], figures[other] = figures[other], figures[one]
    english = "; ".join(f"{figure} cars in {place}" for figure, place in zip(figures, PLACES, strict=True))
    found = quantity_flags(
        SourceQuantities.of([SourceSentence(german + ".", "de")]), LangText(english + ".", "en"), complete=True
    )
    return [flag.text for flag in found]


@pytest.mark.parametrize(("one", "other"), [(2, 5), (0, MAX_LINK_DISTANCE - 1)])
def test_two_values_that_have_changed_places_are_found_with_others_between_them(one: int, other: int) -> None:
    (text,) = flags(one, other)
    assert text == f"{101 + 7 * other} … {101 + 7 * one}"


def test_values_far_from_each_other_are_not_compared_and_a_right_list_is_not_flagged() -> None:
    assert flags(0, MAX_LINK_DISTANCE + 2) == []
    assert flags(3, 3) == []


SEATS = SourceSentence("Die SPD kam 2021 auf 26 Sitze, die Grünen auf 18.", "de")
MONEY = SourceSentence("Der Umsatz lag 2024 bei 37 Millionen Euro, nach 11 Millionen im Jahr 2023.", "de")
SCORE = SourceSentence("Bayern gewann am 3. Mai mit 4:2 gegen Ulm.", "de")


@pytest.mark.parametrize(
    ("support", "text", "flagged"),
    [
        ([SEATS], "The SPD won 18 seats, the Greens 26.", True),
        ([SEATS], "The SPD won 26 seats, the Greens 18.", False),
        ([MONEY], "Sales were 11 million euros in 2024, up from 37 million in 2023.", True),
        ([MONEY], "Sales were 37 million euros in 2024, up from 11 million in 2023.", False),
        # Both sentences have the values, and one of them has them in the order of the summary.
        (
            [SEATS, SourceSentence("18 Sitze hat die SPD heute, 26 hatte sie einst.", "de")],
            "It has 18 seats, it once had 26.",
            False,
        ),
        # Either side of a score may come first, but the winner has the higher number first.
        ([SCORE], "Ulm lost 2-4.", False),
        ([SCORE], "Bayern won 2-4 against Ulm.", True),
        ([SCORE], "Bayern won 4-2 against Ulm.", False),
        (
            [SourceSentence("Ulm führte 6:4, 3:6, dann war Schluss.", "de")],
            "Ulm led 6-4, 3-6, then it was over.",
            False,
        ),
        ([SourceSentence("Ulm verlor 1:3.", "de")], "Berg won 3-1.", False),
        # Numbers in words are used loosely: the last four.
        (
            [SourceSentence("In den letzten vier kam Ulm mit 7 Punkten weiter.", "de")],
            "With 7 points Ulm is in the last four.",
            False,
        ),
    ],
)
def test_a_summary_of_one_sentence_has_its_values_in_the_same_order(
    support: list[SourceSentence], text: str, flagged: bool
) -> None:
    flags = quantity_flags(SourceQuantities.of(support), LangText(text, "en"), complete=False)
    assert any(flag.cause == "swapped" for flag in flags) == flagged
