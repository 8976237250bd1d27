"""Faults of decoding, and the human sentences that look like them."""

import pytest

from models.checks.degeneration import faults, pair_faults, summary_faults
from models.decoding import Hypothesis


def kinds(source: str, target: str, *, finished: bool = True) -> list[str]:
    (found,) = faults([source], [Hypothesis(target, 5, finished)])
    return [f.kind for f in found]


GOOD = [
    ("Der Hund schläft.", "The dog is asleep."),
    ("Elon Musk, Sam Altman, Ilya Sutskever, Greg Brockman", "Elon Musk, Sam Altman, Ilya Sutskever, Greg Brockman"),
    ("Nein, nein, nein!", "No, no, no!"),
    ("Ja ja ja ja ja ja, sagte er.", "Yes yes yes yes yes yes, he said."),
    ("Astera Labs (NASDAQ: ALAB)", "Astera Labs (NASDAQ: ALAB)"),
    ("Tore: Hintze (9), Müller (6), Pol (2).", "Goals: Hintze (9), Müller (6), Pol (2)."),
    ("ASG: Buschkötter, Bolte, Drewes, S. Fitzek.", "ASG: Buschkötter, Bolte, Drewes, S. Fitzek."),
    ("OpenAI", "OpenAI"),
    ("Donaudampfschifffahrtsgesellschaft", "Danube steamship company"),
    ("Kommentar", "A comment"),
    ("Sie sagte, dass sie sagte, dass er es sei.", "She said that she said that it was him."),
    ("Es war 1.000.000.000.000 Mal so weit.", "It was 1,000,000,000,000 times as far."),
]


LONG = "Der Minister erklärte am Dienstag, dass die Mauer im Hafen bis zum Sommer erneuert wird, und dankte allen."
BAD = [
    ("loop", LONG, "The minister said on Tuesday that the the the wall in the harbour will be renewed by summer."),
    ("loop", LONG, "The wall will be built in May, the wall will be built in June, the wall will be built in July."),
    (
        "loop",
        LONG,
        "The minister said the wall in the harbour is old. The minister said the wall in the harbour is new.",
    ),
    (
        "loop",
        LONG,
        "The minister said on Tuesday that the wall ....................................... will be renewed.",
    ),
    ("loop", LONG, "The minister thanked everybody - - - - - - - - - - - - - - - - - - - - - - - - - - - - - -"),
    (
        "language",
        LONG,
        "The minister erklärte am Dienstag, dass the wall in the harbour will be erneuert wird, und thanked them.",
    ),
    ("language", "Die Verwaltung will die Versicherung ändern.", "The office wants to change the Versicherung."),
    ("unfinished", LONG, "The minister said on Tuesday that the wall in the harbour will be renewed by summer and the"),
    ("unfinished", LONG, "The minister said on Tuesday that the wall in the harbour will be renewed by summer,"),
    ("unfinished", LONG, "The minister said on Tuesday that the wall in the harbour (which will be renewed by summer."),
    ("unfinished", LONG, "The minister said on Tuesday that the wall in the harbour will be renewed and that he would"),
    ("unfinished", LONG, 'The minister said on Tuesday: "The wall in the harbour will be renewed by next summer'),
    ("unfinished", LONG, "The minister said on Tuesday that the wall in the harbour"),
    ("language", LONG, "<s> The minister said on Tuesday that the wall in the harbour will be renewed by summer. </s>"),
    ("language", LONG, "The minister said on Tuesday that the wall in the ��� will be renewed by the summer."),
    ("language", LONG, "The ▁minister said on Tuesday that the ▁wall in the harbour will be renewed by the summer."),
    ("copy", LONG, "English: The minister said on Tuesday that the wall in the harbour will be renewed by summer."),
    ("copy", LONG, "The minister said that the wall in the harbour will be renewed by summer.\nGerman: Er dankte."),
    ("length", "Er kommt.", "He is coming, and he is coming with his brother and his sister today."),
    ("copy", LONG, LONG),
    ("copy", LONG.upper(), LONG.upper()),
    ("copy", "Tore schossen Müller, Hintze und auch Drewes.", "Tore schossen Müller, Hintze und auch Drewes."),
    ("empty", LONG, ""),
]


@pytest.mark.parametrize(("kind", "source", "target"), BAD)
def test_each_fault_of_a_finished_output_is_flagged(kind: str, source: str, target: str) -> None:
    assert kind in kinds(source, target)


def test_the_target_may_repeat_and_leave_open_what_its_source_does() -> None:
    source = "Er kam im Mai an den See, er kam im Juni an den See, er kam im Juli an den See,"
    assert kinds(source, "He came to the lake in May, he came to the lake in June, he came to the lake in July,") == []


def test_a_german_title_in_quotation_marks_is_not_flagged() -> None:
    source = 'Die Zeitung "Neue Versicherung und Leben" wurde den eigenen Lesern verkauft, heißt es.'
    assert (
        kinds(source, 'The newspaper "Neue Versicherung und Leben" has been sold to its own readers, they say.') == []
    )


def test_a_headline_and_a_short_line_may_end_without_a_full_stop() -> None:
    assert (
        kinds("Regierung stimmt dem Haushalt nach langer Debatte zu", "Government agrees to what the debate was for")
        == []
    )
    assert kinds("Das Leben geht weiter.", "Life goes on") == []


def test_the_target_may_have_the_markup_and_labels_of_its_source() -> None:
    assert (
        kinds("Er schrieb <br> zwischen die Zeilen des Textes.", "He wrote <br> between the lines of the text.") == []
    )
    assert kinds("Englisch: sehr gut, Deutsch: gut.", "English: very good, German: good.") == []


SAME = "The minister thanked everybody in the harbour."


def test_the_same_english_for_two_different_sources_is_flagged() -> None:
    sources = [LONG, "Der Hund schläft seit drei Tagen im Garten.", "Der Minister dankte allen im Hafen."]
    found = faults(sources, [Hypothesis(text, 5, finished=True) for text in (SAME, SAME, "The minister.")])
    assert ["loop" in [f.kind for f in flags] for flags in found] == [True, True, False]


def test_the_same_english_for_similar_sources_is_not_flagged() -> None:
    sources = ["Der Minister dankte allen im Hafen.", "Der Minister dankte im Hafen allen.", "Ja, gern."]
    found = faults(sources, [Hypothesis(text, 5, finished=True) for text in (SAME, SAME, "Yes.")])
    assert found == [(), (), ()]


@pytest.mark.parametrize(("source", "target"), GOOD)
def test_a_human_translation_is_not_flagged(source: str, target: str) -> None:
    assert kinds(source, target) == []


def test_a_target_without_letters_is_empty() -> None:
    assert kinds("Der Hund schläft.", " ... ") == ["empty"]


def test_a_target_much_shorter_than_its_source_is_flagged() -> None:
    assert "length" in kinds("Der Hund schläft heute lange im schönen Garten hinter dem alten Haus. " * 3, "The dog.")


def test_no_hypotheses_give_no_flags() -> None:
    assert faults([], []) == []


SUMMARIES = [
    ("language", LONG, "Der Minister dankte allen im Hafen."),
    ("unfinished", LONG, "The minister thanked everybody in the"),
    ("length", "The wall is old.", "The wall in the harbour is old and will be renewed by the minister next summer."),
    ("loop", LONG, "The wall is the the the wall."),
    ("empty", LONG, ""),
    ("length", "The wall in the harbour is old. " * 8, "Wall."),
    ("unfinished", LONG, "The minister said on Tuesday that the wall would"),
]


@pytest.mark.parametrize(("kind", "source", "summary"), SUMMARIES)
def test_each_fault_of_a_summary_is_flagged(kind: str, source: str, summary: str) -> None:
    assert [f.kind for f in summary_faults(source, Hypothesis(summary, 5, finished=True))] == [kind]


def test_a_summary_that_is_a_sentence_of_its_source_is_not_flagged() -> None:
    source = "The wall in the harbour is old. The minister thanked everybody."
    assert summary_faults(source, Hypothesis("The minister thanked everybody.", 5, finished=True)) == []


@pytest.mark.parametrize(("kind", "source", "target"), [row for row in BAD if row[2]])
def test_a_translation_from_elsewhere_has_the_same_faults(kind: str, source: str, target: str) -> None:
    assert kind in [f.kind for f in pair_faults(source, target)]


def test_the_language_of_a_target_of_few_words_is_not_checked() -> None:
    assert pair_faults("Guten Morgen", "Bonjour Madame") == ()
    assert [f.kind for f in pair_faults(LONG, "Wall.")] == ["length"]
    assert [f.kind for f in pair_faults(LONG, "...")] == ["empty"]
