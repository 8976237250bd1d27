"""Any summary of a German article, whoever wrote it: what each of its sentences rests on, and what is to be doubted.

No translation is made: the sentences are held against the German as it stands (docs/evidence.md says how often that
finds the right one).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from models.checks.degeneration import text_faults, truncated_end, untranslated_words
from models.checks.repetition import WORD_RUN
from models.errors import TextTooLong, UnusableSummary
from models.evidence.attribution import support
from models.options import OnProgress, ignore_progress
from models.reading.article import paragraph_spans, read
from models.reading.encoding import normalise
from models.reading.language import detect
from models.reading.sentences import sentence_texts
from models.report import source_lang
from models.values import Article, Document, Evidence, Flag, Lang, Summary, SummarySentence

STAGE = "check"
# Sentences between two progress calls: a summary of the usual length needs one.
STRETCH = 100
# Shorter than this, a name or a title among English sentences is easily taken for another language.
LEAST_WORDS = 4
# A summary that is English to this share is an English one: no German is expected in it.
ENGLISH = 0.3
LANGS: tuple[Lang, ...] = ("de", "en", "other")
# What a list or a heading puts before its text; a number only where there are two, since "1. FC Köln" is a name.
_MARK = re.compile(r"(?:(?:[-–—•*·▪►>+✓●◦‣]|#{1,6}|[a-zA-Z]\)|\(\d{1,3}\))\s+)+")
_NUMBER = re.compile(r"\d{1,3}[.)]\s+")
# Marks that lead to sources, as `kurzum summarize` and others set them: no numbers of the text. One in the middle of a
# clause ("We have [12] dogs") may be a word that was put in.
_CITATION = re.compile(r" ?\[[!^]?\d{1,3}\*?(?: ?[,;–-] ?\d{1,3}\*?)*\](?=\s*(?:\Z|[^\s\w])|\s+[A-ZÄÖÜ]|\s*\n)")
_BOLD = re.compile(r"\*{2,3}(?=\S)|(?<=\S)\*{2,3}")


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence of the summary with what it rests on and what is to be doubted."""

    text: str
    lang: Lang
    flags: tuple[Flag, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """A summary held against an article, sentence by sentence."""

    document: Document
    sentences: tuple[CheckedSentence, ...]

    def to_dict(self) -> dict[str, Any]:
        """As JSON values; each evidence quotes its `source`, as the caller has no normalised text to look it up in."""
        return {
            "id": self.document.id,
            "title": self.document.title,
            "source_lang": source_lang(self.document),
            "sentences": [
                {
                    "text": sentence.text,
                    "lang": sentence.lang,
                    "flags": [asdict(flag) for flag in sentence.flags],
                    "evidence": [
                        asdict(e) | {"source": self.document.text[e.start : e.end]} for e in sentence.evidence
                    ],
                }
                for sentence in self.sentences
            ],
        }


def check(
    article: Article, summary: str, max_characters: int = 400_000, on_progress: OnProgress = ignore_progress
) -> Check:
    """Each sentence of the summary with its evidence and its flags.

    English sentences are checked in full, German ones for their quantities, and among English ones flagged as German;
    what is in neither language is flagged as such. Raises what `read` raises for the article, UnusableSummary and
    TextTooLong for the summary, and whatever `on_progress` raises to stop the work.
    """
    texts = summary_sentences(summary, max_characters)
    document = read(article, max_characters)
    langs = detect(texts, expect="en")
    faults = list(_faults(texts, langs))
    checked: list[CheckedSentence] = []
    for start in range(0, len(texts), STRETCH):
        on_progress(STAGE, start, len(texts))
        part = slice(start, start + STRETCH)
        checked += _held_against(document, texts[part], langs[part], faults[part])
    on_progress(STAGE, len(texts), len(texts))
    return Check(document, tuple(checked))


def summary_sentences(summary: str, max_characters: int = 400_000) -> list[str]:
    """The sentences of a plain text with paragraphs, wrapped lines or points; those without a letter or digit left out.

    Bullets, bold print and marks like [1] are left out of them. Raises UnusableSummary where nothing is left, and
    TextTooLong.
    """
    length = len(summary)
    if length <= 2 * max_characters:  # Normalising takes out a part of a text at most.
        summary = normalise(summary)
        length = len(summary)
    if length > max_characters:
        raise TextTooLong(
            f"The summary has {length:,} characters, the limit is {max_characters:,}: check it in parts, or raise it."
        )
    summary = _BOLD.sub("", _CITATION.sub("", summary))
    paragraphs = [summary[start:end] for start, end in paragraph_spans(summary)]
    numbered = sum(_NUMBER.match(paragraph) is not None for paragraph in paragraphs) > 1
    sentences = [s for paragraph in paragraphs for s in _split(paragraph, numbered=numbered)]
    if not sentences:
        raise UnusableSummary("The summary is empty or holds no words: send the text of a summary.")
    return sentences


def _split(paragraph: str, *, numbered: bool) -> Iterator[str]:
    mark = _MARK.match(paragraph) or (_NUMBER.match(paragraph) if numbered else None)
    for sentence in sentence_texts(paragraph[mark.end() if mark else 0 :], "en"):
        if any(map(str.isalnum, sentence)):
            yield " ".join(sentence.split())


def _faults(texts: Sequence[str], langs: Sequence[Lang]) -> Iterator[list[Flag]]:
    """What is wrong with each sentence of a summary among the others."""
    lengths = {spoken: sum(len(t) for t, lang in zip(texts, langs, strict=True) if lang == spoken) for spoken in LANGS}
    english = lengths["en"] > ENGLISH * sum(lengths.values())
    first: dict[str, int] = {}
    for number, (text, lang) in enumerate(zip(texts, langs, strict=True), 1):
        flags = []
        words = WORD_RUN.findall(text.lower())
        if (before := first.setdefault(" ".join(words), number)) < number and len(words) >= LEAST_WORDS:
            flags.append(Flag("loop", text, f"the same as sentence {before}", "duplicate"))
        if lang == "other" and len(words) >= LEAST_WORDS:
            flags.append(Flag("language", text, "neither English nor German: not checked further", "wrong_language"))
        elif lang == "de" and english and len(words) >= LEAST_WORDS:
            detail = "German in an English summary: its names and claims are not checked"
            flags.append(Flag("language", text, detail, "wrong_language"))
        elif lang == "en" and (end := truncated_end(".", text)):
            flags.append(Flag("unfinished", end, "breaks off", "breaks_off"))
        yield flags


def _held_against(
    document: Document, texts: Sequence[str], langs: Sequence[Lang], faults: Sequence[Sequence[Flag]]
) -> Iterator[CheckedSentence]:
    in_english, in_german = (_support(document, texts, langs, german=german) for german in (False, True))
    for text, lang, own in zip(texts, langs, faults, strict=True):
        sentence = next(in_german if lang == "de" else in_english)
        flags = list(own)
        if lang != "other" or not own:
            source = " ".join(document.text[e.start : e.end] for e in sentence.evidence)
            flags += text_faults(source, text)
            if lang == "en" and (left := untranslated_words(source, text)):
                flags.append(Flag("language", left, "left in German", "untranslated"))
            flags += sentence.flags
        yield CheckedSentence(text, lang, tuple(flags), sentence.evidence)


def _support(
    document: Document, texts: Sequence[str], langs: Sequence[Lang], *, german: bool
) -> Iterator[SummarySentence]:
    """The sentences that are German, or those that are not, with their evidence and doubts."""
    own = [SummarySentence(text) for text, lang in zip(texts, langs, strict=True) if (lang == "de") == german]
    return iter(support(Summary(tuple(own)), document, "de" if german else "en").sentences if own else ())
