"""Signs, steps and rates of values that both sides hold."""

import pytest

from models.checks.compare import ArticleFacts, summary_flags
from models.checks.quantities.signs import sign_flags
from models.checks.texts import LangText, SourceSentence


def bearings(german: str, english: str) -> list[tuple[str, str]]:
    return [(f.text, f.detail) for f in sign_flags([SourceSentence(german, "de")], LangText(english, "en"))]


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
        ("Der Preis stieg um 5 Prozent.", "The price rose to 5 percent.", "5", "um 5"),
        ("Der Anteil stieg auf fast 15 Prozent.", "The share rose by nearly 15 percent.", "15", "auf 15"),
        ("Er verdient 250 Euro im Monat.", "He earns 250 euros a year.", "euros a year", "Monat"),
        ("Sie zahlen 14,50 Euro pro Stunde.", "They pay 14.50 euros per day.", "euros per day", "Stunde"),
    ],
)
def test_a_value_with_another_bearing_is_named(german: str, english: str, text: str, says: str) -> None:
    ((found, detail),) = bearings(german, english)
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
        ("Der Preis stieg um bis zu 5 Prozent.", "The price rose by up to 5 percent."),
        ("Der Preis stieg um 5 auf 10 Euro.", "The price rose by 5 to 10 euros."),
        ("Es geht um 139 Kunden.", "This applies to 139 customers."),
        ("Das Treffen beginnt um 8 Uhr.", "The meeting was moved to 8 o'clock."),
        ("Sie zahlen 14,50 Euro pro Stunde.", "They pay 14.50 euros an hour."),
        ("Im Jahr 2019 zahlte er 250 Euro im Monat.", "In 2019 he paid 250 euros a month."),
        ("Nach 12 Monaten im Jahr 2019 ging er.", "After 12 months a year went by."),
    ],
)
def test_the_same_bearing_in_other_words_is_no_doubt(german: str, english: str) -> None:
    assert bearings(german, english) == []


def test_a_summary_is_held_against_its_evidence() -> None:
    evidence = [SourceSentence("Der Umsatz stieg um 5 Prozent.", "de", "Sales rose to 5 percent.")]
    (flag,) = summary_flags("Sales rose to 5 percent.", evidence, ArticleFacts(tuple(evidence)))
    assert (flag.kind, flag.detail) == ("number", "the source says um 5")
    assert not sign_flags(evidence, LangText("Der Umsatz stieg auf 5 Prozent.", "de"))
    assert not sign_flags([], LangText("Sales rose to 5 percent.", "en"))
