"""Files are read in a process of its own, whose end is the end of nothing else."""

import pytest

from models.errors import EmptyText, NotText
from models.reading.article import read
from models.reading.formats.registry import FILE_KINDS, kind_named, kind_of
from service.reading import FileReader, shared_reader
from tests.files import PAGE, SENTENCES, TEXT, docx_file, mail_file, pdf_file, scanned_pdf_file

FILES = {
    "a.txt": TEXT.encode(),
    "a.md": f"# Titel\n\n{TEXT}\n".encode(),
    "a.html": PAGE.encode(),
    "a.eml": mail_file(TEXT),
    "a.mhtml": b"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
    + PAGE.encode(),
    "a.docx": docx_file(TEXT),
    "a.pdf": pdf_file([TEXT]),
}


def test_every_kind_of_file_is_tried_here() -> None:
    assert {kind_of(data, name).name for name, data in FILES.items()} == {kind.name for kind in FILE_KINDS}


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_each_kind_is_read(name: str) -> None:
    article = shared_reader().read(FILES[name], kind_of(FILES[name], name), 400_000)
    texts = [sentence.text for sentence in read(article).sentences]
    assert texts[-SENTENCES:][0] == "Die Gemeinde Talheim baut ein neues Feuerwehrhaus."
    assert texts[-1].endswith("weil das Dach undicht ist.")


def test_what_is_refused_is_refused_as_in_the_same_process() -> None:
    with pytest.raises(NotText, match="scan"):
        shared_reader().read(scanned_pdf_file(), kind_named("pdf"), 400_000)
    with pytest.raises(EmptyText):
        shared_reader().read(b"<p></p>", kind_named("html"), 400_000)


def test_a_file_that_takes_too_long_costs_its_time_and_nothing_else() -> None:
    reader = FileReader(seconds=0.0)
    try:
        with pytest.raises(NotText, match="more time or memory"):
            reader.read(FILES["a.pdf"], kind_named("pdf"), 400_000)
        assert reader.read(FILES["a.txt"], kind_named("text"), 400_000).layout
    finally:
        reader.close()


def test_a_reader_starts_anew_and_one_without_memory_refuses() -> None:
    reader = FileReader()
    try:
        assert reader.read(FILES["a.html"], kind_named("html"), 400_000).layout
        reader.close()
        assert reader.read(FILES["a.html"], kind_named("html"), 400_000).layout
    finally:
        reader.close()
    small = FileReader(memory=100_000_000)
    try:
        with pytest.raises(NotText, match="more time or memory"):
            small.read(FILES["a.html"], kind_named("html"), 400_000)
    finally:
        small.close()
