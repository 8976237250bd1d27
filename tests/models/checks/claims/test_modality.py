"""What somebody wants, expects, doubts or tries, translated as done."""

from pathlib import Path

import pytest

from models.checks.claims.check import claim_flags
from models.checks.texts import LangText, SourceSentence
from tests.benchmarks.claims import cases, flagged, score

CLAIMS = Path(__file__).parent / "cases"


def test_a_lost_intention_is_explained_to_a_reader_without_german() -> None:
    (flag,) = claim_flags(
        [SourceSentence("Der Chef will zurücktreten.", "de")], LangText("The boss has resigned.", "en")
    )
    assert (flag.kind, flag.text) == ("claim", "will")
    assert flag.detail == "the source says that this is wanted or planned: “will”; the text states it as a fact"


@pytest.mark.parametrize(
    ("german", "done", "kept"),
    [
        ("Die Bahn will die Strecke schließen.", "The railway closed the line.", "The railway is to close the line."),
        ("Sie will ihn gehört haben.", "She heard him.", "She claims to have heard him."),
        ("Das Urteil wird am Montag erwartet.", "The verdict came on Monday.", "The verdict is due on Monday."),
        ("Der Klub schlägt ein Remis vor.", "The club drew.", "The club proposes a draw."),
        ("Der Zug wäre fast entgleist.", "The train derailed.", "The train came close to derailing."),
        ("Der Damm scheint zu halten.", "The dam is holding.", "The dam looks as if it holds."),
        ("Der Damm wird kaum halten.", "The dam will hold.", "The dam is unlikely to hold."),
        ("Die Wirtin lehnt das Angebot ab.", "The landlady took the offer.", "The landlady turned the offer down."),
        ("Er kommt nur mit, wenn sie fährt.", "He is coming and she drives.", "He comes along as long as she drives."),
    ],
)
def test_a_modal_claim_without_a_trace_is_flagged(german: str, done: str, kept: str) -> None:
    assert flagged(german, done)
    assert not flagged(german, kept)


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("Facebook will mehr Fakten prüfen", "Facebook to check more facts"),
        ("Näheres wollte der Sprecher nicht sagen.", "The spokesman gave no details."),
        ("Er warf das Paddel vor Freude weg.", "He threw his paddle away for joy."),
        ("Das Spiel endete wie geplant.", "The match ended on time."),
        ("Drei Wanderer gelten als vermisst.", "Three hikers are missing."),
        ("Der Sturm forderte drei Tote.", "The storm killed three."),
        ("Der Zeuge verneinte die Frage.", "The witness answered no."),
    ],
)
def test_ambiguous_words_and_paraphrased_modality_are_not_flagged(german: str, english: str) -> None:
    assert not flagged(german, english)


def test_a_month_a_plant_and_a_keeper_are_not_traces() -> None:
    assert flagged("Das Urteil wird für Mai erwartet.", "The verdict came in May.")
    assert flagged("Die Firma plant ein Werk.", "The firm built a plant.")
    assert flagged("Der Torhüter will gehen.", "The goalkeeper left.")


def test_an_infinitive_in_a_clause_of_the_translation_is_not_a_headline() -> None:
    support = [
        SourceSentence(
            "Viele Mängel sind noch zu beheben; der TÜV will sie im Mai prüfen.",
            "de",
            "Many faults have yet to be mended; the TÜV wants to check them in May.",
        )
    ]
    assert claim_flags(support, LangText("Many faults have yet to be mended.", "en")) == ()
    assert claim_flags(support, LangText("The TÜV checked them in May.", "en")) != ()


@pytest.mark.parametrize(("name", "recall", "precision"), [("tuned", 0.95, 0.95), ("heldout", 0.9, 0.85)])
def test_lost_modality_is_found_in_constructed_sentences(name: str, recall: float, precision: float) -> None:
    rows = cases(CLAIMS / f"modality_{name}.tsv")
    caught, bad, alarms, _ = score(rows)
    assert len(rows) >= 70
    assert caught >= recall * bad
    assert caught >= precision * (caught + alarms)
