"""From an article to a document: nothing lost, nothing twice, and every text answered in linear time."""

import gzip
import hashlib
import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import EmptyText, InputError, TextTooLong, UnknownLanguage
from models.reading.article import read
from models.reading.encoding import decode, normalise
from models.values import Article, Document
from tests.conftest import DATA

NEWS = DATA / "news" / "gnad_200.jsonl.gz"
SEEDS = sorted((Path(__file__).parents[3] / "seeds").glob("*.txt"))

MAIL = """Betreff der Woche

Die Bundesregierung hat am Dienstag in Berlin beschlossen, die Steuern
auf Strom zu senken. Davon haben vor allem Betriebe etwas, die in
Deutschland produzieren. Der Finanzminister sagte, man werde das im Jahr
2025 merken.

Was jetzt kommt
- Der Bundestag stimmt ab, und zwar noch vor der Pause im Sommer, sagt man
- Der Bundesrat folgt im Herbst mit einer eigenen Abstimmung dazu
"""


def sentences(document: Document) -> list[str]:
    return [sentence.text for sentence in document.sentences]


def is_part(read: str, source: str) -> bool:
    """Whether what is read stands in the source in this order; white space and capitals may differ."""
    letters = iter(source.casefold())
    return all(letter in letters for letter in "".join(read.casefold().split()))


def assert_covered(document: Document) -> None:
    """Every character that can be seen is in a sentence or a dropped stretch, and offsets say where."""
    seen = bytearray(len(document.text))
    spans = [(s.start, s.end) for s in document.sentences] + [(d.start, d.end) for d in document.dropped]
    for start, end in spans:
        assert 0 <= start < end <= len(document.text)
        seen[start:end] = b"1" * (end - start)
    assert not "".join(c for c, there in zip(document.text, seen, strict=True) if not there).strip()
    for sentence in document.sentences:
        assert is_part(sentence.text, document.text[sentence.start : sentence.end])


def assert_whole(document: Document) -> None:
    """Every character that can be seen is in one sentence or in one dropped stretch, in the order of the text."""
    spans = sorted([(s.start, s.end) for s in document.sentences] + [(d.start, d.end) for d in document.dropped])
    at = 0
    for start, end in spans:
        assert at <= start < end
        assert not document.text[at:start].strip()
        at = end
    assert not document.text[at:].strip()
    for sentence in document.sentences:
        assert is_part(sentence.text, document.text[sentence.start : sentence.end])
        assert sentence.text == " ".join(sentence.text.split())
    numbers = [sentence.paragraph for sentence in document.sentences]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(numbers[-1] + 1))
    assert normalise(document.text) == document.text


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name[:3])
def test_the_seeds_are_read_whole_and_as_german(path: Path) -> None:
    document = read(Article(decode(path.read_bytes())))
    assert_whole(document)
    kept = [sentence.text for sentence in document.sentences if sentence.lang != "de"]
    assert kept == (["Why Musk Really Wants OpenAI"] if path.name.startswith("001") else [])


@pytest.mark.parametrize(
    ("number", "dropped"),
    [
        (0, []),
        (1, [("<--", "no letters"), ("About this publication", "furniture")]),
        (2, [("2024-12-24", "no letters"), ("Autor: Laura", "furniture")]),
        (
            3,
            [
                ("| Redaktion", "furniture"),
                ("| 03.12.2024", "no letters"),
                ("Kommentar schreiben\n\n* Pflichtfelder.\n\nleadersnet.TV", "furniture"),
            ],
        ),
        (
            4,
            [
                (
                    "Kommentar verfassen\n\nDeine E-Mail-Adresse wird nicht veröffentlicht. "
                    "Erforderliche Felder sind mit * markiert",
                    "furniture",
                )
            ],
        ),
    ],
)
def test_the_seeds_lose_their_page_furniture_and_nothing_else(number: int, dropped: list[tuple[str, str]]) -> None:
    document = read(Article(decode(SEEDS[number].read_bytes())))
    assert [(document.text[span.start : span.end], span.reason) for span in document.dropped] == dropped


def test_a_heading_cut_in_two_stays_two_sentences() -> None:
    document = read(Article(decode(SEEDS[3].read_bytes())))
    assert "Kapitalschlacht…" in sentences(document)
    assert "… und juristische Scharmützel" in sentences(document)


def test_wrapped_lines_are_one_paragraph_while_headings_and_list_items_stand_alone() -> None:
    document = read(Article(MAIL))
    paragraphs: dict[int, str] = {}
    for sentence in document.sentences:
        joined = " ".join(sentence.text.split())
        paragraphs[sentence.paragraph] = f"{paragraphs.get(sentence.paragraph, '')} {joined}".strip()
    assert list(paragraphs.values()) == [
        "Betreff der Woche",
        "Die Bundesregierung hat am Dienstag in Berlin beschlossen, die Steuern auf Strom zu senken. Davon haben vor "
        "allem Betriebe etwas, die in Deutschland produzieren. Der Finanzminister sagte, man werde das im Jahr 2025 "
        "merken.",
        "Was jetzt kommt",
        "- Der Bundestag stimmt ab, und zwar noch vor der Pause im Sommer, sagt man",
        "- Der Bundesrat folgt im Herbst mit einer eigenen Abstimmung dazu",
    ]
    assert document.dropped == ()


def test_lines_that_are_whole_sentences_are_not_joined() -> None:
    text = "Die Regierung hat das am Dienstag beschlossen.\nDie Opposition ist dagegen und will klagen.\nDas dauert."
    assert [sentence.paragraph for sentence in read(Article(text)).sentences] == [0, 1, 2]


def test_headlines_of_about_one_length_are_not_joined() -> None:
    text = (
        "Regierung senkt die Steuern auf Strom für alle Betriebe\n"
        "Opposition kündigt Klage vor dem Verfassungsgericht an\n"
        "Gewerkschaften fordern mehr Geld für ihre Mitglieder\n"
    )
    assert len(read(Article(text)).sentences) == 3


def test_html_gives_the_title_and_the_text() -> None:
    page = "<title>Der Titel</title><h1>Der Titel</h1><p>Das ist ein Satz. Das ist noch einer.</p>"
    document = read(Article(page, format="html"))
    assert document.title == "Der Titel"
    assert sentences(document) == ["Der Titel", "Das ist ein Satz.", "Das ist noch einer."]


def test_the_caller_s_title_and_id_come_before_what_is_found() -> None:
    page = "<title>Der Titel</title><p>Das ist ein Satz.</p>"
    document = read(Article(page, format="html", title="Mein Titel", id="a-1"))
    assert (document.title, document.id) == ("Mein Titel", "a-1")


def test_an_article_without_an_id_is_named_by_its_normalised_text() -> None:
    document = read(Article("Das ist ein\xa0Satz.\r\n"))
    assert document.id == hashlib.sha256(b"Das ist ein Satz.\n").hexdigest()[:16]
    assert document.title is None


def test_a_language_that_the_caller_names_is_taken_as_named() -> None:
    document = read(Article("Why Musk really wants it.\n\nDas ist so. 2024.", source_lang="de"))
    assert {sentence.lang for sentence in document.sentences} <= {"de", "other"}
    assert document.sentences[0].lang == "de"


@pytest.mark.parametrize("text", ["", " \n\t ", "\ufeff\u200b\xad"])
def test_a_blank_text_is_refused(text: str) -> None:
    with pytest.raises(EmptyText, match="blank"):
        read(Article(text))


def test_a_text_of_nothing_but_furniture_is_refused() -> None:
    with pytest.raises(EmptyText, match="furniture"):
        read(Article("Kommentar schreiben\n\n* Pflichtfelder.\n2024\n"))


def test_a_text_in_neither_language_is_refused() -> None:
    with pytest.raises(UnknownLanguage, match="German or English"):
        read(Article("Le gouvernement a annoncé hier une nouvelle réforme. Les habitants ne sont pas contents."))


@pytest.mark.parametrize("format_", ["text", "html"])
def test_a_text_over_the_limit_is_refused_with_both_numbers(format_: str) -> None:
    text = "Das ist ein Satz. " * 10
    assert read(Article(text.strip(), format=format_), max_characters=179)  # type: ignore[arg-type]
    with pytest.raises(TextTooLong, match="179 characters, the limit is 100"):
        read(Article(text.strip(), format=format_), max_characters=100)  # type: ignore[arg-type]


def test_a_text_far_over_the_limit_is_refused_before_any_work() -> None:
    started = time.perf_counter()
    for article in (Article("ä" * 50_000_000), Article("<p>" * 10_000_000, format="html")):
        with pytest.raises(TextTooLong, match="0,000,000 characters"):
            read(article)
    assert time.perf_counter() - started < 1


WORDS = """
    Die Regierung hat am 3. Dezember z. B. 4,5 Mio. Euro „gut“ ( ) … ! ? . , – - * • | the of and le Foto: dpa 2024
    Kommentar schreiben ä\u0308 \xad \u200b \ud800 \x00 \u4e2d
"""
texts = st.lists(
    st.tuples(st.sampled_from(WORDS.split()), st.sampled_from([" ", " ", " ", "\n", "\n\n", "\r\n", "\t", ""])),
    max_size=60,
).map(lambda pairs: "".join(word + space for word, space in pairs))


@settings(max_examples=200, deadline=None)
@given(st.one_of(texts, st.text(max_size=80)))
def test_every_character_that_can_be_seen_is_in_one_sentence_or_one_dropped_stretch(text: str) -> None:
    try:
        document = read(Article(text, source_lang="de"))
    except (EmptyText, UnknownLanguage):
        return
    assert_whole(document)


HOSTILE = {
    "short sentences": "a. " * 133_333,
    "line feeds": "x" + "\n" * 399_999,
    "less-than signs": "<" * 400_000,
    "one word": "a" * 400_000,
    "brackets": "(" * 399_999 + "a",
    "quotes": "„" * 399_999 + "a",
    "accents": "a" + "\u0301\u0323" * 199_999,
    "one sentence": "das ist ein Wort mehr und " * 15_000,
    "list numbers": "1. " * 133_333 + "a",
    "full stops": "." * 399_999 + "a",
    "wrapped lines": ("wort " * 15 + "\n") * 5_200,
    "short lines": "a\n" * 100_000,
    "spaces": " " * 399_999 + "a",
}


@pytest.mark.parametrize("trap", HOSTILE)
def test_hostile_text_costs_no_more_than_four_times_for_four_times_the_length(trap: str) -> None:
    """The square of the length would cost sixteen times; as much again is left for other work on the machine."""
    read(Article("Das ist ein Satz."))
    text = HOSTILE[trap]
    short = min(seconds(text[: len(text) // 4] + text[-1]) for _ in range(2))
    assert seconds(text) <= 8 * short + 0.5


def seconds(text: str) -> float:
    """The processor time for reading a text, which must come out whole or be refused."""
    started = time.process_time()
    try:
        document = read(Article(text))
    except InputError:
        return time.process_time() - started
    taken = time.process_time() - started
    assert_whole(document)
    return taken


if NEWS.exists():

    def test_real_news_are_read_whole_and_lose_almost_nothing() -> None:
        dropped = total = other = count = 0
        with gzip.open(NEWS, "rt", encoding="utf-8") as rows:
            articles = [json.loads(row)["article"] for row in rows]
        for article in articles:
            document = read(Article(article))
            assert_whole(document)
            total += len("".join(document.text.split()))
            dropped += sum(len("".join(document.text[span.start : span.end].split())) for span in document.dropped)
            count += len(document.sentences)
            other += sum(sentence.lang != "de" for sentence in document.sentences)
        assert dropped <= 0.005 * total
        assert other <= 0.002 * count
