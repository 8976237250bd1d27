"""What can go wrong while a sentence is decoded, seen from the source and the target alone.

Small models repeat themselves, copy the source, stop early or run on. Each fault is a flag with its reason;
the translator decodes such a sentence once more, then shows the flag. Limits are set so that the human translations of
the development sets pass (`tests/benchmarks/guard.py`: 2 of 3,793 do not).
"""

import re
from collections import defaultdict
from collections.abc import Sequence

from models.checks.repetition import WORD, loop
from models.decoding import Hypothesis
from models.reading.language import detect
from models.values import Flag


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Of 3,625 human translations of sources over 40 characters in the development sets, one is 0.38 times as long as
# its source and one 2.02 times; all others lie between.
LONGEST, SHORTEST, SLACK = 2.5, 0.35, 20
# A summary that holds so much of a source of more words than these is no summary.
WHOLE, LEAST_CHUNK = 0.95, 40
QUOTED = re.compile(r"[“„‘\"][^“”„’\"]{3,120}[”“’\"]|\([^)]*\)")
# Words at which no sentence ends; and some at which none of six words and more ends without its stop.
OPEN_END = _words("the a an and or of whose because into from their its than")
LEADS_ON = _words(
    """would could should will shall may might must has have had was were be been is are do does did not to in on at by
    for with without about between among under after before during until since against through behind beside near upon
    within toward towards onto that who when where while if although though as but nor so very more most his her our
    my your this these those every each"""
)
LEAST_OPEN = 6
STOPS = frozenset(".!?")
# Shorter than so much of its source, a target without a stop was cut.
CUT, LEAST_CUT = 0.65, 40
# Tags, special tokens, pieces of tokens and bytes that were no text.
MARKUP = re.compile(r"</?[A-Za-z|][^<>]{0,40}>|\[(?:UNK|PAD|MASK|CLS|SEP)\]|<0x[0-9A-F]{2}>|[\ufffd\u2581\u0120\u010a]")
# How a prompt names its parts.
LABEL = re.compile(
    r"^[^\w\n]{0,5}(?:German|English|Deutsch|Englisch|Article|Artikel|Translation|Summary)\s*:"
    r"|(?:English|Translation|Summary):\s*$",
    re.MULTILINE,
)
# Equal targets of so many words, of sources of which less than half is alike, are no accident.
EQUAL, ALIKE = 5, 0.5
# So few words may be a name.
FEW_WORDS = 3
# Words that are German and neither English nor parts of many names.
GERMAN = _words(
    """dass und nicht ist für auf ein eine einen einem einer eines sich auch wird werden wurde wurden sind haben hatte
    aber oder nach über unter zwischen durch gegen ohne dem des vom zum zur bei mit kein keine noch nur schon sehr als
    wie wenn weil sagte entschied soll sollen seine ihre diese dieser dieses den am im seit von er es zu"""
)
UMLAUT = re.compile("[äöüß]")
GERMAN_NOUN = re.compile(
    r"\b[A-ZÄÖÜ][a-zäöüß]{4,}(?:ung|ungen|heit|heiten|keit|keiten|schaften|gericht|gesetz|behörde|behörden|ministerium"
    r"|mitglieder|verfahren|unternehmen|versicherung|abgeordnete|maßnahmen|entscheidung|kosten)\b"
)


def faults(sources: Sequence[str], hypotheses: Sequence[Hypothesis]) -> list[tuple[Flag, ...]]:
    """The faults of each English hypothesis beside its German source; the languages are told in the light of all."""
    languages = detect([h.text for h in hypotheses], expect="en")
    doubles = _doubles(sources, [h.text for h in hypotheses])
    found = []
    for source, hypothesis, lang in zip(sources, hypotheses, languages, strict=True):
        flags = decoding_faults(source, hypothesis)
        if hypothesis.text in doubles:
            flags.append(Flag("loop", hypothesis.text, "the same English for another source"))
        if not any(f.kind == "empty" for f in flags):
            foreign = lang != "en" and not is_line_up(source, hypothesis.text)
            if foreign and lang == "de" and is_copy(source, hypothesis.text):
                flags.append(Flag("copy", hypothesis.text, "the source was copied, not translated"))
            elif foreign and len(WORD.findall(hypothesis.text)) > FEW_WORDS:
                flags.append(Flag("language", hypothesis.text, "the translation is not English"))
            elif left := untranslated(source, hypothesis.text):
                flags.append(Flag("language", left, "left in German"))
            if hypothesis.finished and (end := broken_off(source, hypothesis.text)):
                flags.append(Flag("unfinished", end, "breaks off where the source does not"))
            flags += _length(source, hypothesis.text)
        found.append(tuple(flags))
    return found


def pair_faults(source: str, target: str) -> tuple[Flag, ...]:
    """The faults of a target that somebody else made; the language of one of few words is not asked for."""
    hypothesis = Hypothesis(target, 0, finished=True)
    if len(WORD.findall(target)) > FEW_WORDS:
        return faults([source], [hypothesis])[0]
    found = decoding_faults(source, hypothesis)
    return tuple(found if any(f.kind == "empty" for f in found) else [*found, *_length(source, target)])


def decoding_faults(source: str, hypothesis: Hypothesis) -> list[Flag]:
    """What is wrong with an output whatever the task: nothing there, a loop, no end."""
    text = hypothesis.text
    if not any(c.isalnum() for c in text):
        return [Flag("empty", text, "the model gave nothing")]
    flags = text_faults(source, text)
    if (label := LABEL.search(text)) and not LABEL.search(source):
        flags.append(Flag("copy", label.group().strip(), "the prompt was copied"))
    if not hypothesis.finished:
        flags.append(Flag("unfinished", text[-40:], "the model did not come to an end"))
    return flags


def text_faults(source: str, text: str) -> list[Flag]:
    """What is wrong with a text whoever wrote it: it runs in a circle, or holds what is no text."""
    flags = []
    if found := loop(source, text):
        flags.append(Flag("loop", found, "repeats itself"))
    if (mark := MARKUP.search(text)) and not MARKUP.search(source):
        flags.append(Flag("language", mark.group(), "markup or half a token, not English"))
    return flags


def summary_faults(source: str, hypothesis: Hypothesis) -> list[Flag]:
    """What is wrong with the summary of a chunk: in decoding, language, end and length, or all is copied."""
    flags = decoding_faults(source, hypothesis)
    text = hypothesis.text
    if any(f.kind == "empty" for f in flags):
        return flags
    words = len(WORD.findall(text))
    if detect([text], expect="en") != ["en"] and words > FEW_WORDS:
        flags.append(Flag("language", text, "the summary is not English"))
    if hypothesis.finished and (end := broken_off(".", text)):
        flags.append(Flag("unfinished", end, "breaks off"))
    if len(text) > 1.2 * len(source) + SLACK:
        flags.append(Flag("length", text[-40:], f"{len(text)} characters for {len(source)} of the source"))
    elif words < FEW_WORDS and len(source.split()) > LEAST_CHUNK:
        flags.append(Flag("length", text, "hardly a word"))
    elif len(text) > WHOLE * len(source) and len(source.split()) > LEAST_CHUNK and is_copy(source, text):
        flags.append(Flag("copy", text[:40], "the source was copied, not summarised"))
    return flags


def untranslated(source: str, target: str) -> str:
    """German words of the source that stand in the target: three small ones, or a noun that is no name; else ""."""
    if left := left_in_german(source, target):
        return left
    there = set(WORD.findall(source))
    return next((noun for noun in GERMAN_NOUN.findall(QUOTED.sub(" ", target)) if noun in there), "")


def left_in_german(source: str, target: str) -> str:
    """Three small German words of the source that stand in the target, or any three in a row, none a noun; else ""."""
    words = WORD.findall(source)
    left = [w for w in WORD.findall(target) if w in GERMAN and w in words]
    if len(left) >= 3:
        return " ".join(left[:5])
    rows = set(zip(words, words[1:], words[2:], strict=False))
    words = WORD.findall(QUOTED.sub(" | ", target))
    for row in zip(words, words[1:], words[2:], strict=False):
        if row in rows and all(w[0].islower() for w in row) and any(w in GERMAN or UMLAUT.search(w) for w in row):
            return " ".join(row)
    return ""


def broken_off(source: str, target: str) -> str:
    """The end of a target that stops where no sentence does, unlike its source; else "".

    That is at a comma, a small word or an open bracket; and, without a stop, at a word that leads on, in an open
    quotation, or after much less than the source has.
    """
    ends = [text.rstrip("\"'”’»“) ") for text in (source, target)]
    if ends[1][-1:] in {",", "(", "["} and ends[0][-1:] != ends[1][-1:]:
        return target[-40:]
    words = WORD.findall(ends[1])
    if words and ends[1].endswith(words[-1]) and ends[0][-1:] in STOPS:
        leads_on = words[-1] in LEADS_ON or _opens_quotation(source, target)
        cut = len(source) > LEAST_CUT and len(target) < CUT * len(source)
        if words[-1] in OPEN_END or (len(words) >= LEAST_OPEN and (leads_on or cut)):
            return target[-40:]
    if target.count("(") > target.count(")") and source.count("(") <= source.count(")"):
        return target[-40:]
    return ""


def _opens_quotation(source: str, target: str) -> bool:
    """Whether a quotation is left open that is not so in the source."""
    return target.count("“") > target.count("”") or target.count('"') % 2 > source.count('"') % 2


def _doubles(sources: Sequence[str], targets: Sequence[str]) -> set[str]:
    """The targets that stand for two sources which are not alike."""
    standing: dict[str, list[set[str]]] = defaultdict(list)
    for source, target in zip(sources, targets, strict=True):
        if len(WORD.findall(target)) >= EQUAL:
            standing[target].append({w.lower() for w in WORD.findall(source)})
    return {
        target
        for target, (first, *others) in standing.items()
        if any(len(first & other) < ALIKE * max(len(first), len(other)) for other in others)
    }


def is_copy(source: str, target: str) -> bool:
    """Whether most words of the target are words of the source; three words or fewer may be a name."""
    there = {w.lower() for w in WORD.findall(source)}
    words = [w.lower() for w in WORD.findall(target)]
    return len(words) > FEW_WORDS and sum(w in there for w in words) > 0.7 * len(words)


def is_line_up(source: str, target: str) -> bool:
    """Whether it holds words of its source, but of those without a capital only few: names, which stay as they are."""
    there = {w.lower() for w in WORD.findall(source)}
    small = [w for w in WORD.findall(target) if w[0].islower()]
    few = sum(w in there for w in small) <= 0.7 * len(small)
    return few and not target.isupper() and is_copy(source, target)


def _length(source: str, target: str) -> list[Flag]:
    if len(target) > LONGEST * len(source) + SLACK:
        return [Flag("length", target[-40:], f"{len(target)} characters for {len(source)} of the source")]
    if len(target) < SHORTEST * len(source) - SLACK / 2:
        return [Flag("length", target[-40:], f"only {len(target)} characters for {len(source)} of the source")]
    return []
