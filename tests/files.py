"""Files of the kinds that are read, made by the libraries that people make them with."""

import io
from collections.abc import Sequence
from email.message import EmailMessage

LEAD = "Das Projekt kostet 6,2 Millionen Euro."
TEXT = (
    "Die Gemeinde Talheim baut ein neues Feuerwehrhaus. Der Gemeinderat hat am Dienstag mit großer Mehrheit "
    "zugestimmt. Der Bau soll im Herbst beginnen und zwei Jahre dauern. Das alte Haus aus dem Jahr 1968 wird "
    "abgerissen, weil das Dach undicht ist."
)
SENTENCES = 4
PAGE = (
    f"<html><head><title>Feuerwehrhaus</title></head><body><nav><a href='/'>Start</a></nav><article><h1>Feuerwehrhaus"
    f"</h1><p class='teaser'>{LEAD}</p><p>{TEXT}</p></article></body></html>"
)


def pdf_file(paragraphs: Sequence[str], columns: int = 1, head: str = "", pages_of: int | None = None) -> bytes:
    """A PDF file with these paragraphs in justified columns, and a running head with the page's number."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, Spacer

    width, height = A4
    column = (width - 120 - 20 * (columns - 1)) / columns
    depth = pages_of or int(height - 140)
    frames = [Frame(60 + n * (column + 20), height - 70 - depth, column, depth) for n in range(columns)]

    def draw_head(canvas: object, template: object) -> None:
        if head:
            canvas.setFont("Helvetica", 8)  # type: ignore[attr-defined]
            canvas.drawString(60, height - 40, head)  # type: ignore[attr-defined]
            canvas.drawCentredString(width / 2, 25, f"Seite {template.page}")  # type: ignore[attr-defined]

    style = ParagraphStyle("body", fontName="Helvetica", fontSize=10, leading=12.5, alignment=4)
    file = io.BytesIO()
    document = BaseDocTemplate(file, pagesize=A4)
    document.addPageTemplates([PageTemplate(id="page", frames=frames, onPage=draw_head)])
    document.build([part for text in paragraphs for part in (Paragraph(text, style), Spacer(1, 8))])
    return file.getvalue()


def scanned_pdf_file() -> bytes:
    """A PDF file whose one page is a picture."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file)
    canvas.drawImage(ImageReader(Image.new("L", (200, 300), 180)), 0, 0, 595, 842)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def docx_file(*paragraphs: str, heading: str = "", rows: Sequence[Sequence[str]] = ()) -> bytes:
    """A Word file with a heading, paragraphs and a table."""
    from docx import Document

    document = Document()
    if heading:
        document.add_heading(heading, 1)
    for text in paragraphs:
        document.add_paragraph(text)
    if rows:
        table = document.add_table(len(rows), len(rows[0]))
        for row, values in zip(table.rows, rows, strict=True):
            for cell, value in zip(row.cells, values, strict=True):
                cell.text = value
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def mail_file(plain: str = "", html: str = "", subject: str = "Für die Leser", attached: str = "") -> bytes:
    """A mail with a body in either form or both, and the name of an attachment."""
    message = EmailMessage()
    message["From"] = "Jörg Muster <joerg@example.org>"
    message["Subject"] = subject
    message.set_content(plain or "\n", cte="quoted-printable" if plain else None)
    if html and plain:
        message.add_alternative(html, subtype="html", cte="base64")
    elif html:
        message.set_content(html, subtype="html", cte="base64")
    if attached:
        message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename=attached)
    return message.as_bytes()
