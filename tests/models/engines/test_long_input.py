"""Sources at, around and far beyond the window, on checkpoints of the true shapes of the preset "standard".

Layers, widths and positions are those of opus-mt-de-en and distilbart-cnn-12-6; the weights are random, and the
vocabulary is a small one, trained on the seeds. Cost is counted in tokens that are handed over, never in seconds.
"""

from bisect import bisect_left
from collections.abc import Callable
from itertools import accumulate, cycle, islice, product
from pathlib import Path
from typing import Any

import pytest

from models.decoding import Decoding, Engine, ResolvedDecoding, Task
from models.engines.convert import convert
from models.engines.device import Device
from models.engines.seq2seq import Seq2SeqSpec
from models.engines.seq2seq_ctranslate2 import Seq2SeqCTranslate2
from models.engines.seq2seq_transformers import Seq2SeqTransformers
from models.evidence.index import EvidenceIndex
from models.options import Options
from models.pipeline import Pipeline
from models.summarization.summarizer import Summarizer
from models.translation.translator import Translator
from models.values import Article, Document, Pair, Sentence, Translation
from tests.benchmarks.engines import SHAPES
from tests.checkpoints import seed_lines
from tests.fakes import Answer, FakeEngine
from tests.models.engines.test_seq2seq import model_of
from tests.trained import WHAT, WHO

pytestmark = pytest.mark.slow
GREEDY = Decoding(num_beams=1)
TASKS: dict[str, Task] = {"marian": "translation", "bart": "summarization"}
POSITIONS = {"marian": 512, "bart": 1024}
# What the tokenizer puts around a source: </s>, and <s> with </s>.
SPECIAL = {"marian": 1, "bart": 2}
each_family = pytest.mark.parametrize("family", TASKS)
EngineOf = Callable[[str, str], Any]


class TrueWindow(FakeEngine):
    """Counts tokens as a true checkpoint does and refuses what is longer than its window, but decodes nothing."""

    def __init__(self, engine: Engine, answer: Answer) -> None:
        super().__init__(answer, engine.window)
        self.count_tokens = engine.count_tokens  # type: ignore[method-assign]

    @property
    def handed(self) -> list[str]:
        """Every source that `generate` was given, in the order of the batches."""
        return [source for _, batch, _ in self.calls for source in batch]

    @property
    def tokens(self) -> int:
        """Their tokens in all."""
        return sum(self.count_tokens(self.handed))


@pytest.fixture(scope="module")
def engine_of(tmp_path_factory: pytest.TempPathFactory) -> EngineOf:
    """The engine by family and runtime: int8 in CTranslate2, float32 in transformers. Each is made once."""
    checkpoints: dict[str, Seq2SeqSpec] = {}
    loaded: dict[tuple[str, str], Any] = {}
    identity = {"id": "long", "revision": "0"}

    def load(family: str, runtime: str) -> Any:
        if family not in checkpoints:
            folder = tmp_path_factory.mktemp(family)
            build, shape = SHAPES[family]
            build(folder, **shape)
            checkpoints[family] = Seq2SeqSpec(folder, model_of(folder, TASKS[family]))
        checkpoint = checkpoints[family]
        if runtime == "transformers":
            return Seq2SeqTransformers.load(checkpoint, Device("cpu"), "float32", 1, identity)
        converted = convert(checkpoint, "0", "int8", Path(checkpoint.folder) / "cache")
        return Seq2SeqCTranslate2.load(converted, checkpoint, Device("cpu"), "int8", 1, identity)

    def get(family: str, runtime: str) -> Any:
        if (family, runtime) not in loaded:
            loaded[family, runtime] = load(family, runtime)
        return loaded[family, runtime]

    return get


def one_token_words(engine: Engine) -> list[str]:
    """Words of the seeds that are one token each, wherever they stand."""
    words = list(dict.fromkeys(word for line in seed_lines() for word in line.split() if word.isalpha()))
    found = [word for word in words if engine.count_tokens([word, f"{word} {word}"]) == [1, 2]]
    assert len(found) > 2
    return found


def sentence_of(engine: Engine, tokens: int) -> str:
    """A sentence without a comma in it of just so many tokens, of which no two stretches are alike."""

    def counted(names: int) -> str:
        return " ".join(
            ["Wir sehen", *("".join(name) for name in islice(product("bdfgk", "aeiou", "lmnrs", "aeiou"), names))]
        )

    names = bisect_left(range(tokens), tokens - 1, key=lambda n: engine.count_tokens([counted(n)])[0])
    text = counted(names - 1)
    fillers = cycle(one_token_words(engine))
    while engine.count_tokens([f"{text}."])[0] < tokens:
        text = f"{text} {next(fillers)}"
    assert engine.count_tokens([f"{text}."]) == [tokens]
    return f"{text}."


def in_order(handed: list[str], text: str) -> str:
    """What was handed over, as it stands in the text one behind the other."""
    return " ".join(sorted(handed, key=text.index))


def article(sentences: int) -> dict[str, str]:
    """German sentences of about twelve words with their English, all unlike."""
    people, deeds = cycle(WHO.items()), cycle(WHAT * 3 + WHAT[:2])
    return {
        f"{who} aus Haus {number} {does}.": f"{person} from house {number} {deed}."
        for number, (who, person), (does, deed, _) in zip(range(sentences), people, deeds, strict=False)
    }


def opening(_task: Task, source: str, _search: ResolvedDecoding) -> str:
    """The first sentence of the source, or as much of it as a summary of its chunk would have."""
    return " ".join(source.split(". ")[0].rstrip(".").split()[:20]) + "."


@pytest.mark.parametrize("runtime", ["ctranslate2", "transformers"])
@each_family
def test_a_source_that_fills_all_positions_is_read_to_its_end_and_one_token_more_is_refused(
    family: str, runtime: str, engine_of: EngineOf
) -> None:
    """511, 512 and 513 positions of 512, and 1,023, 1,024 and 1,025 of 1,024, special tokens counted."""
    engine = engine_of(family, runtime)
    assert engine.window + SPECIAL[family] == POSITIONS[family]
    words = one_token_words(engine)
    full = list(islice(cycle(words[:-1]), engine.window))
    almost, same, other = " ".join(full[:-1]), " ".join(full), " ".join([*full[:-1], words[-1]])
    assert engine.count_tokens([almost, same, other]) == [engine.window - 1, engine.window, engine.window]
    hypotheses = engine.generate(TASKS[family], [almost, same, other], GREEDY, 4)
    # Three sources that differ in nothing but their last token: whoever does not read it, finds them alike.
    assert len({round(hypothesis.score, 4) for hypothesis in hypotheses}) == 3
    with pytest.raises(ValueError, match=f"of {engine.window + 1} tokens does not fit the window of {engine.window}"):
        engine.generate(TASKS[family], [f"{same} {words[0]}"], GREEDY, 4)


@pytest.mark.parametrize("tokens", [511, 512, 513, 3000])
def test_a_sentence_around_and_beyond_the_window_is_translated_whole(tokens: int, engine_of: EngineOf) -> None:
    true = engine_of("marian", "ctranslate2")
    engine, sentence = TrueWindow(true, lambda _task, source, _search: f"{source} the"), sentence_of(true, tokens)
    document = Document("id", None, sentence, (Sentence(sentence, 0, len(sentence), "de", 0),))
    (pair,) = Translator(engine).translate(document).pairs
    first = list(dict.fromkeys(engine.handed))
    assert len(first) >= -(-tokens // 511)
    assert in_order(first, sentence) == sentence
    assert pair.source_tokens == pytest.approx(tokens, rel=0.01)
    assert len(true.generate("translation", first, GREEDY, 4)) == len(first)


@pytest.mark.parametrize("tokens", [1023, 1024, 1025, 3000])
def test_a_sentence_around_and_beyond_the_window_is_summarised_whole(tokens: int, engine_of: EngineOf) -> None:
    true = engine_of("bart", "ctranslate2")
    engine, sentence = TrueWindow(true, opening), sentence_of(true, tokens)
    document = Document("id", None, sentence, (Sentence(sentence, 0, len(sentence), "en", 0),))
    index = EvidenceIndex.of(Translation(document, (Pair(document.sentences[0], sentence),)))
    summary = Summarizer(engine, words_per_chunk=55).summarize(index, Options())
    assert summary.sentences
    assert summary.source_tokens == pytest.approx(tokens, rel=0.01)
    # The first level ends where as many words are read as there are; what is read again comes behind it.
    ends = list(accumulate(len(source.split()) for source in engine.handed))
    first = engine.handed[: ends.index(len(sentence.split())) + 1]
    assert in_order(first, sentence) == sentence
    if tokens == 3000:  # The lengths around the window are decoded above.
        assert len(true.generate("summarization", first, GREEDY, 4)) == len(first)


def tokens_handed_over(words: int, engine_of: EngineOf, window: type[TrueWindow] = TrueWindow) -> tuple[int, int]:
    """The tokens that both models are given for an article of so many words, of which not one is lost.

    tests/benchmarks/long_input.py has them decoded, too, which takes minutes.
    """
    pairs = article(words // 12)
    german = list(pairs)
    text = "\n\n".join(" ".join(german[at : at + 8]) for at in range(0, len(german), 8))
    assert len(text.split()) == pytest.approx(words, rel=0.1)
    translating = window(engine_of("marian", "ctranslate2"), lambda _task, source, _search: pairs[source])
    summarizing = window(engine_of("bart", "ctranslate2"), opening)
    pipeline = Pipeline(Translator(translating), Summarizer(summarizing, words_per_chunk=55), {}, 500_000)
    report = pipeline.summarize(Article(text, source_lang="de"))
    assert sorted(translating.handed) == sorted(german)
    assert report.translation is not None
    assert [sentence.target for sentence in report.translation.sentences] == list(pairs.values())
    # Summaries of summaries are handed over, too; they do not stand in the article as they are.
    english = " ".join(pairs.values())
    assert in_order([source for source in summarizing.handed if source in english], english) == english
    return translating.tokens, summarizing.tokens


def test_five_times_the_article_is_five_times_the_tokens_and_nothing_of_50_000_words_is_lost(
    engine_of: EngineOf,
) -> None:
    short, long = (tokens_handed_over(words, engine_of) for words in (10_000, 50_000))
    assert [more / less for less, more in zip(short, long, strict=True)] == pytest.approx([5, 5], rel=0.1)
