"""A request's body, read by hand so that every limit holds before anything is parsed.

Frameworks read a body whole and parse it at once. Here bytes are counted while they arrive, slow senders are given up,
and what Python's JSON parser accepts beyond RFC 8259 (NaN, duplicate keys, lone surrogates) is refused by name.
"""

import asyncio
import encodings
import json
import re
from collections.abc import AsyncIterator
from encodings.aliases import aliases
from typing import Any, NoReturn

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive

from models.errors import NotText
from models.reading.encoding import decode
from service.http.problems import RequestError, ShuttingDown
from service.settings import Limits

# Encodings of text that browsers and Python agree on; some of Python's others are slow or no encodings of text.
TEXT_CODECS = re.compile(r"utf_(8|8_sig|16|16_le|16_be|32)|ascii|latin_1|iso8859_\d+|cp\d+|mac_roman|koi8_[ru]")
# All of Python's own names, and two that its table of aliases leaves out.
KNOWN_CODECS = frozenset(n for n in (*aliases.values(), "utf_8_sig", "koi8_u") if TEXT_CODECS.fullmatch(n))
CHARSET = re.compile(r';\s*charset\s*=\s*"?([^\s";]{1,40})"?', re.IGNORECASE)
# Beyond this, parsing leaves the event loop: 64 KB take a fraction of a millisecond.
MAX_BYTES_ON_LOOP = 65_536
# What a big JSON body may hold besides the text of its strings. An article's request has a dozen fields and a glossary.
MAX_JSON_STRINGS = 10_000
MAX_BYTES_OUTSIDE_STRINGS = 65_536


class BodyReader:
    """Reads bodies within the limits; once closed, it gives up those that are not complete."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._open: set[asyncio.Timeout] = set()
        self._closed = False

    async def read(self, request: Request) -> bytes:
        """The whole body.

        Raises RequestError: 413 as soon as the body is known to be too large, 408 when it takes too long. Raises
        ShuttingDown when the service ends first.
        """
        self._check_declared(request.headers.get("content-length", "0"))
        end = asyncio.get_running_loop().time() + self._limits.body_seconds
        chunks: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout_at(self._patience(end)) as timeout:
                self._open.add(timeout)
                async for chunk in _chunks(request.receive):
                    size += len(chunk)
                    if size > self._limits.body_bytes:
                        raise self._too_large()
                    chunks.append(chunk)
                    timeout.reschedule(self._patience(end))
        except TimeoutError:
            raise ShuttingDown if self._closed else self._too_slow() from None
        finally:
            self._open.discard(timeout)
        return b"".join(chunks)

    def close(self) -> None:
        """Give up all bodies that are still being read, and those to come that are not complete."""
        self._closed = True
        for timeout in self._open:
            timeout.reschedule(asyncio.get_running_loop().time())

    def _patience(self, end: float) -> float:
        now = asyncio.get_running_loop().time()
        return now if self._closed else min(end, now + self._limits.silence_seconds)

    def _check_declared(self, length: str) -> None:
        if not length.isascii() or not length.isdigit():
            raise RequestError(400, "malformed-request", "The Content-Length is not a number.")
        if len(length) > 18 or int(length) > self._limits.body_bytes:
            raise self._too_large()

    def _too_large(self) -> RequestError:
        return RequestError(413, "body-too-large", f"The body is larger than {self._limits.body_bytes:,} bytes.")

    def _too_slow(self) -> RequestError:
        # The connection cannot be used again: the rest of the body would be taken for the next request.
        detail = (
            f"The body did not arrive within {self._limits.body_seconds:.0f} s, "
            f"or nothing arrived for {self._limits.silence_seconds:.0f} s."
        )
        return RequestError(408, "request-timeout", detail, headers={"Connection": "close"})


async def _chunks(receive: Receive) -> AsyncIterator[bytes]:
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        more = message.get("more_body", False)
        yield message.get("body", b"")


def media_type(headers: Headers, accepted: tuple[str, ...]) -> tuple[str, str | None]:
    """The media type and the charset of the body. Raises RequestError (415) for what is not in `accepted`."""
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        detail = "Compressed bodies are not supported: send the body as it is, without Content-Encoding."
        raise RequestError(415, "unsupported-media-type", detail, headers={"Accept-Encoding": "identity"})
    declared = headers.get("content-type", "")
    kind = declared.partition(";")[0].strip().lower()
    if kind not in accepted:
        detail = f"The body's Content-Type must be {' or '.join(accepted)}."
        raise RequestError(415, "unsupported-media-type", detail, headers={"Accept": ", ".join(accepted)})
    # By hand: the email module fails on some parameters and takes what it does not understand for text/plain.
    if "charset" not in declared.lower():
        return kind, None
    charset = CHARSET.search(declared)
    return kind, charset[1] if charset else "unknown"


async def parse_json(body: bytes) -> Any:
    """The JSON value in `body`, parsed beside the event loop when it is big. Raises RequestError (400 or 422)."""
    return await asyncio.to_thread(loads, body) if len(body) > MAX_BYTES_ON_LOOP else loads(body)


def loads(body: bytes) -> Any:
    """The JSON value in `body`: RFC 8259 in UTF-8, no key twice in an object. Raises RequestError (400 or 422)."""
    if not body.strip():
        raise _malformed("There is nothing in the body.")
    if len(body) > MAX_BYTES_ON_LOOP:
        _check_structure(body)
    try:
        value = json.loads(body.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_refuse_constant)
        # Only an escape can bring in half a surrogate pair: UTF-8 itself has none.
        if re.search(rb"\\u[dD][89a-fA-F]", body):
            json.dumps(value, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        what = error.msg.removesuffix(" at")
        raise _malformed(f"This is not JSON: {what} at line {error.lineno}, column {error.colno}.") from None
    except UnicodeDecodeError as error:
        raise _malformed(f"This is not UTF-8: byte {error.start} cannot be decoded.") from None
    except UnicodeEncodeError:
        raise _malformed("The JSON holds half of a surrogate pair (\\ud800 to \\udfff).") from None
    except RecursionError:
        raise _malformed("The JSON is nested too deeply.") from None
    except ValueError:  # Python refuses integers of more than 4,300 digits.
        raise _malformed("The JSON holds a number that is too long.") from None
    return value


def _check_structure(body: bytes) -> None:
    """Refuse a big body that consists of many small values: parsing 8 MB of them holds the interpreter for seconds.

    Each step is one fast call of the standard library. Escaped quotes go first, so that the others delimit strings.
    """
    parts = body.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"', 2 * MAX_JSON_STRINGS + 1)
    if len(parts) > 2 * MAX_JSON_STRINGS + 1 or sum(map(len, parts[::2])) > MAX_BYTES_OUTSIDE_STRINGS:
        detail = f"The JSON holds too many values: at most {MAX_JSON_STRINGS:,} keys and strings are accepted."
        raise RequestError(422, "invalid-request", detail, errors=[("", detail)])


async def parse_text(body: bytes, charset: str | None) -> str:
    """The text in `body`, decoded by its charset or, without one, by what it seems to be. Raises NotText."""
    return await asyncio.to_thread(_decode, body, charset) if len(body) > MAX_BYTES_ON_LOOP else _decode(body, charset)


def _decode(body: bytes, charset: str | None) -> str:
    if charset is None:
        return decode(body)
    # Python keeps every name that it was ever asked for, known or not: ask only for those in its own table.
    name = encodings.normalize_encoding(charset.lower())
    name = aliases.get(name, name)
    if name not in KNOWN_CODECS:
        raise NotText("The charset in the Content-Type is not known: send UTF-8.")
    try:
        # A byte order mark is no part of the text; UTF-16 and UTF-32 drop theirs themselves.
        return body.decode("utf-8-sig" if name == "utf_8" else name)
    except UnicodeDecodeError:
        raise NotText(f"The body is not {name}, as its Content-Type says.") from None


def uploaded_file(content_type: str, body: bytes) -> tuple[str, bytes]:
    """The name and the bytes of the field `file` of a multipart body.

    Raises RequestError: 400 for a body that is not multipart, 422 for one without that field or with others.
    """
    from python_multipart import FormParser
    from python_multipart.exceptions import FormParserError
    from python_multipart.multipart import parse_options_header

    boundary = parse_options_header(content_type)[1].get(b"boundary")
    files: list[tuple[str, bytes]] = []
    others: list[str] = []

    def on_file(file: Any) -> None:
        file.file_object.seek(0)
        name = (file.file_name or b"").decode("utf-8", "replace")
        if file.field_name == b"file":
            files.append((name, file.file_object.read()))
        else:
            others.append((file.field_name or b"").decode("utf-8", "replace"))
        file.close()

    def on_field(field: Any) -> None:
        others.append((field.field_name or b"").decode("utf-8", "replace"))

    # The body was counted already: everything stays in memory.
    config = {"MAX_MEMORY_FILE_SIZE": len(body) + 1}
    try:
        if not boundary:
            raise _malformed("The Content-Type has no boundary.")
        parser = FormParser("multipart/form-data", on_field, on_file, boundary=boundary, config=config)
        parser.write(body)
        parser.finalize()
    except FormParserError:
        raise _malformed("This is not a multipart body.") from None
    if others:
        message = "Options belong in the query: the body holds the file alone."
        raise RequestError(422, "invalid-request", message, errors=[(name[:100], message) for name in others[:10]])
    if len(files) != 1:
        message = "The body must hold one file, in the field named file."
        raise RequestError(422, "invalid-request", message, errors=[("file", message)])
    return files[0]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _malformed("An object in the JSON has the same key twice.")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise _malformed(f"{name} is not JSON.")


def _malformed(detail: str) -> RequestError:
    return RequestError(400, "malformed-request", detail)
