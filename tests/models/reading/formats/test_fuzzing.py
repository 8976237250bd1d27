"""Readers and damaged files: whatever comes, an article or a refusal comes out, and nothing of it is lost.

`KURZUM_FUZZ_SECONDS` says how long the thorough test goes on; it makes files from sound ones, by chance but repeatably.
"""

import os
import random
import time

import pytest

from models.errors import InputError
from models.reading.article import read
from models.reading.formats.registry import FILE_KINDS, FileKind, article_from_bytes, kind_named
from tests.files import PAGE, TEXT, docx_file, mail_file, pdf_file
from tests.models.reading.test_article import assert_covered

SOUND: dict[str, bytes] = {
    "text": f"> {TEXT}\n\n12.5.2024\n- Punkt\nVon Eva Berg · 14. März 2024\n{TEXT.upper()}\n".encode(),
    "markdown": f"# Titel\n\n> {TEXT}\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[x](y) `c`[^1]\n\n[^1]: Note\n".encode(),
    "html": PAGE.encode(),
    "mail": mail_file(TEXT, f"<p>{TEXT}</p>", attached="a.pdf"),
    "saved_page": b"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n" + PAGE.encode(),
    "docx": docx_file(TEXT, heading="Titel", rows=[["a", "b"]]),
    "pdf": pdf_file([TEXT] * 3, 2, "Kopf", pages_of=100),
}
PIECES = [
    *(
        b"<table><tr><td>",
        b"</p>",
        b"<s>",
        b"<sup>3</sup>",
        b"&#0;",
        b"\x00",
        b"\xff\xfe",
        b"\xc3\x83",
        b"\n> ",
        b"-\n",
    ),
    *(b"\f", b"<pre>", b"<br>" * 20, b"|" * 9, b"[^1]", b"```", b"---\n", b"=?utf-8?Q?=C3?=", b"<p hidden>"),
]


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The file with some of it cut, doubled, changed or put in."""
    for _ in range(chance.randint(1, 6)):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.randint(0, 200))
        match chance.randint(0, 4):
            case 0:
                data = data[:start] + data[end:]
            case 1:
                data = data[:end] + data[start:]
            case 2:
                data = data[:start] + bytes(chance.randbytes(end - start)) + data[end:]
            case 3:
                data = data[:start] + chance.choice(PIECES) * chance.randint(1, 9) + data[start:]
            case _:
                data = data[:start] + data[start:end] * chance.randint(2, 30) + data[end:]
    return data


def try_to_read(data: bytes, kind: FileKind) -> None:
    try:
        document = read(article_from_bytes(data, kind, 400_000))
    except InputError:
        return
    assert_covered(document)


@pytest.mark.parametrize("kind", [kind.name for kind in FILE_KINDS])
def test_damaged_files_are_read_or_refused(kind: str) -> None:
    chance = random.Random(kind)
    for _ in range(40):
        try_to_read(damaged(SOUND[kind], chance), kind_named(kind))  # type: ignore[arg-type]


@pytest.mark.thorough
def test_damaged_files_of_all_kinds_are_read_or_refused_for_a_long_time() -> None:
    chance = random.Random(1)
    end = time.monotonic() + float(os.environ.get("KURZUM_FUZZ_SECONDS", "600"))
    while time.monotonic() < end:
        kind = chance.choice(FILE_KINDS)
        try_to_read(damaged(SOUND[kind.name], chance), kind)


@pytest.mark.parametrize("subject", [b"\xff\xfe Rat", b"=?utf-8\xff\xfe?Q?Rat?="])
def test_a_subject_of_bytes_in_no_known_charset_is_read(subject: bytes) -> None:
    mail = b"Subject: " + subject + b"\nContent-Type: text/plain; charset=utf-8\n\nDer Rat tagt am Montag.\n"
    assert "Der Rat tagt am Montag." in read(article_from_bytes(mail, kind_named("mail"), 1000)).text
