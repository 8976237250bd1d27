"""HTML to the lines of its article, by trafilatura, with the visible text as the net below it.

trafilatura is made for whole pages of news sites; of a fragment or a page of three sentences it may keep
nothing, and its time and its recursion grow with the number of elements. Where it fails, or leaves out a
sentence of a short page, everything that a reader sees is taken instead: losing text is worse than noise.
"""

import re
from typing import Any

from models.errors import EmptyText, InputError

# trafilatura takes about a quarter of a millisecond an element; an article has hundreds, seldom thousands.
_MAX_ELEMENTS = 15_000
# Pages with less visible text than this are compared sentence by sentence.
_SHORT_PAGE = 5_000
# It takes 5 µs a character on text without words; this is far over what an article holds.
_MAX_VISIBLE = 600_000
# libxml2 compares each attribute of a tag with all before it, so that one huge tag takes minutes.
_MAX_TAG = 4_000
_MAX_ATTRIBUTES = 150


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_HIDDEN = _words("head script style noscript template svg iframe object select textarea button nav")
_MARGIN = _words("header footer aside form")
_BLOCKS = _words(
    "address article aside blockquote body br caption dd details div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr li main ol p pre section summary table tbody thead tr ul"
)
# How the parts of a page that are not the article are usually called in its mark-up.
_MARGIN_NAME = re.compile(
    r"(?:^|[\s_-])(?:ads?|anzeige|banner|breadcrumbs?|comments?|comment-list|consent|cookies?|disqus|footer|header|"
    r"kommentare?|menu|modal|nav|navbar|navigation|newsletter|popup|promo|related|share|sharing|sidebar|social|teaser|"
    r"toolbar|widget)(?:[\s_-]|$)"
)


def extract(html: str) -> tuple[str | None, str]:
    """The title, if there is one, and the article's text, a paragraph, heading, list item or table row a line.

    Raises EmptyText where no article text is found, and InputError for HTML that cannot be parsed.
    """
    tree = _parse(html)
    elements = sum(1 for _ in tree.iter())
    visible = _lines(tree, margins=True)
    heading = tree.find(".//title")
    title = " ".join((heading.text or "").split()) if heading is not None else ""
    text = ""
    if elements <= _MAX_ELEMENTS and sum(map(len, visible)) <= _MAX_VISIBLE:
        body = _lines(tree, margins=False)
        found, text = _trafilatura(tree)
        title = found or title
        if sum(map(len, body)) <= _SHORT_PAGE and _misses_a_sentence(text, body):
            text = "\n".join(body)
    text = text or "\n".join(visible)
    text = text.strip()
    if not text:
        raise EmptyText("The HTML holds no article text: send the page as the browser shows it, or its plain text.")
    return title or None, text


def _parse(html: str) -> Any:
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


def _trafilatura(tree: Any) -> tuple[str | None, str]:
    import lxml.etree
    import trafilatura

    try:
        found: Any = trafilatura.bare_extraction(
            tree, include_comments=False, include_tables=True, include_images=False, with_metadata=True
        )
    except (RecursionError, lxml.etree.LxmlError, ValueError, TypeError, AttributeError, KeyError, IndexError):
        # An odd page must not cost its reader the article: the visible text is still there.
        return None, ""
    if found is None:
        return None, ""
    return found.title, found.text or ""


def _lines(tree: Any, margins: bool) -> list[str]:
    """The visible text of each block, white space as a browser shows it; with or without the margins of the page."""
    import lxml.etree

    parts: list[str] = []
    skipped = None
    for event, element in lxml.etree.iterwalk(tree, events=("start", "end")):
        edge = "\0" if element.tag in _BLOCKS else " | " if element.tag in ("td", "th") else ""
        if skipped is None and event == "start":
            if element.tag in _HIDDEN or (not margins and _is_margin(element)):
                skipped = element
            else:
                parts += [edge, element.text or ""]
        elif event == "end" and (skipped is None or skipped is element):
            parts += [edge if skipped is None else edge or " ", element.tail or ""]
            skipped = None
    blocks = (" ".join(block.split()).strip("| ") for block in "".join(parts).split("\0"))
    return [re.sub(r"\|(?: \|)+", "|", block) for block in blocks if block]


def _is_margin(element: Any) -> bool:
    names = f"{element.get('class', '')} {element.get('id', '')}"[:200].lower()
    named = element.tag not in ("html", "body") and _MARGIN_NAME.search(names)
    # The head of an article is often called a header, and its title stands there.
    return bool(element.tag in _MARGIN or named) and element.find(".//h1") is None


def _misses_a_sentence(text: str, lines: list[str]) -> bool:
    kept = re.sub(r"\W+", "", text)
    return any(
        re.sub(r"\W+", "", line) not in kept for line in lines if line[-1] in '.!?…“"»' and len(line.split()) >= 4
    )
