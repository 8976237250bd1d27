"""A request's body, read by hand so that every limit holds before anything is parsed.

Frameworks read a body whole and parse it in one go; here 8 MB are counted while they arrive, a slow sender is given
up, and what Python's JSON parser is too kind about (NaN, duplicate keys, lone surrogates) is refused by name.
"""

import asyncio
import codecs
import json
import re
from collections.abc import AsyncIterator
from email.message import Message
from typing import Any, NoReturn

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive

from models.errors import NotText
from models.reading.encoding import decode
from service.http.problems import RequestError
from service.settings import Limits

# Encodings of text that browsers and Python agree on; some of Python's others are slow or no encodings of text.
SANE_CODECS = re.compile(r"utf-(8|8-sig|16|16-le|16-be|32)|ascii|iso8859-\d+|cp\d+|mac-roman|koi8-[ru]")
# Beyond this, parsing leaves the event loop: 64 KB take a fraction of a millisecond.
BIG = 65_536


def media_type(headers: Headers, accepted: tuple[str, ...]) -> tuple[str, str | None]:
    """The media type and the charset of the body. Raises RequestError (415) for what is not in `accepted`."""
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        detail = "Compressed bodies are not taken: send the body as it is, without Content-Encoding."
        raise RequestError(415, "unsupported-media-type", detail, headers={"Accept-Encoding": "identity"})
    declared = headers.get("content-type", "")
    # By hand, because the email module takes whatever it does not understand for text/plain.
    kind = declared.partition(";")[0].strip().lower()
    if kind not in accepted:
        detail = f"The body's Content-Type must be {' or '.join(accepted)}."
        raise RequestError(415, "unsupported-media-type", detail, headers={"Accept": ", ".join(accepted)})
    message = Message()
    message["content-type"] = declared
    charset = message.get_param("charset")
    return kind, charset if isinstance(charset, str) else None


async def read_body(request: Request, limits: Limits) -> bytes:
    """The whole body. Raises RequestError: 413 as soon as it is known to be too large, 408 when it takes too long."""
    declared = request.headers.get("content-length", "0")
    if not declared.isascii() or not declared.isdigit():
        raise RequestError(400, "malformed-request", "The Content-Length is not a number.")
    if len(declared) > 18 or int(declared) > limits.body_bytes:
        raise too_large(limits)
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(limits.body_seconds):
            async for chunk in messages(request.receive):
                size += len(chunk)
                if size > limits.body_bytes:
                    raise too_large(limits)
                chunks.append(chunk)
    except TimeoutError:
        raise too_slow(limits) from None
    return b"".join(chunks)


async def messages(receive: Receive) -> AsyncIterator[bytes]:
    """The chunks of a body. Raises ClientDisconnect when the client leaves before its end."""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        more = message.get("more_body", False)
        yield message.get("body", b"")


def too_large(limits: Limits) -> RequestError:
    """The answer to a body over the limit."""
    return RequestError(413, "body-too-large", f"The body is larger than {limits.body_bytes:,} bytes.")


def too_slow(limits: Limits) -> RequestError:
    """The answer to a body that does not come to its end; the connection is of no more use."""
    detail = f"The body did not arrive within {limits.body_seconds:.0f} s."
    return RequestError(408, "request-timeout", detail, headers={"Connection": "close"})


async def parse_json(body: bytes) -> Any:
    """The JSON value in `body`, parsed beside the event loop when it is big. Raises RequestError (400)."""
    return await asyncio.to_thread(loads, body) if len(body) > BIG else loads(body)


def loads(body: bytes) -> Any:
    """The JSON value in `body`: RFC 8259 in UTF-8, and no key twice in an object. Raises RequestError (400)."""
    if not body.strip():
        raise _malformed("There is nothing in the body.")
    try:
        value = json.loads(body.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_constant)
        # Only an escape can bring in half a surrogate pair: UTF-8 itself has none.
        if re.search(rb"\\u[dD][89a-fA-F]", body):
            json.dumps(value, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise _malformed(f"This is not JSON: {error.msg} at line {error.lineno}, column {error.colno}.") from None
    except UnicodeDecodeError as error:
        raise _malformed(f"This is not UTF-8: byte {error.start} cannot be decoded.") from None
    except UnicodeEncodeError:
        raise _malformed("The JSON holds half of a surrogate pair (\\ud800 to \\udfff).") from None
    except RecursionError:
        raise _malformed("The JSON is nested too deeply.") from None
    except ValueError:  # Python refuses integers of more than 4,300 digits.
        raise _malformed("The JSON holds a number that is too long.") from None
    return value


async def parse_text(body: bytes, charset: str | None) -> str:
    """The text in `body`, decoded as its charset says, or else as what it seems to be. Raises NotText."""
    return await asyncio.to_thread(_decode, body, charset) if len(body) > BIG else _decode(body, charset)


def _decode(body: bytes, charset: str | None) -> str:
    if charset is None:
        return decode(body)
    try:
        name = codecs.lookup(charset).name
        if SANE_CODECS.fullmatch(name):
            # A byte order mark is no part of the text; UTF-16 and UTF-32 drop theirs themselves.
            return body.decode("utf-8-sig" if name == "utf-8" else name)
    except UnicodeDecodeError:
        raise NotText(f"The body is not {name}, as its Content-Type says.") from None
    except (LookupError, ValueError):
        pass
    raise NotText("The charset in the Content-Type is not known: send UTF-8.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _malformed("An object in the JSON has the same key twice.")
    return value


def _constant(name: str) -> NoReturn:
    raise _malformed(f"{name} is not JSON.")


def _malformed(detail: str) -> RequestError:
    return RequestError(400, "malformed-request", detail)
