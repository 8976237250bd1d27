"""How a name may be spelled on both sides of a translation.

Three keys, each coarser than the one before: `fold` sees no case, accents or umlauts; `sound` also sees through
German and English transliteration (Jelzin and Yeltsin, Selenskyj and Zelensky); `skeleton` keeps only its consonants.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_NUMERAL = re.compile(r"(?<=[a-zß-ÿ] )(?!X\b)(?=[IVX])X{0,3}(?:IX|IV|V?I{0,3})(?!\w)")
_DIGITS = {"I": 1, "V": 5, "X": 10}
WORD = re.compile(r"[^\W\d_]+")
_LETTERS = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "a", "œ": "o", "þ": "th", "ð": "d"})
_UMLAUTS = re.compile(r"(?<=[aou])e")
# In this order; what follows works on what came before. "C" stands for the sounds of ch and kh, which the two
# languages spell alike or with one another's letters.
_SOUNDS = [
    (re.compile(pattern), to)
    for pattern, to in [
        (r"schtsch|shch", "s"),
        (r"dsch|dzh|dj", "j"),
        (r"tsch|tch", "C"),
        (r"sch|sh|zh|ts|tz|z", "s"),
        (r"ch|kh", "C"),
        (r"c(?=[eiy])", "s"),
        (r"ck|c|q", "k"),
        (r"x", "ks"),
        (r"ph|ff$", "f"),
        (r"w|f$", "v"),
        (r"dt", "t"),
        (r"ou", "u"),
        (r"h", ""),
        (r"[yj]", "i"),
        (r"(.)\1+", r"\1"),
    ]
]
# Freiberg and Freiburg are two towns, Homberg and Homburg as well: the vowel of these endings is no matter of spelling.
_TOWN = re.compile(r"b([eu])rg(?:s|ers?)?$")
_VOWELS = re.compile(r"(?<!^)(?!(?<=b)[eu]rg(?:s|ers?)?$)[aeiou]")


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """Without case, accents and umlauts, however these are written (Köln, Koeln)."""
    plain = unicodedata.normalize("NFKD", word.casefold().translate(_LETTERS))
    return _UMLAUTS.sub("", "".join(c for c in plain if not unicodedata.combining(c)))


@lru_cache(maxsize=50_000)
def sound(word: str) -> str:
    """A folded word as it is heard, roughly: what transliteration into German and into English have in common."""
    for pattern, to in _SOUNDS:
        word = pattern.sub(to, word)
    return word


@lru_cache(maxsize=50_000)
def skeleton(word: str) -> str:
    """The consonants of a folded word's sound, and its first letter."""
    return _VOWELS.sub("", sound(word))


def mistyped(one: str, other: str) -> bool:
    """Whether two words differ by one letter, missing or wrong, after the first."""
    if one[0] != other[0] or abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    same = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    alike = short[same + 1 :] == long[same + 1 :] or short[same:] == long[same + 1 :]
    return alike and not _two_towns(one, other)


def _two_towns(one: str, other: str) -> bool:
    first, second = _TOWN.search(one), _TOWN.search(other)
    return first is not None and second is not None and first[1] != second[1]


def numerals(text: str) -> Iterator[tuple[re.Match[str], int]]:
    """The Roman numerals up to 39 behind a word, with their values; X alone is a firm."""
    for match in _NUMERAL.finditer(text):
        digits = [_DIGITS[c] for c in match.group()]
        # A digit before a greater one is taken away: XIV is 10 - 1 + 5.
        yield match, sum(-one if one < after else one for one, after in zip(digits, [*digits[1:], 0], strict=True))
