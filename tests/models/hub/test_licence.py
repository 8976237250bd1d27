"""Which licences forbid commercial use, by their names."""

import pytest

from models.hub.licence import non_commercial


@pytest.mark.parametrize(
    "name",
    [
        "cc-by-nc-4.0",
        "CC BY NC SA 4.0",
        "Non-commercial",
        "noncommercial",
        "research-only",
        "For research purposes only",
        "only for research purposes",
        "academic-use-only",
        "academic_only",
        "other, intel-research",
    ],
)
def test_a_licence_for_research_or_not_for_commerce_is_told_by_its_name(name: str) -> None:
    assert non_commercial(name)


@pytest.mark.parametrize(
    "name", [None, "mit", "apache-2.0", "cc-by-sa-4.0", "academic-free-license", "ncsa", "afl-3.0"]
)
def test_others_and_none_are_not_taken_for_one(name: str | None) -> None:
    assert not non_commercial(name)
