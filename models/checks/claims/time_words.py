"""When, where no date says it: "next year" for "im vergangenen Jahr", "late May" for "Anfang Mai", "until" for "seit".

A doubt is raised only where the English says the opposite of a word of the German and the German has no word that the
English could rest on.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.checks.texts import LangText, SourceSentence
from models.values import Flag

_SPAN_DE = r"(?:jahr|monat|woche|quartal|sommer|winter|herbst|frühjahr|frühling|saison|nacht|montag|dienstag|mittwoch"
_SPAN_DE += r"|donnerstag|freitag|samstag|sonntag|jahrzehnt|jahrhundert)"
_SPAN_EN = r"(?:year|month|week|quarter|summer|winter|autumn|fall|spring|season|night|monday|tuesday|wednesday|thursday"
_SPAN_EN += r"|friday|saturday|sunday|decade|century)"
_MONTH_DE = r"(?:januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember|\d{4}|des\s+\w+)"
_MONTH_EN = r"(?:january|february|march|april|may|june|july|august|september|october|november|december|\d{4})"


@dataclass(frozen=True, slots=True)
class OppositeTimes:
    """What the German says, the English that says the opposite, and German on which that could rest after all."""

    german: re.Pattern[str]
    english: re.Pattern[str]
    unless: re.Pattern[str]


def _opposite(german: str, english: str, unless: str) -> OppositeTimes:
    return OppositeTimes(*(re.compile(pattern, re.IGNORECASE) for pattern in (german, english, unless)))


OPPOSITE_TIMES = (
    _opposite(
        rf"\b(?:vergangen|letzt|vorig|verflossen)e[nrsm]?\s+{_SPAN_DE}",
        rf"\b(?:next|coming|upcoming|following)\s{_SPAN_EN}\b",
        r"\b(?:nächst|kommend|folgend|darauf|danach|später|künftig|bevorsteh|nun\b|neu)",
    ),
    _opposite(
        rf"\b(?:nächst|kommend)e[nrsm]?\s+{_SPAN_DE}",
        rf"\b(?:last|past|previous)\s{_SPAN_EN}\b",
        r"\b(?:vergangen|letzt|vorig|zurückliegend|vorjahr|bisher|früher|jüngst|zuvor|davor|vor\b|gestern|abgelaufen)",
    ),
    _opposite(r"\b(?:vor)?gestern\b", r"\btomorrow\b", r"\bmorgen|\bzukunft|\bkünft"),
    _opposite(
        r"(?-i:\bmorgen\b)",
        r"\byesterday\b",
        r"\bgestern|\bvortag|\bzuvor|am (?:mon|diens|donners|frei|sams|sonn)tag|mittwoch",
    ),
    _opposite(
        rf"\b(?:anfang|beginn)\s+{_MONTH_DE}",
        rf"\b(?:late|the\send\sof|end\sof)\s{_MONTH_EN}\b",
        r"\bende\b|\bspät|\bschluss",
    ),
    _opposite(
        rf"\bende\s+{_MONTH_DE}",
        rf"\b(?:early|the\s(?:beginning|start)\sof)\s{_MONTH_EN}\b",
        r"\banfang|\bbeginn|\bfrüh",
    ),
    _opposite(r"\bseit\s+(?:\w+\s+)?\d{4}\b", r"\buntil\s(?:\w+\s)?\d{4}\b", r"\bbis\b|\bvor\b|\berst\b|\bnicht\b"),
    _opposite(r"\bbis\s+(?:\w+\s+){0,2}\d{4}\b", r"\bsince\s(?:\w+\s)?\d{4}\b", r"\bseit|\bvon\b|\bab\b|\bnach\b"),
)


def time_word_flags(sources: Sequence[SourceSentence], target: LangText) -> tuple[Flag, ...]:
    """Words of time in the English that say the opposite of the German's."""
    if target.lang != "en" or not sources or any(source.lang != "de" for source in sources):
        return ()
    return tuple(_turned(" ".join(source.text for source in sources), target.text))


def _turned(german: str, english: str) -> Iterator[Flag]:
    for opposite in OPPOSITE_TIMES:
        ours, theirs = opposite.english.search(english), opposite.german.search(german)
        if ours and theirs and not opposite.unless.search(german):
            yield Flag("date", ours.group(), f"the source says {theirs.group()}", "opposite")
