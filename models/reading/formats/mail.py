"""E-mail and saved web pages (MHTML): the body that a reader sees, decoded; the subject is the title."""

import email
import email.header
from collections.abc import Iterator
from email.message import Message

from models.errors import EmptyText
from models.reading.encoding import decode, repair
from models.reading.formats.html import layout_document, layout_page
from models.reading.formats.plain_text import layout_plain_text
from models.values import Layout

_MAX_PARTS = 500
# A mail whose plain text has less than this share of the words of its HTML only says that one should read that.
_MIN_PLAIN_SHARE = 0.5
_MAX_NAMED_ATTACHMENTS = 5


def layout_mail(data: bytes) -> Layout:
    """The body of a mail; raises EmptyText where it has none, and what `decode` and the HTML reader raise."""
    message = email.message_from_bytes(data)
    plain = html = None
    attachments: list[str] = []
    for part in _parts(message):
        kind = part.get_content_type()
        if part.get_content_disposition() == "attachment" or kind not in ("text/plain", "text/html"):
            if part.get_filename():
                attachments.append(_header(part.get_filename() or ""))
        elif kind == "text/plain" and plain is None:
            plain = _unflowed(part, _text(part))
        elif kind == "text/html" and html is None:
            html = _text(part)
    warnings = [_not_read(attachments)] if attachments else []
    layout = _body(plain, html, warnings)
    title = " ".join(_header(message.get("Subject", "")).split()) or None
    return Layout(layout.text, layout.blocks, title, (*warnings, *layout.warnings))


def layout_saved_page(data: bytes) -> Layout:
    """The page in an MHTML file; raises EmptyText where there is none."""
    for part in _parts(email.message_from_bytes(data)):
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            text, warnings = repair(_text(part), entities=False)
            layout = layout_page(text)
            return Layout(layout.text, layout.blocks, layout.title, warnings)
    raise EmptyText("The file holds no web page: save the page again, or send its text.")


def _body(plain: str | None, html: str | None, warnings: list[str]) -> Layout:
    if plain is not None:
        plain, notes = repair(plain, entities=True)
        warnings += notes
    if html is not None:
        html, notes = repair(html, entities=False)
        warnings += [note for note in notes if note not in warnings]
    if html is not None and plain is not None:
        rich = layout_document(html)
        enough = len(plain.split()) >= _MIN_PLAIN_SHARE * len(rich.text.split())
        return layout_plain_text(plain) if enough else rich
    if html is not None:
        return layout_document(html)
    if plain is not None:
        return layout_plain_text(plain)
    raise EmptyText("The mail holds no text: send the text of the article.")


def _parts(message: Message) -> Iterator[Message]:
    for number, part in enumerate(message.walk()):
        if number >= _MAX_PARTS:
            return
        if not part.is_multipart():
            yield part


def _text(part: Message) -> str:
    """The text of a part, by its charset where that is known and right, else by what it seems to be."""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    charset = part.get_content_charset()
    if charset is None:
        return decode(data)
    try:
        return data.decode(charset)
    except (LookupError, UnicodeDecodeError, ValueError):
        return decode(data)


def _unflowed(part: Message, text: str) -> str:
    """The text with the soft line breaks of RFC 3676 taken out: a space at the end of a line."""
    if str(part.get_param("format", "")).lower() != "flowed":
        return text
    lines: list[str] = []
    flowing = False
    for line in text.replace("\r\n", "\n").split("\n"):
        # Quoted lines are joined with their marks in view.
        plain = not line.startswith(">")
        if flowing and plain:
            lines[-1] += line.removeprefix(" ")
        else:
            lines.append(line)
        flowing = plain and line.endswith(" ") and line != "-- "
    return "\n".join(lines)


def _header(value: object) -> str:
    """A header's text, its encoded words decoded; bytes in no known charset come as the library's `Header`."""
    text = str(value)
    try:
        return str(email.header.make_header(email.header.decode_header(text[:2000])))
    except (LookupError, ValueError, email.errors.MessageError):
        return text


def _not_read(attachments: list[str]) -> str:
    names = ", ".join(attachments[:_MAX_NAMED_ATTACHMENTS])
    more = len(attachments) - _MAX_NAMED_ATTACHMENTS
    return f"Attachments were not read: {names}{f' and {more} more' if more > 0 else ''}."
