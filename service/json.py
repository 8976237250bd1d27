"""JSON on one line, for every reader's sense of a line: all rows of JSON that leave the program pass through here."""

import json
from typing import Any

# JSON allows these characters as they stand, but str.splitlines and many other readers of lines end a line at them.
_ENDS = {ord(end): f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}


def json_line(value: object, **options: Any) -> str:
    """The value as JSON without a line end of any kind in it; `options` are those of `json.dumps`."""
    return json.dumps(value, ensure_ascii=False, **options).translate(_ENDS)


def json_bytes(value: object) -> bytes:
    """The value as compact JSON on one line in UTF-8; a lone surrogate, which UTF-8 cannot hold, becomes an escape."""
    text = json_line(value, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace")
