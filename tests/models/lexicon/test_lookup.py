"""Words of sentences in the lexicon that ships."""

import time

import pytest

from models.lexicon.lookup import lexicon
from models.lexicon.matching import EnglishWords


def english(sentence: str) -> dict[str, str]:
    """The most usual English term of each known word."""
    return {known.word: known.english[0] for known in lexicon().known_words(sentence)}


@pytest.mark.parametrize(
    ("sentence", "word", "term"),
    [
        ("Sie kauften Häuser.", "Häuser", "house"),
        ("Das bahnbrechende Werk erschien.", "bahnbrechende", "groundbreaking"),
        ("Er wies den Vorwurf entschieden zurück.", "wies", "reject"),
        ("Er hat den Vorwurf zurückgewiesen.", "zurückgewiesen", "reject"),
        ("Der Festplattenhersteller klagt.", "Festplattenhersteller", "hard disk manufacturer"),
        ("Der Festplatten-Hersteller klagt.", "Festplatten-Hersteller", "hard disk manufacturer"),
        ("Die Löschung der Daten steht an.", "Löschung", "deletion"),
    ],
)
def test_inflected_separated_and_compound_words_are_found(sentence: str, word: str, term: str) -> None:
    assert english(sentence)[word] == term


def test_function_words_and_names_are_not_looked_up() -> None:
    assert english("Er ist in der Nähe von Özil und hat es nicht.") == {"Nähe": "proximity"}


def test_a_compound_counts_as_translated_when_each_part_is() -> None:
    (known,) = lexicon().known_words("Festplattenhersteller")
    assert known.translated_in(EnglishWords.of("manufacturers of hard disks"))
    assert not known.translated_in(EnglishWords.of("a flat-film manufacturer"))


def test_terms_are_found_in_any_form_and_either_spelling() -> None:
    words = EnglishWords.of("The companies' organisation went up in a deep-rooted dispute.")
    assert all(words.contain(term) for term in ("company", "organization", "to go up", "deep"))
    assert not words.contain("go down")


def test_hostile_words_take_little_time() -> None:
    start = time.process_time()
    for text in ("tausend" * 3000, "Donau" * 4000, "ab " * 7000, "A-" * 10_000, "stieg " * 3500):
        lexicon().known_words(text)
    assert time.process_time() - start < 10  # measured: a tenth of it on a slow machine


def test_every_row_is_sound() -> None:
    entries = [entry for group in lexicon().entries.values() for entry in group]
    assert len(entries) > 40_000
    assert {entry.word_class for entry in entries} == {"noun", "verb", "adjective", "adverb"}
    assert all(term.strip() == term != "" for entry in entries for term in (entry.term, *entry.english))
