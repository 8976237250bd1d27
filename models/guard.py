"""What can go wrong while a sentence is decoded, seen from the source and the target alone.

Small models repeat themselves, copy the source, stop early or run on. Each fault is a flag with its reason;
the translator decodes such a sentence once more, then shows the flag. Limits are set so that the human translations of
the development sets pass (`tests/benchmarks/guard.py`: 6 of 3,793 do not).
"""

import itertools
import re
from collections import Counter
from collections.abc import Callable, Sequence

from models.engines.base import Hypothesis
from models.language import detect
from models.values import Flag


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Of 3,625 human translations of sources over 40 characters in the development sets, one is 0.38 times as long as
# its source and one 2.02 times; all others lie between.
LONGEST, SHORTEST, SLACK = 2.5, 0.35, 20
LONGEST_LOOP = 30
ALIKE = 0.75
# A summary that holds so much of a source of more words than these is no summary.
WHOLE, LEAST_CHUNK = 0.95, 40
QUOTED = re.compile(r"[“„‘\"][^“”„’\"]{3,120}[”“’\"]|\([^)]*\)")
CHARACTER_LOOP = re.compile(r"(.{1,4}?)\1{9,}")
FILLER = re.compile(r"([.\-–—_…])(?: ?\1){9,}")
WORD = re.compile(r"\w+")
CLAUSE = re.compile(r"[,.;:!?–—]+(?:\s|$)")
# Small words that never stand three times in a row, nor at the end of a sentence.
SMALL = _words("the a an and or of to in with that which whose because into from for at by as if their its is")
OPEN_END = _words("the a an and or of whose because into from their its than")
# Words that are German and neither English nor parts of many names.
GERMAN = _words(
    """dass und nicht ist für auf ein eine einen einem einer eines sich auch wird werden wurde wurden sind haben hatte
    aber oder nach über unter zwischen durch gegen ohne dem des vom zum zur bei mit kein keine noch nur schon sehr als
    wie wenn weil sagte entschied soll sollen seine ihre diese dieser dieses"""
)
GERMAN_NOUN = re.compile(
    r"\b[A-ZÄÖÜ][a-zäöüß]{4,}(?:ung|ungen|heit|heiten|keit|keiten|schaften|gericht|gesetz|behörde|behörden|ministerium"
    r"|mitglieder|verfahren|unternehmen|versicherung|abgeordnete|maßnahmen|entscheidung|kosten)\b"
)


def faults(sources: Sequence[str], hypotheses: Sequence[Hypothesis]) -> list[tuple[Flag, ...]]:
    """The faults of each English hypothesis beside its German source; the languages are told in the light of all."""
    languages = detect([h.text for h in hypotheses], expect="en")
    found = []
    for source, hypothesis, lang in zip(sources, hypotheses, languages, strict=True):
        flags = decoding_faults(source, hypothesis)
        if not any(f.kind == "empty" for f in flags):
            if lang == "de" and is_copy(source, hypothesis.text):
                flags.append(Flag("copy", hypothesis.text, "the source was copied, not translated"))
            elif lang != "en" and len(WORD.findall(hypothesis.text)) > 3:
                flags.append(Flag("language", hypothesis.text, "the translation is not English"))
            elif left := untranslated(source, hypothesis.text):
                flags.append(Flag("language", left, "left in German"))
            if hypothesis.finished and (end := broken_off(source, hypothesis.text)):
                flags.append(Flag("unfinished", end, "breaks off where the source does not"))
            flags += _length(source, hypothesis.text)
        found.append(tuple(flags))
    return found


def decoding_faults(source: str, hypothesis: Hypothesis) -> list[Flag]:
    """What is wrong with an output whatever the task: nothing there, a loop, no end."""
    text = hypothesis.text
    if not any(c.isalnum() for c in text):
        return [Flag("empty", text, "the model gave nothing")]
    flags = []
    if (filler := FILLER.search(text)) and not FILLER.search(source):
        flags.append(Flag("loop", filler.group()[:40], "the model repeats itself"))
    elif loop := _again(repeated, source, text) or _again(varied, source, text):
        flags.append(Flag("loop", loop, "the model repeats itself"))
    if not hypothesis.finished:
        flags.append(Flag("unfinished", text[-40:], "the model did not come to an end"))
    return flags


def summary_faults(source: str, hypothesis: Hypothesis) -> list[Flag]:
    """What is wrong with the summary of a chunk: in decoding, language, end and length, or all is copied."""
    flags = decoding_faults(source, hypothesis)
    text = hypothesis.text
    if any(f.kind == "empty" for f in flags):
        return flags
    if detect([text], expect="en") != ["en"] and len(WORD.findall(text)) > 3:
        flags.append(Flag("language", text, "the summary is not English"))
    if hypothesis.finished and (end := broken_off(".", text)):
        flags.append(Flag("unfinished", end, "breaks off"))
    if len(text) > 1.2 * len(source) + SLACK:
        flags.append(Flag("length", text[-40:], f"{len(text)} characters for {len(source)} of the source"))
    elif len(text) > WHOLE * len(source) and len(source.split()) > LEAST_CHUNK and is_copy(source, text):
        flags.append(Flag("copy", text[:40], "the source was copied, not summarised"))
    return flags


def _again(found: Callable[[str], str], source: str, text: str) -> str:
    """What `found` finds in the text, where it finds nothing in the source."""
    return "" if found(source) else found(text)


def repeated(text: str) -> str:
    """The words that stand three times or more in a row (single words: five times), or "" where there are none."""
    if (match := CHARACTER_LOOP.search(text)) and any(c.isalnum() for c in match.group(1)):
        return match.group()[:40]
    words = [w.lower() for w in WORD.findall(text)]
    for size in range(1, min(LONGEST_LOOP, len(words) // 3) + 1):
        run = 0
        for i in range(size, len(words)):
            needed = (5 if size == 1 and words[i] not in SMALL else 3) * size - size
            run = run + 1 if words[i] == words[i - size] else 0
            if run >= needed:
                return " ".join(words[i - size + 1 : i + 1])
    return ""


def varied(text: str) -> str:
    """A clause of four words that follows two much like it, or of seven after one that differs in one word; or ""."""
    clauses = [words for part in CLAUSE.split(text) if len(words := WORD.findall(part.lower())) >= 4]
    run = 0
    for before, words in itertools.pairwise(clauses):
        if (
            len(words) >= 7
            and len(words) == len(before)
            and sum(a != b for a, b in zip(before, words, strict=True)) <= 1
        ):
            return " ".join(words)
        shared = sum((Counter(before) & Counter(words)).values())
        run = run + 1 if shared >= ALIKE * max(len(before), len(words)) else 0
        if run == 2:
            return " ".join(words)
    return ""


def untranslated(source: str, target: str) -> str:
    """German words of the source that stand in the target: three small ones, or a noun that is no name; else ""."""
    there = set(WORD.findall(source))
    left = [w for w in WORD.findall(target) if w in GERMAN and w in there]
    if len(left) >= 3:
        return " ".join(left[:5])
    quoted = QUOTED.sub(" ", target)
    return next((noun for noun in GERMAN_NOUN.findall(quoted) if noun in there), "")


def broken_off(source: str, target: str) -> str:
    """The end of a target that stops at a comma, a small word or an open bracket, unlike its source; else ""."""
    ends = [text.rstrip("\"'”’»“) ") for text in (source, target)]
    if ends[1][-1:] in {",", "(", "["} and ends[0][-1:] != ends[1][-1:]:
        return target[-40:]
    last = WORD.findall(ends[1])[-1:]
    if last and last[0] in OPEN_END and ends[1].endswith(last[0]) and ends[0][-1:] in {".", "!", "?"}:
        return target[-40:]
    if target.count("(") > target.count(")") and source.count("(") <= source.count(")"):
        return target[-40:]
    return ""


def is_copy(source: str, target: str) -> bool:
    """Whether most words of the target are words of the source; three words or fewer may be a name."""
    there = {w.lower() for w in WORD.findall(source)}
    words = [w.lower() for w in WORD.findall(target)]
    return len(words) > 3 and sum(w in there for w in words) > 0.7 * len(words)


def _length(source: str, target: str) -> list[Flag]:
    if len(target) > LONGEST * len(source) + SLACK:
        return [Flag("length", target[-40:], f"{len(target)} characters for {len(source)} of the source")]
    if len(target) < SHORTEST * len(source) - SLACK / 2:
        return [Flag("length", target[-40:], f"only {len(target)} characters for {len(source)} of the source")]
    return []
