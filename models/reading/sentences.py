"""Cuts a line of German text into sentences, by rules.

Every full stop, question mark, exclamation mark or ellipsis is looked at once, with the word before it and the word
behind it; both looks are bounded, so the time is linear in the text. How this was measured against libraries is in
docs/benchmarks.md; the word lists are in `abbreviations.toml`. English is cut by the German rules, and joined
again where an English abbreviation ended a sentence.
"""

import re
from typing import Literal

from models.reading.abbreviations import abbreviations
from models.reading.ordinals import OPENING_MARKS, NextWord, ends_at_number

# How far a rule looks back and ahead, in characters: a few long German words.
_LOOK = 60

_SPACE = re.compile(r"\s*")
# A smiley ends a sentence too, where a space stands before it.
_RUN = re.compile(r"[.!?…]+|(?<=\s)[:;]-?[)D(]{1,3}(?=\s)")
# Quotes and brackets that close directly behind the full stop, or a German closing quote set off by a space.
_CLOSERS = re.compile(r"[\"“”»«›‹’‘')\]]*(?:\s“(?=\s|$))?")
# What may stand before the first word of a sentence.
_LEAD = re.compile(r"[\"„“”»«›‹‚‘’'(\[–—\-•*.…\s]*")
# "(APA, 3.5.2015)": agencies and date, the end mark of an agency's report.
_BYLINE = re.compile(r"\((?:[^()]{0,60}[ ,;])?\d{1,2}\.\s?\d{1,2}\.\s?\d{2,4}\)")
_NUMBER = re.compile(r"[+\-±]?\d[\d.,:/\-–]*")
# A unit for another: "km/h", "€/m²".
_RATE = re.compile(r"(?:[cdkm]?m|k?g|t|l|k?Wh?|[kMGT]?b(?:it)?|Euro|€)[²³]?/(?:h|s|min|d|a|l|k?m|ha|kg|t|k?Wh)[²³]?")
_REGENT = re.compile(r"[A-ZÄÖÜ][a-zäöüß]+ [IVX]+\b")
_ROMAN = re.compile(r"[IVX]+")
_DEFINITE = frozenset("der die das dem den des am im vom zum zur beim".split())  # noqa: SIM905
_BRAND = re.compile(r"[a-z]{1,4}[A-ZÄÖÜ]")
# An English abbreviation, or another short word, with the word behind it.
_ENGLISH_END = re.compile(
    r"(?<![^\s(\"“‘])([A-Za-z](?:\.[A-Za-z])?|[A-Za-z]{2,5})\.[\"”’)]{0,2}\s{1,9}(?=[\"“‘(]?([A-Z]\w{0,20}))"
)
_LINK = re.compile(r"https?://|www\.")
_PARTS = re.compile(r"(?:(?<=\W)|^)(?:[^\W\d_]{1,3}\.\s?){1,3}[^\W\d_]{1,3}$")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_GLUED_BEFORE = re.compile(r"(?:[a-zäöüß]{2}|(?:^|\D)\d{4})[\"“”«’‘)]*$")
_GLUED_BEHIND = re.compile(r"[\"„»‚(]?([A-ZÄÖÜ][a-zäöüß]+)(?:-\w+)*[\"“”«’‘),;:.!?]*(?:\s|$)")
_GLUED_CLOSERS = frozenset('“”"’‘)«')
_VOWEL_OR_INNER_CAPITAL = re.compile(r"[aeiouyäöüAEIOUYÄÖÜ]|(?<=.)[A-ZÄÖÜ]")


def split_sentences(text: str, lang: Literal["de", "en"] = "de") -> list[tuple[int, int]]:
    """The sentences of one line as offsets into it, in order, without the white space around them.

    Every other character belongs to exactly one sentence. A line break counts as white space: cut paragraphs first.
    """
    spans = _split_german(text)
    return _join_english(text, spans) if lang == "en" else spans


def sentence_texts(text: str, lang: Literal["de", "en"] = "de") -> list[str]:
    """The sentences of one line as texts."""
    return [text[start:end] for start, end in split_sentences(text, lang)]


def _join_english(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join what an English abbreviation cut in two, and cut where one ends a sentence that the German rules join."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        at = start
        for match in _ENGLISH_END.finditer(text, start, end):
            if _ends_in_english(match[1].lower(), match[2].lower()):
                joined.append((at, match.start() + len(match.group().rstrip())))
                at = match.end()
        joined.append((at, end))
    kept: list[tuple[int, int]] = []
    for start, end in joined:
        if kept:
            before = text[max(kept[-1][0], kept[-1][1] - _LOOK) : kept[-1][1]].split()[-1]
            behind = re.match(r"\W*(\w+)", text[start : start + _LOOK])
            word = before.lower().lstrip("(\"'“‘")
            if word.endswith(".") and not _ends_in_english(word[:-1], behind[1].lower() if behind else ""):
                start = kept.pop()[0]
        kept.append((start, end))
    return kept


def _ends_in_english(word: str, behind: str) -> bool:
    """Whether a sentence ends behind this word with its full stop, if this other word follows."""
    known = abbreviations("en")
    if word in known.never_final:
        return False
    if word in known.before_number:
        return not behind[:1].isdigit()
    return word not in known.may_be_final or behind in known.openers


def _split_german(text: str) -> list[tuple[int, int]]:
    spans = []
    start = _skip_space(text, 0)
    while start < len(text):
        end = _sentence_end(text, start)
        spans.append((start, end))
        start = _skip_space(text, end)
    return spans


def _sentence_end(text: str, start: int) -> int:
    if byline := _BYLINE.match(text, start):
        return byline.end()
    for run in _RUN.finditer(text, start):
        if end := _boundary(text, start, run):
            return end
    return len(text.rstrip())


def _boundary(text: str, start: int, run: re.Match[str]) -> int | None:
    """Where the sentence that began at `start` ends if it ends at this run of full stops; None if it goes on."""
    end = _closing_end(text, run.end())
    behind = _skip_space(text, end)
    if behind == len(text):
        return None
    if behind == end:
        return _glued_boundary(text, start, run)
    following = _following(text, behind)
    if following.kind == "other":
        return None
    marks = run.group()
    if marks[0] in ":;":
        return end if following.kind == "capital" else None
    before = text[max(start, run.start() - _LOOK) : run.start()]
    if marks.strip("."):
        ends = _ends_at_mark(marks, before, following, text[run.end() : run.end() + 1])
    elif len(marks) > 2:
        ends = _ends_at_ellipsis(before, following)
    else:
        at_start = run.start() - start <= _LOOK
        ends = _ends_at_full_stop(before, following, at_start, closed=text[run.end() : end])
    return end if ends else None


def _skip_space(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _closing_end(text: str, position: int) -> int:
    match = _CLOSERS.match(text, position)
    return match.end() if match else position


def _following(text: str, position: int) -> NextWord:
    ahead = text[position : position + _LOOK]
    if ahead.startswith(",,"):
        ahead = ahead[2:] or ahead
    lead = _LEAD.match(ahead)
    rest = ahead[lead.end() :] if lead else ahead
    bracket = ahead[0] in "(["
    word = re.match(r"[^\W\d_]*", rest)
    first = rest[:1]
    kind: Literal["capital", "small", "digit", "other"]
    if first.isdigit():
        kind = "digit"
    elif first.islower() and not _BRAND.match(rest) and not _LINK.match(rest):
        kind = "small"
    elif first and first in ",;:)]}%&+=/":
        kind = "other"
    else:
        kind = "capital"
    return NextWord(kind, word.group() if word else "", bracket, _REGENT.match(rest) is not None)


def _glued_boundary(text: str, start: int, run: re.Match[str]) -> int | None:
    """The end where the space behind a full stop is missing ("war gut.Dann kam"), unless it is a domain or a name."""
    end = run.end()
    while end < run.end() + 3 and text[end : end + 1] in _GLUED_CLOSERS:
        end += 1
    word = text[max(start, run.start() - _LOOK) : run.start()].rpartition(" ")[2].lstrip(OPENING_MARKS)
    behind = _GLUED_BEHIND.match(text, end, end + _LOOK)
    if behind is None or _is_abbreviation(word) or set(word) & set(".@"):
        return None
    whole = _GLUED_BEFORE.search(word) or (
        word.isalpha() and len(word) > 1 and behind[1].lower() in abbreviations("de").openers
    )
    return end if whole else None


def _is_abbreviation(word: str) -> bool:
    known = abbreviations("de")
    return word in known.never_final or word in known.may_be_final or word in known.exclaimed


def _ends_at_mark(marks: str, before: str, following: NextWord, behind: str) -> bool:
    """A question mark, an exclamation mark or "…": the sentence goes on in small letters, and after "(!)"."""
    if following.kind == "small":
        return following.bracket and "…" not in marks
    if before.endswith("(") and behind == ")":
        return False
    if marks.strip("…") == "":
        return _ends_at_ellipsis(before, following)
    return not (
        marks == "!" and before.rsplit(None, 1)[-1:] and before.rsplit(None, 1)[-1] in abbreviations("de").exclaimed
    )


def _ends_at_ellipsis(before: str, following: NextWord) -> bool:
    """An omission ends a sentence if a capital follows, but not where it opens one ("Huber: ... Sehen Sie")."""
    said = before.rstrip()
    return following.kind != "small" and said != "" and said[-1] not in ":([„»‚"


def _ends_at_full_stop(before: str, following: NextWord, at_start: bool, closed: str) -> bool:
    if following.kind == "small" and not following.bracket:
        return False
    words = before.split()
    word = words[-1].lstrip(OPENING_MARKS) if words and not before[-1].isspace() else ""
    if _NUMBER.fullmatch(word):
        return ")" not in closed and ends_at_number(word, words[:-1], following, at_start)
    verdict = _abbreviation(before, word, words[:-1], following)
    if verdict is not None:
        return verdict and ")" not in closed
    return word != ""


def _abbreviation(before: str, word: str, words: list[str], following: NextWord) -> bool | None:
    """Whether the sentence ends behind an abbreviation; None if the word is not one."""
    known = abbreviations("de")
    for parts in _parts(before):
        if parts in known.final_parts:
            return following.kind == "capital"
        if parts in known.never_final_parts:
            return False
        if parts in known.may_be_final_parts:
            return following.opens
    if _RATE.fullmatch(word):
        return None
    last = re.split(r"[-/–]", word)[-1]
    if last in known.never_final:
        return False
    if last in known.before_number and following.kind == "digit":
        return False
    if last in known.also_a_word or (last in known.units and words and words[-1][:1].isdigit()):
        return None
    if last == "X" and words and words[-1].islower() and words[-1] not in _DEFINITE:
        return None  # The firm ("auf X. Daten"), neither an initial nor an ordinal ("auf dem X. Parteitag").
    may_be_final = (
        last in known.may_be_final
        or last in known.before_number
        or last.endswith("str")
        or (len(last) < 2 and (last.isalpha() or not last))
    )
    if _ROMAN.fullmatch(last) and following.is_regent:
        return True
    if may_be_final or _INITIALS.fullmatch(word) or _ROMAN.fullmatch(word) or _looks_shortened(last):
        return following.opens
    return None


def _parts(before: str) -> list[str]:
    """The abbreviations of several parts that the text may end with: "Nr. z. B" gives "nr.z.b" and "z.b"."""
    parts = _PARTS.search(before[-16:])
    pieces = parts.group().split() if parts else []
    return ["".join(pieces[i:]).lower() for i in range(len(pieces)) if "." in "".join(pieces[i:])]


def _looks_shortened(word: str) -> bool:
    """A short word without a vowel ("Hptm"); acronyms in capitals are whole words."""
    return word.isalpha() and len(word) < 6 and not _VOWEL_OR_INNER_CAPITAL.search(word)
