"""A page's visible text in document order, block by block, each with what its mark-up says about it.

Nothing that a browser shows is left out here; which blocks are the article is decided in `html_article`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from models.reading.encoding import normalise

# Noncharacters, which no text may hold, stand for the borders of blocks and of what is shown but not read.
_BORDER, _OUT, _IN = "\ufdd0", "\ufdd1", "\ufdd2"
_OUTSIDE_TEXT = re.compile("[\ufdd0-\ufdd2]")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NOT_SHOWN = _words("head script style template iframe object svg audio video canvas math-ml datalist title")
_HIDDEN = _words("noscript dialog")
_CONTROLS = _words("button select textarea label legend input menu")
# How the parts of a page that are not the article, and the lead of one, are usually called in its mark-up.
_MARGIN = _words("nav header footer aside form menu")
_MARGIN_NAME = re.compile(
    r"(?:^|[\s_-])(?:ads?|anzeige|banner|breadcrumbs?|comments?|comment-list|consent|cookies?|disqus|footer|header|"
    r"kommentare?|menu|modal|nav|navbar|navigation|newsletter|popup|promo|related|share|sharing|sidebar|social|teaser|"
    r"toolbar|widget)(?:[\s_-]|$)"
)
# What is outside the article even where it stands inside its element.
_OUTSIDE_NAME = re.compile(
    r"(?:^|[\s_-])(?:related|newsletter|author[-_]?(?:info|bio|box|description)|autor(?:en)?box|comments?|comment-list|"
    r"cookies?|consent|breadcrumbs?|social|share|sharing)(?:[\s_-]|$)"
)
_CAPTION_NAME = re.compile(
    r"(?:^|[\s_-])(?:caption(?:-text)?|figcaption|bildunterschrift|bilduntertitel|image-?subtitle|copyright|photo-?credit|"
    r"image-?credit|bildnachweis)(?:[\s_-]|$)"
)
_LEAD_NAME = re.compile(
    r"(?:^|[\s_-])(?:teaser|lead|lede|intro|introduction|standfirst|vorspann|header|dek)(?:[\s_-]|$)"
)
_BLOCKS = _words(
    "address article aside blockquote body br caption center dd details dialog div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol option p pre section select summary table "
    "tbody td textarea tfoot th thead tr ul button noscript"
)
_HEADINGS = _words("h1 h2 h3 h4 h5 h6")
_STRUCK = _words("s strike del")
_INVISIBLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.IGNORECASE)
_LINE_THROUGH = re.compile(r"line-through\b", re.IGNORECASE)
_NOTE_MARK = re.compile(r"[\[(]?(?:\d{1,3}(?:[,;–-] ?\d{1,3})*|[*†‡§]{1,4}|[a-z])[\])]?")
_UNIT_BEFORE = re.compile(r"(?:^|[\s\d(/])(?:[kmdc]?m|[hk]?m|km|ft|in)\Z")
_POWER_BEFORE = re.compile(r"(?:^|\D)10\Z")
_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_SUPERSCRIPT_UNIT = str.maketrans("23", "²³")


class Place(NamedTuple):
    """Where in the page a block stands, by the names of the elements around it."""

    margin: bool = False
    outside: bool = False
    lead: bool = False
    article: Any = None
    caption: bool = False


@dataclass(slots=True)
class PageBlock:
    """A block of a page: its text as shown, and where in the mark-up it stands."""

    element: Any
    tag: str
    hidden: bool
    control: bool
    place: "Place"
    cell: Any = None
    preformatted: bool = False
    link_characters: int = 0
    text: str = ""
    unread: list[tuple[int, int]] = field(default_factory=list)

    @property
    def heading(self) -> bool:
        """Whether this is a heading of any level."""
        return self.tag in _HEADINGS


def page_blocks(tree: Any) -> list[PageBlock]:
    """The blocks of a page that hold any text."""
    walk = _Walk()
    walk.run(tree)
    return list(walk.finished())


class _Walk:
    def __init__(self) -> None:
        self.parts: list[str] = []
        self.blocks: list[PageBlock] = []
        self.hidden: list[Any] = []
        self.struck: list[Any] = []
        self.controls: list[Any] = []
        self.links: list[Any] = []
        self.places: list[tuple[Any, Place]] = []
        self.with_title: set[Any] = set()
        self.cells: list[Any] = []
        self.preformatted: list[Any] = []
        self.element: list[Any] = []
        self.last = ""

    def run(self, tree: Any) -> None:
        import lxml.etree  # type: ignore[import-untyped]

        for title in tree.iter("h1"):
            for around in title.iterancestors():
                if around in self.with_title:
                    break
                self.with_title.add(around)
        walk = lxml.etree.iterwalk(tree, events=("start", "end"))
        for event, element in walk:
            tag = element.tag
            if event == "start":
                if tag in _NOT_SHOWN:
                    walk.skip_subtree()
                    continue
                self._start(element, tag)
                if tag in ("sup", "sub"):
                    if self._raised(element, tag):
                        walk.skip_subtree()
                else:
                    self._text(element.text)
            else:
                if tag not in _NOT_SHOWN:
                    self._end(element, tag)
                self._text(element.tail)

    def finished(self) -> Iterator[PageBlock]:
        """The blocks with their texts: white space as a browser shows it, normalised."""
        texts = normalise("".join(self.parts)).split(_BORDER)[1:]
        for block, text in zip(self.blocks, texts, strict=True):
            if not block.preformatted:
                text = " ".join(text.split())
            elif not text.strip():
                continue
            if _OUT in text:
                text = _without_marks(block, text)
            if text.strip():
                block.text = text.strip() if not block.preformatted else text.rstrip().lstrip("\n")
                yield block

    def _start(self, element: Any, tag: str) -> None:
        attributes = element.attrib
        if attributes:
            style = attributes.get("style", "")
            if (
                "hidden" in attributes
                or attributes.get("aria-hidden") == "true"
                or (style and _INVISIBLE.search(style[:1000]))
            ) and tag not in ("html", "body"):
                self.hidden.append(element)
            if style and _LINE_THROUGH.search(style[:1000]):
                self._strike(element)
        if tag in _HIDDEN and element not in self.hidden and "open" not in attributes:
            self.hidden.append(element)
        if tag in _STRUCK:
            self._strike(element)
        elif tag in _CONTROLS:
            self.controls.append(element)
        elif tag in ("td", "th"):
            self.cells.append(element)
        elif tag == "pre":
            self.preformatted.append(element)
        if tag in _BLOCKS:
            self.element.append(element)
            if attributes or tag in _MARGIN or tag in ("article", "main", "figcaption"):
                self._enter(element, tag)
            self._border()
        elif tag == "a":
            self.links.append(element)
        elif tag == "q":
            self._text("„")

    def _end(self, element: Any, tag: str) -> None:
        for stack in (self.hidden, self.controls, self.cells, self.preformatted, self.links):
            if stack and stack[-1] is element:
                stack.pop()
        if self.places and self.places[-1][0] is element:
            self.places.pop()
        if tag == "q":
            self._text("“")
        if self.struck and self.struck[-1] is element:
            self.struck.pop()
            if not self.struck:
                self.parts.append(_IN)
        if tag in _BLOCKS:
            self.element.pop()
            self._border()

    def _enter(self, element: Any, tag: str) -> None:
        """Note where the text inside this element stands."""
        around = self.places[-1][1] if self.places else Place()
        if tag in ("html", "body"):
            return
        names = f"{element.get('class', '')} {element.get('id', '')}"[:200].lower()
        here = around
        if _LEAD_NAME.search(names) or tag == "header":
            here = here._replace(lead=True)
        # The head of an article is often called a header, and its title stands there.
        if (tag in _MARGIN or _MARGIN_NAME.search(names)) and element not in self.with_title:
            here = here._replace(margin=True)
        if (tag in ("nav", "footer") or _OUTSIDE_NAME.search(names)) and element not in self.with_title:
            here = here._replace(outside=True)
        if tag in ("article", "main") or "articlebody" in (element.get("itemprop") or "").lower():
            here = here._replace(article=element)
        if tag == "figcaption" or _CAPTION_NAME.search(names):
            here = here._replace(caption=True)
        if here is not around:
            self.places.append((element, here))

    def _strike(self, element: Any) -> None:
        if not self.struck:
            self.parts.append(_OUT)
        if not self.struck or self.struck[-1] is not element:
            self.struck.append(element)

    def _border(self) -> None:
        element = self.element[-1] if self.element else None
        tag = element.tag if element is not None else ""
        if self.struck:
            self.parts.append(_IN)
        self.blocks.append(
            PageBlock(
                element,
                tag,
                bool(self.hidden),
                bool(self.controls),
                self.places[-1][1] if self.places else Place(),
                self.cells[-1] if self.cells else None,
                bool(self.preformatted),
            )
        )
        self.parts.append(_BORDER)
        if self.struck:
            self.parts.append(_OUT)

    def _text(self, text: str | None) -> None:
        if not text:
            return
        if not self.blocks:
            self._border()
        text = _OUTSIDE_TEXT.sub("", text)
        self.parts.append(text)
        self.last = text[-12:] if len(text) > 11 else self.last[-12:] + text
        if self.links:
            self.blocks[-1].link_characters += len(text.strip())

    def _raised(self, element: Any, tag: str) -> bool:
        """Write what stands above or below the line so that it joins no number; whether it is written as a whole."""
        inside = " ".join("".join(element.itertext()).split())
        if tag == "sub" or not _NOTE_MARK.fullmatch(inside[:20]):
            self._text(element.text)
            return False
        if inside in ("2", "3") and _UNIT_BEFORE.search(self.last[-12:]):
            self._text(inside.translate(_SUPERSCRIPT_UNIT))
        elif inside.isdigit() and _POWER_BEFORE.search(self.last[-12:]):
            self._text(inside.translate(_SUPERSCRIPT))
        elif self.struck:
            self._text(inside)
        else:
            self.parts.append(_OUT)
            self._text(inside.translate(_SUPERSCRIPT))
            self.parts.append(_IN)
        return True


def _without_marks(block: PageBlock, text: str) -> str:
    """The text without the marks around what is not read; the places of that are noted."""
    shown: list[str] = []
    length = 0
    for number, piece in enumerate(text.split(_OUT)):
        unread, _, rest = piece.rpartition(_IN) if number else ("", "", piece)
        if number and _IN not in piece:
            unread, rest = piece, ""
        unread = unread.replace(_IN, "")
        if unread:
            block.unread.append((length, length + len(unread)))
        shown += [unread, rest]
        length += len(unread) + len(rest)
    joined = "".join(shown)
    # White space at the ends goes later; the places count from the first character that is seen.
    lead = len(joined) - len(joined.lstrip()) if not block.preformatted else 0
    block.unread = [(max(start - lead, 0), end - lead) for start, end in block.unread if joined[start:end].strip()]
    return joined
