"""HTML to its visible text, block by block: what is the article, and what is not.

trafilatura says what the article is; nothing else of the visible page is lost, but listed as dropped. trafilatura is
made for whole pages of news sites; of a fragment or a page of three sentences it may keep nothing, and its time and its
recursion grow with the number of elements. Where it fails, everything that a reader sees is taken: losing text is worse
than noise.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from models.errors import EmptyText, InputError
from models.reading.encoding import normalise
from models.reading.formats.html_article import article_blocks
from models.reading.formats.html_blocks import PageBlock, page_blocks
from models.reading.formats.plain_text import blocks_of_lines
from models.values import Block, Edit, Layout, Reason

# trafilatura takes about a quarter of a millisecond an element; an article has hundreds, seldom thousands.
_MAX_ELEMENTS = 15_000
# It takes 5 µs a character on text without words; this is far over what an article holds.
_MAX_VISIBLE = 600_000
# libxml2 compares each attribute of a tag with all before it, so that one huge tag takes minutes.
_MAX_TAG = 4_000
_MAX_ATTRIBUTES = 150
# A cell with more text than this is no cell of a table of facts, but a column of the page.
_MAX_CELL = 300
# Between the cells of a row: white space, which belongs to no sentence.
_CELL_BORDER = "  "


def layout_page(html: str) -> Layout:
    """A web page: its visible text in order, with what is not the article dropped.

    Raises EmptyText where no article text is found, and InputError for HTML that cannot be parsed.
    """
    tree = parse_html(html)
    blocks = page_blocks(tree)
    title = _title(tree)
    small = sum(1 for _ in tree.iter()) <= _MAX_ELEMENTS and sum(len(b.text) for b in blocks) <= _MAX_VISIBLE
    if small:
        chosen = article_blocks(blocks, _trafilatura(tree), title)
    else:
        chosen = [not (block.hidden or block.control or block.place.outside) for block in blocks]
    if not any(chosen):
        chosen = [not (block.hidden or block.control) for block in blocks]
    headings = [block.text for block, one in zip(blocks, chosen, strict=True) if one and block.tag == "h1"]
    # A page's title often names the newspaper too; its heading does not.
    return _layout(blocks, chosen, headings[0] if headings and (headings[0] in title or not title) else title)


def _title(tree: Any) -> str:
    heading = tree.find(".//title")
    return normalise(" ".join("".join(heading.itertext()).split())) if heading is not None else ""


def layout_document(html: str, *, code: bool = True) -> Layout:
    """HTML that a converter made of a document, or the body of a mail: all that is visible is the article.

    With `code` off, preformatted blocks are dropped. Raises as `layout_page` does.
    """
    blocks = page_blocks(parse_html(html))
    chosen = [not (block.hidden or block.control) and (code or not block.preformatted) for block in blocks]
    return _layout(blocks, chosen, "")


def _layout(blocks: Sequence[PageBlock], chosen: Sequence[bool], title: str) -> Layout:
    if not any(chosen):
        raise EmptyText("The HTML holds no article text: send the page as the browser shows it, or its plain text.")
    rows = _rows(blocks)
    parts: list[str] = []
    laid_out: list[Block] = []
    length = 0
    n = 0
    while n < len(blocks):
        row = rows.get(n, 1)
        if parts:
            parts.append("\n")
            length += 1
        start, ends, edits = length, [], []
        for at, block in enumerate(blocks[n : n + row]):
            if at:
                parts.append(_CELL_BORDER)
                length += len(_CELL_BORDER)
            edits += [Edit(length + first, length + last, "") for first, last in block.unread]
            parts.append(block.text)
            length += len(block.text)
            ends.append(length)
        reason = _reason(blocks[n : n + row], chosen[n : n + row])
        if blocks[n].preformatted and row == 1 and reason is None:
            laid_out += (
                blocks_of_lines("".join(parts), start, length) if "\n" in blocks[n].text else [Block(start, length)]
            )
        else:
            is_row = n in rows
            laid_out.append(Block(start, length, reason, tuple(edits), is_row, tuple(ends) if is_row else ()))
        n += row
    return Layout("".join(parts), tuple(laid_out), " ".join(normalise(title).split()) or None)


def _reason(blocks: Sequence[PageBlock], chosen: Sequence[bool]) -> Reason | None:
    if any(chosen):
        return None
    return "hidden" if all(block.hidden for block in blocks) else "not_article"


def _rows(blocks: Sequence[PageBlock]) -> dict[int, int]:
    """Where rows of tables of facts begin among the blocks, and how many blocks each has."""
    tables: dict[Any, list[int]] = {}
    layouts: set[Any] = set()
    for n, block in enumerate(blocks):
        if block.cell is None:
            continue
        table = next(_tables_around(block.cell), None)
        if table is None:
            continue
        if table not in tables:
            layouts.update(list(_tables_around(table))[:20])
        tables.setdefault(table, []).append(n)
        if block.heading or block.preformatted or len(block.text) > _MAX_CELL:
            layouts.add(table)
    rows: dict[int, int] = {}
    for table, members in tables.items():
        if table in layouts:
            continue
        by_row: dict[Any, list[int]] = {}
        for n in members:
            by_row.setdefault(blocks[n].cell.getparent(), []).append(n)
        runs = [run for run in by_row.values() if run[-1] - run[0] == len(run) - 1]
        if any(len({blocks[n].cell for n in run}) > 1 for run in runs):
            rows |= {run[0]: len(run) for run in runs}
    return rows


def _tables_around(element: Any) -> Iterator[Any]:
    yield from element.iterancestors("table")


def parse_html(html: str) -> Any:
    """The tree of a page; raises EmptyText and InputError where there is none."""
    import lxml.etree  # type: ignore[import-untyped]
    import lxml.html  # type: ignore[import-untyped]

    html = re.sub("[\x00\ud800-\udfff]", "", html)
    # What XML allows beyond HTML is not wanted: the declaration, and entities of the page's own.
    html = re.sub(r"\A\s*<\?xml[^>]{0,200}>", "", html)
    html = re.sub(r"\A\s*<!DOCTYPE[^>\[]{0,500}\[[^\]]*\]\s*>", "<!DOCTYPE html>", html, flags=re.IGNORECASE)
    html = _shorten_tags(html)
    parser = lxml.html.HTMLParser(huge_tree=True, no_network=True, remove_comments=True, remove_pis=True)
    try:
        tree = lxml.html.document_fromstring(html, parser=parser)
    except (lxml.etree.LxmlError, ValueError, AssertionError) as error:
        raise EmptyText("The HTML holds no article text: it cannot be parsed as a page.") from error
    if any("depth" in entry.message for entry in parser.error_log if entry.level_name == "FATAL"):
        raise InputError("The HTML is nested too deeply to be read: send the article as plain text.")
    return tree


def _shorten_tags(html: str) -> str:
    """Leave out the inside of tags that are longer than any real one (embedded images, floods of attributes)."""
    pieces = html.split(">")
    for index, piece in enumerate(pieces):
        if len(piece) < 2 * _MAX_ATTRIBUTES:
            continue
        opening = re.search("<[A-Za-z][A-Za-z0-9]{0,20}", piece)
        # A script may hold "a<b" long before its closing tag, which must stay.
        closing = piece.rfind("</", len(piece) - 50)
        end = closing if closing >= 0 else len(piece) - 2
        if opening and _is_flood(piece[opening.end() : end]):
            pieces[index] = piece[: opening.end()] + " " + piece[end:]
    return ">".join(pieces)


def _is_flood(inside: str) -> bool:
    attributes = max(inside.count("="), len(inside.split(None, _MAX_ATTRIBUTES)))
    return len(inside) > _MAX_TAG or attributes > _MAX_ATTRIBUTES


def _trafilatura(tree: Any) -> str:
    import lxml.etree
    import trafilatura

    try:
        found: Any = trafilatura.bare_extraction(
            tree, include_comments=False, include_tables=True, include_images=False, with_metadata=False
        )
    except (RecursionError, lxml.etree.LxmlError, ValueError, TypeError, AttributeError, KeyError, IndexError):
        # An odd page must not cost its reader the article: the visible text is still there.
        return ""
    return "" if found is None else found.text or ""
