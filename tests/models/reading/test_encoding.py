"""Bytes in the encodings that articles come in, and the characters that must not reach a model."""

import codecs
import contextlib
import gzip
import io
import time
import unicodedata
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import NotText
from models.reading.encoding import decode, normalise

GERMAN = "„Schöne Grüße“, sagte der Präsident – für 3,50 € – und fuhr über die Straße nach Österreich.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_german_text_reads_right_in_every_encoding_it_comes_in(encoding: str) -> None:
    assert decode(GERMAN.encode(encoding)) == GERMAN


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_an_emoji_in_utf_16_without_a_mark_is_no_binary_data(encoding: str) -> None:
    text = GERMAN.replace("Grüße", "Grüße \U0001f600")
    assert decode(text.encode(encoding)) == text


def test_latin_1_reads_as_its_superset_windows_1252() -> None:
    text = "Die Bürger wählen am Sonntag über größere Straßen ab."
    assert decode(text.encode("latin-1")) == text


def test_a_byte_order_mark_of_utf_16_big_endian_is_heeded() -> None:
    assert decode(codecs.BOM_UTF16_BE + GERMAN.encode("utf-16-be")) == GERMAN


def test_utf_8_cut_off_inside_its_last_character_is_still_utf_8() -> None:
    assert decode("Die Brücke über".encode() + "ü".encode()[:1]) == "Die Brücke über"


def test_plain_ascii_and_nothing_at_all_are_text() -> None:
    assert decode(b"") == ""
    assert decode(b"Kein Umlaut weit und breit.\r\n") == "Kein Umlaut weit und breit.\r\n"


def _docx() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n1 0 obj", "a PDF file"),
        (_docx(), "a Word file"),
        (b"PK\x03\x04" + bytes(30), "a zip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word or Office file"),
        (b"{\\rtf1\\ansi Hallo}", "an RTF file"),
        (gzip.compress(b"Hallo", mtime=0), "a gzip archive"),
        (b"\x89PNG\r\n\x1a\n\x00", "an image"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "an image"),
    ],
)
def test_a_file_that_is_no_text_is_named_with_the_way_out(data: bytes, kind: str) -> None:
    with pytest.raises(NotText, match=f"This is {kind}, not text: save its text as UTF-8"):
        decode(data)


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 4,
        b"Text\x00mit\x00Nullen und noch mehr Text",
        "Grüße über Grüße".encode() + "Grüße".encode("cp1252"),
        "Привет, мир, как дела".encode("koi8-r"),
        b"\x01\x02\x03\x04abc",
        b"\xff\xfe\x00",
        b"\xef\xbb\xbf\xff\xff",
    ],
)
def test_what_cannot_be_told_is_refused_with_the_way_out(data: bytes) -> None:
    with pytest.raises(NotText, match="UTF-8"):
        decode(data)


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_refused_but_never_crash(data: bytes) -> None:
    with contextlib.suppress(NotText):
        assert isinstance(decode(data), str)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=100))
def test_utf_8_is_read_as_it_was_written(text: str) -> None:
    try:
        assert decode(text.encode()) == text.removeprefix("\ufeff")
    except NotText:
        # Only what begins like another kind of file is refused.
        assert text.startswith(("%PDF-", "{\\rtf", "GIF8"))


def test_line_ends_of_all_systems_become_line_feeds() -> None:
    assert normalise("a\r\nb\rc\u2028d\x0be\x85f\n\ng") == "a\nb\nc\nd\ne\nf\n\ng"


def test_spaces_of_all_widths_and_tabs_become_one_plain_space_each() -> None:
    assert normalise("10\xa0000\u202fEuro\tund\u3000mehr") == "10 000 Euro und mehr"


def test_what_nobody_sees_goes_and_joins_the_word_again() -> None:
    assert normalise("\ufeffBun\xaddes\u200btag \u202eund\u202c\x00 Rat\ud800\x07") == "Bundestag und Rat"


def test_letters_are_composed_also_across_what_was_taken_out() -> None:
    assert normalise("u\u0308ber a\u200b\u0308hnlich") == "über ähnlich"


alphabet = st.one_of(
    st.characters(),
    st.sampled_from(
        "ae\u0308\u0301\u0323\xad\u200b\ufeff\ud800\r\n\t\xa0\u2028\u202e\u212b\u1100\u1161\u11a8\U000e0001"
    ),
)


@given(st.text(alphabet, max_size=60))
def test_normalising_twice_changes_nothing_more_and_leaves_only_what_can_be_seen(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not [c for c in once if unicodedata.category(c) in ("Cc", "Cs", "Zs", "Zl", "Zp") and c not in "\n "]


@given(st.text(st.characters(categories=("L", "N", "P", "S")), max_size=60))
def test_letters_digits_and_signs_are_never_taken_out(text: str) -> None:
    assert normalise(text) == unicodedata.normalize("NFC", text)


def test_a_letter_under_a_tower_of_accents_costs_no_quadratic_time() -> None:
    started = time.perf_counter()
    normalise("a" + "\u0301\u0323" * 200_000)
    assert time.perf_counter() - started < 5
