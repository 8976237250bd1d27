"""JSON on one line, for every reader's sense of a line: all rows of JSON that leave the program pass through here."""

import json
from typing import Any

# JSON allows these characters as they stand, but many readers of lines end a line at U+0085, U+2028 and U+2029, and a
# terminal obeys the other control characters above U+007E and those that turn the direction of writing.
_ESCAPED = (*range(0x7F, 0xA0), 0x061C, 0x200E, 0x200F, 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_ESCAPES = {code: f"\\u{code:04x}" for code in _ESCAPED}


def json_line(value: object, **options: Any) -> str:
    """The value as JSON without a line end or another control character; `options` are those of `json.dumps`."""
    return json.dumps(value, ensure_ascii=False, **options).translate(_ESCAPES)


def json_bytes(value: object) -> bytes:
    """The value as compact JSON on one line in UTF-8; a lone surrogate, which UTF-8 cannot hold, becomes an escape."""
    text = json_line(value, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace")
