"""A minus that only one side has is flagged, unless other words may express it."""

import pytest

from models.checks.compare import ArticleFacts, summary_flags
from models.checks.quantities.check import SourceQuantities
from models.checks.quantities.signs import sign_flags
from models.checks.texts import LangText, SourceSentence


def flags(german: str, english: str) -> list[tuple[str, str]]:
    source = SourceQuantities.of([SourceSentence(german, "de")])
    return [(f.text, f.detail) for f in sign_flags(source, LangText(english, "en"))]


@pytest.mark.parametrize(
    ("german", "english", "text", "says"),
    [
        ("Das Wachstum liegt bei minus 0,3 Prozent.", "Growth is 0.3 percent.", "0.3", "minus 0,3"),
        (
            "Das Ergebnis lag bei -2,4 Millionen Euro.",
            "The result was 2.4 million euros.",
            "2.4 million",
            "minus 2,4 Mill",
        ),
        ("Es waren −12 Grad.", "It was 12 degrees.", "12", "minus 12"),
        ("Das Wachstum lag bei 2,4 Prozent.", "Growth was -2.4 percent.", "-2.4", "2,4"),
    ],
)
def test_a_value_with_a_minus_on_one_side_only_is_flagged(german: str, english: str, text: str, says: str) -> None:
    ((found, detail),) = flags(german, english)
    assert found == text
    assert detail.startswith(f"the source says {says}")


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("Das Wachstum liegt bei minus 0,3 Prozent.", "Growth is -0.3 percent."),
        ("Die Wirtschaft wuchs um minus 0,3 Prozent.", "The economy shrank by 0.3 percent."),
        ("Es waren minus 12 Grad.", "It was 12 degrees below zero."),
        ("Die Umfrage ist um 2 bis 3 Prozent unsicher.", "The poll has an uncertainty of plus/minus 2 to 3 percent."),
        ("Der Preis fiel um 5 Prozent.", "The price was -5 percent."),
        ("Der Preis stieg um 5 Prozent.", "The price rose by 5 percent."),
        ("Es waren −12 Grad.", "It was minus 12 degrees."),
    ],
)
def test_a_minus_in_other_words_is_not_flagged(german: str, english: str) -> None:
    assert flags(german, english) == []


def test_a_summary_is_compared_with_its_evidence() -> None:
    evidence = [SourceSentence("Das Wachstum lag bei minus 5 Prozent.", "de", "Growth was 5 percent.")]
    (flag,) = summary_flags("Growth was 5 percent.", evidence, ArticleFacts(tuple(evidence)))
    assert (flag.kind, flag.cause, flag.detail) == ("number", "changed", "the source says minus 5")


def test_only_english_of_a_german_source_is_checked() -> None:
    german, english = "Das Wachstum lag bei minus 5 Prozent.", "Growth was -5 percent."
    assert not sign_flags(SourceQuantities.of([SourceSentence(german, "de")]), LangText("Es waren 5 Prozent.", "de"))
    assert not sign_flags(SourceQuantities.of([SourceSentence(english, "en")]), LangText("It was 5 percent.", "en"))
    assert not sign_flags(SourceQuantities.of([]), LangText(english, "en"))
