"""The whole way from article to report, with the fake engine behind the real stages."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import Cancelled, EmptyText, InputError, TextTooLong
from models.options import Options
from models.pipeline import Pipeline
from models.summarization.summarizer import Summarizer
from models.translation.translator import Translator
from models.values import Article
from tests.fakes import FakeEngine

ARTICLE = """Der Hund im Garten

Der Hund schläft seit drei Tagen im Garten der Familie Meier. Frau Meier sagte am Montag, das sei nicht schlimm.
The neighbours do not mind either.

<--

Der Hund bellte 2019 zuletzt. Danach war es still in der Straße, wie alle Nachbarn gern erzählen.
"""


def pipeline(max_characters: int = 400_000) -> tuple[Pipeline, FakeEngine]:
    engine = FakeEngine(window=40)
    return Pipeline(Translator(engine), Summarizer(engine), {"preset": "fake"}, max_characters), engine


def accounted(report: dict[str, Any]) -> bool:
    """Whether every non-space character of the text is in one sentence or in one dropped stretch."""
    text = report["text"]
    seen = [0] * len(text)
    for part in [*report["translation"]["sentences"], *report["coverage"]["dropped"]]:
        for i in range(part["start"], part["end"]):
            seen[i] += 1
    return all(n == 1 or (n == 0 and c.isspace()) or (n == 1 and c.isspace()) for n, c in zip(seen, text, strict=True))


def test_a_report_accounts_for_every_character_and_says_what_ran() -> None:
    tool, _ = pipeline()
    report = tool.summarize(Article(ARTICLE), Options(length="short")).to_dict()
    assert accounted(report)
    assert report["receipt"] == {"preset": "fake"}
    assert report["coverage"]["translated"] + report["coverage"]["kept"] == report["coverage"]["sentences"]
    assert [d["reason"] for d in report["coverage"]["dropped"]]
    assert report["coverage"]["source_tokens"] > 0
    json.dumps(report)


def test_offsets_of_sentences_and_evidence_point_at_their_text() -> None:
    tool, _ = pipeline()
    report = tool.summarize(Article(ARTICLE), Options(length="short")).to_dict()
    sentences = report["translation"]["sentences"]
    for sentence in sentences:
        assert report["text"][sentence["start"] : sentence["end"]] == sentence["source"]
    for sentence in report["summary"]["sentences"]:
        for evidence in sentence["evidence"]:
            source = sentences[evidence["sentence"]]
            assert (source["start"], source["end"]) == (evidence["start"], evidence["end"])


def test_text_and_translation_are_in_the_report_only_where_they_are_asked_for() -> None:
    tool, _ = pipeline()
    report = tool.summarize(Article(ARTICLE))
    assert not {"text", "translation"} & report.to_dict(()).keys()
    assert {"text", "translation"} <= report.to_dict().keys()


def test_a_translation_alone_has_no_summary() -> None:
    tool, engine = pipeline()
    report = tool.translate(Article(ARTICLE, id="mine", title="Hund")).to_dict()
    assert "summary" not in report
    assert (report["id"], report["title"]) == ("mine", "Hund")
    assert {task for task, _, _ in engine.calls} == {"translation"}


def test_direct_mode_has_no_translation_and_evidence_in_the_german() -> None:
    tool, engine = pipeline()
    report = tool.summarize(Article(ARTICLE), Options(mode="direct", max_words=10)).to_dict()
    assert "translation" not in report
    assert {task for task, _, _ in engine.calls} == {"direct"}
    assert report["coverage"]["source_tokens"] > 0
    assert report["summary"]["sentences"][0]["evidence"]


def test_a_text_shorter_than_its_summary_is_translated_in_direct_mode_too() -> None:
    tool, engine = pipeline()
    report = tool.summarize(Article("Der Hund schläft im Garten."), Options(mode="direct")).to_dict()
    assert {task for task, _, _ in engine.calls} == {"translation"}
    assert report["warnings"]


def test_a_text_that_only_its_translation_makes_longer_than_the_summary_is_shown_whole_in_both_modes() -> None:
    """The fake translation puts seven words before each sentence: 12 German words are 26 English ones, 15 are asked."""
    article = Article("Der Hund schläft im Garten. Die Katze sitzt auf dem alten Dach.")
    for mode in ("direct", "pivot"):
        tool, engine = pipeline()
        report = tool.summarize(article, Options(mode=mode, max_words=15)).to_dict()
        assert {task for task, _, _ in engine.calls} == {"translation"}
        assert "this is its translation" in report["warnings"][0]


def test_what_is_set_aside_does_not_make_a_text_longer() -> None:
    """A page of buttons around a short text: its sentences are what the summary would be longer than."""
    tool, engine = pipeline()
    text = "Der Hund schläft im Garten der Familie.\n" + "\nKommentar schreiben" * 30
    report = tool.summarize(Article(text), Options(mode="direct", max_words=20)).to_dict()
    assert {task for task, _, _ in engine.calls} == {"translation"}
    assert "this is its translation" in report["warnings"][0]


def test_a_sentence_in_another_language_is_kept_named_and_left_out_of_the_summary() -> None:
    tool, engine = pipeline()
    french = "Les chiens du quartier dorment depuis longtemps dans les jardins de la ville."
    report = tool.summarize(Article(ARTICLE + "\n" + french), Options(length="short")).to_dict()
    (kept,) = [s for s in report["translation"]["sentences"] if s["lang"] == "other"]
    assert (kept["target"], [f["kind"] for f in kept["flags"]]) == (french, ["language"])
    assert any("neither German nor English" in w for w in report["warnings"])
    assert all(french not in source for _, batch, _ in engine.calls for source in batch)


@pytest.mark.parametrize("text", ["", "  \n\t ", "<-- 123 *** 456"])
def test_a_text_with_nothing_to_read_is_refused_before_any_model_runs(text: str) -> None:
    tool, engine = pipeline()
    with pytest.raises(EmptyText):
        tool.summarize(Article(text))
    assert engine.calls == []


def test_a_text_over_the_limit_is_refused_with_both_numbers() -> None:
    tool, _ = pipeline(max_characters=100)
    with pytest.raises(TextTooLong, match=r"101.*100"):
        tool.summarize(Article("a" * 101))


def test_progress_is_told_of_every_stage_and_may_stop_the_work() -> None:
    tool, _ = pipeline()
    stages: list[str] = []
    tool.summarize(Article(ARTICLE), Options(length="short"), lambda stage, *_: stages.append(stage))
    assert set(stages) == {"read", "translate", "check", "summarize"}

    def stop(*_: object) -> None:
        raise Cancelled("gone")

    with pytest.raises(Cancelled):
        tool.summarize(Article(ARTICLE), Options(), stop)


def test_the_same_article_gives_the_same_report() -> None:
    first, second = (pipeline()[0].summarize(Article(ARTICLE)).to_dict() for _ in range(2))
    assert first | {"seconds": 0} == second | {"seconds": 0}


LINES = st.lists(
    st.sampled_from(
        [
            "Der Hund schläft im Garten, und die Katze schaut ihm dabei zu.",
            "Am 3. Oktober kostete das z. B. 1.234,56 Euro.",
            "The weather was fine and nobody said a word.",
            "<--",
            "12 34 56",
            "* Pflichtfelder",
            "„Gut“, sagte er. „Dann eben nicht!“",
            "Le chien dort dans le jardin de la maison depuis trois jours.",
            "",
            "x" * 90,
        ]
    )
    | st.text(max_size=80),
    max_size=12,
)


@settings(deadline=None, max_examples=60)
@given(LINES)
def test_whatever_comes_in_every_character_is_accounted_for_or_the_article_is_refused(lines: list[str]) -> None:
    tool, _ = pipeline()
    try:
        report = tool.summarize(Article("\n".join(lines)), Options(length="short")).to_dict()
    except InputError:
        return
    assert accounted(report)


def test_every_character_of_the_seeds_is_accounted_for(seeds: list[Path]) -> None:
    for path in seeds:
        tool, _ = pipeline()
        report = tool.summarize(Article(path.read_text(encoding="utf-8")))
        assert accounted(report.to_dict()), path.name
        assert report.source_lang == "de"
