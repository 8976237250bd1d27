"""What stands around an article on its page: forms, buttons, bylines, credits, link lists, contact blocks.

Only whole lines go, and only those of a known form: a line that is kept by mistake costs a translation, one that is
dropped by mistake costs content. Some lines are told by their neighbours: a section name beside a date, headlines under
"Mehr zum Thema", a name between a telephone number and an address.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from models.reading.boilerplate_lines import MAX_LINE, LineKind, classify_line, fold
from models.reading.boilerplate_words import boilerplate_words
from models.values import Reason

_MIN_DOUBTFUL_RUN = 3
_MAX_LINKED_HEADLINES = 8
_MAX_HEADLINE = 130
# A last headline as short as this, right before the text goes on, is a heading of the text.
_MAX_HEADING_WORDS = 4
_MAX_CONTACT_LINES = 14
_MAX_CONTACT_LINE = 90
_MIN_CONTACT_FIELDS = 2
_ENDS_SENTENCE = frozenset(".!?…:;")
_BULLET = re.compile(r"[-–—•*·▪►>]+ ")
_ADDRESS = re.compile(r"\d{4,5} [A-ZÄÖÜ][\w.-]+(?: [\w./-]+){0,3}|(?:https?://|www\.)\S+|[^\s@]+@[^\s@]+")
_STREET = re.compile(r"[A-ZÄÖÜ][\w.-]*(?: [\w.-]+){0,3} \d{1,4}[a-z]?(?:, \d{4,5} [A-ZÄÖÜ][\w.-]+(?: [\w./-]+){0,3})?")


def find_boilerplate(lines: Sequence[str]) -> list[Reason | None]:
    """For each line why it is not of the article, or None where it is or may be."""
    known: dict[str, Reason | LineKind] = {line: _classify(line) for line in dict.fromkeys(lines)}
    kinds = [known[line] for line in lines]
    _resolve_doubtful(lines, kinds)
    _drop_linked_headlines(lines, kinds)
    _drop_contact_blocks(lines, kinds)
    return [kind if kind in ("furniture", "no letters") else None for kind in kinds]


def _classify(line: str) -> Reason | LineKind:
    if not any(map(str.isalpha, line)):
        return "no letters" if line.strip() else None
    return classify_line(line)


def _resolve_doubtful(lines: Sequence[str], kinds: list[Reason | LineKind]) -> None:
    """Decide over the doubtful lines of each run without any content between them."""
    borders = [-1, *(n for n, kind in enumerate(kinds) if kind is None and lines[n].strip()), len(lines)]
    for before, behind in pairwise(borders):
        run = range(before + 1, behind)
        doubtful = [n for n in run if kinds[n] == "maybe"]
        at_end = behind == len(lines)
        if at_end or len(doubtful) >= _MIN_DOUBTFUL_RUN or any(kinds[n] == "furniture" for n in run):
            for n in doubtful:
                kinds[n] = "furniture"


def _drop_linked_headlines(lines: Sequence[str], kinds: list[Reason | LineKind]) -> None:
    """Drop the headlines of other articles below "Mehr zum Thema" and its like."""
    headings = boilerplate_words().link_list_headings
    for n, kind in enumerate(kinds):
        if kind != "furniture" or len(lines[n]) > MAX_LINE or fold(" ".join(lines[n].split())) not in headings:
            continue
        end = n + 1
        while end < len(lines) and end - n <= _MAX_LINKED_HEADLINES and _is_headline(lines[end]):
            end += 1
        last = lines[end - 1]
        before_text = end < len(lines) and kinds[end] is None and not _BULLET.match(last.lstrip())
        if end - n > 1 and before_text and len(last.split()) <= _MAX_HEADING_WORDS:
            end -= 1
        for linked in range(n + 1, end):
            kinds[linked] = kinds[linked] or "furniture"


def _is_headline(line: str) -> bool:
    bare = line.rstrip(" \"'”“»«)")
    return len(line) <= _MAX_HEADLINE and bool(bare) and (bare[-1] not in _ENDS_SENTENCE or bare[-1] == "?")


def _drop_contact_blocks(lines: Sequence[str], kinds: list[Reason | LineKind]) -> None:
    """Drop runs of short lines around numbers to call and addresses, with the heading above them."""
    headings = boilerplate_words().contact_headings
    n = 0
    while n < len(lines):
        headed = len(lines[n]) <= _MAX_CONTACT_LINE and fold(" ".join(lines[n].split())) in headings
        start = n
        fields: list[int] = []
        at = n + 1 if headed else n
        limit = min(len(lines), at + _MAX_CONTACT_LINES)
        while at < limit and (field := _is_contact_field(lines[at])) is not None:
            if field:
                fields.append(at)
            elif not headed and not fields:
                break
            at += 1
        if len(fields) >= (1 if headed else _MIN_CONTACT_FIELDS):
            for inside in range(start, fields[-1] + 1):
                kinds[inside] = kinds[inside] if kinds[inside] == "no letters" else "furniture"
            n = fields[-1] + 1
        else:
            n += 1


def _is_contact_field(line: str) -> bool | None:
    """Whether a line is a number or an address, or a short line that may stand among them; None for anything else."""
    written = " ".join(line.split())
    if len(written) > _MAX_CONTACT_LINE:
        return None
    first = re.split(r"[\s:./]", written.casefold(), maxsplit=1)[0].strip("-–•*")
    if first in boilerplate_words().contact_fields and re.search(r"\d{2}|[@.]\w", written) and ":" in written + ":":
        return True
    if _ADDRESS.fullmatch(written) or _STREET.fullmatch(written):
        return True
    return None if written[-1:] in _ENDS_SENTENCE and written[-1:] != ":" else False
