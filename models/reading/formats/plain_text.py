"""Plain text to blocks: wrapped lines joined, quotation marks of mails and running heads set aside."""

import re
from collections import Counter
from collections.abc import Sequence

from models.reading.encoding import normalise
from models.reading.formats.line_joins import Line, join, joined_lines
from models.reading.formats.rows import table_rows
from models.values import Block, Edit, Layout

_LINE = re.compile(r"[^\n]+")
_QUOTED = re.compile(r"(?:> ?)+(?=\S)")
_ITEM = re.compile(r"(?:[-–—•*·▪►>✓●◦‣]|\d{1,3}[.)]|[a-zA-Z]\)) ")
_NUMBERED = re.compile(r"\d{1,3}[.)] ")
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
# The lines at the top and at the bottom of a page that may be its running head or its number.
_EDGE = 2
_MIN_HEADED_PAGES = 2


def layout_plain_text(text: str) -> Layout:
    """The blocks of a text as it came; form feeds separate its pages."""
    pages = [normalise(page) for page in text.split("\f")]
    starts: list[int] = []
    length = 0
    for page in pages:
        starts.append(length)
        length += len(page) + 1
    whole = "\n".join(pages)
    return Layout(whole, tuple(blocks_of_lines(whole, 0, len(whole), starts[1:])))


def blocks_of_lines(text: str, start: int, end: int, page_starts: Sequence[int] = ()) -> list[Block]:
    """The blocks of a stretch of normalised text; `page_starts` are the offsets where new pages begin."""
    lines = _lines(text, start, end)
    heads = _running_heads(lines, page_starts)
    read = [line for n, line in enumerate(lines) if n not in heads]
    if heads:
        read = _closed_up(read, {line.start for n, line in enumerate(lines) if n in heads}, page_starts)
    joins = joined_lines(read)
    words = frozenset(_WORD.findall(text[start:end].lower())) if any(joins) else frozenset()
    blocks: list[Block] = []
    n = 0
    while n < len(read):
        last = n + 1
        while last < len(read) and joins[last]:
            last += 1
        blocks.append(_block(text, read[n:last], words))
        n = last
    blocks += [Block(lines[n].start, lines[n].end, reason="furniture") for n in heads]
    return sorted(blocks, key=lambda block: block.start)


def _block(text: str, lines: Sequence[Line], words: frozenset[str]) -> Block:
    """The block of lines that belong together."""
    edits: list[Edit] = []
    for n, line in enumerate(lines):
        mark = _QUOTED.match(text, line.start, line.end) if line.depth else None
        inside = mark.end() if mark else line.start
        if n:
            left_out, between = join(lines[n - 1].text, line.text, words)
            edits.append(Edit(lines[n - 1].end - left_out, inside, between))
        elif mark:
            edits.append(Edit(line.start, inside, ""))
    return Block(lines[0].start, lines[-1].end, edits=tuple(edits), row=lines[0].row)


def _lines(text: str, start: int, end: int) -> list[Line]:
    found: list[tuple[int, int, int]] = []
    before = start
    for match in _LINE.finditer(text, start, end):
        stripped = match.group().strip()
        if stripped:
            first = match.start() + len(match.group()) - len(match.group().lstrip())
            found.append((first, first + len(stripped), text.count("\n", before, first)))
            before = first + len(stripped)
    quoted = [_QUOTED.match(text, first, last) for first, last, _ in found]
    lines: list[Line] = []
    for n, (first, last, gap) in enumerate(found):
        mark = quoted[n]
        beside = any(quoted[other] for other in (n - 1, n + 1) if 0 <= other < len(found))
        depth = mark.group().count(">") if mark and beside else 0
        inside = text[mark.end() if mark and depth else first : last]
        lines.append(Line(first, last, inside, gap, depth, _ITEM.match(inside) is not None, row=False))
    _mark_numbers_inside_sentences(lines)
    _mark_rows(lines)
    return lines


def _mark_numbers_inside_sentences(lines: list[Line]) -> None:
    """A line that begins with a number goes on with a sentence ("am" "3. Oktober") where no list is."""
    for n, line in enumerate(lines):
        if n and line.item and _NUMBERED.match(line.text) and line.gap == 1:
            before = lines[n - 1]
            if not before.item and before.text[-1].isalnum() and len(before.text) > 30:
                lines[n] = line._replace(item=False)


def _mark_rows(lines: list[Line]) -> None:
    gaps = [line.gap for line in lines]
    for n in table_rows([line.text for line in lines], gaps):
        lines[n] = lines[n]._replace(row=True, item=False)


def _running_heads(lines: Sequence[Line], page_starts: Sequence[int]) -> set[int]:
    """The lines at the edges of pages that stand there on several pages, their numbers aside, and page numbers."""
    if not page_starts:
        return set()
    borders = [0, *page_starts, lines[-1].end + 1 if lines else 0]
    pages: list[list[int]] = []
    n = 0
    for page in range(len(borders) - 1):
        pages.append([])
        while n < len(lines) and lines[n].start < borders[page + 1]:
            pages[-1].append(n)
            n += 1
    edges = [{*page[:_EDGE], *page[-_EDGE:]} for page in pages]
    keys = {n: _DIGITS.sub("0", lines[n].text.lower()) for edge in edges for n in edge}
    counts = Counter(key for edge in edges for key in {keys[n] for n in edge})
    least = max(_MIN_HEADED_PAGES, (len(pages) + 1) // 3)
    return {n for n, key in keys.items() if counts[key] >= least or not any(map(str.isalpha, key))}


def _closed_up(lines: Sequence[Line], heads: set[int], page_starts: Sequence[int]) -> list[Line]:
    """The lines as if nothing stood between the pages, where a sentence goes on over the page break."""
    breaks = sorted({*heads, *page_starts})
    closed: list[Line] = []
    at = 0
    for n, line in enumerate(lines):
        crossed = False
        while at < len(breaks) and breaks[at] <= line.start:
            crossed = crossed or (n > 0 and breaks[at] > lines[n - 1].start)
            at += 1
        goes_on = crossed and n > 0 and lines[n - 1].text[-1] not in ".!?…:" and not line.item
        closed.append(line._replace(gap=1) if goes_on else line)
    return closed
