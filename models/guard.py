"""What can go wrong while a sentence is decoded, seen from the source and the target alone.

Small models repeat themselves, copy the source, stop early or run on. Each fault is a flag with its reason;
the translator decodes such a sentence once more, then shows the flag. Limits are set so that the human translations of
the development sets pass (`tests/benchmarks/guard.py`: 6 of 3,793 do not).
"""

import re
from collections.abc import Sequence

from models.engines.base import Hypothesis
from models.language import detect
from models.values import Flag

# Of 3,625 human translations of sources over 40 characters in the development sets, one is 0.38 times as long as
# its source and one 2.02 times; all others lie between.
LONGEST, SHORTEST, SLACK = 2.5, 0.35, 20
LONGEST_LOOP = 30
CHARACTER_LOOP = re.compile(r"(.{1,4}?)\1{9,}")
WORD = re.compile(r"\w+")


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
            flags += _length(source, hypothesis.text)
        found.append(tuple(flags))
    return found


def decoding_faults(source: str, hypothesis: Hypothesis) -> list[Flag]:
    """What is wrong with an output whatever the task: nothing there, a loop, no end."""
    text = hypothesis.text
    if not any(c.isalnum() for c in text):
        return [Flag("empty", text, "the model gave nothing")]
    flags = []
    if (loop := repeated(text)) and not repeated(source):
        flags.append(Flag("loop", loop, "the model repeats itself"))
    if not hypothesis.finished:
        flags.append(Flag("unfinished", text[-40:], "the model did not come to an end"))
    return flags


def repeated(text: str) -> str:
    """The words that stand three times or more in a row (single words: five times), or "" where there are none."""
    if (match := CHARACTER_LOOP.search(text)) and any(c.isalnum() for c in match.group(1)):
        return match.group()[:40]
    words = [w.lower() for w in WORD.findall(text)]
    for size in range(1, min(LONGEST_LOOP, len(words) // 3) + 1):
        needed = (5 if size == 1 else 3) * size - size
        run = 0
        for i in range(size, len(words)):
            run = run + 1 if words[i] == words[i - size] else 0
            if run >= needed:
                return " ".join(words[i - size + 1 : i + 1])
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
