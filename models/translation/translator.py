"""A document's German sentences into English: each once, in batches of similar length, checked, in order again.

The cache, the batches, the pieces of overlong sentences and the second try all live here, so that an engine
need only decode one batch.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from models.batching import batches, pieces
from models.checks.compare import pair_flags
from models.checks.degeneration import duplicate_flag, duplicate_targets, faults
from models.decoding import Decoding, Engine, Hypothesis, OnStep
from models.options import OnProgress, ignore_progress
from models.translation.reranking import rerank
from models.values import Document, Flag, Pair, Sentence, Translation

STAGE = "translate"
# A hypothesis and its flags.
Candidate = tuple[Hypothesis, tuple[Flag, ...]]


@dataclass(frozen=True, slots=True)
class Rendering:
    """A source's English, the flags that follow from the two alone, and the source tokens that the model read.

    `first_target` is what the first try gave, which differs where a second try was better.
    """

    target: str
    flags: tuple[Flag, ...]
    source_tokens: int
    first_target: str = ""


@dataclass
class TranslationCache:
    """The renderings used last, by source; the oldest go first."""

    size: int = 20_000
    entries: OrderedDict[str, Rendering] = field(default_factory=OrderedDict)

    def get(self, source: str) -> Rendering | None:
        """The rendering of the source, now the youngest, or None."""
        if source in self.entries:
            self.entries.move_to_end(source)
        return self.entries.get(source)

    def put(self, source: str, rendering: Rendering) -> None:
        """Keep the rendering, let the oldest go."""
        self.entries[source] = rendering
        while len(self.entries) > self.size:
            self.entries.popitem(last=False)


@dataclass
class Translator:
    """Translates with one engine; `window` bounds a piece and `batch_tokens` a batch, in source tokens."""

    engine: Engine
    decoding: Decoding = field(default_factory=Decoding)
    window: int = 0
    batch_tokens: int = 2400
    batch_rows: int = 32
    cache: TranslationCache = field(default_factory=TranslationCache)

    def __post_init__(self) -> None:
        self.window = min(self.window or self.engine.window, self.engine.window)

    @property
    def fallback_decoding(self) -> Decoding:
        """The decoding of the second try: a wider beam that may not repeat itself."""
        wider = max(4, self.engine.resolve("translation", self.decoding).num_beams)
        return replace(self.decoding, num_beams=wider, no_repeat_ngram_size=4)

    def translate(self, document: Document, on_progress: OnProgress = ignore_progress) -> Translation:
        """The document with its English; `on_progress` is called after each batch and may stop the work."""
        german = [s.text for s in document.sentences if needs_translation(s)]
        rendered = self.translate_texts(german, on_progress)
        return Translation(document, tuple(_pair(s, rendered) for s in document.sentences))

    def translate_texts(
        self, sources: Sequence[str], on_progress: OnProgress = ignore_progress
    ) -> dict[str, Rendering]:
        """The English of each source of one document, by source.

        Equal sources are decoded once, cached ones not at all. The cache holds only what follows from a source alone:
        flags that depend on the rest of the document are added here, so that no report depends on earlier documents.
        """
        rendered = {s: known for s in sources if (known := self.cache.get(s))}
        new = [s for s in dict.fromkeys(sources) if s not in rendered]

        def check_stop() -> None:
            on_progress(STAGE, len(rendered), total)

        total = len(rendered) + len(new)
        on_progress(STAGE, len(rendered), total)
        cut = [pieces(s, self.window, self.engine.count_tokens) for s in new]
        # Batches are made of whole sources, so that each batch ends with sentences that are done.
        lengths = [self.engine.count_tokens(parts) for parts in cut]
        for group in batches([max(row) for row in lengths], self.batch_tokens, self.batch_rows):
            first, tried = self._decode([piece for i in group for piece in cut[i]], check_stop)
            for index, rendering in zip(group, _joined(first, tried, [lengths[i] for i in group]), strict=True):
                rendered[new[index]] = rendering
                self.cache.put(new[index], rendering)
            on_progress(STAGE, len(rendered), total)
        # In the document's order, whatever the cache held.
        return self._with_duplicates_flagged({s: rendered[s] for s in sources}, check_stop)

    def _with_duplicates_flagged(self, rendered: dict[str, Rendering], on_step: OnStep) -> dict[str, Rendering]:
        """Translate again what is the English of two different sources in this document; flag what remains so."""
        duplicated = duplicate_targets(list(rendered), [r.first_target for r in rendered.values()])
        # What has a grave flag of its own was decoded twice already.
        again = [s for s, r in rendered.items() if r.target in duplicated and not _grave(r.flags)]
        if again:
            cut = [pieces(s, self.window, self.engine.count_tokens) for s in again]
            retried = self._candidates([piece for parts in cut for piece in parts], self.fallback_decoding, on_step)
            joined = _joined(retried, retried, [self.engine.count_tokens(parts) for parts in cut])
            for source, rendering in zip(again, joined, strict=True):
                if rendering.target not in duplicated and not _grave(rendering.flags):
                    rendered[source] = rendering
        duplicated = duplicate_targets(list(rendered), [r.target for r in rendered.values()])
        return {
            s: replace(r, flags=(*r.flags, duplicate_flag(r.target))) if r.target in duplicated else r
            for s, r in rendered.items()
        }

    def _decode(self, sources: list[str], on_step: OnStep) -> tuple[list[Candidate], list[Candidate]]:
        """The first tries, and the better of two: what is faulty is decoded once more, more safely.

        Of two tries the one with fewer grave flags is better, or then the one with fewer flags.
        """
        first = self._candidates(sources, self.decoding, on_step)
        tried = list(first)
        again = [i for i, (_, flags) in enumerate(tried) if _grave(flags)]
        retried = self._candidates([sources[i] for i in again], self.fallback_decoding, on_step)
        for i, other in zip(again, retried, strict=True):
            tried[i] = min(tried[i], other, key=_fault_counts)
        return first, tried

    def _candidates(self, sources: list[str], decoding: Decoding, on_step: OnStep) -> list[Candidate]:
        """The best hypothesis for each source with its flags.

        Hypotheses of a beam are ranked by their similarity to the source; the first of those with the fewest flags is
        taken: one that agrees with its source in numbers and names is more often right in the rest, too.
        """
        penalty = self.engine.resolve("translation", decoding).length_penalty
        hypotheses = rerank(sources, self._generate(sources, decoding, on_step), penalty)
        tried = [(one, _flags(source, one)) for source, one in zip(sources, hypotheses, strict=True)]
        for i, (hypothesis, flags) in enumerate(tried):
            if flags and hypothesis.alternatives:
                others = [(one, _flags(sources[i], one)) for one in hypothesis.alternatives]
                tried[i] = min([tried[i], *others], key=_fault_counts)
        return tried

    def _generate(self, sources: list[str], decoding: Decoding, on_step: OnStep) -> list[Hypothesis]:
        """What the engine gives for each source, decoded in batches of similar length."""
        lengths = self.engine.count_tokens(sources)
        hypotheses: dict[int, Hypothesis] = {}
        for group in batches(lengths, self.batch_tokens, self.batch_rows):
            longest = max(lengths[i] for i in group)
            batch = [sources[i] for i in group]
            answers = self.engine.generate("translation", batch, decoding, 2 * longest + 24, 0, on_step)
            hypotheses |= dict(zip(group, answers, strict=True))
        return [hypotheses[i] for i in range(len(sources))]


def _flags(source: str, hypothesis: Hypothesis) -> tuple[Flag, ...]:
    """The flags of a hypothesis: how it was decoded, and what of it the source does not say."""
    (found,) = faults([source], [hypothesis])
    return found + pair_flags(source, hypothesis.text)


def _joined(
    first: Sequence[Candidate], tried: Sequence[Candidate], lengths: Sequence[Sequence[int]]
) -> list[Rendering]:
    """The pieces of each source joined; `lengths` are the tokens of the pieces, source by source."""
    renderings, start = [], 0
    for row in lengths:
        own = slice(start, start + len(row))
        start += len(row)
        flags = tuple(flag for _, found in tried[own] for flag in found)
        renderings.append(Rendering(_text(tried[own]), flags, sum(row), _text(first[own])))
    return renderings


def _text(pieces: Sequence[Candidate]) -> str:
    return " ".join(hypothesis.text.strip() for hypothesis, _ in pieces)


def _fault_counts(candidate: Candidate) -> tuple[int, int]:
    """How many flags are grave, and how many there are."""
    return _grave(candidate[1]), len(candidate[1])


def _grave(flags: Sequence[Flag]) -> int:
    """How many flags are worth a second try: names and claims seldom come right by another search."""
    return sum(flag.kind not in ("name", "claim") for flag in flags)


def needs_translation(sentence: Sentence) -> bool:
    """German with a letter in it; what has no letters is kept, never decoded."""
    return sentence.lang == "de" and any(c.isalpha() for c in sentence.text)


def _pair(sentence: Sentence, rendered: dict[str, Rendering]) -> Pair:
    if needs_translation(sentence):
        rendering = rendered[sentence.text]
        return Pair(sentence, rendering.target, rendering.flags, rendering.source_tokens)
    if sentence.lang == "other" and any(c.isalpha() for c in sentence.text):
        foreign = Flag("language", sentence.text[:40], "neither German nor English", "wrong_language")
        return Pair(sentence, sentence.text, (foreign,))
    return Pair(sentence, sentence.text)
