"""How a name may be spelled in German and in English.

Three keys, each coarser than the one before. `fold` ignores case, accents and umlauts. `phonetic_key` also ignores
transliteration (Jelzin and Yeltsin, Selenskyj and Zelensky). `consonant_key` keeps only the consonants.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

# Words as names have them. A longer run of letters is cut, so that no key grows with the text.
LETTER_RUN = re.compile(r"[^\W\d_]{1,80}")
_CACHED_WORDS = 20_000
_ROMAN_NUMERAL = re.compile(r"(?<=[a-zß-ÿ] )(?!X\b)(?=[IVX])X{0,3}(?:IX|IV|V?I{0,3})(?!\w)")
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10}
_LETTERS = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "a", "œ": "o", "þ": "th", "ð": "d"})
_UMLAUT_E = re.compile(r"(?<=[aou])e")
# The order matters: each rule works on what the rules before it produced. "C" stands for the sounds of ch and kh,
# which the two languages spell alike or with each other's letters.
_SOUND_RULES = [
    (re.compile(pattern), replacement)
    for pattern, replacement in [
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
# Freiberg and Freiburg are two towns, Homberg and Homburg too: the vowel of these endings is not a matter of spelling.
_TOWN_ENDING = re.compile(r"b([eu])rg(?:s|ers?)?$")
_VOWELS = re.compile(r"(?<!^)(?!(?<=b)[eu]rg(?:s|ers?)?$)[aeiou]")


@lru_cache(maxsize=_CACHED_WORDS)
def fold(word: str) -> str:
    """Return the word without case, accents and umlauts, however these are written (Köln, Koeln)."""
    plain = unicodedata.normalize("NFKD", word.casefold().translate(_LETTERS))
    return _UMLAUT_E.sub("", "".join(c for c in plain if not unicodedata.combining(c)))


@lru_cache(maxsize=_CACHED_WORDS)
def phonetic_key(word: str) -> str:
    """Return roughly how a folded word sounds: what German and English transliteration have in common."""
    for pattern, replacement in _SOUND_RULES:
        word = pattern.sub(replacement, word)
    return word


@lru_cache(maxsize=_CACHED_WORDS)
def consonant_key(word: str) -> str:
    """Return the first letter and the consonants of a folded word's phonetic key."""
    return _VOWELS.sub("", phonetic_key(word))


def differs_by_one_letter(one: str, other: str) -> bool:
    """Return whether two words differ by one letter, missing or wrong, after the first letter."""
    if one[0] != other[0] or abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    same = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    equal_after = short[same + 1 :] == long[same + 1 :] or short[same:] == long[same + 1 :]
    return equal_after and not _are_two_towns(one, other)


def _are_two_towns(one: str, other: str) -> bool:
    first, second = _TOWN_ENDING.search(one), _TOWN_ENDING.search(other)
    return first is not None and second is not None and first[1] != second[1]


def roman_numerals(text: str) -> Iterator[tuple[re.Match[str], int]]:
    """Yield the Roman numerals up to 39 that follow a word, with their values. X alone is a company."""
    for match in _ROMAN_NUMERAL.finditer(text):
        digits = [_ROMAN_DIGITS[c] for c in match.group()]
        # A digit before a greater one is subtracted: XIV is 10 - 1 + 5.
        yield match, sum(-one if one < after else one for one, after in zip(digits, [*digits[1:], 0], strict=True))
