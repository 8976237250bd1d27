"""The index finds what a comparison with each quantity would find, in linear time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.checks.compare import pair_flags
from models.checks.quantities.equality import same_in_other_unit, same_value
from models.checks.quantities.lookup import QuantityIndex
from models.checks.quantities.parser import quantities
from tests.models.checks.counting import python_calls

SAID = st.lists(
    st.sampled_from([
        "50 Prozent", "die Hälfte", "jeder fünfte", "20 Prozent", "ein Drittel", "33,3 Prozent", "um 15.30 Uhr",
        "3.30", "um 8 Uhr", "8", "1530", "1500", "Milliarden Euro", "3 Milliarden", "3 Millionen",
        "das 19. Jahrhundert", "die 1800er", "1800", "die 68er", "1968", "am 3. Mai", "Montag", "27 Grad",
        "81 Grad", "0 Grad", "32 Grad", "550 Meter", "1800 Fuß", "0,55 Kilometer", "40 Kilometer", "25 Meilen",
        "anderthalb Jahre", "18 Monate", "zwei Wochen", "14 Tage", "2/3", "zwei Drittel", "doppelt", "zweite", "2",
        "0 Meter", "Hunderte", "hundert",
    ]),
    max_size=8,
).map(", ".join)  # fmt: skip


@given(SAID, SAID)
def test_the_index_finds_what_a_comparison_with_each_value_finds(one: str, other: str) -> None:
    there = quantities(other, "de")
    index = QuantityIndex(there)
    for q in quantities(one, "de"):
        assert [at for at, _ in index.equal_values(q)] == [at for at, o in enumerate(there) if same_value(q, o)]
        assert set(index.in_other_units(q)) == {o for o in there if same_in_other_unit(q, o)}


@pytest.mark.parametrize("unit", ["Euro euros", "Kilometer miles", "Prozent percent", "Millionen million", ". st"])
def test_the_cost_of_a_list_of_wrong_values_grows_with_its_length(unit: str) -> None:
    german, english = unit.split()

    def cost(length: int) -> int:
        values = range(10_000, 10_000 + length)
        wrong = ", ".join(f"{3 * value} {english}" for value in values)
        right = ", ".join(f"{value} {german}" for value in values)
        flags: list[object] = []
        calls = python_calls(lambda: flags.extend(pair_flags(right, wrong)))
        assert len(flags) >= length
        return calls

    assert cost(300) < 3 * cost(150)


@pytest.mark.parametrize("german", ["9{} km", "1{},5 Grad", "0,{}1 km", "9{} Milliarden Euro", "1{},5 Prozent"])
def test_numbers_of_a_thousand_digits_are_compared(german: str) -> None:
    source = german.format("0" * 1000)
    english = source.replace(",", ".").replace("Grad", "degrees").replace("Milliarden Euro", "billion euros")
    english = english.replace("Prozent", "percent")
    assert not pair_flags(f"Es sind {source}.", f"It is {english}.")
    # Tiny numbers may be equal.
    assert german.startswith("0") or pair_flags(f"Es sind {source}.", f"It is 7{english}.")
