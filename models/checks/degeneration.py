"""Find degenerate output of a model by comparing source and target.

Small models repeat themselves, copy the source, stop early or do not stop. Each fault is a flag with its reason. The
translator decodes such a sentence once more, and shows the flag if the fault stays. The limits let the human
translations of the development sets pass (`tests/benchmarks/degeneration.py`: 2 of 3,793 are flagged).
"""

import re
from collections import defaultdict
from collections.abc import Sequence

from models.checks.degeneration_words import ENGLISH, GERMAN, PROMPT
from models.checks.repetition import WORD_RUN, find_loop
from models.decoding import Hypothesis
from models.reading.language import detect
from models.values import Flag

# Characters of a target for each of its source, and how many more or less are always allowed. Of 3,625 human
# translations of sources over 40 characters in the development sets, the shortest has 0.38 and the longest 2.02.
MAX_LENGTH_RATIO = 2.5
MIN_LENGTH_RATIO = 0.35
LENGTH_SLACK = 20
# A summary with this share of the length of its source may be a copy, if the source has more words than this.
MIN_COPIED_SHARE = 0.95
MIN_CHUNK_WORDS = 40
QUOTATION = re.compile(r"[“„‘\"][^“”„’\"]{3,120}[”“’\"]|\([^)]{0,300}\)")
# A shorter target may be a heading, which has no full stop.
MIN_WORDS_OF_OPEN_END = 6
SENTENCE_ENDS = frozenset(".!?")
# A target without a full stop was cut if it is shorter than this share of a source of more characters than this.
MAX_CUT_RATIO = 0.65
MIN_CUT_SOURCE = 40
# Tags, special tokens, and pieces of tokens or bytes that are not text.
MARKUP = re.compile(r"</?[A-Za-z|][^<>]{0,40}>|\[(?:UNK|PAD|MASK|CLS|SEP)\]|<0x[0-9A-F]{2}>|[\ufffd\u2581\u0120\u010a]")
# The name of a part of a prompt, at the start or end of a line.
PROMPT_LABEL = re.compile(
    rf"^[^\w\n]{{0,5}}(?:{'|'.join(sorted(PROMPT.line_start))})\s*:|(?:{'|'.join(sorted(PROMPT.line_end))}):\s*$",
    re.MULTILINE,
)
# Equal targets of at least this many words are a fault if their sources share less than this share of their words.
MIN_DUPLICATE_WORDS = 5
MIN_SOURCE_OVERLAP = 0.5
# A target of at most this many words may be a name.
MAX_NAME_WORDS = 3
UMLAUT = re.compile("[äöüß]")
GERMAN_NOUN = re.compile(rf"\b[A-ZÄÖÜ][a-zäöüß]{{4,}}(?:{'|'.join(sorted(GERMAN.noun_endings))})\b")


def faults(sources: Sequence[str], hypotheses: Sequence[Hypothesis]) -> list[tuple[Flag, ...]]:
    """Return the flags of each English hypothesis for its German source; the language of each is detected among all."""
    languages = detect([h.text for h in hypotheses], expect="en")
    doubles = duplicate_targets(sources, [h.text for h in hypotheses])
    found = []
    for source, hypothesis, lang in zip(sources, hypotheses, languages, strict=True):
        flags = decoding_faults(source, hypothesis)
        if hypothesis.text in doubles:
            flags.append(duplicate_flag(hypothesis.text))
        if not any(f.kind == "empty" for f in flags):
            foreign = lang != "en" and not is_list_of_names(source, hypothesis.text)
            if foreign and lang == "de" and is_copy(source, hypothesis.text):
                flags.append(Flag("copy", hypothesis.text, "the source was copied, not translated", "copied"))
            elif foreign and len(WORD_RUN.findall(hypothesis.text)) > MAX_NAME_WORDS:
                flags.append(Flag("language", hypothesis.text, "the translation is not English", "wrong_language"))
            elif left := untranslated_text(source, hypothesis.text):
                flags.append(Flag("language", left, "left in German", "untranslated"))
            if hypothesis.finished and (end := truncated_end(source, hypothesis.text)):
                flags.append(Flag("unfinished", end, "breaks off where the source does not", "breaks_off"))
            flags += _length_flags(source, hypothesis.text)
        found.append(tuple(flags))
    return found


def pair_faults(source: str, target: str) -> tuple[Flag, ...]:
    """Return the flags of a translation from elsewhere; the language of one of few words is not checked."""
    hypothesis = Hypothesis(target, 0, finished=True)
    if len(WORD_RUN.findall(target)) > MAX_NAME_WORDS:
        return faults([source], [hypothesis])[0]
    found = decoding_faults(source, hypothesis)
    return tuple(found if any(f.kind == "empty" for f in found) else [*found, *_length_flags(source, target)])


def decoding_faults(source: str, hypothesis: Hypothesis) -> list[Flag]:
    """Return the flags that any output of a model may have: empty, repeated, not finished."""
    text = hypothesis.text
    if not any(c.isalnum() for c in text):
        return [Flag("empty", text, "the model gave nothing", "empty")]
    flags = text_faults(source, text)
    if (label := PROMPT_LABEL.search(text)) and not PROMPT_LABEL.search(source):
        flags.append(Flag("copy", label.group().strip(), "the prompt was copied", "copied_prompt"))
    if not hypothesis.finished:
        flags.append(Flag("unfinished", text[-40:], "the model did not come to an end", "no_end"))
    return flags


def text_faults(source: str, text: str) -> list[Flag]:
    """Return the flags that any text may have: it repeats itself, or contains markup."""
    flags = []
    if found := find_loop(source, text):
        flags.append(Flag("loop", found, "repeats itself", "repeated"))
    if (mark := MARKUP.search(text)) and not MARKUP.search(source):
        flags.append(Flag("language", mark.group(), "markup or half a token, not English", "markup"))
    return flags


def summary_faults(source: str, hypothesis: Hypothesis) -> list[Flag]:
    """Return the flags of the summary of a chunk: faults of decoding, language, end and length, or a copy."""
    flags = decoding_faults(source, hypothesis)
    text = hypothesis.text
    if any(f.kind == "empty" for f in flags):
        return flags
    words = len(WORD_RUN.findall(text))
    if detect([text], expect="en") != ["en"] and words > MAX_NAME_WORDS:
        flags.append(Flag("language", text, "the summary is not English", "wrong_language"))
    if hypothesis.finished and (end := truncated_end(".", text)):
        flags.append(Flag("unfinished", end, "breaks off", "breaks_off"))
    if len(text) > 1.2 * len(source) + LENGTH_SLACK:
        flags.append(Flag("length", text[-40:], f"{len(text)} characters for {len(source)} of the source", "too_long"))
    elif words < MAX_NAME_WORDS and len(source.split()) > MIN_CHUNK_WORDS:
        flags.append(Flag("length", text, "hardly a word", "too_short"))
    elif len(text) > MIN_COPIED_SHARE * len(source) and len(source.split()) > MIN_CHUNK_WORDS and is_copy(source, text):
        flags.append(Flag("copy", text[:40], "the source was copied, not summarised", "copied"))
    return flags


def untranslated_text(source: str, target: str) -> str:
    """Return German words that the target has from its source: three function words or a noun; else ""."""
    if left := untranslated_words(source, target):
        return left
    there = set(WORD_RUN.findall(source))
    return next((noun for noun in GERMAN_NOUN.findall(QUOTATION.sub(" ", target)) if noun in there), "")


def untranslated_words(source: str, target: str) -> str:
    """Return three German function words that the target has from its source, or any three in a row; else ""."""
    words = WORD_RUN.findall(source)
    german = GERMAN.words.intersection(words)
    left = [w for w in WORD_RUN.findall(target) if w in german]
    if len(left) >= 3:
        return " ".join(left[:5])
    rows = set(zip(words, words[1:], words[2:], strict=False))
    words = WORD_RUN.findall(QUOTATION.sub(" | ", target))
    for row in zip(words, words[1:], words[2:], strict=False):
        if row in rows and all(w[0].islower() for w in row) and any(w in GERMAN.words or UMLAUT.search(w) for w in row):
            return " ".join(row)
    return ""


def truncated_end(source: str, target: str) -> str:
    """Return the end of a target that stops where no sentence ends, unlike its source; else "".

    It stops at a comma, a function word or an open bracket; or, without a full stop, at a word that needs another, in
    an open quotation, or after much less than the source has.
    """
    ends = [text.rstrip("\"'”’»“) ") for text in (source, target)]
    if ends[1][-1:] in {",", "(", "["} and ends[0][-1:] != ends[1][-1:]:
        return target[-40:]
    words = WORD_RUN.findall(ends[1])
    if words and ends[1].endswith(words[-1]) and ends[0][-1:] in SENTENCE_ENDS:
        leads_on = words[-1] in ENGLISH.rarely_last or _opens_quotation(source, target)
        cut = len(source) > MIN_CUT_SOURCE and len(target) < MAX_CUT_RATIO * len(source)
        if words[-1] in ENGLISH.never_last or (len(words) >= MIN_WORDS_OF_OPEN_END and (leads_on or cut)):
            return target[-40:]
    if target.count("(") > target.count(")") and source.count("(") <= source.count(")"):
        return target[-40:]
    return ""


def _opens_quotation(source: str, target: str) -> bool:
    """Whether the target leaves a quotation open and the source does not."""
    return target.count("“") > target.count("”") or target.count('"') % 2 > source.count('"') % 2


def duplicate_flag(target: str) -> Flag:
    """The flag of a target that stands for two sources which are not alike."""
    return Flag("loop", target, "the same English for another source", "duplicate")


def duplicate_targets(sources: Sequence[str], targets: Sequence[str]) -> set[str]:
    """The targets that stand for two sources which are not alike."""
    standing: dict[str, list[set[str]]] = defaultdict(list)
    for source, target in zip(sources, targets, strict=True):
        if len(WORD_RUN.findall(target)) >= MIN_DUPLICATE_WORDS:
            standing[target].append({w.lower() for w in WORD_RUN.findall(source)})
    return {
        target
        for target, (first, *others) in standing.items()
        if any(len(first & other) < MIN_SOURCE_OVERLAP * max(len(first), len(other)) for other in others)
    }


def is_copy(source: str, target: str) -> bool:
    """Whether most words of the target are words of the source, and they are too many for a name."""
    there = {w.lower() for w in WORD_RUN.findall(source)}
    words = [w.lower() for w in WORD_RUN.findall(target)]
    return len(words) > MAX_NAME_WORDS and sum(w in there for w in words) > 0.7 * len(words)


def is_list_of_names(source: str, target: str) -> bool:
    """Whether most words of the target are words of the source, but few of those in small letters: names."""
    there = {w.lower() for w in WORD_RUN.findall(source)}
    small = [w for w in WORD_RUN.findall(target) if w[0].islower()]
    few = sum(w in there for w in small) <= 0.7 * len(small)
    return few and not target.isupper() and is_copy(source, target)


def _length_flags(source: str, target: str) -> list[Flag]:
    if len(target) > MAX_LENGTH_RATIO * len(source) + LENGTH_SLACK:
        return [Flag("length", target[-40:], f"{len(target)} characters for {len(source)} of the source", "too_long")]
    if len(target) < MIN_LENGTH_RATIO * len(source) - LENGTH_SLACK / 2:
        detail = f"only {len(target)} characters for {len(source)} of the source"
        return [Flag("length", target[-40:], detail, "too_short")]
    return []
