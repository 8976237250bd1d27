"""A document's German sentences into English: each once, in batches of like length, guarded, in order again.

The cache, the batches, the pieces of overlong sentences and the second try all live here, so that an engine
need only decode one batch.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from models.batching import batches, pieces
from models.checks.compare import pair_flags
from models.checks.degeneration import faults
from models.decoding import Decoding, Engine, Hypothesis
from models.options import OnProgress, ignore_progress
from models.translation.reranking import rerank
from models.values import Document, Flag, Pair, Sentence, Translation

STAGE = "translate"
# A hypothesis and the doubts about it.
Candidate = tuple[Hypothesis, tuple[Flag, ...]]


@dataclass(frozen=True, slots=True)
class Rendering:
    """A source's English with the doubts about how it was decoded, and the tokens that the model read for it."""

    target: str
    flags: tuple[Flag, ...]
    source_tokens: int


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
        """The document with its English; `on_progress` is told how many sentences are done and may raise to stop."""
        german = [s.text for s in document.sentences if needs_translation(s)]
        rendered = self.translate_texts(german, on_progress)
        return Translation(document, tuple(_pair(s, rendered) for s in document.sentences))

    def translate_texts(
        self, sources: Sequence[str], on_progress: OnProgress = ignore_progress
    ) -> dict[str, Rendering]:
        """The English of each source, by source; equal ones are decoded once, known ones not at all."""
        rendered = {s: known for s in sources if (known := self.cache.get(s))}
        new = [s for s in dict.fromkeys(sources) if s not in rendered]
        total = len(rendered) + len(new)
        on_progress(STAGE, len(rendered), total)
        cut = [pieces(s, self.window, self.engine.count_tokens) for s in new]
        # Batches are made of whole sources, so that each batch ends with sentences that are done.
        lengths = [self.engine.count_tokens(parts) for parts in cut]
        for group in batches([max(row) for row in lengths], self.batch_tokens, self.batch_rows):
            for index, rendering in zip(group, self._batch([cut[i] for i in group]), strict=True):
                rendering = replace(rendering, source_tokens=sum(lengths[index]))
                rendered[new[index]] = rendering
                self.cache.put(new[index], rendering)
            on_progress(STAGE, len(rendered), total)
        return rendered

    def _batch(self, cut: Sequence[Sequence[str]]) -> list[Rendering]:
        """One rendering for each list of pieces."""
        flat = [piece for parts in cut for piece in parts]
        hypotheses, flags = self._decode(flat)
        renderings, position = [], 0
        for parts in cut:
            own = slice(position, position + len(parts))
            position += len(parts)
            target = " ".join(h.text.strip() for h in hypotheses[own])
            renderings.append(Rendering(target, tuple(f for group in flags[own] for f in group), 0))
        return renderings

    def _decode(self, sources: list[str]) -> tuple[list[Hypothesis], list[tuple[Flag, ...]]]:
        """Decode; what is faulty once more, more safely; the try with fewer grave faults, or then fewer, stays."""
        candidates = self._candidates(sources, self.decoding)
        again = [i for i, (_, flags) in enumerate(candidates) if _grave(flags)]
        for i, retried in zip(
            again, self._candidates([sources[i] for i in again], self.fallback_decoding), strict=True
        ):
            candidates[i] = min(candidates[i], retried, key=_fault_counts)
        return [hypothesis for hypothesis, _ in candidates], [flags for _, flags in candidates]

    def _candidates(self, sources: list[str], decoding: Decoding) -> list[Candidate]:
        """The best hypothesis for each source, with the doubts about it.

        Of a beam's hypotheses, the nearest to the source first, that is the first of those with the fewest faults: what
        agrees with its source in numbers and names is more often right in the rest, too.
        """
        penalty = self.engine.resolve("translation", decoding).length_penalty
        hypotheses = rerank(sources, self._generate(sources, decoding), penalty)
        candidates = list(zip(hypotheses, _flags(sources, hypotheses), strict=True))
        for i, (hypothesis, flags) in enumerate(candidates):
            if flags and (others := hypothesis.alternatives):
                beside = zip(others, _flags([sources[i]] * len(others), others), strict=True)
                candidates[i] = min([candidates[i], *beside], key=_fault_counts)
        return candidates

    def _generate(self, sources: list[str], decoding: Decoding) -> list[Hypothesis]:
        """What the engine gives for each source, decoded in batches of like length."""
        lengths = self.engine.count_tokens(sources)
        hypotheses: dict[int, Hypothesis] = {}
        for group in batches(lengths, self.batch_tokens, self.batch_rows):
            longest = max(lengths[i] for i in group)
            answers = self.engine.generate("translation", [sources[i] for i in group], decoding, 2 * longest + 24)
            hypotheses |= dict(zip(group, answers, strict=True))
        return [hypotheses[i] for i in range(len(sources))]


def _flags(sources: Sequence[str], hypotheses: Sequence[Hypothesis]) -> list[tuple[Flag, ...]]:
    """The doubts about each hypothesis: how it was decoded, and whether it says what the source says."""
    decoded = faults(sources, hypotheses)
    return [
        found + pair_flags(source, hypothesis.text)
        for source, hypothesis, found in zip(sources, hypotheses, decoded, strict=True)
    ]


def _fault_counts(candidates: Candidate) -> tuple[int, int]:
    """How many doubts are grave, and how many there are."""
    return _grave(candidates[1]), len(candidates[1])


def _grave(flags: Sequence[Flag]) -> int:
    """How many of the doubts are worth a second try: names and claims seldom come right by another search."""
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
