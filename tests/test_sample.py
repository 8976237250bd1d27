"""Reading and checks on the sample of the repository: bounds that hold in a clone without the development data too."""

import re
from pathlib import Path

import pytest

from models.checks.compare import pair_flags
from models.checks.degeneration import pair_faults
from models.reading.article import read
from models.reading.language import detect
from models.values import Article

SAMPLE = Path(__file__).parent / "data" / "sample.tsv"
PAIRS = [tuple(line.split("\t")) for line in SAMPLE.read_text(encoding="utf-8").splitlines()]
DIGITS = re.compile(r"\d+")


def raised(match: re.Match[str]) -> str:
    """A number with another last digit."""
    return f"{match[0][:-1]}{(int(match[0][-1]) + 3) % 10}"


def test_the_sample_has_sixty_pairs() -> None:
    assert [len(pair) for pair in PAIRS] == [2] * 60


def test_every_sentence_is_known_to_be_german_or_english() -> None:
    assert detect([german for german, _ in PAIRS]) == ["de"] * 60
    assert detect([english for _, english in PAIRS], expect="en") == ["en"] * 60


def test_an_article_of_the_sentences_is_split_into_them_and_nothing_is_dropped() -> None:
    text = " ".join(german for german, _ in PAIRS)
    document = read(Article(text))
    assert document.dropped == ()
    assert [sentence.text for sentence in document.sentences] == [german for german, _ in PAIRS]


def test_right_translations_are_hardly_flagged() -> None:
    flagged = [pair for pair in PAIRS if pair_flags(*pair) or pair_faults(*pair)]
    assert len(flagged) <= 1, flagged


def test_a_changed_number_is_flagged_nearly_always() -> None:
    numbered = [(german, english) for german, english in PAIRS if DIGITS.search(english)]
    assert len(numbered) >= 35
    seen = sum(bool(pair_flags(german, DIGITS.sub(raised, english, count=1))) for german, english in numbered)
    assert seen >= 0.95 * len(numbered)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("Berta Lang", "Anna Köhler"), ("Rostock", "Leipzig"), ("Poland", "Portugal"), ("Erik Lindholm", "Erik Sandberg")],
)
def test_another_name_is_flagged(wrong: str, right: str) -> None:
    ((german, english),) = [pair for pair in PAIRS if right in pair[1]]
    assert {flag.kind for flag in pair_flags(german, english.replace(right, wrong))} == {"name"}


@pytest.mark.parametrize(
    ("hedged", "plain"),
    [("is said to have entered", "entered"), ("The board allegedly knew", "The board knew")],
)
def test_a_claim_that_became_a_fact_is_flagged(hedged: str, plain: str) -> None:
    ((german, english),) = [pair for pair in PAIRS if hedged in pair[1]]
    assert "claim" in {flag.kind for flag in pair_flags(german, english.replace(hedged, plain))}
