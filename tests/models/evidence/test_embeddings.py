"""Sentences that mean the same lie near each other, in whichever language they are."""

import numpy as np
import pytest

from models.evidence.embeddings import READ, vectors


def test_a_german_sentence_is_nearest_to_its_english() -> None:
    german = vectors(("Der Hund schläft im Garten.", "Die Regierung erhöht die Steuern.", "Das Schiff sank im März."))
    english = vectors(("In March the vessel went down.", "A dog is asleep outside.", "Taxes are raised."))
    assert (german @ english.T).argmax(axis=1).tolist() == [1, 2, 0]


def test_vectors_have_length_one_and_are_the_same_each_time() -> None:
    texts = ("Ein Satz.", "", "…", "Noch ein Satz, etwas länger als der erste.")
    rows = vectors(texts)
    assert rows.shape == (4, 512)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(4), abs=1e-3)
    vectors.cache_clear()
    assert np.array_equal(vectors(texts), rows)


def test_of_an_endless_sentence_the_beginning_is_read() -> None:
    endless = "Der Hund schläft im Garten und " * 4_000
    assert np.array_equal(vectors((endless,)), vectors((endless[:READ],)))


def test_kept_vectors_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        vectors(("Ein Satz.",))[0, 0] = 1
