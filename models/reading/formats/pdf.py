"""PDF files to their text, by PDFium: lines joined to paragraphs, columns in order, running heads set aside."""

import ctypes
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from models.errors import InputError, NotText
from models.reading.encoding import normalise
from models.reading.formats.line_joins import HYPHENS, join
from models.reading.formats.pdf_columns import PageLine, columns, paragraphs
from models.reading.formats.rows import is_row
from models.values import Block, Edit, Layout

MAX_PAGES = 300
_MAX_CHARACTERS = 2_000_000
# A page with fewer characters than this and a picture on it is a scan.
_MIN_CHARACTERS = 20
_MAX_COLUMNS = 2
# Running heads and page numbers stand in the outer parts of a page, on several pages.
_MARGIN_SHARE = 0.1
_MIN_HEADED_PAGES = 2
_HYPHEN_MARKS = str.maketrans({"\x02": "-", "\ufffe": "-", "\xad": "-", "\u2010": "-"})
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


def layout_pdf(data: bytes) -> Layout:
    """The text of a PDF file and its blocks.

    Raises NotText for a scan, a file with a password and a damaged one, and InputError for one of too many pages.
    """
    pages, heights, pictures = _pages(data)
    if not any(pages) or sum(len(line.text) for page in pages for line in page) < _MIN_CHARACTERS * len(pages):
        if pictures:
            raise NotText(
                "This PDF file is a scan: its pages are pictures without text. Run text recognition first, "
                "for example with ocrmypdf, and send the result."
            )
        if not any(pages):
            raise NotText("This PDF file holds no text: send the text of the article.")
    warnings = [_without_text(pictures)] if pictures else []
    heads = _running_heads(pages, heights)
    found: list[list[PageLine]] = []
    set_aside: dict[int, list[PageLine]] = {}
    widest = 1
    for page in pages:
        body = [line for line in page if id(line) not in heads]
        stretches, count = columns(body)
        widest = max(widest, count)
        for stretch in stretches:
            for paragraph in paragraphs(stretch):
                if found and _goes_on(found[-1], paragraph):
                    found[-1] += paragraph
                else:
                    found.append(paragraph)
        set_aside.setdefault(len(found), []).extend(line for line in page if id(line) in heads)
    if widest > _MAX_COLUMNS:
        warnings.append("The PDF file has more than two columns: check the order of its paragraphs.")
    return _layout(found, set_aside, tuple(warnings))


def _layout(found: Sequence[list[PageLine]], set_aside: dict[int, list[PageLine]], warnings: tuple[str, ...]) -> Layout:
    words = frozenset(word for p in found for line in p for word in _WORD.findall(line.text.lower()))
    parts: list[str] = []
    blocks: list[Block] = []
    length = 0
    for number in range(len(found) + 1):
        # What is set aside of a page stands behind the last paragraph that begins on it.
        for line in set_aside.get(number, ()):
            blocks.append(Block(length, length + len(line.text), reason="furniture"))
            parts += [line.text, "\n\n"]
            length += len(line.text) + 2
        if number == len(found):
            break
        start = length
        edits: list[Edit] = []
        for n, line in enumerate(found[number]):
            if n:
                left_out, between = join(found[number][n - 1].text, line.text, words)
                edits.append(Edit(length - left_out, length + 1, between))
                parts.append("\n")
                length += 1
            parts.append(line.text)
            length += len(line.text)
        row = len(found[number]) == 1 and is_row(found[number][0].text)
        blocks.append(Block(start, length, edits=tuple(edits), row=row))
        parts.append("\n\n")
        length += 2
    return Layout("".join(parts), tuple(blocks), None, warnings)


def _goes_on(before: Sequence[PageLine], paragraph: Sequence[PageLine]) -> bool:
    """Whether a paragraph at the head of a page or a column goes on with the last one."""
    last, first = before[-1], paragraph[0]
    if abs(last.size - first.size) > 0.1 * last.size or last.bottom > first.bottom + 0.5 * first.size:
        return False
    cut = last.text[-1:] in HYPHENS and last.text[-2:-1].isalpha()
    return cut or (first.text[:1].islower() and last.text[-1:] not in ".!?…:")


def _running_heads(pages: Sequence[Sequence[PageLine]], heights: Sequence[float]) -> set[int]:
    """The lines at the edges of pages that stand on several of them, their numbers aside, and bare page numbers."""
    edges = [
        [line for line in page if line.bottom > (1 - _MARGIN_SHARE) * height or line.top < _MARGIN_SHARE * height]
        for page, height in zip(pages, heights, strict=True)
    ]
    counts = Counter(key for edge in edges for key in {_DIGITS.sub("0", line.text.lower()) for line in edge})
    least = max(_MIN_HEADED_PAGES, (len(pages) + 1) // 3)
    return {
        id(line)
        for edge in edges
        for line in edge
        if not any(map(str.isalpha, line.text)) or counts[_DIGITS.sub("0", line.text.lower())] >= least
    }


def _without_text(pages: Sequence[int]) -> str:
    which = ", ".join(map(str, pages[:10])) + (" …" if len(pages) > 10 else "")
    return f"Pages of the PDF file without text, which may be pictures of text: {which}."


def _pages(data: bytes) -> tuple[list[list[PageLine]], list[float], list[int]]:
    """The lines of each page, the heights of the pages, and the numbers of those with pictures and no text."""
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise NotText("The PDF file has a password: save it without one and send that.") from error
        raise NotText("The PDF file is damaged: open it, print it to PDF again, and send that.") from error
    pages: list[list[PageLine]] = []
    heights: list[float] = []
    pictures: list[int] = []
    characters = 0
    try:
        if len(document) > MAX_PAGES:
            raise InputError(f"The PDF file has {len(document):,} pages, the limit is {MAX_PAGES}: send it in parts.")
        for number in range(len(document)):
            try:
                page = document[number]
            except pdfium.PdfiumError:
                continue
            lines = _lines(page, pdfium.raw)
            characters += sum(len(line.text) for line in lines)
            if characters > _MAX_CHARACTERS:
                raise InputError(f"The PDF file has more than {_MAX_CHARACTERS:,} characters: send it in parts.")
            pages.append(lines)
            heights.append(page.get_height())
            if sum(len(line.text) for line in lines) < _MIN_CHARACTERS and _has_picture(page, pdfium.raw):
                pictures.append(number + 1)
            page.close()
    finally:
        document.close()
    return pages, heights, pictures


def _has_picture(page: Any, raw: Any) -> bool:
    return any(object_.type == raw.FPDF_PAGEOBJ_IMAGE for object_ in page.get_objects(max_depth=2))


def _lines(page: Any, raw: Any) -> list[PageLine]:
    """The runs of text on a page as PDFium finds them, cut at wide gaps."""
    text_page = page.get_textpage()
    lines: list[PageLine] = []
    letters: list[str] = []
    box = [0.0, 0.0, 0.0, 0.0, 0.0]
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))

    def finish() -> None:
        text = " ".join(normalise("".join(letters).translate(_HYPHEN_MARKS)).split())
        if text:
            lines.append(PageLine(text, *box))
        letters.clear()

    try:
        for index in range(min(text_page.count_chars(), _MAX_CHARACTERS)):
            letter = chr(raw.FPDFText_GetUnicode(text_page, index))
            if letter in "\r\n":
                finish()
                continue
            raw.FPDFText_GetCharBox(text_page, index, left, right, bottom, top)
            if letter.isspace():
                letters.append(" ")
                continue
            size = raw.FPDFText_GetFontSize(text_page, index)
            height = max(size, top.value - bottom.value)
            if letters and (left.value - box[1] > 1.5 * height or left.value < box[1] - 2 * height):
                finish()
            if not letters or not "".join(letters).strip():
                letters.clear()
                box = [left.value, right.value, bottom.value, top.value, size]
            box[1], box[2], box[3] = max(box[1], right.value), min(box[2], bottom.value), max(box[3], top.value)
            letters.append(letter)
        finish()
    finally:
        text_page.close()
    return lines
