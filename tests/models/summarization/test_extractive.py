"""German summaries: the article's own sentences, chosen, each its own evidence."""

import pytest

from models.errors import UnknownLanguage
from models.options import Options
from models.pipeline import Pipeline
from models.reading.article import read
from models.summarization.extractive import SHORT_TEXT_NOTE, extract
from models.summarization.summarizer import Summarizer
from models.translation.translator import Translator
from models.values import Article
from tests.fakes import FakeEngine

TEXT = """Neue Radwege für Freiburg

Die Stadt Freiburg baut bis 2027 drei neue Radwege durch die Innenstadt. Das Vorhaben kostet 4,5 Mio. Euro.
Der Gemeinderat stimmte am Dienstag mit großer Mehrheit für die neuen Radwege. Warum erst jetzt?
The neighbours say that they do not mind the building works at all.
Die Anwohner fürchten dagegen um ihre Parkplätze vor den Häusern. Im Herbst beginnen die Arbeiten am ersten Radweg.
Die Wirte der Altstadt hoffen auf mehr Gäste mit dem Rad. Ein Fest mit Musik soll den ersten Radweg eröffnen.
"""


def pipeline() -> tuple[Pipeline, FakeEngine]:
    engine = FakeEngine()
    return Pipeline(Translator(engine), Summarizer(engine), {"preset": "fake", "engine": "fake"}), engine


def test_every_sentence_stands_in_the_article_and_is_its_own_evidence() -> None:
    document = read(Article(TEXT))
    summary = extract(document, Options(max_words=30, summary_lang="de"))
    assert summary.sentences
    for sentence in summary.sentences:
        (evidence,) = sentence.evidence
        assert document.text[evidence.start : evidence.end] == sentence.text
        assert (evidence.score, sentence.extracted, sentence.flags) == (1.0, True, ())


@pytest.mark.parametrize("words", [10, 100])
def test_a_number_at_the_head_of_a_sentence_is_no_bullet(words: int) -> None:
    text = "Am 2. Oktober war alles still.\n\n1. FC Köln gewann das Spiel am Samstag mit 3:1.\n\nDas war alles."
    summary = extract(read(Article(text, source_lang="de")), Options(max_words=words, summary_lang="de"))
    assert "1. FC Köln gewann das Spiel am Samstag mit 3:1." in [s.text for s in summary.sentences]


@pytest.mark.parametrize("words", [20, 30, 40])
def test_the_asked_length_is_met(words: int) -> None:
    summary = extract(read(Article(TEXT)), Options(max_words=words, summary_lang="de"))
    assert abs(len(summary.text.split()) - words) <= words / 4


def test_english_sentences_headlines_and_questions_are_left_out() -> None:
    text = extract(read(Article(TEXT)), Options(max_words=40, summary_lang="de")).text
    assert "neighbours" not in text
    assert "Neue Radwege für Freiburg" not in text
    assert "?" not in text


def test_bullets_stand_one_a_line() -> None:
    lines = extract(read(Article(TEXT)), Options(max_words=30, style="bullets", summary_lang="de")).text.splitlines()
    assert len(lines) > 1
    assert all(line.startswith("- ") for line in lines)


def test_a_text_no_longer_than_its_summary_comes_back_as_it_stands_with_a_note() -> None:
    summary = extract(read(Article("Der Hund schläft im Garten.")), Options(summary_lang="de"))
    assert (summary.text, summary.warnings) == ("Der Hund schläft im Garten.", (SHORT_TEXT_NOTE,))


def test_an_article_without_a_german_sentence_is_refused_with_the_reason() -> None:
    document = read(Article("The neighbours say that they do not mind the building works at all."))
    with pytest.raises(UnknownLanguage, match="German sentences"):
        extract(document, Options(summary_lang="de"))


def test_no_model_is_asked_and_the_report_says_so() -> None:
    tool, engine = pipeline()
    report = tool.summarize(Article(TEXT), Options(max_words=30, summary_lang="de")).to_dict()
    assert engine.calls == []
    assert (report["summary_lang"], report["receipt"]["engine"]) == ("de", "extraction")
    assert report["receipt"]["models"][0]["task"] == "summarization"
    assert "translation" not in report
    assert report["coverage"]["translated"] == report["coverage"]["source_tokens"] == 0


def test_an_english_summary_says_that_it_is_english() -> None:
    assert pipeline()[0].summarize(Article(TEXT)).to_dict()["summary_lang"] == "en"
