"""Claims that lost their mark: hearsay told as fact, a plan as done, a denial as its opposite.

German marks such a claim by a word ("angeblich", "laut"), a verb ("soll", "dürfte") or a mood ("sei", "habe"); English
by other words, a great many. So a mark is held to be lost only where the English shows none of the traces of its kind.
What that catches and how often it is wrong is measured in `tests/benchmarks/claims.py`.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from models.checks.claims.markers import (
    ANY_NEGATION_DE,
    FIRST_PERSON,
    HEARSAY_MARKERS,
    MARKERS,
    NEGATED_ADJECTIVE,
    NEGATION,
    NEGATION_EN,
    NEGATIVE_WORD_DE,
    NOT_A_NEGATION_DE,
    NOT_A_NEGATION_EN,
    NOT_A_SUBJUNCTIVE,
    POSITIVE_ADJECTIVES,
    REPORTED_VERBS,
    SUBJUNCTIVE,
    Marker,
)
from models.checks.claims.modality import MODALITY_MARKERS, SELF_REPORT
from models.checks.names.spelling import LETTER_RUN, fold
from models.checks.texts import LangText, SourceSentence, all_texts
from models.values import Flag

# So many letters of a word are the same whatever its ending.
STEM_LENGTH = 5
# A clause like these, with no more words than so many beside, says only who says what the others say.
ATTRIBUTION = re.compile(
    r"\b(?:according to|sa(?:id|ys?)|stat(?:ed|es)|report(?:ed|s)|explain(?:ed|s)|stress(?:ed|es))\b", re.IGNORECASE
)
MAX_WORDS_OF_ATTRIBUTION = 2


def claim_flags(sources: Sequence[SourceSentence], target: LangText) -> tuple[Flag, ...]:
    """Marks of hearsay, doubt, plan, condition and denial that the German carries and the English does not, and denials
    that only the English carries.

    Of several sentences that one counts which shares most of the target's words; beside a translation, what
    the target leaves out altogether does not count.
    """
    if target.lang != "en" or all(source.lang == "en" for source in sources):
        return ()
    flags: list[Flag] = []
    for source in _most_similar(sources, target.text):
        flags += _lost_markers(source.text, source.translation or "", target.text) if source.lang == "de" else []
    flags += _added_negations(sources, target.text)
    return tuple(dict.fromkeys(flags))


@lru_cache(maxsize=4096)
def markers_in(german: str) -> tuple[tuple[Marker, str], ...]:
    """The markers of a German text, each kind once, with the word that carries it."""
    # Quotation marks stay: what stands between them is somebody's words, and so it is in English.
    return tuple(
        (mark, word) for mark in (*MARKERS, *MODALITY_MARKERS) if (word := next(_occurrences(mark, german), ""))
    )


def _occurrences(mark: Marker, german: str) -> Iterator[str]:
    spared = []
    if mark is NEGATION:
        spared = [m.span() for m in NOT_A_NEGATION_DE.finditer(german)]
    elif mark is SUBJUNCTIVE:
        if FIRST_PERSON.search(german):
            return
        spared = [m.span() for m in NOT_A_SUBJUNCTIVE.finditer(german)]
    for match in mark.german.finditer(german):
        if not any(start <= match.start() < end for start, end in spared):
            word = match.group().strip(" ,")
            yield word if len(word) < 30 else word.split()[0] + " …"


def _lost_markers(german: str, translation: str, target: str) -> Iterator[Flag]:
    """The markers that left no trace: a denial, and of all that make a claim less sure the first."""
    unsure = False
    for mark, word in markers_in(german):
        told = mark in HEARSAY_MARKERS or mark is SELF_REPORT
        found = sum(1 for _ in mark.english.finditer(_without_reported_verbs(german, target) if told else target))
        needed = 1
        if mark is NEGATION:
            needed = sum(1 for _ in _occurrences(NEGATION, german)) if not translation else 1
            needed += NEGATIVE_WORD_DE.search(german) is not None
        if (
            found >= needed
            or not _mentions_marked_clause(mark, translation, target)
            or (unsure and mark is not NEGATION)
        ):
            continue
        unsure = True
        yield Flag("claim", word, mark.detail.format(word), "lost_denial" if mark is NEGATION else "lost_hedge")
    if (match := NEGATED_ADJECTIVE.search(german)) and not NEGATION.english.search(target):
        positive = POSITIVE_ADJECTIVES[match.group(1)].search(target)
        if positive:
            yield Flag("claim", positive.group(), f"the source says the opposite: “{match.group()}”", "lost_denial")


def _without_reported_verbs(german: str, target: str) -> str:
    """The target without words of saying that are what is told, each once."""
    for own, english in REPORTED_VERBS:
        if own.search(german):
            target = english.sub(" ", target, count=1)
    return target


def _mentions_marked_clause(mark: Marker, translation: str, target: str) -> bool:
    """Whether the target speaks of what is marked: of the words in the clauses of the translation with a trace."""
    if not translation:
        return True
    held = _stems(target)
    # Each with an end of its own, so that "to" in its middle is no headline's "to step down".
    clauses = [c + "." for c in re.split(r"[,;:–—]", translation) if c.strip()]
    marked = [number for number, clause in enumerate(clauses) if mark.english.search(clause)]
    if not marked:
        return len(_stems(translation) & held) > 0.5 * len(_stems(translation))
    about = [own for number in marked for own in _claim_words(mark, clauses, number) if own]
    return any(len(own & held) > 0.5 * len(own) for own in about)


def _claim_words(mark: Marker, clauses: Sequence[str], number: int) -> list[frozenset[str]]:
    """The words of the clause beside the trace, or of those around it where it holds hardly more: "according to X"."""
    own = _stems(mark.english.sub(" ", clauses[number]))
    if len(own) > MAX_WORDS_OF_ATTRIBUTION or len(clauses) == 1 or not ATTRIBUTION.search(clauses[number]):
        return [own]
    return [_stems(clause) for clause in (*clauses[max(0, number - 1) : number], *clauses[number + 1 : number + 2])]


def _most_similar(sources: Sequence[SourceSentence], target: str) -> Sequence[SourceSentence]:
    """The sentence that holds most of the target's words, itself or in its translation; the only one there is."""
    if len(sources) == 1:
        return sources
    wanted = _stems(target)
    return [max(sources, key=lambda s: len(wanted & (_stems(s.text) | _stems(s.translation or ""))))] if wanted else []


def _added_negations(sources: Sequence[SourceSentence], target: str) -> Iterator[Flag]:
    spared = [m.span() for m in NOT_A_NEGATION_EN.finditer(target)]
    denials = [m for m in NEGATION_EN.finditer(target) if not any(s <= m.start() < e for s, e in spared)]
    if not denials or any(
        (ANY_NEGATION_DE if t.lang == "de" else NEGATION.english).search(t.text) for t in all_texts(sources)
    ):
        return
    yield Flag("claim", denials[0].group(), "denied here, not in the source", "added_denial")


@lru_cache(maxsize=4096)
def _stems(text: str) -> frozenset[str]:
    return frozenset(fold(w)[:STEM_LENGTH] for w in LETTER_RUN.findall(text) if len(w) > 3)
