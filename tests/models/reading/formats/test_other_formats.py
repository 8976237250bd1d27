"""Markdown, mail, saved pages, Word and PDF files: the text that a reader sees, and nothing else."""

import pytest

from models.errors import EmptyText, InputError, NotText
from models.reading.article import read
from models.reading.formats.registry import article_from_bytes, kind_of
from models.values import Document
from tests.files import SENTENCES, TEXT, docx_file, mail_file, pdf_file, scanned_pdf_file


def document(data: bytes, name: str) -> Document:
    return read(article_from_bytes(data, kind_of(data, name), 400_000))


def texts(data: bytes, name: str) -> list[str]:
    return [sentence.text for sentence in document(data, name).sentences]


MARKDOWN = """---
title: "Radwege"
draft: false
---
# Neue Radwege

Die Stadt hat **20 Kilometer** [neue Wege](https://example.org/a?b=c) gebaut.[^1] Es waren `6,2` Millionen
~~Mark~~ Euro.

| Bezirk | Länge |
|---|---:|
| Döbling | 1,3 |

```python
print("kein Text")
```

[^1]: Angaben der Stadt.
"""


def test_markdown_is_read_without_its_marks_links_and_code() -> None:
    found = document(MARKDOWN.encode(), "a.md")
    assert found.title == "Radwege"
    assert [(s.text, s.row) for s in found.sentences] == [
        ("Neue Radwege", False),
        ("Die Stadt hat 20 Kilometer neue Wege gebaut.", False),
        ("Es waren 6,2 Millionen Euro.", False),
        ("Bezirk", True),
        ("Länge", True),
        ("Döbling", True),
        ("1,3", True),
        ("Angaben der Stadt.", False),
    ]
    dropped = [found.text[d.start : d.end] for d in found.dropped if d.reason == "not_article"]
    assert dropped[0].startswith("title:")
    assert dropped[1] == 'print("kein Text")'


def test_a_mail_is_decoded_and_its_subject_is_the_title() -> None:
    found = document(mail_file(TEXT, attached="Plan.pdf"), "a.eml")
    assert found.title == "Für die Leser"
    assert len(found.sentences) == SENTENCES
    assert found.warnings == ("Attachments were not read: Plan.pdf.",)


def test_of_a_mail_whose_plain_text_is_a_hint_the_html_is_read() -> None:
    mail = mail_file("Bitte im Browser lesen.", f"<p style='display:none'>Vorschau</p><p>{TEXT}</p>")
    found = document(mail, "a.eml")
    assert len(found.sentences) == SENTENCES
    assert [d.reason for d in found.dropped] == ["hidden"]


def test_a_quoted_mail_loses_its_marks() -> None:
    lines = ("Die Gemeinde Talheim baut ein neues Haus", "für die Feuerwehr am Rand des Ortes.")
    quoted = "\n".join(f"> {line}" for line in lines)
    found = document(mail_file(f"Schau mal hier, was in der Zeitung steht.\n\n{quoted}\n"), "a.eml")
    assert found.sentences[-1].text == "Die Gemeinde Talheim baut ein neues Haus für die Feuerwehr am Rand des Ortes."


def test_a_word_file_is_read_with_its_headings_and_rows() -> None:
    found = document(
        docx_file(TEXT, heading="Feuerwehrhaus", rows=[["Gewerk", "Kosten"], ["Rohbau", "3 Euro"]]), "a.docx"
    )
    assert found.sentences[0].text == "Feuerwehrhaus"
    assert [s.text for s in found.sentences if s.row] == ["Gewerk", "Kosten", "Rohbau", "3 Euro"]
    assert len(found.sentences) == 1 + SENTENCES + 4


@pytest.mark.parametrize("columns", [1, 2, 3])
def test_a_pdf_file_is_read_in_the_order_of_its_columns(columns: int) -> None:
    found = document(pdf_file([TEXT] * 12, columns, "Heidekurier, 14. Dezember 2024", pages_of=200), "a.pdf")
    expected = texts(TEXT.encode(), "a.txt") * 12
    assert [sentence.text for sentence in found.sentences] == expected
    assert {d.reason for d in found.dropped} == {"furniture"}
    assert bool(found.warnings) == (columns == 3)


def test_a_scan_is_refused_by_name() -> None:
    with pytest.raises(NotText, match=r"is a scan.*text recognition"):
        document(scanned_pdf_file(), "a.pdf")


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.eml", "a.mhtml", "a.md", "a.html"])
@pytest.mark.parametrize("data", [b"", b"\x00" * 100, b"PK\x03\x04kaputt", b"%PDF-1.7 kaputt"])
def test_damaged_files_are_refused(name: str, data: bytes) -> None:
    with pytest.raises(InputError):
        document(data, name)


@pytest.mark.parametrize(("name", "what"), [("a.odt", "OpenDocument"), ("a.jpg", "picture"), ("a.xlsx", "spreadsheet")])
def test_other_kinds_are_refused_with_what_to_do(name: str, what: str) -> None:
    with pytest.raises(NotText, match=rf"{what}.*save its text"):
        kind_of(b"x", name)


def test_a_word_file_that_unpacks_to_far_more_than_a_document_is_refused() -> None:
    import io
    import zipfile

    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<a>" + b" " * 80_000_000)
    with pytest.raises(NotText, match="would unpack to"):
        document(file.getvalue(), "a.docx")


def test_a_mail_without_a_body_is_refused() -> None:
    with pytest.raises(EmptyText):
        document(b"From: a@example.org\nSubject: nichts\nContent-Type: image/png\n\n", "a.eml")
