"""Pages, fragments and traps: the article comes out, and nothing brings the process down."""

import contextlib
import subprocess
import sys
import time

import pytest

from models.errors import EmptyText, InputError
from models.reading.article import read
from models.reading.formats.html import layout_page
from models.values import Article, Layout

SENTENCE = "Die Bundesregierung hat am Dienstag in Berlin ein neues Gesetz beschlossen."
PAGE = f"""<!DOCTYPE html><html lang="de"><head><title>Neues Gesetz | Zeitung</title><style>p {{ color: red }}</style>
<script>var p = "<p>kein Text</p>";</script></head><body><nav><a href="/">Startseite</a> <a href="/p">Politik</a></nav>
<article><h1>Neues Gesetz</h1><p>{SENTENCE} {SENTENCE}</p><h2>Die Folgen</h2><ul><li>Erstens wird es teuer.</li>
<li>Zweitens dauert es.</li></ul><table><tr><td>Kosten</td><td>5 Mio. Euro</td></tr></table>
<p>{SENTENCE.replace("Dienstag", "Mittwoch")}</p></article>
<div id="comments"><p>Ein Leser meint, das sei alles Unfug und gehört verboten.</p></div>
<footer>Impressum</footer></body></html>"""


def kept(layout: Layout) -> list[str]:
    """The blocks of the article."""
    return [layout.text[block.start : block.end] for block in layout.blocks if block.reason is None]


def extract(html: str) -> tuple[str | None, str]:
    """The title and the article's text, a block a line."""
    layout = layout_page(html)
    return layout.title, "\n".join(kept(layout))


def dropped(html: str) -> list[tuple[str, str]]:
    """What of a page is not read, and why."""
    document = read(Article(html, format="html"))
    return [(document.text[d.start : d.end], d.reason) for d in document.dropped]


def test_an_article_comes_out_of_its_page_line_by_line() -> None:
    title, text = extract(PAGE)
    assert title == "Neues Gesetz"
    lines = [line.strip() for line in text.splitlines()]
    assert f"{SENTENCE} {SENTENCE}" in lines
    assert "Die Folgen" in lines
    assert [line for line in lines if line.endswith("Erstens wird es teuer.")]
    assert [line for line in lines if "Kosten" in line and "5 Mio. Euro" in line]


def test_what_surrounds_the_article_stays_out() -> None:
    _, text = extract(PAGE)
    for foreign in ("Startseite", "Impressum", "Leser", "kein Text", "color"):
        assert foreign not in text


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<html><body><h1>Der Titel</h1><p>Ein Satz.</p></body></html>", ["Der Titel", "Ein Satz."]),
        ("<p>Ein einziger Satz.</p>", ["Ein einziger Satz."]),
        ("<p>Ja.</p><p>Ja.</p><p>Nein, das ist gar nicht so.</p>", ["Ja.", "Ja.", "Nein, das ist gar nicht so."]),
        ("<div>Der erste Satz steht hier.</div><p>Der zweite.</p>", ["Der erste Satz steht hier.", "Der zweite."]),
        (
            "<article><header><h1>Der Titel</h1></header><div>Nur <b>ein</b> Satz.</div></article>",
            ["Der Titel", "Nur ein Satz."],
        ),
        ("Nur Text, ohne ein Tag.", ["Nur Text, ohne ein Tag."]),
        ("<p>Fünf &lt; sechs &amp; sieben</p>", ["Fünf < sechs & sieben"]),
        ("<p>Nicht zu<p>Auch nicht</b></div>", ["Nicht zu", "Auch nicht"]),
    ],
)
def test_small_and_broken_pages_keep_all_their_text(html: str, expected: list[str]) -> None:
    assert [line.strip() for line in extract(html)[1].splitlines()] == expected


def test_a_declaration_of_xml_or_of_a_foreign_charset_does_no_harm() -> None:
    xml = f'<?xml version="1.0" encoding="utf-8"?><html><body><p>{SENTENCE}</p></body></html>'
    meta = f'<html><head><meta charset="iso-8859-1"></head><body><p>Ü {SENTENCE}</p></body></html>'
    assert SENTENCE in extract(xml)[1]
    assert "Ü " in extract(meta)[1]


@pytest.mark.parametrize(
    "html", ["", " \n", "<html></html>", "<script>alert('Guten Tag')</script>", "<!--" * 1000, "<p></p>", "<style>"]
)
def test_html_without_text_is_refused_as_empty(html: str) -> None:
    with pytest.raises(EmptyText, match="The HTML holds no article text"):
        extract(html)


def test_html_nested_deeper_than_the_parser_goes_is_refused_not_cut() -> None:
    with pytest.raises(InputError, match="nested too deeply"):
        extract("<div>" * 100_000 + f"<p>{SENTENCE}</p>")


def test_html_nested_as_deep_as_old_pages_are_is_read_to_its_end() -> None:
    assert extract(f"<p><font>{SENTENCE}" * 400)[1].count(SENTENCE) == 400


def test_entities_of_the_page_s_own_are_not_expanded() -> None:
    definitions = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    _, text = extract(f'<!DOCTYPE x [<!ENTITY e0 "lol">{definitions}]><html><body><p>{SENTENCE} &e9;</p></body></html>')
    assert SENTENCE in text
    assert len(text) < 200


TRAPS = {
    "open tags": "<p" * 4_000_000,
    "less-than signs": "<" * 8_000_000,
    "paragraphs": f"<p>{SENTENCE}</p>" * 90_000,
    "one tag with half a million attributes": "<p " + " ".join(f"a{n}=1" for n in range(500_000)) + ">Ja.",
    "tags with many attributes": ("<p " + " ".join(f"a{n}=1" for n in range(500)) + ">Ja.") * 2_000,
    "open comments": "<!--" * 2_000_000,
    "ampersands": "&" * 8_000_000,
    "nested tables": "<table><tr><td>" * 50_000,
    "unclosed quotes": '<a "' * 2_000_000,
    "misnested": "<b><p></b>" * 100_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("trap", TRAPS)
def test_eight_megabytes_of_hostile_html_are_read_or_refused_in_seconds(trap: str) -> None:
    started = time.process_time()
    with contextlib.suppress(InputError):
        extract(TRAPS[trap])
    assert time.process_time() - started < 60  # the process that reads a file is ended after as long


def test_trafilatura_is_not_imported_before_html_comes() -> None:
    imports = "import sys, models.reading.formats.html, models.reading.article"
    code = f"{imports}; sys.exit('trafilatura' in sys.modules or 'lxml' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
