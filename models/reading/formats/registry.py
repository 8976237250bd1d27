"""What kinds of files are read: by which names and media types they are known, and how each becomes an article.

The command line, `batch` and the service share this list. Reading a file of another kind is refused with what to do.
"""

from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath
from typing import Literal

from models.errors import NotText
from models.reading.article import lay_out
from models.reading.encoding import decode
from models.values import Article

KindName = Literal["text", "markdown", "html", "mail", "saved_page", "docx", "pdf"]
# The formats of text that a caller may name; rich text is only what a converter makes.
TextFormat = Literal["text", "html", "markdown"]


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: names, media types, and either the format of its text or the function that lays it out.

    `isolated` kinds are parsed by large libraries: the service reads them in a process that can be killed.
    """

    name: KindName
    suffixes: tuple[str, ...]
    media_types: tuple[str, ...]
    format: TextFormat | None = None
    reader: str = ""
    isolated: bool = True


FILE_KINDS: tuple[FileKind, ...] = (
    FileKind("text", (".txt", ".text"), ("text/plain",), format="text", isolated=False),
    FileKind("markdown", (".md", ".markdown"), ("text/markdown", "text/x-markdown"), format="markdown"),
    FileKind("html", (".html", ".htm", ".xhtml"), ("text/html", "application/xhtml+xml"), format="html"),
    FileKind("mail", (".eml",), ("message/rfc822",), reader="mail:layout_mail"),
    FileKind(
        "saved_page",
        (".mhtml", ".mht"),
        ("multipart/related", "application/x-mimearchive", "message/rfc822+mhtml"),
        reader="mail:layout_saved_page",
    ),
    FileKind(
        "docx",
        (".docx",),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
        reader="docx:layout_docx",
    ),
    FileKind("pdf", (".pdf",), ("application/pdf",), reader="pdf:layout_pdf"),
)
_BY_NAME = {kind.name: kind for kind in FILE_KINDS}
_BY_SUFFIX = {suffix: kind for kind in FILE_KINDS for suffix in kind.suffixes}
_BY_MEDIA_TYPE = {media_type: kind for kind in FILE_KINDS for media_type in kind.media_types}
_MAIL_HEADERS = (
    b"from:",
    b"to:",
    b"subject:",
    b"date:",
    b"mime-version:",
    b"return-path:",
    b"received:",
    b"delivered-",
)
# How much of a file is looked at to tell its kind.
_START = 2_000
_SAVE = "save its text as UTF-8 plain text, .docx or .pdf and send that."
# What people have besides: named in the refusal.
_OTHER = {
    ".doc": "an old Word file",
    ".odt": "an OpenDocument file",
    ".rtf": "an RTF file",
    ".epub": "an e-book",
    ".pages": "a Pages file",
    ".xlsx": "a spreadsheet",
    ".xls": "a spreadsheet",
    ".csv": "a table",
    ".pptx": "a presentation",
    ".ppt": "a presentation",
    ".jpg": "a picture",
    ".jpeg": "a picture",
    ".png": "a picture",
    ".gif": "a picture",
    ".tif": "a picture",
    ".tiff": "a picture",
    ".heic": "a picture",
    ".webp": "a picture",
    ".zip": "an archive",
    ".msg": "an Outlook file",
    ".mp3": "a sound file",
    ".mp4": "a film",
    ".srt": "a subtitle file",
}


def kind_named(name: KindName) -> FileKind:
    """The kind of this name."""
    return _BY_NAME[name]


def kind_of_suffix(name: str) -> FileKind | None:
    """The kind that a file's name says it is, if it says any."""
    return _BY_SUFFIX.get(PurePath(name).suffix.lower())


def known_suffixes() -> str:
    """The suffixes of the files that are read, for messages."""
    *others, last = (suffix for kind in FILE_KINDS for suffix in kind.suffixes)
    return f"{', '.join(others)} and {last}"


def why_not_read(name: str) -> str:
    """What a file is that no reader is for, in one sentence."""
    suffix = PurePath(name).suffix.lower()
    what = f"This is {_OTHER[suffix]}" if suffix in _OTHER else "This is no kind of file"
    return f"{what} that is read: {_SAVE}" if suffix not in _OTHER else f"{what}, which is not read: {_SAVE}"


def kind_of_media_type(media_type: str) -> FileKind | None:
    """The kind that a media type names, if it is read."""
    return _BY_MEDIA_TYPE.get(media_type.strip().lower())


def kind_of(data: bytes, name: str = "") -> FileKind:
    """The kind of a file: by its first bytes where these are plain, else by its name, else text.

    Raises NotText for a kind that is not read.
    """
    start = data[:_START]
    if start.lstrip().startswith(b"%PDF-"):
        return _BY_NAME["pdf"]
    by_name = kind_of_suffix(name)
    if start.startswith(b"PK\x03\x04") and (by_name is None or by_name.name != "docx") and b"word/" in data:
        return _BY_NAME["docx"]
    if by_name is not None and (by_name.name != "text" or _kind_of_start(start) != "html"):
        return by_name
    suffix = PurePath(name).suffix.lower()
    if suffix in _OTHER:
        raise NotText(why_not_read(name))
    return _BY_NAME[_kind_of_start(start)]


def _kind_of_start(start: bytes) -> KindName:
    begin = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if begin.startswith((b"<!doctype html", b"<html")):
        return "html"
    if begin.startswith(_MAIL_HEADERS) and b"\n" in start and b":" in start.split(b"\n")[1]:
        saved = b"snapshot-content-location" in begin or b"<saved by" in begin
        return "saved_page" if saved else "mail"
    return "text"


def article_from_bytes(data: bytes, kind: FileKind, max_characters: int, text: str | None = None) -> Article:
    """The article in a file of this kind, laid out; `text` is the file decoded, where the caller knows how.

    Raises NotText for a file that is of another kind or damaged, EmptyText, TextTooLong and InputError.
    """
    if kind.format is not None:
        article = Article(text if text is not None else decode(data), format=kind.format)
        layout = lay_out(article, max_characters)
    else:
        module, function = kind.reader.split(":")
        layout = getattr(import_module(f"models.reading.formats.{module}"), function)(data)
    return Article("", title=layout.title, format=kind.format or "text", layout=layout)
