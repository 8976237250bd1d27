"""Content words that a translation finds where its reference does."""

from service.evaluation.word_accuracy import word_accuracy

GERMAN = "Der Festplattenhersteller weist die Klage der Firma zurück."
REFERENCE = "The hard disk manufacturer rejects the company's complaint abruptly."


def test_words_are_counted_where_the_reference_has_a_listed_term() -> None:
    counts = word_accuracy(GERMAN, "The flat-film manufacturer has rejected the complaint of the firm.", REFERENCE)
    assert counts["compounds"] == (0, 1)
    assert counts["common words"][1] + counts["rare words"][1] == 3
    assert counts["common words"][0] + counts["rare words"][0] == 3
    assert counts["unlisted words"] == (0, 1)


def test_the_reference_itself_finds_everything() -> None:
    assert all(found == counted for found, counted in word_accuracy(GERMAN, REFERENCE, REFERENCE).values())
