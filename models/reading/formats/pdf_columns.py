"""The lines of a PDF page in reading order: one column after the other, headings across them in between."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from models.reading.formats.rows import is_row

# A gap between two columns: how far from the edges of the page it lies, and how few lines may cross it.
_MIN_COLUMN_SHARE = 0.2
_MAX_CROSSING_SHARE = 0.3
_MIN_COLUMN_LINES = 3
_STEP = 2.0
_MAX_DEPTH = 3
# Distances of lines and sizes of letters that begin a new paragraph, as multiples of the usual ones.
_PARAGRAPH_GAP = 1.4
_OTHER_SIZE = 1.12
_INDENT = 0.8
_SHORT_LINE = 0.85
# Runs whose feet differ by less than this share of the size of their letters stand on one line.
_SAME_HEIGHT = 0.4


@dataclass(slots=True)
class PageLine:
    """A run of text on a page; coordinates in points, from the lower left corner."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float


def columns(lines: Sequence[PageLine], depth: int = 0) -> tuple[list[list[PageLine]], int]:
    """The lines in reading order, a list for each stretch of one column, and how many columns stand side by side."""
    lines = sorted(lines, key=lambda line: -line.top)
    gutter = _gutter(lines) if depth < _MAX_DEPTH else None
    if gutter is None:
        return ([_whole_lines(lines)] if lines else []), 1
    found: list[list[PageLine]] = []
    widest = 1
    band: list[PageLine] = []
    for line in [*lines, None]:
        if line is not None and not line.left < gutter < line.right:
            band.append(line)
            continue
        counts = []
        for side in ([b for b in band if b.right <= gutter], [b for b in band if b.left >= gutter]):
            stretches, count = columns(side, depth + 1)
            found += stretches
            counts.append(count if side else 0)
        widest = max(widest, sum(counts))
        band = []
        if line is not None:
            found.append([line])
    return _merged(found), widest


def _whole_lines(runs: Sequence[PageLine]) -> list[PageLine]:
    """The runs of a column as lines: what stands at one height is one line, from left to right."""
    lines: list[list[PageLine]] = []
    for run in sorted(runs, key=lambda run: (-run.bottom, run.left)):
        if lines and abs(lines[-1][0].bottom - run.bottom) < _SAME_HEIGHT * max(run.size, lines[-1][0].size):
            lines[-1].append(run)
        else:
            lines.append([run])
    return [_joined(sorted(line, key=lambda run: run.left)) for line in lines]


def _joined(runs: Sequence[PageLine]) -> PageLine:
    return PageLine(
        " ".join(run.text for run in runs),
        runs[0].left,
        max(run.right for run in runs),
        min(run.bottom for run in runs),
        max(run.top for run in runs),
        max(run.size for run in runs),
    )


def _merged(stretches: Sequence[list[PageLine]]) -> list[list[PageLine]]:
    """Neighbouring stretches of single lines that stand under each other, as one."""
    merged: list[list[PageLine]] = []
    for stretch in stretches:
        last = merged[-1][-1] if merged else None
        if last and len(stretch) == 1 and abs(last.left - stretch[0].left) < 2 and last.bottom >= stretch[0].bottom:
            merged[-1].append(stretch[0])
        else:
            merged.append(list(stretch))
    return merged


def _gutter(lines: Sequence[PageLine]) -> float | None:
    """Where the gap between two columns is, if there is one."""
    if len(lines) < 2 * _MIN_COLUMN_LINES:
        return None
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    width = right - left
    best: tuple[int, float] | None = None
    run: list[float] = []
    x = left + _MIN_COLUMN_SHARE * width
    while x < right - _MIN_COLUMN_SHARE * width:
        crossing = sum(line.left < x < line.right for line in lines)
        before = sum(line.right <= x for line in lines)
        behind = sum(line.left >= x for line in lines)
        fits = crossing <= _MAX_CROSSING_SHARE * len(lines) and min(before, behind) >= _MIN_COLUMN_LINES
        if fits and _side_by_side(lines, x) and (best is None or crossing <= best[0]):
            run = [*run, x] if best is not None and crossing == best[0] else [x]
            best = (crossing, run[len(run) // 2])
        x += _STEP
    return best[1] if best else None


def _side_by_side(lines: Sequence[PageLine], x: float) -> bool:
    """Whether several lines on either side of a gap stand at the same heights."""
    left = [line for line in lines if line.right <= x]
    right = [line for line in lines if line.left >= x]
    top, bottom = min(max(s.top for s in left), max(s.top for s in right)), 0.0
    bottom = max(min(s.bottom for s in left), min(s.bottom for s in right))
    within = [sum(bottom <= s.bottom and s.top <= top for s in side) for side in (left, right)]
    return min(within) >= _MIN_COLUMN_LINES


def paragraphs(stretch: Sequence[PageLine]) -> Iterator[list[PageLine]]:
    """The paragraphs of a column: cut at wider gaps, other sizes of letters, indents and short last lines."""
    gaps = [a.bottom - b.bottom for a, b in pairwise(stretch) if a.bottom > b.bottom]
    usual = median(gaps) if gaps else 0.0
    left = median([line.left for line in stretch])
    right = max(line.right for line in stretch)
    current: list[PageLine] = []
    for line in stretch:
        if current and _begins(current[-1], line, usual, left, right):
            yield current
            current = []
        current.append(line)
    if current:
        yield current


def _begins(before: PageLine, line: PageLine, usual: float, left: float, right: float) -> bool:
    if is_row(before.text) or is_row(line.text):
        return True
    sizes = max(before.size, line.size) / max(0.1, min(before.size, line.size))
    if sizes > _OTHER_SIZE or before.bottom - line.bottom > max(_PARAGRAPH_GAP * usual, 1.2 * line.size):
        return True
    short = before.right - left < _SHORT_LINE * (right - left)
    closed = before.text[-1:] in '.!?…:“”"»'
    indented = line.left > left + _INDENT * line.size and before.left < line.left - 0.5 * _INDENT * line.size
    return (short and (closed or not line.text[:1].islower())) or (indented and closed)
