"""Bytes to text, and text to the one form that every offset counts.

Articles come from editors, mail programs and exports: in UTF-8, in UTF-16, in Windows-1252, with invisible
characters that break words for a model. What cannot be told is refused with the way out, never guessed at.
"""

import html
import re
import unicodedata
from functools import cache

from models.errors import NotText

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SIGNATURES = (
    (b"%PDF-", "a PDF file"),
    (b"{\\rtf", "an RTF file"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Office file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"II*\x00", "an image"),
    (b"MM\x00*", "an image"),
)
_ZIPPED = ((b"word/", "a Word file"), (b"opendocument.text", "an OpenDocument file"), (b"epub+zip", "an EPUB file"))
_SAVE = "save its text as UTF-8 plain text and send that."

# One of these stands in every line of UTF-8 that was read as Windows-1252: the first bytes of umlauts, quotes, spaces.
_BROKEN_MARKS = ("Ã", "â€", "Â")
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}\d{0,2}|#\d{2,6}|#x[0-9A-Fa-f]{2,5});")

# What German text in Windows-1252 holds beyond ASCII. À and Ã..Æ are missing on purpose: "Ã¼" is broken UTF-8.
_PLAUSIBLE = frozenset("äöüÄÖÜßéèêëàáâåçñóôøæîïíìùúûÉÈÇÅØ€„“”‚‘’‹›«»–—…•·§°²³½¼¾®©™´×µ£\xa0\xad")

_LINE_END = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_SOFT_HYPHEN_AT_END = re.compile("\xad(?=[ \t]{0,10}\n)")
_SPACE = re.compile("[\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Control characters, soft hyphen, zero-width and bidirectional controls, the byte order mark, interlinear
# anchors, tags, and halves of surrogate pairs.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)
# Unicode's Stream-Safe Text Format (UAX #15) allows 30 marks on one character; sorting longer runs takes
# quadratic time, which a hostile text turns into minutes.
_MARKS = 30


def decode(data: bytes) -> str:
    """The text of a file: by its byte order mark, as UTF-8, else as Windows-1252 where that reads as German.

    Raises NotText for anything else, with what the file seems to be and what to do.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return data.decode(encoding).removeprefix("\ufeff")
            except UnicodeDecodeError as error:
                raise NotText(f"The file starts as {encoding.upper()} but goes on differently: {_SAVE}") from error
    _refuse_known(data)
    if b"\x00" in data:
        return _decode_wide(data)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        # A file cut off inside its last character is still UTF-8.
        cut = error.end == len(data) and error.reason == "unexpected end of data" and error.start > 0
        text = data[: error.start].decode("utf-8") if cut and not data[: error.start].isascii() else _decode_ansi(data)
    _refuse_controls(text)
    return text


def normalise(text: str) -> str:
    """NFC, line feeds, plain spaces, and nothing that cannot be seen; doing it twice changes nothing more."""
    if text.isascii() and text.isprintable():
        return text
    text = _LINE_END.sub("\n", text)
    # A soft hyphen is seen where a line ends with it.
    text = _SOFT_HYPHEN_AT_END.sub("-", text)
    text = _SPACE.sub(" ", text)
    text = _UNSEEN.sub("", text)
    if text.isascii():
        return text
    text = _long_mark_run().sub(lambda run: run.group()[:_MARKS], text)
    # Last, since what was taken out may have stood between a letter and its accent.
    return unicodedata.normalize("NFC", text)


def repair(text: str, *, entities: bool) -> tuple[str, tuple[str, ...]]:
    """A text that was decoded wrongly before it came ("fÃ¼r"), mended, and the warning that says so.

    With `entities`, those of HTML ("&uuml;") are replaced too: plain text holds none. Only lines that look broken are
    touched.
    """
    warnings: list[str] = []
    if any(mark in text for mark in _BROKEN_MARKS):
        mended = "\n".join(map(_mended, text.split("\n")))
        if mended != text:
            text = mended
            warnings.append("The text had been decoded wrongly before it came (as in fÃ¼r for für): it was mended.")
    if entities and "&" in text:
        replaced = _ENTITY.sub(lambda entity: html.unescape(entity.group()), text)
        if replaced != text:
            text = replaced
            warnings.append("The text held entities of HTML (as in f&uuml;r for für): they were replaced.")
    return text, tuple(warnings)


def _mended(line: str) -> str:
    if not any(mark in line for mark in _BROKEN_MARKS):
        return line
    from ftfy import fix_encoding
    from ftfy.badness import is_bad

    return fix_encoding(line) if is_bad(line) else line


def _refuse_known(data: bytes) -> None:
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            raise NotText(f"This is {kind}, not text: {_SAVE}")
    if data.startswith(b"PK\x03\x04"):
        kind = next((kind for mark, kind in _ZIPPED if mark in data), "a zip archive")
        raise NotText(f"This is {kind}, not text: {_SAVE}")
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        raise NotText(f"This is an image, not text: {_SAVE}")


def _decode_wide(data: bytes) -> str:
    """UTF-16 without a mark: in German and English nearly every second byte is then zero, the same one but in emoji."""
    even, odd = data[::2].count(0), data[1::2].count(0)
    if len(data) % 2 == 0 and max(even, odd) > 0.4 * len(data) and min(even, odd) < 0.02 * len(data):
        try:
            text = data.decode("utf-16-le" if odd > even else "utf-16-be")
        except UnicodeDecodeError:
            text = "\x00"
        _refuse_controls(text)
        return text
    raise NotText(f"The file holds binary data, not text: {_SAVE}")


def _decode_ansi(data: bytes) -> str:
    message = f"The file is neither UTF-8 nor Windows-1252: {_SAVE}"
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise NotText(message) from error
    foreign = [character for character in text if character >= "\x80"]
    plausible = sum(character in _PLAUSIBLE for character in foreign)
    if plausible < 0.95 * len(foreign) or len(foreign) > 0.2 * len(text):
        raise NotText(message)
    return text


def _refuse_controls(text: str) -> None:
    controls = len(re.findall("[\x00-\x08\x0e-\x1a\x1c-\x1f]", text))
    if controls > 0.01 * len(text):
        raise NotText(f"The file holds binary data, not text: {_SAVE}")


@cache
def _long_mark_run() -> re.Pattern[str]:
    marks = [point for point in range(0x300, 0x1E960) if unicodedata.combining(chr(point))]
    runs: list[list[int]] = []
    for point in marks:
        if runs and runs[-1][1] == point - 1:
            runs[-1][1] = point
        else:
            runs.append([point, point])
    inside = "".join(f"{chr(first)}-{chr(last)}" for first, last in runs)
    return re.compile(f"[{inside}]{{{_MARKS + 1},}}")
