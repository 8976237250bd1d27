"""An article of some two thousand words that both engines really decode, from the first sentence to the last."""

from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest

from models.decoding import Decoding, Engine, Hypothesis, Task
from models.loading.engine import load_engine
from models.loading.pipeline import join
from models.loading.settings import LoadSettings
from models.presets import load_preset, with_models
from models.values import Article
from tests.checkpoints import marian
from tests.trained import SHAPE, WHAT, WHO, Trained, train

pytestmark = pytest.mark.slow
TOWNS = ("Bonn", "Kiel", "Ulm", "Jena")
# Two hundred sentences, all unlike, since a sentence that comes twice is decoded once.
PAIRS = {
    f"{who} aus {town} {does}.": f"{person} from {town} {deed}."
    for town in TOWNS
    for does, deed, _ in WHAT
    for who, person in WHO.items()
}


class Witness:
    """An engine that lets another do the work and keeps what it was given and what it said."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.handed: list[str] = []
        self.said: list[Hypothesis] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)

    def generate(self, task: Task, sources: list[str], decoding: Decoding, *limits: Any) -> list[Hypothesis]:
        found = self._engine.generate(task, sources, decoding, *limits)
        self.handed += sources
        self.said += found
        return found


@pytest.fixture(scope="module")
def translator(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Marian that knows all of the article's sentences."""
    folder = tmp_path_factory.mktemp("long") / "translator"
    marian(folder, [*PAIRS, *PAIRS.values()], **SHAPE)
    train(folder, PAIRS)
    return folder


@pytest.mark.parametrize("engine", ["transformers", "ctranslate2"])
def test_of_two_thousand_words_every_sentence_is_translated_and_every_translation_is_read(
    trained: Trained, translator: Path, tmp_path: Path, engine: str
) -> None:
    german, english = list(PAIRS), list(PAIRS.values())
    text = "\n\n".join(" ".join(german[at : at + 8]) for at in range(0, len(german), 8))
    assert 2000 < len(text.split()) < 2500
    preset = with_models(load_preset("embedded"), str(translator), str(trained.summarizer))
    options = LoadSettings(engine=engine, device="cpu", compute_type="float32", threads=1, cache=tmp_path)
    reader = Witness(load_engine(preset, options, "translation"))
    writer = Witness(load_engine(preset, options, "summarization"))
    by_task = [(preset.model_for("translation"), reader), (preset.model_for("summarization"), writer)]
    engines: dict[str, Any] = {model.key: engine for model, engine in by_task if model}
    report = join(preset, engines).summarize(Article(text)).to_dict()

    rows = report["translation"]["sentences"]
    assert [row["source"] for row in rows] == german
    assert [row["target"] for row in rows] == english
    assert [text[row["start"] : row["end"]] for row in rows] == german
    assert sorted(reader.handed) == sorted(german)
    assert all(hypothesis.finished for hypothesis in reader.said)
    counted = {key: report["coverage"][key] for key in ("sentences", "translated", "kept", "dropped")}
    assert counted == {"sentences": 200, "translated": 200, "kept": 0, "dropped": []}

    # All of the translation is read, once, before anything that the model said itself is read again.
    whole = " ".join(english)
    words = list(accumulate(len(chunk.split()) for chunk in writer.handed))
    first = writer.handed[: words.index(len(whole.split())) + 1]
    assert len(first) > 10
    assert " ".join(sorted(first, key=whole.index)) == whole
    assert all(hypothesis.text for hypothesis in writer.said[: len(first)])
    summary = report["summary"]["sentences"]
    assert summary
    assert all(sentence["evidence"] for sentence in summary)
