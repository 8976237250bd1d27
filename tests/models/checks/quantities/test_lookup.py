"""Quantities found by value: those that a comparison with each would find, at a cost that grows with the text."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.checks.compare import pair_flags
from models.checks.quantities import check as quantities
from models.checks.quantities import lookup
from models.checks.quantities.equality import same_in_other_unit, same_value
from models.checks.quantities.lookup import QuantityIndex

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
def test_what_is_found_by_its_value_is_all_that_a_comparison_with_each_finds(one: str, other: str) -> None:
    there = quantities.quantities(other, "de")
    found = QuantityIndex(there)
    for q in quantities.quantities(one, "de"):
        assert [at for at, _ in found.equal_values(q)] == [at for at, o in enumerate(there) if same_value(q, o)]
        assert set(found.in_other_units(q)) == {o for o in there if same_in_other_unit(q, o)}


@pytest.mark.parametrize("unit", ["Euro euros", "Kilometer miles", "Prozent percent", "Millionen million", ". st"])
def test_a_list_of_wrong_values_costs_as_much_as_it_is_long(monkeypatch: pytest.MonkeyPatch, unit: str) -> None:
    """Three thousand values of which each is wrong: a comparison of each with each would be nine million."""
    calls = Counter[str]()

    def counted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            calls[name] += 1
            return function(*args)

        return call

    for module, name in (
        (lookup, "same_value"),
        (lookup, "same_in_other_unit"),
        (quantities, "same_value"),
        (quantities, "_may_be_altered"),
    ):
        monkeypatch.setattr(module, name, counted(name, getattr(module, name)))
    monkeypatch.setattr(quantities, "_text_similarity", counted("_text_similarity", quantities._text_similarity))
    german, english = unit.split()
    values = range(10_000, 13_000)
    wrong = ", ".join(f"{3 * value} {english}" for value in values)
    flags = pair_flags(", ".join(f"{value} {german}" for value in values), wrong)
    assert len(flags) >= len(values)
    assert calls.total() <= 200 * len(values)


@pytest.mark.parametrize("german", ["9{} km", "1{},5 Grad", "0,{}1 km", "9{} Milliarden Euro", "1{},5 Prozent"])
def test_a_number_of_any_length_is_a_number(german: str) -> None:
    source = german.format("0" * 1000)
    english = source.replace(",", ".").replace("Grad", "degrees").replace("Milliarden Euro", "billion euros")
    english = english.replace("Prozent", "percent")
    assert not pair_flags(f"Es sind {source}.", f"It is {english}.")
    # What is next to nothing is all one.
    assert german.startswith("0") or pair_flags(f"Es sind {source}.", f"It is 7{english}.")
