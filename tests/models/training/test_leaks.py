"""Training rows that stand in a development set are found, wherever they stand there, and are not trained on."""

import subprocess
import sys
from pathlib import Path

import pytest

from models.training import leaks
from models.training.development import Development
from tests.models.embedded.data import article, write_data, write_pairs, write_summaries

ROOT = Path(__file__).parents[3]
LONG = "Nine brave men crossed the river before the night"
GERMAN = "Neun tapfere Männer überquerten vor der Nacht den Fluss"


@pytest.fixture
def development(tmp_path: Path) -> Development:
    write_pairs(tmp_path, "dev.newstest2019_de-en", [("Der Hund bellt.", "The dog barks.")])
    write_pairs(tmp_path, "dev.flores_devtest", [(f"Es regnete. {GERMAN}.", f"It rained; {LONG.lower()}.")])
    write_summaries(tmp_path, "dev.cnndm_en", [article("One two three four five six seven eight nine.", "A summary.")])
    return Development.read(tmp_path)


@pytest.mark.parametrize(
    ("source", "target", "known"),
    [
        ("der  Hund bellt", "x", ["der  Hund bellt"]),  # a whole source, whatever its case and punctuation
        ("x", "A summary", ["A summary"]),
        ("Der Hund bellt laut.", "The dog barks loudly.", []),
        (GERMAN, "x", [GERMAN]),  # a sentence in a longer row
        (f"Vorher. {GERMAN}! Nachher.", "x", [f"{GERMAN}!"]),
        ("x", f"Before, {LONG}.", []),  # a longer sentence is another one
        ("x", f"Before. {LONG}. After.", [f"{LONG}."]),
        ("x", "Men crossed the river before the night.", []),  # seven words coincide
        ("x", "two three four five six seven eight nine", ["two three four five six seven eight nine"]),
        ("x", "Two three four. Five six seven eight nine.", []),
    ],
)
def test_whole_sides_and_sentences_of_eight_words_are_known(
    development: Development, source: str, target: str, known: list[str]
) -> None:
    assert development.leaks(source, target) == known


def check(data: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "models.training.leaks", "--data", str(data), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


def test_a_planted_row_and_a_sentence_planted_in_an_article_are_listed_and_left_out(tmp_path: Path) -> None:
    write_data(tmp_path)
    write_pairs(tmp_path, "train.tatoeba_test", [("Ein Hund!", "One dog"), ("ein haus", "a house")])
    write_summaries(
        tmp_path, "train.cnndm_en", [article(f"It rained. {LONG}. All slept.", "All slept."), article("a b", "a b")]
    )
    write_summaries(tmp_path, "dev.cnndm_en", [article(f"So it was: {LONG}, they say.", "x")])
    found = check(tmp_path, "--unfiltered")
    assert found.returncode == 1
    assert "other: 8 rows, 0 fewer than without the filter, 1 known\n  row 6: Ein Hund!\n" in found.stdout
    assert f"summaries: 2 rows, 0 fewer than without the filter, 1 known\n  row 0: {LONG}.\n" in found.stdout
    trained_on = check(tmp_path)
    assert trained_on.returncode == 0, trained_on.stderr
    assert "other: 7 rows, 1 fewer than without the filter, 0 known" in trained_on.stdout
    assert "summaries: 1 rows, 1 fewer than without the filter, 0 known" in trained_on.stdout


def test_a_mixture_that_would_not_filter_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_data(tmp_path)
    write_pairs(tmp_path, "train.tatoeba_test", [("Ein Hund!", "One dog")])
    real = leaks.rows
    monkeypatch.setattr(leaks, "rows", lambda part, data, _development: real(part, data, None))
    monkeypatch.setattr(sys, "argv", ["leaks", "--data", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        leaks.main()
    assert ended.value.code == 1
    assert "  row 6: Ein Hund!" in capsys.readouterr().out


def test_a_folder_without_development_sets_is_no_clean_one(tmp_path: Path) -> None:
    write_pairs(tmp_path, "train.newstest2008", [("a", "b")])
    with pytest.raises(FileNotFoundError, match="holds no development sets"):
        Development.read(tmp_path)
