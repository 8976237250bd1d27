"""Names of people, organisations and places in English text, and whether the source holds them.

A capital makes a word a name unless it is an ordinary word, or stands first and not as a name does ("Apple said"). A
name must stand in the source in some spelling, or as the German name that it translates (`exonyms.txt`). An ordinary
word with a capital ("Commission") is part of some name: it is doubted only where its neighbours give it no support, or
where the German has another name in its place.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.checks.names.dictionary import capitals, ordinary, proper
from models.checks.names.exonyms import exonyms
from models.checks.names.source_index import Source, source
from models.checks.names.spelling import WORD, fold, numerals
from models.checks.texts import Text
from models.values import Flag

# What stands before a word that has its capital for being first.
_OPENING = re.compile(r"(?:^|[.!?:;…–—\n/(\[]|[-–—•*]\s|[\"“”„»«‘])[\"“”„»«‘'(\[]*\s*$")
_QUOTE = re.compile(r"[\"“”„‘’»«]")
_OPENING_QUOTE = re.compile(r"(?:^|[\s(])[\"“„‘»«”]")
# What follows a name, and hardly a noun without its article: "Ford said", "Turkey's leader"; but "Bird kept by a boy".
_ACTING = re.compile(
    r"""['’]s\ (?!(?:all|an?|been|just|no|not|so|the)\b)[a-z]
    | \ (?:can|could|did|does|had|has|is|may|might|must|was|will|would|beat|became|began|bought|came|cut|fell|found|gave
    |got|grew|held|kept|led|left|lost|made|met|paid|put|ran|rose|said|saw|says|set|sold|spoke|told|took|wants|went|won
    |wrote|[a-z]{2,}ed)\b(?!\ (?:and|by|from|with)\b)""",
    re.VERBOSE,
)
# Codes: A8, G20, H5N1. Formulas and quarters are none.
_CODE = re.compile(r"\b(?!(?:CO2|H2O|COVID|Covid|Q[1-4])\b)[A-Z][A-Za-z]{0,4}-?\d[A-Za-z0-9]*\b")
# What may stand between the words of one name.
_JOINTS = frozenset({"of", "s", "de"})
_HEADLINE = 0.65


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of the target; `first`: its capital may come from its place; `acting`: it stands there as a name does."""

    text: str
    folded: str
    start: int
    end: int
    first: bool
    acting: bool

    @property
    def capital(self) -> bool:
        return len(self.text) > 1 and any(c.isupper() for c in self.text)

    @property
    def common(self) -> bool:
        """An ordinary word that is no name besides."""
        return ordinary(self.text) and not proper(self.text)


def name_flags(support: Sequence[Text], target: Text, *, complete: bool) -> tuple[Flag, ...]:  # noqa: ARG001
    """Names of the English target that the support lacks, in their order.

    `complete` asks for nothing more: German gives every noun a capital, so that a lost name cannot be told from a
    noun that was rendered in other words.
    """
    text = target.text
    held = source(tuple(support))
    words, headline = _words(text)
    borne, doubted, weak = _sorted(words, held, headline)
    doubted |= {i for i in weak if _doubtful(i, words, borne, held, text)}
    spans = [(words[i].start, words[i].end) for i in doubted]
    spans += [match.span() for match in _CODE.finditer(text) if not held.compounds(match.group())]
    spans += _other_numerals(text, held)
    return tuple(dict.fromkeys(Flag("name", text[a:b], "not in the source") for a, b in _joined(sorted(spans), text)))


def _words(text: str) -> tuple[list[_Word], bool]:
    """The words, and whether this is a headline in which every word has a capital."""
    found = list(WORD.finditer(text))
    long = [match.group()[0].isupper() for match in found if len(match.group()) > 3]
    headline = len(long) >= 3 and sum(long) >= _HEADLINE * len(long) and not text.rstrip().endswith(".")
    words = []
    for match in found:
        word = match.group()
        first = headline or bool(_OPENING.search(text, max(0, match.start() - 8), match.start()))
        acting = first and not headline and proper(word) and _ACTING.match(text, match.end()) is not None
        words.append(_Word(word, fold(word), match.start(), match.end(), first, acting))
    return words, headline


def _sorted(words: list[_Word], held: Source, headline: bool) -> tuple[set[int], set[int], list[int]]:
    """The words that the source bears out, those that it does not, and ordinary words that it may not."""
    borne, other = _phrases(words, held)
    doubted, weak = set[int](), list[int]()
    own = "".join(w.folded[0] for w in words if w.text[0].isupper() and not w.text.isupper())
    never, leading, ambiguous = capitals("never"), capitals("leading"), capitals("ambiguous")
    for i, word in enumerate(words):
        if i in borne or not word.capital:
            continue
        lower = word.text.lower()
        acronym = word.text.isupper()
        opening = word.first and ordinary(word.text) and not word.acting
        if held.bears(word.folded, acronym=acronym):
            borne.add(i)
        elif i in other:
            doubted.add(i)
        elif lower in never and not (acronym and held.exonyms.stems(word.folded)):
            continue
        elif held.exonyms.stems(word.folded):
            if opening and (word.common or word.folded in ambiguous or headline):
                continue
            if word.common:
                weak.append(i)
            else:
                doubted.add(i)
        elif (acronym and lower in own) or (opening and word.folded not in leading):
            continue
        elif word.common:
            weak.append(i)
        else:
            doubted.add(i)
    return borne, doubted, weak


def _phrases(words: list[_Word], held: Source) -> tuple[set[int], set[int]]:
    """The words of names of several words whose German name stands in the source, and of those whose does not.

    Of the latter none is excused by those beside it: another court bears out "Court", but no "Supreme".
    """
    phrases = exonyms().phrases
    folded = tuple(word.folded for word in words)
    borne, other = set[int](), set[int]()
    for i, word in enumerate(words):
        if word.folded not in phrases or not word.text[0].isupper():
            continue
        for phrase, stems in phrases[word.folded]:
            if folded[i : i + len(phrase)] == phrase:
                there = any(stem in held.german for stem in stems) or held.says(phrase)
                (borne if there else other).update(range(i, i + len(phrase)))
                break
    return borne, other


def _doubtful(i: int, words: list[_Word], borne: set[int], held: Source, text: str) -> bool:
    """Whether an ordinary word with a capital, itself not in the source, is part of no name that is there."""
    word = words[i]
    if not held.exonyms.stems(word.folded) and (held.resembles(word.folded) or _quoted(word, text)):
        return False
    if not _beside_name(i, words, borne, text):
        return True
    folded = [other.folded for other in words]
    for j, before in ((i - 1, False), (i + 1, True)):
        touches = j in borne and text[words[min(i, j)].end : words[max(i, j)].start] in (" ", "-")
        # `before`: the word in doubt stands before the name, so its German would as well.
        if touches and held.replaced(words[j].folded, folded, before=before):
            return True
    return False


def _beside_name(i: int, words: list[_Word], borne: set[int], text: str) -> bool:
    """Whether another word of the same run of capitals is borne out."""
    for step in (-1, 1):
        j = i + step
        while 0 <= j < len(words):
            left, right = sorted((j, j - step))
            if text[words[left].end : words[right].start].strip(" -’'&"):
                break
            if j in borne:
                return True
            if not words[j].text[0].isupper() and words[j].text not in _JOINTS:
                break
            j += step
    return False


def _quoted(word: _Word, text: str) -> bool:
    """Whether the word stands in a title in quotes, which may be translated in any way."""
    openings = list(_OPENING_QUOTE.finditer(text, max(0, word.start - 25), word.start))
    return bool(openings) and bool(_QUOTE.search(text, word.end, word.end + 25))


def _other_numerals(text: str, held: Source) -> list[tuple[int, int]]:
    """Roman numerals in whose place the source has others: Louis XV for Ludwig XIV.

    A value that stands there in digits or words is none of them: World War II is "der Zweite Weltkrieg".
    """
    return [
        match.span()
        for match, value in numerals(text)
        if match.group() != "I" and held.numerals and value not in held.numerals and value not in held.numbers
    ]


def _joined(spans: list[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """Spans with nothing but a space or hyphen between them made one: first name and surname are one name."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and not text[joined[-1][1] : start].strip(" -"):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
