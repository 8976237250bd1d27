"""Find claims that lost their marker: hearsay told as a fact, a plan as done, a denial as its opposite.

German marks such a claim by a word ("angeblich", "laut"), a verb ("soll", "dürfte") or a mood ("sei", "habe"). English
has a great many ways to say the same. So a marker counts as lost only if the English has none of the traces of its
kind. `tests/benchmarks/claims.py` measures what this finds and how often it is wrong.
"""

import re
from collections.abc import Iterator, Sequence

from models.checks.claims.markers import MARKERS, NEGATION, REPORTED_VERBS, Marker
from models.checks.claims.negation import added_negations, count_negative_words, opposite_adjectives
from models.checks.names.spelling import LETTER_RUN, fold
from models.checks.texts import LangText, SourceSentence
from models.values import Flag, FlagCause

# Words are compared by their first letters, whatever their endings.
_STEM_LENGTH = 5
_MIN_LETTERS = 4
# A clause with one of these and hardly another word tells only who says what the clauses around it say.
_ATTRIBUTION = re.compile(
    r"\b(?:according to|sa(?:id|ys?)|stat(?:ed|es)|report(?:ed|s)|explain(?:ed|s)|stress(?:ed|es))\b", re.IGNORECASE
)
_MAX_OTHER_WORDS_OF_ATTRIBUTION = 2
_CLAUSE_BORDER = re.compile(r"[,;:–—]")
# The target tells of a clause if it has more than this share of the clause's words.
_MIN_SHARED_WORDS = 0.5


def claim_flags(sources: Sequence[SourceSentence], target: LangText) -> tuple[Flag, ...]:
    """Return a flag for each marker that the German has and the English lost, and for a denial that only English has.

    If there are several source sentences, only the one counts that shares most words with the target. If that sentence
    has a translation, a marker counts only where the target tells what the translation marks.
    """
    if target.lang != "en" or all(source.lang == "en" for source in sources):
        return ()
    flags: list[Flag] = []
    for source in _most_similar(sources, target.text):
        if source.lang == "de":
            flags += _lost_markers(source.text, source.translation or "", target.text)
            flags += opposite_adjectives(source.text, target.text)
    flags += added_negations(sources, target.text)
    return tuple(dict.fromkeys(flags))


def _lost_markers(german: str, translation: str, target: str) -> Iterator[Flag]:
    """Yield flags for a lost negation, and for the first of all lost markers that make a claim less sure."""
    uncertain = False
    # Quotation marks stay in the German: what stands between them is somebody's words, and so it is in English.
    for marker in MARKERS:
        occurrences = list(marker.occurrences(german))
        if not occurrences or (uncertain and marker is not NEGATION):
            continue
        text = _without_reported_verbs(german, target) if marker.hearsay else target
        needed = 1
        if marker is NEGATION:
            needed = (1 if translation else len(occurrences)) + count_negative_words(german)
        found = sum(1 for _ in marker.traces.finditer(text))
        if found < needed and _tells_marked_clause(marker, translation, target):
            uncertain = True
            cause: FlagCause = "lost_denial" if marker is NEGATION else "lost_hedge"
            yield Flag("claim", occurrences[0], marker.detail.format(occurrences[0]), cause)


def _without_reported_verbs(german: str, target: str) -> str:
    """Return the target without verbs of saying that are what is reported, each removed once."""
    for verb in REPORTED_VERBS:
        if verb.german.search(german):
            target = verb.english.sub(" ", target, count=1)
    return target


def _tells_marked_clause(marker: Marker, translation: str, target: str) -> bool:
    """Return whether the target tells what the translation marks: the words of its clauses with a trace."""
    if not translation:
        return True
    told = _stems(target)
    # Each clause gets an end of its own, so that a "to" at its end is not taken for a headline's "to step down".
    clauses = [clause + "." for clause in _CLAUSE_BORDER.split(translation) if clause.strip()]
    marked = [number for number, clause in enumerate(clauses) if marker.traces.search(clause)]
    if not marked:
        stems = _stems(translation)
        return len(stems & told) > _MIN_SHARED_WORDS * len(stems)
    about = [stems for number in marked for stems in _marked_words(marker, clauses, number) if stems]
    return any(len(stems & told) > _MIN_SHARED_WORDS * len(stems) for stems in about)


def _marked_words(marker: Marker, clauses: Sequence[str], number: int) -> list[frozenset[str]]:
    """Return the words beside the trace in its clause, or those of the clauses around a mere "according to X"."""
    own = _stems(marker.traces.sub(" ", clauses[number]))
    if len(own) > _MAX_OTHER_WORDS_OF_ATTRIBUTION or len(clauses) == 1 or not _ATTRIBUTION.search(clauses[number]):
        return [own]
    return [_stems(clause) for clause in (*clauses[max(0, number - 1) : number], *clauses[number + 1 : number + 2])]


def _most_similar(sources: Sequence[SourceSentence], target: str) -> Sequence[SourceSentence]:
    """Return the sentence that shares most words with the target, itself or in its translation."""
    if len(sources) == 1:
        return sources
    wanted = _stems(target)
    return [max(sources, key=lambda s: len(wanted & (_stems(s.text) | _stems(s.translation or ""))))] if wanted else []


def _stems(text: str) -> frozenset[str]:
    return frozenset(fold(w)[:_STEM_LENGTH] for w in LETTER_RUN.findall(text) if len(w) >= _MIN_LETTERS)
