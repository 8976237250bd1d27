"""Find names of people, organisations and places in English text that the source does not have.

A word with a capital is a name unless it is an ordinary word, or stands first in its sentence without the context of a
name ("Apple said"). The source must have a name in some spelling, or the German name that it translates
(`exonyms.txt`). An ordinary word with a capital ("Commission") may be part of a name. It is flagged only where no
neighbour is in the source, or where the German has another name in its place.
"""

import re
from dataclasses import dataclass

from models.checks.names.dictionary import capital_words, is_name, is_ordinary
from models.checks.names.exonyms import exonyms
from models.checks.names.source_index import SourceIndex
from models.checks.names.spelling import LETTER_RUN, fold, roman_numerals
from models.values import Flag

# What stands before a word that has its capital for being the first. It is looked for in the characters right before.
_SENTENCE_START = re.compile(r"(?:^|[.!?:;…–—\n/(\[]|[-–—•*]\s|[\"“”„»«‘])[\"“”„»«‘'(\[]{0,8}+\s{0,8}+$")
_SENTENCE_START_WINDOW = 8
_QUOTE = re.compile(r"[\"“”„‘’»«]")
_OPENING_QUOTE = re.compile(r"(?:^|[\s(])[\"“„‘»«”]")
_QUOTE_WINDOW = 25
# What follows a name, and hardly a noun without its article: "Ford said", "Turkey's leader"; but "Bird kept by a boy".
_AFTER_NAME = re.compile(
    r"""['’]s\ (?!(?:all|an?|been|just|no|not|so|the)\b)[a-z]
    | \ (?:can|could|did|does|had|has|is|may|might|must|was|will|would|beat|became|began|bought|came|cut|fell|found|gave
    |got|grew|held|kept|led|left|lost|made|met|paid|put|ran|rose|said|saw|says|set|sold|spoke|told|took|wants|went|won
    |wrote|[a-z]{2,20}ed)\b(?!\ (?:and|by|from|with)\b)""",
    re.VERBOSE,
)
# Codes such as A8, G20 and H5N1; formulas and quarters are not codes.
_CODE = re.compile(r"\b(?!(?:CO2|H2O|COVID|Covid|Q[1-4])\b)[A-Z][A-Za-z]{0,4}-?\d[A-Za-z0-9]*+\b")
# Small words that may stand between the words of one name.
_PARTICLES = frozenset({"of", "s", "de"})
# A line is a headline if at least this share of its long words has a capital.
_MIN_CAPITAL_SHARE_OF_HEADLINE = 0.65


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of the target."""

    text: str
    folded: str
    start: int
    end: int
    first: bool
    """Its capital may come from its place."""
    used_as_name: bool
    """It is first, but what follows it follows only names."""

    @property
    def capital(self) -> bool:
        return len(self.text) > 1 and any(c.isupper() for c in self.text)

    @property
    def only_ordinary(self) -> bool:
        """Whether it is an ordinary word and not a name as well."""
        return is_ordinary(self.text) and not is_name(self.text)


def name_flags(index: SourceIndex, text: str) -> tuple[Flag, ...]:
    """Return a flag for each name of an English text that the source lacks, in the order of the text.

    Names that only the source has are not flagged: German gives every noun a capital, so a lost name cannot be told
    from a noun that was translated in other words.
    """
    words, headline = _words(text)
    supported, unsupported, uncertain = _classify(words, index, headline)
    named = _reaches_supported(words, supported, text)
    unsupported |= {i for i in uncertain if _is_unsupported(i, words, supported, named, index, text)}
    spans = [(words[i].start, words[i].end) for i in unsupported]
    spans += [match.span() for match in _CODE.finditer(text) if not index.contains_code(match.group())]
    spans += _changed_roman_numerals(text, index)
    names = (text[start:end] for start, end in _merge_adjacent(sorted(spans), text))
    return tuple(dict.fromkeys(Flag("name", name, "not in the source", "added") for name in names))


def _words(text: str) -> tuple[list[_Word], bool]:
    """Return the words, and whether this is a headline in which every word has a capital."""
    found = list(LETTER_RUN.finditer(text))
    long = [match.group()[0].isupper() for match in found if len(match.group()) > 3]
    capitals = sum(long)
    headline = (
        len(long) >= 3 and capitals >= _MIN_CAPITAL_SHARE_OF_HEADLINE * len(long) and not text.rstrip().endswith(".")
    )
    words = []
    for match in found:
        word = match.group()
        window = max(0, match.start() - _SENTENCE_START_WINDOW)
        first = headline or bool(_SENTENCE_START.search(text, window, match.start()))
        used_as_name = first and not headline and is_name(word) and _AFTER_NAME.match(text, match.end()) is not None
        words.append(_Word(word, fold(word), match.start(), match.end(), first, used_as_name))
    return words, headline


def _classify(words: list[_Word], index: SourceIndex, headline: bool) -> tuple[set[int], set[int], list[int]]:
    """Return the words that the source supports, those that it does not, and ordinary words that may be names."""
    supported, phrase_missing = _phrases(words, index)
    unsupported, uncertain = set[int](), list[int]()
    initials = "".join(w.folded[:1] for w in words if w.text[0].isupper() and not w.text.isupper())
    not_checked, names_at_start = capital_words("not_checked"), capital_words("names_at_start")
    ambiguous_at_start = capital_words("ambiguous_at_start")
    for i, word in enumerate(words):
        if i in supported or not word.capital:
            continue
        lower = word.text.lower()
        acronym = word.text.isupper()
        ordinary_start = word.first and is_ordinary(word.text) and not word.used_as_name
        if index.supports(word.folded, acronym=acronym):
            supported.add(i)
        elif i in phrase_missing:
            unsupported.add(i)
        elif lower in not_checked and not (acronym and index.exonyms.has_stems(word.folded)):
            continue
        elif index.exonyms.has_stems(word.folded):
            if ordinary_start and (word.only_ordinary or word.folded in ambiguous_at_start or headline):
                continue
            if word.only_ordinary:
                uncertain.append(i)
            else:
                unsupported.add(i)
        elif (acronym and lower in initials) or (ordinary_start and word.folded not in names_at_start):
            continue
        elif word.only_ordinary:
            uncertain.append(i)
        else:
            unsupported.add(i)
    return supported, unsupported, uncertain


def _phrases(words: list[_Word], index: SourceIndex) -> tuple[set[int], set[int]]:
    """Return the words of names of several words whose German name the source has, and of those that it lacks.

    A supported neighbour does not excuse the latter: another court supports "Court", but not "Supreme".
    """
    phrases = exonyms().phrases
    folded = tuple(word.folded for word in words)
    supported, missing = set[int](), set[int]()
    for i, word in enumerate(words):
        if word.folded not in phrases or not word.text[0].isupper():
            continue
        for phrase, stems in phrases[word.folded]:
            if folded[i : i + len(phrase)] == phrase:
                found = any(stem in index.german for stem in stems) or index.contains_phrase(phrase)
                (supported if found else missing).update(range(i, i + len(phrase)))
                break
    return supported, missing


def _is_unsupported(
    i: int, words: list[_Word], supported: set[int], named: set[int], index: SourceIndex, text: str
) -> bool:
    """Return whether an ordinary word with a capital, which the source lacks, is part of no name that it has."""
    word = words[i]
    if not index.exonyms.has_stems(word.folded) and (index.has_similar_start(word.folded) or _in_quotes(word, text)):
        return False
    if i not in named:
        return True
    folded = [other.folded for other in words]
    for j, before in ((i - 1, False), (i + 1, True)):
        adjacent = j in supported and text[words[min(i, j)].end : words[max(i, j)].start] in (" ", "-")
        # `before`: this word stands before the supported name, so its German stands there too.
        if adjacent and index.has_untranslated_neighbour(words[j].folded, folded, before=before):
            return True
    return False


def _reaches_supported(words: list[_Word], supported: set[int], text: str) -> set[int]:
    """Return the words in whose run of capitals another word is supported."""
    found = set[int]()
    for order in (range(len(words)), range(len(words) - 1, -1, -1)):
        reaches, previous = False, -1
        for i in order:
            if previous >= 0:
                left, right = sorted((previous, i))
                joined = not text[words[left].end : words[right].start].strip(" -’'&")
                continues = words[previous].text[0].isupper() or words[previous].text in _PARTICLES
                reaches = joined and (previous in supported or (continues and reaches))
            if reaches:
                found.add(i)
            previous = i
    return found


def _in_quotes(word: _Word, text: str) -> bool:
    """Return whether the word stands in a title in quotes, which may be translated in any way."""
    opening = _OPENING_QUOTE.search(text, max(0, word.start - _QUOTE_WINDOW), word.start)
    return opening is not None and _QUOTE.search(text, word.end, word.end + _QUOTE_WINDOW) is not None


def _changed_roman_numerals(text: str, index: SourceIndex) -> list[tuple[int, int]]:
    """Return the places of Roman numerals where the source has others: Louis XV for Ludwig XIV.

    A value that the source has in digits or words is not another: World War II is "der Zweite Weltkrieg".
    """
    own = index.roman_numerals
    return [
        match.span()
        for match, value in roman_numerals(text)
        if match.group() != "I" and own and value not in own and value not in index.number_values
    ]


def _merge_adjacent(spans: list[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """Merge spans with only spaces or hyphens between them: first name and surname are one name."""
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and not text[merged[-1][1] : start].strip(" -"):
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
