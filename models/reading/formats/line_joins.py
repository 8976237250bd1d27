"""Which lines of a plain text go on with the line before, and how a word that a line end cut is read.

Mail programs, PDF files and typewriters break lines at any width. That a text is broken shows where lines break off
inside a sentence; the widest of these gives the width, and then a line also goes on where its first word had no room.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

# Narrower and wider lines are no lines of a column.
_MIN_LINE, _MAX_LINE = 18, 160
# The widest line that breaks off inside a sentence may be a word narrower than the widest of all.
_RAGGED = 12
# Where words are cut at line ends, lines are about equally wide: this much of the width is a full line.
_FULL_LINE = 0.85
_MIN_WRAPPED_SHARE = 0.1
_MIN_SPACED_FLOWS = 3
_MIN_SPACED_SHARE = 0.4
_LINKS = ("www.", "http://", "https://")
_CLOSED = frozenset('.!?…:;"“”«»)')
HYPHENS = "-\u2010\u2011"
# Words that end no sentence and no heading; particles of verbs ("kündigt an") do.
_LEADS_ON = frozenset(
    """der die das den dem des eine einen einem einer eines und oder aber von vom zum zur im am beim für gegen ohne bis
    seit wegen sowie seine seinen seiner seinem ihre ihren ihrer ihrem keine keinen keiner keinem dass weil wenn als wie
    sehr neue neuen the a of to for with and or by from""".split()  # noqa: SIM905
)
_KEEPS_HYPHEN = frozenset("und oder sowie bis bzw beziehungsweise noch als wie statt u".split())  # noqa: SIM905


class Line(NamedTuple):
    """A line without the space and the quotation marks of a mail around it."""

    start: int
    end: int
    text: str
    gap: int
    """How many line ends stand before it."""
    depth: int
    """How often it is quoted."""
    item: bool
    row: bool


def joined_lines(lines: Sequence[Line]) -> list[bool]:
    """For each line whether it goes on with the sentence or the paragraph of the line before."""
    if not lines:
        return []
    near = _spacing(lines)
    flows, fits = [False], [0]
    for before, line in pairwise(lines):
        candidate = (
            line.gap <= near
            and _MIN_LINE <= len(before.text) <= _MAX_LINE
            and len(line.text) <= _MAX_LINE
            and line.depth == before.depth
            and not (line.row or before.row)
        )
        flows.append(candidate and _breaks_off(before.text, line))
        fits.append(len(before.text) + 1 + len(line.text.split(" ", 1)[0]) if candidate and not line.item else 0)
    lengths = [len(before.text) for before, flow in zip(lines, flows[1:], strict=False) if flow]
    if not lengths:
        return flows
    wrapped = len(lengths) >= _MIN_WRAPPED_SHARE * sum(map(bool, fits))
    width = max(lengths)
    cut = any(flow and before.text[-1] in HYPHENS for before, flow in zip(lines, flows[1:], strict=False))
    full = _FULL_LINE * width if cut else width + 1
    narrow = [0, *(len(line.text) for line in lines[:-1])]
    return [
        flow or (wrapped and fit > 0 and (fit > width or length >= full) and length <= width + _RAGGED)
        for flow, fit, length in zip(flows, fits, narrow, strict=True)
    ]


def _spacing(lines: Sequence[Line]) -> int:
    """How many line ends stand between the lines of a paragraph: two in a text with double spacing."""
    spaced = [(before, line) for before, line in pairwise(lines) if line.gap == 2 and not (line.row or before.row)]
    flows = sum(_breaks_off(before.text, line) for before, line in spaced if len(before.text) <= _MAX_LINE)
    return 2 if flows >= _MIN_SPACED_FLOWS and flows >= _MIN_SPACED_SHARE * len(spaced) else 1


def _breaks_off(before: str, line: Line) -> bool:
    """Whether a line ends inside a sentence that the next one goes on with."""
    last, first = before[-1], line.text[0]
    if line.item or line.text.startswith(_LINKS):
        return False
    if last in HYPHENS and len(before) > 1 and before[-2].isalnum():
        return first.isalpha()
    if first.islower() and last not in _CLOSED:
        return True
    return last == "," or before.rsplit(None, 1)[-1] in _LEADS_ON


def join(before: str, behind: str, words: frozenset[str]) -> tuple[int, str]:
    """How many characters of the end of a line are left out, and what stands between it and the next line.

    A hyphen goes where it only cut a word ("Ab-" "schuss"), and stays in compounds ("CDU-" "Politiker") and before a
    second part ("Natur-" "und"). `words` are the words of the text, in small letters, which decide where they can.
    """
    if before[-1] not in HYPHENS or len(before) < 2 or not before[-2].isalnum():
        return 0, " "
    left = before[:-1].split()[-1].lstrip("(„“\"'»«")
    right = _word_at_start(behind)
    if right.lower() in _KEEPS_HYPHEN:
        return 0, " "
    whole, hyphenated = (left + right).lower(), f"{left}-{right}".lower()
    if hyphenated in words and whole not in words:
        return 0, ""
    if right[:1].islower() or (left.isupper() and right.isupper()):
        acronym = any(map(str.isupper, left[1:])) and not (left.isupper() and right.isupper() and len(left) > 1)
        pair = left.islower() and left.endswith("sch") and len(right) > 5 and "sch" in right
        compound = left[-1].isdigit() or acronym or pair or (len(left) == 1 and whole not in words)
        return (0, "") if compound and whole not in words else (1, "")
    return 0, ""


def _word_at_start(text: str) -> str:
    end = 0
    while end < len(text) and (text[end].isalnum() or text[end] in HYPHENS):
        end += 1
    return text[:end].rstrip(HYPHENS)
