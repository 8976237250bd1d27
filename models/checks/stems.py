"""Names and stems as the first comparison took them; `compare.py` still does."""

import re
import unicodedata

WORD = re.compile(r"[^\W\d_]+")
# Capitalised in English but no names, or the same in German under another name.
COMMON = frozenset(
    [
        "i",
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "german",
        "germany",
        "austria",
        "austrian",
        "vienna",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "english",
        "french",
        "italian",
        "russian",
        "european",
        "american",
        "british",
        "chinese",
        "us",
        "uk",
        "eu",
        "un",
        "christmas",
        "easter",
        "euro",
        "euros",
        "god",
        "ceo",
        "state",
        "government",
        "internet",
    ]
)
STEM = 5


def stem(word: str) -> str:
    """The first letters without case and accents, so that inflection and transliteration do not matter."""
    plain = unicodedata.normalize("NFKD", word.casefold().replace("ß", "ss"))
    return "".join(c for c in plain if (c.isalpha() and c.isascii()) or (not c.isascii() and c.isalpha()))[:STEM]


def names(text: str) -> list[str]:
    """Words that are names for their capital: every capitalised word but a sentence's first, unless it is spelled
    in a way no ordinary word is ("OpenAI")."""
    found = []
    for match in WORD.finditer(text):
        word = match.group()
        first = not re.search(r"\w", re.split(r"[.!?:]\s", text[: match.start()])[-1])
        inner = any(c.isupper() for c in word[1:])
        if len(word) > 1 and word[0].isupper() and (inner or not first) and word.lower() not in COMMON:
            found.append(word)
    return found


def known(name: str, stems: frozenset[str]) -> bool:
    """Whether one of the stems can be the name's."""
    wanted = stem(name)
    return wanted in stems or len(wanted) < 3 or any(s.startswith(wanted) for s in stems)
