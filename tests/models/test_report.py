"""The report: one definition for files, HTTP and documentation."""

import json

from pydantic import TypeAdapter

from models.options import Options
from models.pipeline import Pipeline
from models.report import Report
from models.summarization.summarizer import Summarizer
from models.translation.translator import Translator
from models.values import Article
from tests.fakes import FakeEngine

ARTICLE = """Der Hund im Garten

Der Hund schläft seit drei Tagen im Garten der Familie Meier. Am Montag sagte Frau Meier, das sei nicht schlimm.

Kommentar schreiben
"""
ORDER = [
    *("id", "title", "style", "text", "source_lang", "summary_lang", "summary", "translation"),
    *("coverage", "warnings", "receipt", "seconds"),
]


def report(**options: object) -> Report:
    engine = FakeEngine()
    pipeline = Pipeline(Translator(engine), Summarizer(engine), {"models": [{"task": "translation"}]})
    return pipeline.summarize(Article(ARTICLE), Options(**options))  # type: ignore[arg-type]


def test_what_is_written_can_be_read_again_as_the_same_report() -> None:
    for made in (report(), report(style="bullets", max_words=10), report(mode="direct", max_words=10)):
        written = json.dumps(made.to_dict())
        assert TypeAdapter(Report).validate_json(written) == made
        assert TypeAdapter(Report).validate_json(written).to_dict() == json.loads(written)


def test_the_members_stand_in_the_documented_order_and_what_is_not_there_is_absent() -> None:
    assert list(report().to_dict()) == ORDER
    assert list(report().to_dict(())) == [name for name in ORDER if name not in ("text", "translation")]
    assert list(report(summary_lang="de").to_dict()) == [name for name in ORDER if name != "translation"]


def test_it_says_how_the_summary_is_laid_out() -> None:
    assert report().to_dict()["style"] == "paragraph"
    points = report(style="bullets", max_words=10).to_dict()
    assert points["style"] == "bullets"
    assert points["summary"]["text"].startswith("- ")


def test_flags_have_a_reason_for_readers_and_a_cause_for_programs() -> None:
    foreign = "Les chiens du quartier dorment depuis longtemps dans les jardins de la ville."
    engine = FakeEngine()
    made = Pipeline(Translator(engine), Summarizer(engine), {}).translate(Article(ARTICLE + "\n" + foreign))
    (flag,) = made.to_dict()["translation"]["sentences"][-1]["flags"]
    assert flag == {
        "kind": "language",
        "text": foreign[:40],
        "detail": "neither German nor English",
        "cause": "wrong_language",
    }
