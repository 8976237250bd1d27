"""Find repetition in a text: words, letters, clauses or templates that come again and again.

Each rule returns what it found, or "". The limits let human translations pass. Of 51,405 of them (the development sets
and the training sets of news, PUD and post-edits), `repeated_ngram`, `repeated_template`, `low_diversity` and
`doubled_phrase` flag five. None of the five is in a development set, and all five do repeat themselves.
"""

import itertools
import re
from collections import Counter
from collections.abc import Callable

from models.checks.degeneration_words import ENGLISH

# The longest repeated phrase that is looked for.
MAX_LOOP_WORDS = 30
# Two clauses are alike if they share this part of their words.
MIN_CLAUSE_OVERLAP = 0.75
# This many words do not come twice in a sentence by chance.
NGRAM_WORDS = 7
# This many words do not come twice in a row by chance. If the source has one less, the target may have them.
MIN_DOUBLED_WORDS = 4
# This many words in a row have no more different ones than this only in degenerate output.
DIVERSITY_WINDOW = 20
MAX_DISTINCT_WORDS = 9
# A template has two to six words. Half of them are the same each time, for this many times and this many words.
MAX_TEMPLATE_WORDS = 6
MIN_TEMPLATE_TURNS = 5
MIN_TEMPLATE_LENGTH = 12
CHARACTER_LOOP = re.compile(r"(.{1,4}?)\1{9,}")
FILLER = re.compile(r"([.\-–—_…])(?: ?\1){9,}")
WORD_RUN = re.compile(r"\w+")
CLAUSE_END = re.compile(r"[,.;:!?–—](?:\s|$)")


def find_loop(source: str, text: str) -> str:
    """Return what a text repeats although its source repeats nothing; else ""."""
    if (filler := FILLER.search(text)) and not FILLER.search(source):
        return filler.group()[:40]
    found = (
        _only_in_text(rule, source, text)
        for rule in (repeated_tokens, repeated_clauses, repeated_ngram, repeated_template, low_diversity)
    )
    return next(filter(None, found), "") or (
        "" if doubled_phrase(source, MIN_DOUBLED_WORDS - 1) else doubled_phrase(text)
    )


def _only_in_text(rule: Callable[[str], str], source: str, text: str) -> str:
    """What a rule finds in the text, unless it finds something in the source; else ""."""
    found = rule(text)
    return "" if found and rule(source) else found


def repeated_tokens(text: str) -> str:
    """Return letters or words that come three times in a row or more; a single content word must come five times."""
    if (match := CHARACTER_LOOP.search(text)) and any(c.isalnum() for c in match.group(1)):
        return match.group()[:40]
    words = [w.lower() for w in WORD_RUN.findall(text)]
    for size in range(1, min(MAX_LOOP_WORDS, len(words) // 3) + 1):
        run = 0
        for i in range(size, len(words)):
            needed = (5 if size == 1 and words[i] not in ENGLISH.never_thrice else 3) * size - size
            run = run + 1 if words[i] == words[i - size] else 0
            if run >= needed:
                return " ".join(words[i - size + 1 : i + 1])
    return ""


def doubled_phrase(text: str, least: int = MIN_DOUBLED_WORDS) -> str:
    """Return at least `least` words that come twice in a row: "as far as possible, as far as possible"."""
    words = [w.lower() for w in WORD_RUN.findall(text)]
    for size in range(least, min(MAX_LOOP_WORDS, len(words) // 2) + 1):
        run = 0
        for i in range(size, len(words)):
            run = run + 1 if words[i] == words[i - size] else 0
            if run == size and not all(w.isdigit() for w in words[i - size + 1 : i + 1]):
                return " ".join(words[i - size + 1 : i + 1])
    return ""


def repeated_clauses(text: str) -> str:
    """Return a clause of four words like the two before it, or of seven that differs in one word from the last."""
    clauses = [words for part in CLAUSE_END.split(text) if len(words := WORD_RUN.findall(part.lower())) >= 4]
    run = 0
    for before, words in itertools.pairwise(clauses):
        if (
            len(words) >= 7
            and len(words) == len(before)
            and sum(a != b for a, b in zip(before, words, strict=True)) <= 1
        ):
            return " ".join(words)
        shared = sum((Counter(before) & Counter(words)).values())
        run = run + 1 if shared >= MIN_CLAUSE_OVERLAP * max(len(before), len(words)) else 0
        if run == 2:
            return " ".join(words)
    return ""


def repeated_ngram(text: str) -> str:
    """Return seven words in a row that the text has twice, anywhere: "reopened the old garden behind the church"."""
    words = [w.lower() for w in WORD_RUN.findall(text)]
    seen: set[tuple[str, ...]] = set()
    for i in range(len(words) - NGRAM_WORDS + 1):
        phrase = tuple(words[i : i + NGRAM_WORDS])
        if phrase in seen and not all(w.isdigit() for w in phrase):
            return " ".join(phrase)
        seen.add(phrase)
    return ""


def repeated_template(text: str) -> str:
    """Return a template that is filled again and again: "the host was glad, the owner was pleased, the boss …"."""
    words = [w.lower() for w in WORD_RUN.findall(text)]
    for size in range(2, MAX_TEMPLATE_WORDS + 1):
        length = max(MIN_TEMPLATE_LENGTH, MIN_TEMPLATE_TURNS * size)
        same = [w == before and not w.isdigit() for w, before in zip(words[size:], words, strict=False)]
        matches = sum(same[:length])
        for end in range(length, len(same) + 1):
            if 2 * matches >= length:
                return " ".join(words[end - length : end + size])
            matches += sum(same[end : end + 1]) - same[end - length]
    return ""


def low_diversity(text: str) -> str:
    """Return twenty words in a row of which at most nine differ; every number counts as different (opening hours)."""
    words = [f"{w}#{i}" if w[0].isdigit() else w.lower() for i, w in enumerate(WORD_RUN.findall(text))]
    for end in range(DIVERSITY_WINDOW, len(words) + 1):
        if len(set(words[end - DIVERSITY_WINDOW : end])) <= MAX_DISTINCT_WORDS:
            return " ".join(word.partition("#")[0] for word in words[end - DIVERSITY_WINDOW : end])
    return ""
