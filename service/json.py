"""JSON on one line, in whatever sense of a line: what every row of JSON that leaves the program goes through."""

import json
from typing import Any

# Characters that JSON lets stand, and at which str.splitlines, and with it many a reader of lines, ends one.
_ENDS = {ord(end): f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}


def json_line(value: object, **options: Any) -> str:
    """The value as JSON without a line end of any kind in it; `options` are those of `json.dumps`."""
    return json.dumps(value, ensure_ascii=False, **options).translate(_ENDS)
