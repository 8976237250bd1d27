"""A text into a summary of the asked length: every chunk is read, what cannot be borne out is replaced.

The text is cut into chunks on sentence borders, each chunk is summarised, and where the summaries together are
far too long they are summarised again. `models.screening` then replaces what the article does not bear out, and
`models.selection` takes as many sentences as the asked length allows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from models.chunking import batches, chunks, pieces
from models.engines.base import Decoding, Engine, Hypothesis, Task
from models.english import english_sentences
from models.errors import UsageError
from models.guard import decoding_faults
from models.options import Options, Watch, unwatched
from models.screening import screen
from models.selection import Candidate, select
from models.values import Document, Summary, SummarySentence, Translation

STAGE = "summarize"
SHORT_NOTE = "The article is no longer than the summary asked for: this is its translation."
# Summaries of summaries drift: only where there is this many times the asked length are they made.
SUMMARIZE_AGAIN = 4
# A chunk shorter than this many tokens is not worth a summary of its own.
SMALLEST_CHUNK = 80


@dataclass
class Summarizer:
    """Summarises with one engine; `window` bounds a chunk in its tokens."""

    engine: Engine
    decoding: Decoding = field(default_factory=lambda: Decoding(no_repeat_ngram_size=4))
    window: int = 0
    words_per_chunk: int = 28
    max_new_tokens: int = 160
    batch_tokens: int = 3600
    batch_rows: int = 8

    def __post_init__(self) -> None:
        self.window = min(self.window or self.engine.window, self.engine.window)

    @property
    def safer(self) -> Decoding:
        """The decoding of the second try."""
        wider = max(4, self.engine.search("summarization", self.decoding).num_beams)
        return replace(self.decoding, num_beams=wider, no_repeat_ngram_size=3)

    def summarize(self, material: Translation | Document, options: Options, watch: Watch = unwatched) -> Summary:
        """The summary of a translation, or straight of a document in direct mode.

        Raises UsageError where the model cannot summarise German and a document was given.
        """
        task: Task = "summarization" if isinstance(material, Translation) else "direct"
        if task not in self.engine.tasks:
            raise UsageError("The summary model cannot read German: choose mode=pivot or another preset.")
        texts = _texts(material)
        if isinstance(material, Translation) and sum(len(t.split()) for t in texts) <= options.words:
            sentences = tuple(SummarySentence(t, extracted=True) for t in texts)
            return Summary(sentences, options.style, (SHORT_NOTE,))
        candidates, tokens = self._candidates(texts, task, options.words, watch)
        screened = screen(candidates, material)
        chosen = select(screened, options.words)
        sentences = tuple(SummarySentence(c.text, c.flags, extracted=c.extracted) for c in chosen)
        return Summary(sentences, options.style, read_tokens=tokens)

    def _candidates(self, texts: list[str], task: Task, words: int, watch: Watch) -> tuple[list[Candidate], int]:
        """Summaries of all chunks, again and again until they are near the length; and the tokens read at first."""
        found, tokens = self._level(texts, task, words, watch)
        while _words(found) > SUMMARIZE_AGAIN * words:
            shorter, _ = self._level([c.text for c in found], "summarization", words, watch)
            if _words(shorter) > 0.7 * _words(found):
                break
            found = shorter
        return found, tokens

    def _level(self, texts: list[str], task: Task, words: int, watch: Watch) -> tuple[list[Candidate], int]:
        whole = [piece for text in texts for piece in pieces(_ended(text), self.window - 1, self.engine.count_tokens)]
        # Counted with the space that joins them, so that a chunk is as long as its sentences together.
        lengths = self.engine.count_tokens([" " + text for text in whole])
        total = sum(lengths)
        wanted = min(round(words / self.words_per_chunk), total // SMALLEST_CHUNK)
        runs = chunks(lengths, self.window, wanted)
        joined = [" ".join(whole[i] for i in run) for run in runs]
        hypotheses = self._decode(task, joined, watch)
        candidates = []
        for number, (source, hypothesis) in enumerate(zip(joined, hypotheses, strict=True)):
            candidates += _sentences(source, hypothesis, number)
        return candidates, total

    def _decode(self, task: Task, sources: list[str], watch: Watch) -> list[Hypothesis]:
        """One hypothesis for each chunk; what loops or does not end once more, more safely."""
        hypotheses: dict[int, Hypothesis] = {}
        lengths = self.engine.count_tokens(sources)
        watch(STAGE, 0, len(sources))
        for group in batches(lengths, self.batch_tokens, self.batch_rows):
            batch = [sources[i] for i in group]
            answers = self.engine.generate(task, batch, self.decoding, self.max_new_tokens)
            faulty = [n for n, answer in enumerate(answers) if decoding_faults(batch[n], answer)]
            if faulty:
                retried = self.engine.generate(task, [batch[n] for n in faulty], self.safer, self.max_new_tokens)
                for n, answer in zip(faulty, retried, strict=True):
                    if len(decoding_faults(batch[n], answer)) < len(decoding_faults(batch[n], answers[n])):
                        answers[n] = answer
            hypotheses |= dict(zip(group, answers, strict=True))
            watch(STAGE, len(hypotheses), len(sources))
        return [hypotheses[i] for i in range(len(sources))]


def _texts(material: Translation | Document) -> list[str]:
    """What is summarised: all German and English sentences, the former in English where there is a translation."""
    if isinstance(material, Translation):
        return [p.target for p in material.pairs if p.source.lang != "other" and p.target.strip()]
    return [s.text for s in material.sentences if s.lang != "other"]


def _ended(text: str) -> str:
    """The text with a full stop where it is a headline, so that it does not run into the next sentence."""
    return text if text.rstrip("\"'”’»“)")[-1:] in {".", "!", "?", "…", ":", ";", ","} else text + "."


def _words(candidates: Sequence[Candidate]) -> int:
    return sum(c.words for c in candidates)


def _sentences(source: str, hypothesis: Hypothesis, chunk: int) -> list[Candidate]:
    """The sentences of one chunk's summary; a last one that was not finished goes where there are others."""
    texts = english_sentences(hypothesis.text) or [""]
    flags = tuple(decoding_faults(source, hypothesis))
    if not hypothesis.finished and len(texts) > 1:
        texts = texts[:-1]
        flags = tuple(f for f in flags if f.kind != "unfinished")
    return [Candidate(text, chunk, place, flags) for place, text in enumerate(texts)]
