"""Reports made by hand, for what is done with reports."""

from collections.abc import Iterable

from models.options import Style, SummaryLang
from models.report import Report, Seconds
from models.values import Document, Summary, SummarySentence


def report_with(
    sentences: Iterable[SummarySentence], text: str, *, style: Style = "paragraph", lang: SummaryLang = "en"
) -> Report:
    """The report on an article of this text whose summary has these sentences."""
    summary = Summary(tuple(sentences), style, lang=lang)
    return Report.of(Document("id", None, text, ()), summary=summary, receipt={}, seconds=Seconds.of(0.0))
