"""A text into a summary of the asked length: every chunk is read, what the article does not support is replaced.

The text is cut into chunks on sentence borders and each chunk is summarised; if that gives too little, again in smaller
chunks. If the chunk summaries together are far too long, they are summarised again. `verification.py` says which
sentences the article does not support, and `selection.py` takes the best sentences of about the asked length.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from models.batching import batches, chunks, opening_first, pieces
from models.checks.degeneration import summary_faults
from models.decoding import Decoding, Engine, Hypothesis, Task
from models.errors import UsageError
from models.evidence.attribution import attribute
from models.evidence.index import EvidenceIndex
from models.options import Mode, OnProgress, Options, ignore_progress
from models.reading.sentence_form import breaks_off, is_headline, numbers_points, tidied
from models.reading.sentences import sentence_texts
from models.summarization.selection import LENGTH_TOLERANCE, Candidate, has_length, is_short, select, total_words
from models.summarization.verification import Verifier, assume_supported
from models.values import Document, Summary, SummarySentence, Translation

STAGE = "summarize"
SHORT_NOTE = "The article is no longer than the summary asked for: this is its translation."
EMPTY_NOTE = "The model gave nothing that can be told of this article: read it, or choose another model."
# Summaries of summaries drift: they are made only where the chunk summaries have this many times the asked length, and
# kept only if they are no longer than this share of those.
MAX_DRAFT_LENGTH, MAX_SHARE_LEFT = 4, 0.7
# A chunk of fewer tokens does not deserve a summary of its own.
MIN_CHUNK_TOKENS = 80
# Words of one summary by a model whose preset does not say.
WORDS_PER_CHUNK = 28
# How many times as many chunks the second reading has, if the first gave too few sentences.
FINER_CHUNKS = 1.7
# If the opening's summary is shorter than asked, it is made again with at least this many tokens for each asked word:
# the model then fills the length from the opening, which later chunks do less well.
MIN_TOKENS_PER_WORD = 1.1
# The score of a sentence about the opening of the article (1 elsewhere), and the multiplier from each sentence of a
# chunk's summary to the next.
OPENING_SCORE, NEXT_SENTENCE_FACTOR = 2.0, 0.85
# So few words are not a statement but a heading, which the model took from the article.
MAX_HEADING_WORDS = 2
# How much shorter than the mean the first of several chunks is, and the last longer: news begins with what matters.
CHUNK_SLOPE = 0.2


@dataclass(frozen=True, slots=True)
class Passage:
    """A text and its position in the article, in sentences from the beginning."""

    position: float
    text: str


@dataclass(slots=True)
class _Work:
    """What is asked for, and where the work stands; `done` of `total` chunks of the batch at hand."""

    task: Task
    words: int
    on_progress: OnProgress
    done: int = 0
    total: int = 0

    def step(self, done: int, total: int) -> None:
        self.done, self.total = done, total
        self.check_stop()

    def check_stop(self) -> None:
        self.on_progress(STAGE, self.done, self.total)


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

    def check_mode(self, mode: Mode) -> None:
        """Raise UsageError for a mode that the model cannot do."""
        if mode == "direct" and "direct" not in self.engine.tasks:
            raise UsageError("The summary model cannot read German: choose mode=pivot or another preset.")

    def summarize(self, index: EvidenceIndex, options: Options, on_progress: OnProgress = ignore_progress) -> Summary:
        """The summary of an article, sentence by sentence with evidence and flags.

        An index of a translation gives a summary of the English, an index of a document alone (direct mode) one made
        straight from the German. Raises UsageError where the model cannot summarise German.
        """
        task: Task = "summarization"
        if isinstance(index.material, Document):
            self.check_mode("direct")
            task = "direct"
        work = _Work(task, options.words, on_progress)
        if isinstance(index.material, Translation) and is_short_article(index.material, options.words):
            summary = Summary(_as_translated(index.material), options.style, (SHORT_NOTE,))
            return attribute(summary, index, work.check_stop)
        verifier = Verifier.of(index, work.check_stop)
        candidates, tokens = self._candidates(_passages(index.material), work, verifier)
        chosen = self._chosen(candidates, work, verifier)
        if not has_length(total_words(chosen), options.words):
            chosen = select(candidates + verifier.fillers(options.words), options.words, work.check_stop)
        sentences = tuple(SummarySentence(c.text, c.flags, c.evidence, c.extracted) for c in chosen)
        warnings = () if any(s.text.strip() for s in sentences) else (EMPTY_NOTE,)
        return Summary(sentences, options.style, warnings, source_tokens=tokens)

    def _is_one_chunk(self, words: int) -> bool:
        """Whether so many words are no more than the summary of one chunk has."""
        return round(words / self.words_per_chunk) <= 1

    def _chosen(self, candidates: Sequence[Candidate], work: _Work, verifier: Verifier) -> list[Candidate]:
        """The best sentences; those about the opening alone where one chunk is enough and they have the length."""
        if self._is_one_chunk(work.words):
            of_opening = [c for c in candidates if int(c.position) <= verifier.opening]
            opening = select(of_opening, work.words, work.check_stop)
            if has_length(total_words(opening), work.words):
                return opening
        return select(candidates, work.words, work.check_stop)

    def _candidates(self, passages: Sequence[Passage], work: _Work, verifier: Verifier) -> tuple[list[Candidate], int]:
        """Sentences for about the asked words, and the tokens of the first reading.

        The text is read again in smaller chunks if they are too few, and they are summarised again while they are far
        too many.
        """
        wanted = work.words / self.words_per_chunk
        chunked, tokens = self._chunked(passages, wanted, MIN_CHUNK_TOKENS)
        found = self._summarize_chunks(chunked, work, verifier)
        if not has_length(total_words(select(found, work.words, work.check_stop)), work.words):
            finer, _ = self._chunked(passages, len(chunked) * FINER_CHUNKS, MIN_CHUNK_TOKENS / FINER_CHUNKS)
            if len(finer) > len(chunked):
                found += self._summarize_chunks(finer, work, verifier)
        while total_words(found) > MAX_DRAFT_LENGTH * work.words:
            chunked, _ = self._chunked([Passage(c.position, c.text) for c in found], wanted, MIN_CHUNK_TOKENS)
            work.task = "summarization"
            shorter = self._summarize_chunks(chunked, work, verifier)
            if not 0 < total_words(shorter) <= MAX_SHARE_LEFT * total_words(found):
                break
            found = shorter
        return found, tokens

    def _chunked(self, passages: Sequence[Passage], wanted: float, min_tokens: float) -> tuple[list[Passage], int]:
        """The passages in about the wanted number of chunks, none much smaller than allowed; and all their tokens."""
        fitting = [
            Passage(passage.position, piece)
            for passage in passages
            for piece in pieces(_ended(passage.text), self.window - 1, self.engine.count_tokens)
        ]
        # Counted with the space that joins them, so that a chunk is as long as its sentences together.
        lengths = self.engine.count_tokens([" " + passage.text for passage in fitting])
        total = sum(lengths)
        count = min(round(wanted), int(total / min_tokens))
        room = self.window
        while True:
            runs = opening_first(lengths, room, min_tokens) if count <= 1 else chunks(lengths, room, count, CHUNK_SLOPE)
            joined = [" ".join(fitting[i].text for i in run) for run in runs]
            # The first has no space before it, which may cost it a token more. Alone, any piece fits.
            over = max(self.engine.count_tokens(joined), default=0) - self.window
            if over <= 0:
                positions = [fitting[run[0]].position for run in runs]
                return [Passage(*chunk) for chunk in zip(positions, joined, strict=True)], total
            room -= over

    def _summarize_chunks(self, chunked: Sequence[Passage], work: _Work, verifier: Verifier) -> list[Candidate]:
        """The sentences of all chunks' summaries.

        A chunk is summarised once more if the article supports nothing of its summary, or not a sentence of it that
        would be selected otherwise. What is supported stays, of both tries. Where a sentence fails in both, a source
        sentence replaces it; where there is none in English, as in direct mode, a chunk of which nothing is supported
        keeps its own sentences, flagged.
        """
        first = self._verified_drafts(chunked, work, self.decoding, verifier)
        hopeful = [assume_supported(c) for found in first for c in found]
        selected = {c.position for c in select(hopeful, work.words, work.check_stop)}
        again = [
            n
            for n, found in enumerate(first)
            if not any(c.supported for c in found) or any(c.position in selected for c in found if not c.supported)
        ]
        second = self._verified_drafts([chunked[n] for n in again], work, self.safer, verifier) if again else []
        supported = [c for found in [*first, *second] for c in found if c.supported]
        failed: list[Candidate] = []
        for n, found in zip(again, second, strict=True):
            if verifier.has_english or not any(c.supported for c in [*first[n], *found]):
                tries = [[c for c in tried if not c.supported] for tried in (first[n], found) if tried]
                failed += min(tries, key=lambda tried: sum(len(c.decoding_flags) for c in tried), default=[])
        return supported + (verifier.replacements(failed) if verifier.has_english else failed)

    def _verified_drafts(
        self, chunked: Sequence[Passage], work: _Work, decoding: Decoding, verifier: Verifier
    ) -> list[list[Candidate]]:
        """For each chunk the sentences of its summary, verified."""
        hypotheses = self._decode([chunk.text for chunk in chunked], work, decoding)
        if self._is_one_chunk(work.words):
            hypotheses = [_of_length(best, work.words) for best in hypotheses]
            short = [
                n
                for n, chunk in enumerate(chunked)
                if chunk.position <= verifier.opening and _is_too_short(hypotheses[n], work.words)
            ]
            if short:
                least = min(round(MIN_TOKENS_PER_WORD * work.words), self.max_new_tokens)
                longer = self._decode([chunked[n].text for n in short], work, decoding, least)
                for n, best in zip(short, longer, strict=True):
                    hypotheses[n] = _of_length(best, work.words, hypotheses[n])
        drafts = []
        for chunk, hypothesis in zip(chunked, hypotheses, strict=True):
            score = OPENING_SCORE if chunk.position <= verifier.opening else 1.0
            drafts.append(verifier.verify(list(_sentences(chunk, hypothesis, score, numbered=verifier.numbered))))
        return drafts

    def _decode(
        self, sources: Sequence[str], work: _Work, decoding: Decoding, min_new_tokens: int = 0
    ) -> list[Hypothesis]:
        """The best hypothesis for each chunk, with the `alternatives` that the decoding asks for."""
        hypotheses: dict[int, Hypothesis] = {}
        work.step(0, len(sources))
        for group in batches(self.engine.count_tokens(sources), self.batch_tokens, self.batch_rows):
            answers = self.engine.generate(
                work.task, [sources[i] for i in group], decoding, self.max_new_tokens, min_new_tokens, work.check_stop
            )
            hypotheses |= dict(zip(group, answers, strict=True))
            work.step(len(hypotheses), len(sources))
        return [hypotheses[i] for i in range(len(sources))]


def is_short_article(material: Translation | Document, words: int) -> bool:
    """Whether an article is no longer than its summary, in its own words or in English: then its translation is it.

    A document that is short stays so when it is translated, so that direct mode does not turn into a summary of the
    translation.
    """
    document = material.document if isinstance(material, Translation) else material
    if is_short((document.sentences[i].text for i in _statements(document)), words):
        return True
    return isinstance(material, Translation) and is_short((p.text for p in _passages(material)), words)


def _passages(material: Translation | Document) -> list[Passage]:
    """What is summarised: all German and English sentences, the former in English where there is a translation."""
    if isinstance(material, Translation):
        pairs = ((i, material.pairs[i]) for i in _statements(material.document))
        return [Passage(i, p.target) for i, p in pairs if p.target.strip()]
    return [Passage(i, material.sentences[i].text) for i in _statements(material)]


def _statements(document: Document) -> list[int]:
    """The German and English sentences; rows of tables only where there is nothing else."""
    known = [i for i, s in enumerate(document.sentences) if s.lang != "other"]
    return [i for i in known if not document.sentences[i].row] or known


def _as_translated(translation: Translation) -> tuple[SummarySentence, ...]:
    """All that would be summarised, with the flags of its translation; where there is none, the German itself."""
    numbered = numbers_points(s.text for s in translation.document.sentences)
    return tuple(
        SummarySentence(tidied(p.target.strip() or p.source.text, numbered=numbered), p.flags, extracted=True)
        for p in (translation.pairs[i] for i in _statements(translation.document))
    )


def _ended(text: str) -> str:
    """The text with a full stop if it is a headline, so that it does not run into the next sentence."""
    return text + "." if is_headline(text) else text


def _is_too_short(hypothesis: Hypothesis, words: int) -> bool:
    return len(hypothesis.text.split()) < (1 - LENGTH_TOLERANCE) * words


def _of_length(best: Hypothesis, words: int, otherwise: Hypothesis | None = None) -> Hypothesis:
    """Of a beam the first hypothesis that alone has the asked length, else the other one, or the best."""
    beam = (best, *best.alternatives)
    fit = (one for one in beam if one.finished and has_length(len(one.text.split()), words))
    return next(fit, otherwise or best)


def _sentences(chunk: Passage, hypothesis: Hypothesis, score: float, *, numbered: bool) -> Iterator[Candidate]:
    """The sentences of one chunk's summary; those that break off, were not finished or are a heading are left out where
    there are others."""
    found = sentence_texts(hypothesis.text, "en") or [""]
    flags = tuple(summary_faults(chunk.text, hypothesis))
    if not hypothesis.finished and len(found) > 1:
        found = found[:-1]
        flags = tuple(f for f in flags if f.kind != "unfinished")
    texts = [text for text in found if not breaks_off(text) and len(text.split()) > MAX_HEADING_WORDS] or found
    for place, text in enumerate(texts):
        position = chunk.position + place / 1000
        yield Candidate(tidied(text, numbered=numbered), position, score * NEXT_SENTENCE_FACTOR**place, flags)
