"""How many content words are translated as the reference translates them, by what the lexicon knows of them.

Counted are German words for which the reference uses a term that the lexicon lists: has the translation one of them,
too? Words of the reference that no listed term explains show what the lexicon cannot help with.
"""

from models.lexicon.lookup import Lexicon, lexicon
from models.lexicon.matching import EnglishWords
from models.lexicon.words import lemma, tokens

KINDS = {"common": "common words", "rare": "rare words", "compound": "compounds"}
UNLISTED = "unlisted words"
# Shorter words of the reference are mostly function words.
MIN_UNLISTED_CHARACTERS = 5


def word_accuracy(source: str, target: str, reference: str) -> dict[str, tuple[int, int]]:
    """(found, counted) for each kind of word in one segment; see the module's docstring for what is counted."""
    known = lexicon()
    ours, theirs = EnglishWords.of(target), EnglishWords.of(reference)
    counts = dict.fromkeys([*KINDS.values(), UNLISTED], (0, 0))
    for word in known.known_words(source):
        if word.translated_in(theirs):
            found, counted = counts[KINDS[word.kind]]
            counts[KINDS[word.kind]] = (found + word.translated_in(ours), counted + 1)
    unlisted = _unlisted(known, source, reference)
    counts[UNLISTED] = (sum(ours.contain(word) for word in unlisted), len(unlisted))
    return counts


def _unlisted(known: Lexicon, source: str, reference: str) -> list[str]:
    """The longer words of a reference, names apart, that no term listed for a word of the source explains."""
    listed = {
        lemma(part.lower(), "en")
        for word in known.known_words(source)
        for entry in word.parts
        for term in entry.english
        for part in tokens(term)
    }
    words = (word for word in tokens(reference) if word.islower() and len(word) >= MIN_UNLISTED_CHARACTERS)
    return [word for word in words if lemma(word, "en") not in listed]
