"""Turn the word lists of the data files into regular expressions.

Entries of a list are separated by commas or line ends, and match whole words:

    stopped        the word as it is written
    stopp*         any letters in the place of the star
    too <4> to     at most four words between the two
    soll ~ haben   other words of the same clause between the two, without a comma
    teilt … mit    other words of the same sentence between the two
    nimmt … ab$    "ab" only at the end of its clause
    *n't           an apostrophe stands for every kind of apostrophe
    =may           these very letters, in a list that ignores case
    <month>        the list of this name, from the file or the code
    /th[eo]se/     a regular expression on a line of its own, for what words cannot say

No entry matches more than a limited number of characters, so that the time for a text grows only with its length.
"""

import re
from collections.abc import Mapping

from models.checks.data import DataError

_LETTERS = r"\w{0,40}"
_BETWEEN = {"~": r"\b[^.,;:!?]{0,120}?\b", "…": r"\b[^.:;!?]{0,90}?\b"}
# A particle ends its clause: "vor Freude" in "er warf das Paddel vor Freude weg" is not the particle of "vorwerfen".
_CLAUSE_END = r"\b(?! (?!und\b|oder\b)\w)"
_TOKEN = re.compile(r"\s{0,9}<(\d)>\s{0,9}|<(\w{1,30})>|\s{0,9}([…~])\s{0,9}|\*|\s{1,9}|['’]|[^<…~*\s'’]{1,60}")


def entries(words: str) -> list[str]:
    """Return the entries of a list."""
    found: list[str] = []
    for line in map(str.strip, words.splitlines()):
        if line.startswith("/"):
            found.append(line)
        else:
            found += [entry.strip() for entry in line.split(",") if entry.strip()]
    return found


def compile_words(
    words: str,
    where: str,
    lists: Mapping[str, str] | None = None,
    *,
    ignore_case: bool = False,
    parts: bool = False,
) -> re.Pattern[str]:
    """Return a regular expression that matches any entry of a list; for its arguments see `word_pattern`."""
    return re.compile(word_pattern(words, where, lists, parts=parts), re.IGNORECASE if ignore_case else 0)


def word_pattern(words: str, where: str, lists: Mapping[str, str] | None = None, *, parts: bool = False) -> str:
    """Return the source of a regular expression that matches any entry of a list.

    `where` begins the message of a DataError, which is raised for an entry that is not valid. `lists` are the sources
    that <name> stands for. With `parts`, a star at the start or end of an entry only says that the word may go on
    there, and is not matched. That is faster, and enough where it matters only whether an entry is in the text.
    """
    bounded: list[str] = []
    complete: list[str] = []
    for entry in entries(words):
        pattern, is_complete = _entry(entry, where, lists or {}, parts)
        (complete if is_complete else bounded).append(pattern)
    if not bounded and not complete:
        raise DataError(f"{where}: the list is empty.")
    return "|".join([rf"\b(?:{'|'.join(bounded)})\b"] * bool(bounded) + complete)


def add_lists(where: str, table: Mapping[str, object], lists: Mapping[str, str] = {}) -> dict[str, str]:
    """Return `lists` and those of a table, each of which may use the ones before it."""
    known = dict(lists)
    for name, words in table.items():
        if not isinstance(words, str):
            raise DataError(f"{where}, {name}: this must be a text of words.")
        known[name] = word_pattern(words, f"{where}, {name}", known)
    return known


def _entry(entry: str, where: str, lists: Mapping[str, str], parts: bool) -> tuple[str, bool]:
    """Return the pattern of an entry, and whether it has the word boundaries that it needs."""
    if len(entry) > 2 and entry[0] == entry[-1] == "/":
        try:
            re.compile(entry[1:-1])
        except re.error as error:
            raise DataError(f"{where}: {entry} is not a regular expression ({error}).") from error
        return entry[1:-1], True
    text = entry.removeprefix("=").removesuffix("$")
    before = "" if parts and text.startswith("*") else r"\b"
    after = "" if parts and text.endswith("*") else r"\b"
    if parts:
        text = text.strip("*")
    pattern = "".join(_token(token, f"{where}: {entry}", lists) for token in _TOKEN.finditer(text))
    if not pattern or "/" in text:
        raise DataError(f"{where}: {entry} is not an entry.")
    if entry.startswith("="):
        pattern = f"(?-i:{pattern})"
    if entry.endswith("$"):
        return before + pattern + _CLAUSE_END, True
    complete = parts and not (before and after)
    return (before + pattern + after, True) if complete else (pattern, False)


def _token(token: re.Match[str], where: str, lists: Mapping[str, str]) -> str:
    text = token.group()
    if token[1]:
        return rf"\s(?:\w{{1,40}}\s){{0,{token[1]}}}"
    if token[2]:
        if token[2] not in lists:
            raise DataError(f"{where}: there is no list <{token[2]}>.")
        return f"(?:{lists[token[2]]})"
    if token[3]:
        return _BETWEEN[token[3]]
    if text == "*":
        return _LETTERS
    if text.isspace():
        return r"\s"
    return "['’´]" if text in "'’" else re.escape(text)
