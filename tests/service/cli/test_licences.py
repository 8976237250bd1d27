"""A licence that forbids commercial use is said aloud, whichever command fetches or loads the model."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from models.engines.seq2seq_ctranslate2 import Seq2SeqCTranslate2
from models.engines.seq2seq_transformers import Seq2SeqTransformers
from service.cli.backend import Backend
from service.cli.main import kurzum
from tests.checkpoints import marian
from tests.fakes import FakeEngine

PRESET = """
[mine]
description = "One model for both tasks."
[[mine.models]]
id = "./marian"
source = "hub"
tasks = {{ translation = {{}}, summarization = {{}} }}
{licence}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("licences")
    marian(folder / "marian")
    return folder


@pytest.fixture(autouse=True)
def loads_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fake engine, once all that comes before a load is done."""
    monkeypatch.setattr("models.engines.convert.convert", lambda *_: None)
    for engine in (Seq2SeqCTranslate2, Seq2SeqTransformers):
        monkeypatch.setattr(engine, "load", lambda *_: FakeEngine())


@pytest.mark.parametrize(
    ("card", "preset", "said"),
    [
        (None, None, None),
        (None, "mit", None),
        (None, "cc-by-nc-4.0", "cc-by-nc-4.0"),
        ("mit", "cc-by-nc-4.0", None),
        ("cc-by-nc-sa-4.0", "mit", "cc-by-nc-sa-4.0"),
    ],
)
@pytest.mark.parametrize("command", ["summarize", "prepare", "serve"])
def test_the_cards_licence_counts_else_the_presets_in_the_same_words(
    folder: Path, tmp_path: Path, command: str, card: str | None, preset: str | None, said: str | None
) -> None:
    (folder / "marian" / "README.md").write_text(f"---\nlicense: {card}\n---\n" if card else "# A model\n")
    mine = folder / "mine.toml"
    mine.write_text(PRESET.format(licence=f'licence = "{preset}"' if preset else ""))
    article = tmp_path / "article.txt"
    article.write_text("Der Hund schläft seit drei Tagen im Garten der Familie Meier.", encoding="utf-8")
    words = {"summarize": [command, str(article)], "prepare": ["models", command], "serve": [command]}[command]
    loads_and_ends = Backend(serve=lambda load, *_: load() and None)
    arguments = [*words, "--preset", str(mine), "--cache-dir", str(tmp_path)]
    result = CliRunner().invoke(kurzum, arguments, obj=loads_and_ends)
    assert result.exit_code == 0, result.stderr
    heard = [line for line in result.stderr.splitlines() if "commercial" in line]
    model = folder / "marian"
    assert heard == ([f"kurzum: {model} must not be used commercially: its licence is {said}."] if said else [])
