"""The report on one article: the summary, what it rests on, what was read, what ran. One shape for file and HTTP."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any, Literal

from models.values import Document, Pair, Summary, SummarySentence, Translation

Include = Literal["translation", "text"]
ALL: frozenset[Include] = frozenset({"translation", "text"})


@dataclass(frozen=True, slots=True)
class Seconds:
    """Wall-clock time of each stage; `check` is the index for the checks, which run while the summary is made."""

    read: float
    translate: float
    summarize: float
    check: float
    total: float

    @classmethod
    def of(cls, read: float, translate: float = 0.0, summarize: float = 0.0, check: float = 0.0) -> "Seconds":
        """The stages and their sum."""
        return cls(read, translate, summarize, check, read + translate + summarize + check)


@dataclass(frozen=True, slots=True)
class Report:
    """What came of one article; `summary` is None for a translation alone, `translation` in direct mode and
    for a German summary."""

    document: Document
    translation: Translation | None
    summary: Summary | None
    source_tokens: int
    receipt: dict[str, Any]
    seconds: Seconds

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences for the reader about the report as a whole."""
        foreign = sum(s.lang == "other" and any(c.isalpha() for c in s.text) for s in self.document.sentences)
        notes = self.summary.warnings if self.summary else ()
        if foreign:
            what = "1 sentence is" if foreign == 1 else f"{foreign} sentences are"
            notes += (f"{what} neither German nor English: kept as it stands, left out of the summary.",)
        return notes

    def to_dict(self, include: Collection[Include] = ALL) -> dict[str, Any]:
        """The report as JSON values; `text` and `translation` only where they are included."""
        report: dict[str, Any] = {"id": self.document.id, "title": self.document.title}
        if "text" in include:
            report["text"] = self.document.text
        report |= {
            "source_lang": source_lang(self.document),
            "summary_lang": self.summary.lang if self.summary else "en",
        }
        if self.summary is not None:
            report["style"] = self.summary.style
            report["summary"] = {"text": self.summary.text, "sentences": [_sentence(s) for s in self.summary.sentences]}
        if self.translation is not None and "translation" in include:
            report["translation"] = {
                "text": self.translation.text,
                "sentences": [_pair(p) for p in self.translation.pairs],
            }
        return report | {
            "coverage": self.coverage(),
            "warnings": list(self.warnings),
            "receipt": self.receipt,
            "seconds": {name: round(value, 3) for name, value in asdict(self.seconds).items()},
        }

    def coverage(self) -> dict[str, Any]:
        """What happened to the characters and sentences of the source; `source_tokens` are those that engines read."""
        sentences = self.document.sentences
        in_german = self.summary is not None and self.summary.lang == "de"
        german = 0 if in_german else sum(s.lang == "de" for s in sentences)
        return {
            "characters": len(self.document.text),
            "sentences": len(sentences),
            "translated": german,
            "kept": len(sentences) - german,
            "dropped": [asdict(d) for d in self.document.dropped],
            "source_tokens": self.source_tokens,
        }


def source_lang(document: Document) -> str:
    """The language of most characters: "de", "en" or "other"."""
    characters = {"de": 0, "en": 0, "other": 0}
    for sentence in document.sentences:
        characters[sentence.lang] += len(sentence.text)
    return max(characters, key=lambda lang: characters[lang])


def _sentence(sentence: SummarySentence) -> dict[str, Any]:
    return {
        "text": sentence.text,
        "flags": [asdict(f) for f in sentence.flags],
        "evidence": [asdict(e) for e in sentence.evidence],
        "extracted": sentence.extracted,
    }


def _pair(pair: Pair) -> dict[str, Any]:
    source = pair.source
    return {
        "source": source.text,
        "target": pair.target,
        "lang": source.lang,
        "paragraph": source.paragraph,
        "start": source.start,
        "end": source.end,
        "flags": [asdict(f) for f in pair.flags],
    }
