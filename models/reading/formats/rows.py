"""Which lines of a plain text are rows of a table, told by their figures, results or columns."""

import re
from collections.abc import Sequence

_MAX_ROW = 160
_MIN_NUMBERS = 0.4
_MIN_ROWS = 2
_MAX_HEADER_WORDS = 10
_FIGURE = re.compile(r"[(+±–-]?\d[\d.,:/%+–-]*\)?[%€$.]?")
_SCORE = re.compile(r"[^\d\n]{2,40}\d{0,4}[^\d\n]{0,20} [–-] [^\n]{2,40}? \d{1,3}:\d{1,3}(?: [(n][^\n]{0,20})?")
_COLUMNS = re.compile(r" {3,}| ?\| ?")


def table_rows(lines: Sequence[str], gaps: Sequence[int]) -> list[int]:
    """Which lines are rows or the header of a table: two rows at least, one under the other.

    `gaps` says how many line ends stand before each line.
    """
    rows = [is_row(line) for line in lines]
    found: list[int] = []
    n = 0
    while n < len(lines):
        end = n
        while end < len(lines) and rows[end] and (end == n or gaps[end] == 1):
            end += 1
        if end - n >= _MIN_ROWS:
            header = n - 1 if n and gaps[n] == 1 and _is_header(lines[n - 1]) else n
            found += range(header, end)
        n = max(end, n + 1)
    return found


def is_row(text: str) -> bool:
    """Whether a line by itself looks like a row: mostly figures, a result, or columns."""
    if not 0 < len(text) <= _MAX_ROW or (text[-1] in ".!?:;," and not text[-2:-1].isdigit()):
        return False
    words = text.split()
    figures = sum(_FIGURE.fullmatch(word) is not None for word in words)
    if len(words) >= 3 and figures >= _MIN_NUMBERS * len(words):
        return True
    return _SCORE.fullmatch(text) is not None or len(_COLUMNS.findall(text.strip("| "))) >= 2


def _is_header(text: str) -> bool:
    words = text.split()
    return 3 <= len(words) <= _MAX_HEADER_WORDS and text[-1] not in "!?:;" and not any(map(_is_small, words))


def _is_small(word: str) -> bool:
    return word[0].islower() and len(word) > 2
