"""Any summary of a German article, whoever wrote it: the evidence for each of its sentences, and its flags.

No translation is made: the sentences are compared with the German as it stands (docs/benchmarks.md says how often that
finds the right one).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from models.checks.degeneration import text_faults, truncated_end, untranslated_words
from models.checks.repetition import WORD_RUN
from models.evidence.attribution import attribute_sentence
from models.evidence.index import EvidenceIndex
from models.options import OnProgress, ignore_progress
from models.reading.article import read
from models.reading.language import detect
from models.reading.summary_text import summary_sentences
from models.report import json_values, source_lang
from models.values import Article, Flag, Lang, SummarySentence

STAGE = "check"
# Among English sentences, a name or a title of fewer words is easily taken for another language.
MIN_WORDS_TO_JUDGE_LANGUAGE = 4
# A summary that is English to this share of its characters is an English one: no German is expected in it.
MIN_ENGLISH_SHARE = 0.3
LANGS: tuple[Lang, ...] = ("de", "en", "other")


@dataclass(frozen=True, slots=True)
class QuotedEvidence:
    """Evidence with its words: `source` stands from `start` to `end` of the normalised source text."""

    sentence: int
    start: int
    end: int
    score: float
    source: str


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence of the summary with its evidence and its flags."""

    text: str
    lang: Lang
    flags: tuple[Flag, ...]
    evidence: tuple[QuotedEvidence, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """A summary compared with an article, sentence by sentence; it has the members of the JSON, in its order."""

    id: str
    title: str | None
    source_lang: Lang
    sentences: tuple[CheckedSentence, ...]

    def to_dict(self) -> dict[str, Any]:
        """The check as JSON values."""
        values: dict[str, Any] = json_values(self)
        return values


def check(
    article: Article,
    summary: str | Sequence[str],
    max_characters: int = 400_000,
    on_progress: OnProgress = ignore_progress,
) -> Check:
    """Each sentence of the summary, a text or sentences as `summary_sentences` gives them, with its evidence and flags.

    English sentences are checked in full, German ones for their quantities, and among English ones flagged as German;
    what is in neither language is flagged as such. Raises what `read` raises for the article, UnusableSummary and
    TextTooLong for the summary, and whatever `on_progress` raises to stop the work.
    """
    texts = summary_sentences(summary, max_characters) if isinstance(summary, str) else summary
    done = 0

    def step() -> None:
        on_progress(STAGE, done, len(texts))

    document = read(article, max_characters, step)
    langs = detect(texts, "en", step)
    index = EvidenceIndex.of(document, step)
    checked = []
    for text, lang, faults in zip(texts, langs, _faults(texts, langs), strict=True):
        checked.append(_checked(text, lang, faults, index))
        done += 1
        step()
    return Check(document.id, document.title, source_lang(document), tuple(checked))


def _faults(texts: Sequence[str], langs: Sequence[Lang]) -> Iterator[list[Flag]]:
    """What is wrong with each sentence of a summary among the others."""
    lengths = {spoken: sum(len(t) for t, lang in zip(texts, langs, strict=True) if lang == spoken) for spoken in LANGS}
    english = lengths["en"] > MIN_ENGLISH_SHARE * sum(lengths.values())
    first: dict[str, int] = {}
    for number, (text, lang) in enumerate(zip(texts, langs, strict=True), 1):
        flags = []
        words = WORD_RUN.findall(text.lower())
        if (before := first.setdefault(" ".join(words), number)) < number and len(words) >= MIN_WORDS_TO_JUDGE_LANGUAGE:
            flags.append(Flag("loop", text, f"the same as sentence {before}", "duplicate"))
        if lang == "other" and len(words) >= MIN_WORDS_TO_JUDGE_LANGUAGE:
            flags.append(Flag("language", text, "neither English nor German: not checked further", "wrong_language"))
        elif lang == "de" and english and len(words) >= MIN_WORDS_TO_JUDGE_LANGUAGE:
            detail = "German in an English summary: its names and claims are not checked"
            flags.append(Flag("language", text, detail, "wrong_language"))
        elif lang == "en" and (end := truncated_end(".", text)):
            flags.append(Flag("unfinished", end, "breaks off", "breaks_off"))
        yield flags


def _checked(text: str, lang: Lang, faults: Sequence[Flag], index: EvidenceIndex) -> CheckedSentence:
    """The sentence with its evidence and flags; one in neither language has only its faults, if there are any."""
    sentence = attribute_sentence(SummarySentence(text), index, "de" if lang == "de" else "en")
    evidence = tuple(
        QuotedEvidence(e.sentence, e.start, e.end, e.score, index.document.text[e.start : e.end])
        for e in sentence.evidence
    )
    flags = list(faults)
    if lang != "other" or not faults:
        source = " ".join(e.source for e in evidence)
        flags += text_faults(source, text)
        if lang == "en" and (left := untranslated_words(source, text)):
            flags.append(Flag("language", left, "left in German", "untranslated"))
        flags += sentence.flags
    return CheckedSentence(text, lang, tuple(flags), evidence)
