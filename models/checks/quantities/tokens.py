"""Split a text into the tokens from which quantities are made: words, numbers, signs, dates and times."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from models.checks.quantities.calendar_data import CLOCK_SUFFIX
from models.checks.quantities.numeral_data import NumberLang

QuantityKind = Literal["number", "code", "day", "month", "year", "decade", "weekday", "time"]
# Decimal's default precision is 28 digits. A number with more digits than this, or scaled to as many, is not
# calculated with: its digits are compared as they stand.
MAX_DIGITS = 27
# How a word expresses a number that is not claimed: "second", "doubled", "a third", "thousands", "fifties", "noon".
WordKind = Literal["", "ordinal", "multiple", "fraction", "vague", "decade", "noon"]


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a run of digits, a sign, or a whole date or time; `kind` is the name of the group in the pattern."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        """The text in lower case."""
        return self.text.lower()


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value with its unit and its place in the text.

    `alternatives` are other values that the same words may mean (3:30 is 15:30, '90 is 1990). `claim` says that the
    other side must have the value too: "zwei" supports "2", but "one" alone is never flagged. `first` and `last` are
    the numbers of its tokens. `in_name` says that the digits are part of a name: A350, 777X. `word_kind` is how a word
    expresses the number.
    """

    value: Decimal
    text: str
    start: int
    end: int
    first: int
    last: int
    kind: QuantityKind = "number"
    unit: str = ""
    claim: bool = True
    alternatives: frozenset[Decimal] = frozenset()
    factor: Decimal = Decimal(1)
    digits: bool = False
    in_name: bool = False
    word_kind: WordKind = ""

    @property
    def possible_values(self) -> frozenset[Decimal]:
        """Every value that the quantity may have."""
        return self.alternatives | {self.value}


GROUPED_DIGITS: dict[NumberLang, str] = {
    # The last form is English style in German text: "Tinder 2.0".
    "de": r"\d{1,3}(?:[.’'\u00a0\u202f ]\d{3})+(?!\d)(?:,\d+)?|\d+,\d+|\d{1,3}\.\d{1,2}(?![\d.])|\d+",
    "en": r"\d{1,3}(?:[,\u00a0\u202f ]\d{3})+(?!\d)(?:\.\d+)?|\d{1,3}(?:\.\d{3}){2,}(?!\d)|\d+\.\d+"
    r"|\d+,(?:\d\d?|\d{4,})(?![\d,])|\d+",
}
NUMERIC_DATE: dict[NumberLang, str] = {
    "de": r"(?:[0-3]?\d)\.[ \u00a0]?(?:1[012]|0?[1-9])\.(?:[ \u00a0]?(?:[12]\d{3}|\d\d(?!\d)))?(?!\d)",
    "en": r"[0-3]?\d(?P<sep>[./-])[0-3]?\d(?P=sep)(?:[12]\d{3}|\d\d)(?!\d)",
}
TOKEN: dict[NumberLang, re.Pattern[str]] = {
    lang: re.compile(
        r"(?P<iso>(?<![\d-])\d{4}-\d\d-\d\d(?![\d-]))"
        rf"|(?P<date>(?<![\d.,/])(?:{NUMERIC_DATE[lang]}))"
        r"|(?P<code>(?<![\d.,:])(?:\d{1,3}:\d\d:\d\d(?:[.,]\d+)?|\d{1,2}:\d\d[.,]\d{1,3}(?!\d)"
        r"|(?:\+\d{1,3}|0\d{2,})(?:[ /-]?\(?\d{2,}\)?){2,20}"
        r"|(?!\d{1,3}(?:\.\d{3})+(?![\d.]))\d+(?:\.\d+){2,}(?!\d|\.\d))"
        r"|(?:(?<![\d.,])\d{1,4}(?:-\d{2,4}){2,12}(?![\d-])))"
        rf"|(?P<clock>(?<![\d.:,])(?:[01]?\d|2[0-4])h[0-5]\d(?!\d)|(?<![\d.:,])(?:[01]?\d|2[0-4])[.:h][0-5]\d(?=[\s–-]{{0,8}}(?:{CLOCK_SUFFIX[lang]}))|(?<![\d.:,])[01]?\d[.:][0-5]\d"
        rf"(?=[-–](?:[01]?\d|2[0-4])[.:][0-5]\d\s{{0,8}}(?:{CLOCK_SUFFIX[lang]})))"
        r"|(?P<colon>(?<![\d.:,])\d{1,3} ?: ?\d{1,3}(?![\d:]))"
        r"|(?P<slash>(?<![\d/.,])\d{1,2}/\d{1,2}(?![\d/]))"
        rf"|(?P<digits>{GROUPED_DIGITS[lang]})"
        r"|(?P<fraction>[½¼¾⅓⅔⅛])"
        r"|(?P<sign>km/h|k?m(?:[²³]|[23](?!\d))|°[CF]?|US\$|[$€£¥%‰])"
        r"|(?P<word>[^\W\d_]+)"
        r"|(?P<stop>(?<!Mrd)(?<!Mio)(?<!Tsd)(?<!Bio)(?<!Mill)[.!?;:](?=\s+[^\d\s]))(?<!\d\.)"
    )
    for lang in ("de", "en")
}


@dataclass(frozen=True, slots=True)
class TokenStream:
    """The tokens of a text, and what stands at and before each of them."""

    text: str
    lang: NumberLang
    tokens: tuple[Token, ...]

    @classmethod
    def of(cls, text: str, lang: NumberLang) -> "TokenStream":
        """Return the tokens of a text in order, without most punctuation."""
        found = TOKEN[lang].finditer(text)
        return cls(text, lang, tuple(Token(m.lastgroup or "date", m.group(), m.start(), m.end()) for m in found))

    def word(self, index: int) -> str:
        """Return a token in lower case, "" beyond the ends."""
        return self.tokens[index].word if 0 <= index < len(self.tokens) else ""

    def kind(self, index: int) -> str:
        """Return the kind of a token, "" beyond the ends."""
        return self.tokens[index].kind if 0 <= index < len(self.tokens) else ""

    def gap(self, index: int) -> str:
        """Return the text between a token and the one before it, without spaces at its ends."""
        return self.text[self.tokens[index - 1].end : self.tokens[index].start].strip()

    def adjacent(self, index: int) -> bool:
        """Whether the token exists and only a space or a dash separates it from the one before."""
        return 0 < index < len(self.tokens) and self.gap(index) in ("", "-", "–")
