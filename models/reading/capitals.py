"""Lines in capitals to sentence case, which models know far better: "KEINE EINIGUNG" reads as "Keine Einigung".

Words are spelled as the article spells them elsewhere; for the others a word list says whether they are nouns.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from models.lexicon.words import lemma

_WORD = re.compile(r"[^\W\d_]+")
_MIN_LETTERS = 8
_MIN_WORDS = 2
# An unknown word as short as this is an abbreviation ("NATO").
_MAX_ACRONYM = 5
_OPENS_SENTENCE = re.compile(r"(?:^|[.!?:–]\s+)[\"„“»(]?\Z")
# What stands before nouns, or before adjectives that are used as nouns.
_BEFORE_NOUN = frozenset(
    """der die das den dem des ein eine einen einem einer eines kein keine keinen keiner zwei drei vier fünf sechs
    sieben acht neun zehn zwölf hundert tausend viele einige mehrere alle im am zum zur vom beim ins""".split()  # noqa: SIM905
)


def is_in_capitals(text: str) -> bool:
    """Whether a line of several words is written in capitals only."""
    if text.upper() != text:
        return False
    words = [word for word in _WORD.findall(text) if len(word) > 1]
    return len(words) >= _MIN_WORDS and sum(map(len, words)) >= _MIN_LETTERS and any(len(word) > 3 for word in words)


def usual_spellings(texts: Iterable[str]) -> dict[str, str]:
    """How words are spelled in these texts inside their sentences, by the words in small letters."""
    counts: dict[str, Counter[str]] = {}
    for text in texts:
        for match in _WORD.finditer(text):
            if match.start() and not _OPENS_SENTENCE.search(text[max(0, match.start() - 6) : match.start()]):
                counts.setdefault(match.group().lower(), Counter())[match.group()] += 1
    return {word: spellings.most_common(1)[0][0] for word, spellings in counts.items()}


def sentence_case(text: str, spellings: Mapping[str, str]) -> str:
    """A line in capitals in sentence case; of the same length, so that offsets into it stay right."""
    matches = list(_WORD.finditer(text))
    words = [_small(match.group()) for match in matches]
    pieces: list[str] = []
    at = 0
    for n, (match, word) in enumerate(zip(matches, words, strict=True)):
        before = words[n - 1] if n else ""
        behind = words[n + 1] if n + 1 < len(words) else ""
        spelled = _spelled(match.group(), word, before, behind, spellings)
        if _OPENS_SENTENCE.search(text[max(0, match.start() - 6) : match.start()]):
            spelled = spelled[0].upper() + spelled[1:] if len(spelled[0].upper()) == 1 else spelled
        pieces += [text[at : match.start()], spelled]
        at = match.end()
    return "".join([*pieces, text[at:]])


def _small(word: str) -> str:
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in word)


def _spelled(word: str, small: str, before: str, behind: str, spellings: Mapping[str, str]) -> str:
    usual = spellings.get(small)
    if usual is not None and len(usual) == len(word):
        return usual
    if len(word) == 1:
        return small
    capital = small[0].upper() + small[1:]
    as_small, as_noun = lemma(small), lemma(capital)
    if as_small[:1].isupper():
        return capital
    if as_small == small and as_noun == capital and not _is_known(small):
        return word if len(word) <= _MAX_ACRONYM else capital
    if as_noun[:1].isupper() and before in _BEFORE_NOUN and not lemma(behind or "und")[:1].isupper():
        return capital
    return small


def _is_known(word: str) -> bool:
    import simplemma

    return simplemma.is_known(word, "de")
