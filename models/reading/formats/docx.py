"""Word files (.docx) to their text, by mammoth: footnotes and tables stay, comments and deleted text do not."""

import re
import struct
import zipfile
import zlib
from io import BytesIO
from typing import Any

from models.errors import NotText
from models.reading.formats.html import layout_document
from models.values import Layout

# What a packed file may unpack to: in all, by its packed size, and in parts.
_MAX_UNPACKED = 64_000_000
_MAX_RATIO = 200
_MAX_ENTRIES = 5_000
# Small files of much markup pack well: below this size any ratio will do.
_FREE_SIZE = 2_000_000
# What unpacking a damaged file raises.
_DAMAGE = (zipfile.BadZipFile, OSError, EOFError, ValueError, zlib.error, struct.error)
_BACK_REFERENCE = re.compile(r'<a href="#(?:foot|end)note-ref-[^">]{1,80}">↑</a>')


def layout_docx(data: bytes) -> Layout:
    """The text of a Word file and its blocks.

    Raises NotText for a file that is damaged or would unpack to far more than a document holds, EmptyText for one
    without text.
    """
    import mammoth

    _check_archive(data)
    try:
        converted = mammoth.convert_to_html(BytesIO(data), convert_image=lambda _: [])
    except (*_DAMAGE, LookupError, AttributeError, TypeError, RuntimeError) as error:
        raise _damaged() from error
    except Exception as error:
        # The XML parser's own errors share no base class with the others.
        if type(error).__module__.startswith("xml."):
            raise _damaged() from error
        raise
    return layout_document(_BACK_REFERENCE.sub("", converted.value))


def _check_archive(data: bytes) -> None:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_sizes(entries, len(data))
            names = {entry.filename for entry in entries}
            if "word/document.xml" not in names and "[Content_Types].xml" not in names:
                raise NotText("This is a zip archive, not a Word file: unpack it and send the articles in it.")
            if b"<!DOCTYPE" in _start(archive, "word/document.xml"):
                raise _damaged()
    except (*_DAMAGE, NotImplementedError, RuntimeError) as error:
        raise _damaged() from error


def _check_sizes(entries: list[Any], packed: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > _MAX_UNPACKED or len(entries) > _MAX_ENTRIES or unpacked > max(_FREE_SIZE, _MAX_RATIO * packed):
        raise NotText(
            f"The Word file would unpack to {unpacked:,} bytes in {len(entries):,} parts, far more than a document "
            "holds: save its text as plain text and send that."
        )


def _start(archive: zipfile.ZipFile, name: str) -> bytes:
    if name not in archive.namelist():
        return b""
    with archive.open(name) as entry:
        return entry.read(2_000)


def _damaged() -> NotText:
    return NotText("The Word file is damaged or of another kind: open it, save it again as .docx and send that.")
