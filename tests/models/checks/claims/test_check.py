"""Claims that lost their marker in English, and claims that kept it."""

from pathlib import Path

import pytest

from models.checks.claims.check import claim_flags
from models.checks.compare import pair_flags
from models.checks.texts import LangText, SourceSentence
from tests.benchmarks.claims import cases, flagged, pairs, score
from tests.conftest import DATA

CLAIMS = Path(__file__).parent / "cases"
DEVELOPMENT = sorted((DATA / "parallel").glob("dev.*.tsv.gz"))


def texts(german: str, english: str | None = None) -> list[SourceSentence]:
    return [SourceSentence(german, "de", english)]


def test_lost_hearsay_is_explained_to_a_reader_without_german() -> None:
    (flag,) = claim_flags(texts("Der Chef ist angeblich krank."), LangText("The boss is ill.", "en"))
    assert (flag.kind, flag.text) == ("claim", "angeblich")
    assert flag.detail == "the source reports this as hearsay: “angeblich”; the text states it as a fact"


def test_a_lost_and_an_added_denial_have_different_details() -> None:
    (lost,) = claim_flags(texts("Der Chef kommt nicht."), LangText("The boss is coming.", "en"))
    (added,) = claim_flags(texts("Der Chef kommt."), LangText("The boss is not coming.", "en"))
    assert lost.detail == "the source denies this: “nicht”; the text does not"
    assert (added.text, added.detail) == ("not", "denied here, not in the source")


def test_one_lost_denial_of_two_is_flagged() -> None:
    german = "Der Chef kommt nicht, und der Koch kommt auch nicht."
    assert flagged(german, "The boss is not coming and the cook is coming too.")
    assert not flagged(german, "The boss is not coming and the cook isn't coming either.")


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("Sie stehen ohne Sieg im Niemandsland der Tabelle.", "They are without a win and nowhere near the top."),
        ("Seit Mai hat er kein Spiel mehr bestritten.", "He hasn't played a game since May."),
        ("Er prägte den Sport wie kein Zweiter.", "He shaped the sport more than anybody."),
        ("Das steht noch nicht zur Diskussion.", "That is yet to be discussed."),
        ("Wie lange er fehlt, ist offen.", "How long he will be missing is not yet clear."),
    ],
)
def test_set_phrases_and_paraphrased_denials_are_not_flagged(german: str, english: str) -> None:
    assert not flagged(german, english)


def test_the_opposite_of_a_german_adjective_with_un_is_flagged() -> None:
    (flag,) = claim_flags(texts("Die Ursache ist unklar."), LangText("The cause is clear.", "en"))
    assert (flag.text, flag.detail) == ("clear", "the source says the opposite: “unklar”")


@pytest.mark.parametrize(
    ("german", "bare", "told"),
    [
        (
            "Der Verdächtige soll sie bedroht haben.",
            "The suspect threatened her.",
            "The suspect is said to have done so.",
        ),
        ("Musk soll mit ihr gesprochen haben.", "Musk spoke to her.", "Musk reportedly spoke to her."),
        ("Angeblich hat er es gefunden.", "He found it.", "He said he had found it."),
        ("Dem Sprecher zufolge kam der Bericht.", "The report came.", "The report came, the spokesman said."),
        ("Dem Vernehmen nach will er gehen.", "He is leaving.", "He reportedly wants to leave."),
    ],
)
def test_a_reported_verb_of_saying_is_not_a_trace_of_hearsay(german: str, bare: str, told: str) -> None:
    assert flagged(german, bare)
    assert not flagged(german, told)


def test_the_first_person_and_set_phrases_are_not_hearsay() -> None:
    assert not flagged("Das habe ich gekauft.", "I bought that.")
    assert not flagged("Gott sei Dank schneit es.", "Thank God it is snowing.")


def test_a_marker_in_a_clause_that_the_summary_omits_does_not_count() -> None:
    support = texts(
        "Der Minister, der nicht reden wollte, eröffnete die Messe in Köln.",
        "The minister, who did not want to talk, opened the fair in Cologne.",
    )
    assert claim_flags(support, LangText("The minister opened the fair in Cologne.", "en")) == ()


def test_an_attribution_in_its_own_clause_marks_the_clauses_around_it() -> None:
    support = texts(
        "Musk sei zu sehr auf Macht fokussiert, was laut Sutskever die Mission gefährdete.",
        "Musk is too focused on power, which threatens the mission, according to Sutskever.",
    )
    (flag,) = claim_flags(support, LangText("Musk is too focused on power, which threatens the mission.", "en"))
    assert flag.text == "laut"
    assert claim_flags(support, LangText("The mission is threatened by Musk's power, Sutskever said.", "en")) == ()


def test_the_german_decides_if_its_translation_lost_the_marker() -> None:
    support = texts("Der Minister eröffnete die Messe nicht.", "The minister opened the fair.")
    (flag,) = claim_flags(support, LangText("The minister opened the fair.", "en"))
    assert flag.text == "nicht"


def test_only_the_source_sentence_most_similar_to_the_summary_counts() -> None:
    support = [
        *texts("Die Brücke in Bonn wurde im Mai gesperrt.", "The bridge in Bonn was closed in May."),
        *texts("Der Zug fährt nicht.", "The train is not running."),
    ]
    assert claim_flags(support, LangText("The bridge in Bonn was closed in May.", "en")) == ()
    assert [f.text for f in claim_flags(support, LangText("The train is running.", "en"))] == ["nicht"]


def test_a_sentence_gets_one_flag_for_hearsay_and_one_for_a_denial() -> None:
    german = "Laut Polizei soll der Fahrer den Unfall nicht verursacht haben."
    flags = claim_flags(texts(german), LangText("The driver caused the accident.", "en"))
    assert [f.text for f in flags] == ["soll …", "nicht"]


def test_english_sources_are_not_checked() -> None:
    assert claim_flags([SourceSentence("He is not here.", "en")], LangText("He is here.", "en")) == ()


@pytest.mark.parametrize(("name", "recall", "precision"), [("tuned", 0.95, 0.95), ("heldout", 0.85, 0.9)])
def test_lost_markers_are_found_in_constructed_sentences(name: str, recall: float, precision: float) -> None:
    rows = cases(CLAIMS / f"{name}.tsv")
    caught, bad, alarms, _ = score(rows)
    assert len(rows) >= 80
    assert caught >= recall * bad
    assert caught >= precision * (caught + alarms)


@pytest.mark.parametrize("path", DEVELOPMENT, ids=lambda p: p.name)
def test_at_most_three_percent_of_human_translations_are_flagged(path: Path) -> None:
    rows = pairs(path)
    assert sum(flagged(*row) for row in rows) <= 0.03 * len(rows)


@pytest.mark.parametrize(
    ("german", "english", "kept"),
    [
        ("Er plant keinen Stopp der Abschiebungen.", "He plans to stop the deportations.", "He plans no stop to them."),
        ("Sie hat das Verbot nicht unterstützt.", "She supported the ban.", "She did not support the ban."),
        ("Der mutmaßliche Mörder schwieg, sagte sie.", "The murderer was silent, she said.", "The suspect was silent."),
        ("Er wird verdächtigt, sie getötet zu haben.", "He killed her.", "He is suspected of killing her."),
        (
            "Er soll am Montag nach Paris reisen.",
            "He traveled to Paris on Monday.",
            "He is to travel to Paris on Monday.",
        ),
        ("Lahm soll in das Präsidium", "Lahm went to the board.", "Lahm to join the board"),
        ("Der Konzern plane den Abbau.", "The firm is cutting jobs.", "The firm says that it is cutting jobs."),
    ],
)
def test_a_trace_does_not_count_for_a_german_word_that_it_translates(german: str, english: str, kept: str) -> None:
    assert flagged(german, english)
    assert not flagged(german, kept)


@pytest.mark.parametrize(("kind", "found"), [("added", 19), ("lost", 17), ("injury", 19), ("would", 14), ("night", 17)])
def test_changed_polarity_and_relations_are_found_in_constructed_sentences(kind: str, found: int) -> None:
    rows = [row for row in cases(CLAIMS / "polarity.tsv") if row[0] == kind]
    assert len(rows) == 20
    assert sum(bool(pair_flags(german, bad)) for _, german, _, bad in rows if bad) >= found
    assert [good for _, german, good, _ in rows if pair_flags(german, good)] == []


def test_a_german_word_excuses_one_denial_unless_it_is_translated_otherwise() -> None:
    assert not flagged("Er kam nur bis Graz.", "He did not get further than Graz.")
    assert flagged("Er kam nur bis Graz.", "He only got to Graz and did not stay.")


def test_one_denial_more_than_in_the_german_is_flagged() -> None:
    assert not flagged("Er kam nicht und schrieb nicht.", "He did not come and did not write.")
    assert flagged("Er kam nicht und schrieb.", "He did not come and did not write.")
