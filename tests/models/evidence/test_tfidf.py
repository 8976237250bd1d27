"""Texts are alike by their rare words and by runs of letters."""

import pytest

from models.evidence.tfidf import TermIndex, letter_ngrams, stems

TEXTS = ["The dog sleeps in the garden.", "The dog barks in the street.", "Altman declined the offer."]


def test_words_are_cut_to_their_beginning_without_case_and_accents() -> None:
    assert stems("Müllers Übernahmeangebot für 97,4 Mrd. an X") == ["mulle", "ubern", "fur", "97", "4", "mrd"]


def test_runs_of_letters_cross_the_space_between_words() -> None:
    assert letter_ngrams("Oh, ja!") == [" oh ", "oh j", "h ja", " ja "]
    assert letter_ngrams("!?") == []


@pytest.mark.parametrize("cut", [stems, letter_ngrams])
def test_a_text_is_wholly_like_itself_and_unlike_what_shares_nothing(cut: object) -> None:
    terms = TermIndex.of(TEXTS, stems if cut is stems else letter_ngrams)
    assert terms.similarities(TEXTS[0])[0] == pytest.approx(1)
    assert terms.similarities("Xyz qqq vvv").tolist() == [0, 0, 0]


def test_a_rare_word_makes_texts_more_alike_than_a_frequent_one() -> None:
    dog, garden, _ = (TermIndex.of(TEXTS, stems).similarities(text)[0] for text in ("dog", "garden", "Altman"))
    assert garden > dog > 0


def test_words_that_no_text_holds_weigh_as_much_as_the_rarest() -> None:
    terms = TermIndex.of(TEXTS, stems)
    assert terms.weight(frozenset({"banan"})) == terms.weight(frozenset({"garde"})) > terms.weight(frozenset({"dog"}))


def test_no_texts_are_like_nothing() -> None:
    assert TermIndex.of([], stems).similarities("dog").tolist() == []
