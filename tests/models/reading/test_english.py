"""English sentences."""

from models.reading.english import english_sentences


def test_english_abbreviations_do_not_end_a_sentence() -> None:
    text = "Mr. Smith went to the U.S. Senate. He met Gov. Jones there."
    assert english_sentences(text) == ["Mr. Smith went to the U.S. Senate.", "He met Gov. Jones there."]
