"""A text into a summary of the asked length: every chunk is read, what cannot be borne out is replaced.

The text is cut into chunks on sentence borders and each chunk is summarised, more finely where that gives too little.
Where the chunk summaries together are far too long they are summarised again. `verification.py` says which sentences
the article does not support, and `selection.py` takes the best sentences of about the asked length.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from models.batching import batches, chunks, opening_first, pieces
from models.checks.degeneration import summary_faults
from models.decoding import Decoding, Engine, Hypothesis, Task
from models.errors import UsageError
from models.options import OnProgress, Options, ignore_progress
from models.reading.sentence_form import breaks_off, is_headline, numbers_points, tidied
from models.reading.sentences import sentence_texts
from models.summarization.selection import TOLERANCE, Candidate, has_length, select
from models.summarization.verification import Judge, unjudged
from models.values import Document, Summary, SummarySentence, Translation

STAGE = "summarize"
SHORT_NOTE = "The article is no longer than the summary asked for: this is its translation."
NOTHING_NOTE = "The model gave nothing that can be told of this article: read it, or choose another model."
# Summaries of summaries drift: only where there is this many times the asked length are they made.
SUMMARIZE_AGAIN = 4
# A chunk shorter than this many tokens is not worth a summary of its own.
SMALLEST_CHUNK = 80
# Words of one summary by a model whose preset does not say.
WORDS_PER_CHUNK = 28
# Where the sentences found are too few, the text is read again in so many times as many chunks.
FINER = 1.7
# Where the opening's summary is too short for the one that is asked for, it is made again of at least so many tokens a
# word: about the asked length, which the model then fills from the opening, better than later chunks do.
LEAST_TOKENS = 1.1
# What the opening of an article is worth beside the rest, and a chunk's next sentence beside the one before it.
LEAD, BY_PLACE = 2.0, 0.85
# So many words are no statement but a heading, which the model took from the article.
HEADING = 2
# Where the asked length wants several chunks, how much shorter than the mean the first is, and the last longer: news
# begins with what matters.
SLOPE = 0.2

# A text and where it stands in the article, in sentences from its beginning.
Text = tuple[float, str]


@dataclass
class Summarizer:
    """Summarises with one engine; `window` bounds a chunk in its tokens."""

    engine: Engine
    decoding: Decoding = field(default_factory=lambda: Decoding(no_repeat_ngram_size=4))
    window: int = 0
    words_per_chunk: int = WORDS_PER_CHUNK
    max_new_tokens: int = 160
    batch_tokens: int = 3600
    batch_rows: int = 8

    def __post_init__(self) -> None:
        self.window = min(self.window or self.engine.window, self.engine.window)

    @property
    def safer(self) -> Decoding:
        """The decoding of the second try: a beam twice as wide that may not repeat itself."""
        wider = 2 * self.engine.resolve("summarization", self.decoding).num_beams
        return replace(self.decoding, num_beams=wider, no_repeat_ngram_size=3)

    def summarize(
        self, material: Translation | Document, options: Options, on_progress: OnProgress = ignore_progress
    ) -> Summary:
        """The summary of a translation, or straight of a document in direct mode.

        Raises UsageError where the model cannot summarise German and a document was given.
        """
        task: Task = "summarization" if isinstance(material, Translation) else "direct"
        if task not in self.engine.tasks:
            raise UsageError("The summary model cannot read German: choose mode=pivot or another preset.")
        texts = _texts(material)
        if isinstance(material, Translation) and sum(len(text.split()) for _, text in texts) <= options.words:
            return Summary(_as_translated(material), options.style, (SHORT_NOTE,))
        judge = Judge.of(material)
        candidates, tokens = self._candidates(texts, task, options.words, judge, on_progress)
        chosen = self._chosen(candidates, options.words, judge)
        if not has_length(_words(chosen), options.words):
            chosen = select(candidates + judge.fillers(options.words), options.words)
        sentences = tuple(SummarySentence(c.text, c.flags, extracted=c.extracted) for c in chosen)
        warnings = () if any(s.text.strip() for s in sentences) else (NOTHING_NOTE,)
        return Summary(sentences, options.style, warnings, read_tokens=tokens)

    def _one_is_asked_for(self, words: int) -> bool:
        """Whether so many words are no more than one summary has."""
        return round(words / self.words_per_chunk) <= 1

    def _chosen(self, candidates: Sequence[Candidate], words: int, judge: Judge) -> list[Candidate]:
        """The best sentences; those of the opening alone where one summary is asked for and they have its length."""
        if self._one_is_asked_for(words):
            opening = select([c for c in candidates if int(c.at) <= judge.opening], words)
            if has_length(_words(opening), words):
                return opening
        return select(candidates, words)

    def _candidates(
        self, texts: list[Text], task: Task, words: int, judge: Judge, on_progress: OnProgress
    ) -> tuple[list[Candidate], int]:
        """Sentences for about so many words, again and again until they are near them; and the tokens read at first."""
        chunked, tokens = self._chunked(texts, words / self.words_per_chunk, SMALLEST_CHUNK)
        found = self._level(chunked, task, words, judge, on_progress)
        if not has_length(_words(select(found, words)), words):
            finer, _ = self._chunked(texts, len(chunked) * FINER, SMALLEST_CHUNK / FINER)
            if len(finer) > len(chunked):
                found += self._level(finer, task, words, judge, on_progress)
        while _words(found) > SUMMARIZE_AGAIN * words:
            chunked, _ = self._chunked([(c.at, c.text) for c in found], words / self.words_per_chunk, SMALLEST_CHUNK)
            shorter = self._level(chunked, "summarization", words, judge, on_progress)
            if not 0 < _words(shorter) <= 0.7 * _words(found):
                break
            found = shorter
        return found, tokens

    def _chunked(self, texts: Sequence[Text], wanted: float, smallest: float) -> tuple[list[Text], int]:
        """The texts in about the wanted number of chunks, none much smaller than allowed; and their tokens in all."""
        whole = [
            (at, piece)
            for at, text in texts
            for piece in pieces(_ended(text), self.window - 1, self.engine.count_tokens)
        ]
        # Counted with the space that joins them, so that a chunk is as long as its sentences together.
        lengths = self.engine.count_tokens([" " + text for _, text in whole])
        total = sum(lengths)
        count = min(round(wanted), int(total / smallest))
        room = self.window
        while True:
            runs = opening_first(lengths, room, smallest) if count <= 1 else chunks(lengths, room, count, SLOPE)
            joined = [" ".join(whole[i][1] for i in run) for run in runs]
            # The first has no space before it, which may cost it a token more. Alone, any piece fits.
            over = max(self.engine.count_tokens(joined), default=0) - self.window
            if over <= 0:
                return [(whole[run[0]][0], text) for run, text in zip(runs, joined, strict=True)], total
            room -= over

    def _level(
        self, chunked: Sequence[Text], task: Task, words: int, judge: Judge, on_progress: OnProgress
    ) -> list[Candidate]:
        """The sentences of all chunks' summaries.

        A chunk is summarised once more if nothing of it is borne out, or not a sentence that would be told if it were.
        Of both tries what is borne out stays. Where a sentence fails in both, one of the source stands in for it; where
        that has none in English, as in direct mode, a chunk of which nothing is borne out keeps its own, flagged.
        """
        first = self._read(chunked, task, words, self.decoding, judge, on_progress)
        told = {c.at for c in select([unjudged(c) for found in first for c in found], words)}
        again = [
            n
            for n, found in enumerate(first)
            if not any(c.borne_out for c in found) or any(c.at in told for c in found if not c.borne_out)
        ]
        second = self._read([chunked[n] for n in again], task, words, self.safer, judge, on_progress) if again else []
        borne_out = [c for found in [*first, *second] for c in found if c.borne_out]
        failed: list[Candidate] = []
        for n, found in zip(again, second, strict=True):
            if judge.has_english or not any(c.borne_out for c in [*first[n], *found]):
                tries = [[c for c in tried if not c.borne_out] for tried in (first[n], found) if tried]
                failed += min(tries, key=lambda tried: sum(len(c.flags) for c in tried), default=[])
        return borne_out + (judge.stand_ins(failed) if judge.has_english else failed)

    def _read(
        self, chunked: Sequence[Text], task: Task, words: int, decoding: Decoding, judge: Judge, on_progress: OnProgress
    ) -> list[list[Candidate]]:
        """For each chunk the sentences of its summary, judged."""
        hypotheses = self._decode(task, [text for _, text in chunked], decoding, on_progress)
        if self._one_is_asked_for(words):
            hypotheses = [_of_length(best, words) for best in hypotheses]
            short = [n for n, (at, _) in enumerate(chunked) if at <= judge.opening and _is_short(hypotheses[n], words)]
            if short:
                least = min(round(LEAST_TOKENS * words), self.max_new_tokens)
                longer = self._decode(task, [chunked[n][1] for n in short], decoding, on_progress, least)
                for n, best in zip(short, longer, strict=True):
                    hypotheses[n] = _of_length(best, words, hypotheses[n])
        drafts = [
            _sentences(*chunk, hypothesis, LEAD if chunk[0] <= judge.opening else 1.0, numbered=judge.numbered)
            for chunk, hypothesis in zip(chunked, hypotheses, strict=True)
        ]
        judged = iter(judge.judged([c for draft in drafts for c in draft]))
        return [[next(judged) for _ in draft] for draft in drafts]

    def _decode(
        self, task: Task, sources: Sequence[str], decoding: Decoding, on_progress: OnProgress, min_new_tokens: int = 0
    ) -> list[Hypothesis]:
        """The best hypothesis for each chunk, with the `others` that the decoding asks for."""
        hypotheses: dict[int, Hypothesis] = {}
        on_progress(STAGE, 0, len(sources))
        for group in batches(self.engine.count_tokens(sources), self.batch_tokens, self.batch_rows):
            answers = self.engine.generate(
                task, [sources[i] for i in group], decoding, self.max_new_tokens, min_new_tokens
            )
            hypotheses |= dict(zip(group, answers, strict=True))
            on_progress(STAGE, len(hypotheses), len(sources))
        return [hypotheses[i] for i in range(len(sources))]


def _texts(material: Translation | Document) -> list[Text]:
    """What is summarised: all German and English sentences, the former in English where there is a translation."""
    if isinstance(material, Translation):
        pairs = enumerate(material.pairs)
        return [(i, p.target) for i, p in pairs if p.source.lang != "other" and p.target.strip()]
    return [(i, s.text) for i, s in enumerate(material.sentences) if s.lang != "other"]


def _as_translated(translation: Translation) -> tuple[SummarySentence, ...]:
    """All that would be summarised, with the doubts of its translation; where there is none, the German itself."""
    numbered = numbers_points(s.text for s in translation.document.sentences)
    return tuple(
        SummarySentence(tidied(p.target.strip() or p.source.text, numbered=numbered), p.flags, extracted=True)
        for p in translation.pairs
        if p.source.lang != "other"
    )


def _ended(text: str) -> str:
    """The text with a full stop where it is a headline, so that it does not run into the next sentence."""
    return text + "." if is_headline(text) else text


def _words(candidates: Sequence[Candidate]) -> int:
    return sum(c.words for c in candidates)


def _is_short(hypothesis: Hypothesis, words: int) -> bool:
    return len(hypothesis.text.split()) < (1 - TOLERANCE) * words


def _of_length(best: Hypothesis, words: int, otherwise: Hypothesis | None = None) -> Hypothesis:
    """Of a beam the first hypothesis that alone has the asked length, else the other one, or the best."""
    beam = (best, *best.alternatives)
    fit = (one for one in beam if one.finished and has_length(len(one.text.split()), words))
    return next(fit, otherwise or best)


def _sentences(at: float, source: str, hypothesis: Hypothesis, worth: float, *, numbered: bool) -> list[Candidate]:
    """The sentences of one chunk's summary; what breaks off, is a heading's word or two or was not finished goes where
    there are others."""
    found = sentence_texts(hypothesis.text, "en") or [""]
    flags = tuple(summary_faults(source, hypothesis))
    if not hypothesis.finished and len(found) > 1:
        found = found[:-1]
        flags = tuple(f for f in flags if f.kind != "unfinished")
    texts = [text for text in found if not breaks_off(text) and len(text.split()) > HEADING] or found
    return [
        Candidate(tidied(text, numbered=numbered), at + place / 1000, worth * BY_PLACE**place, flags)
        for place, text in enumerate(texts)
    ]
