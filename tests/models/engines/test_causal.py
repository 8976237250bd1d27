"""The engines for causal models on one tiny checkpoint: what each promises, and that those in float32 agree."""

from collections.abc import Callable

import pytest

from models.decoding import Decoding
from models.engines.gemma3_int8.engine import CausalInt8
from tests.models.engines.conftest import PROMPTS, SLIDING_WINDOW, SOURCES, WINDOW, Engines, Tiny

RUNTIMES = ("ctranslate2", "transformers")
GREEDY = Decoding()
DECODINGS = {
    "greedy": GREEDY,
    "beam 3": Decoding(num_beams=3),
    "no repeated pairs": Decoding(no_repeat_ngram_size=2),
    "repetition penalty": Decoding(repetition_penalty=1.5),
    "beam 2, all penalties": Decoding(num_beams=2, no_repeat_ngram_size=3, repetition_penalty=1.2, length_penalty=0.6),
}
each_decoding = pytest.mark.parametrize("decoding", DECODINGS.values(), ids=DECODINGS.keys())


@each_decoding
def test_a_batch_gives_what_each_source_gives_alone_in_its_place(engine: Engines, decoding: Decoding) -> None:
    together = engine.generate("translation", SOURCES, decoding, 20)
    alone = [engine.generate("translation", [source], decoding, 20)[0] for source in SOURCES]
    assert [h.text for h in together] == [h.text for h in alone]
    assert [(h.tokens, h.finished) for h in together] == [(h.tokens, h.finished) for h in alone]
    assert [h.score for h in together] == pytest.approx([h.score for h in alone], abs=1e-4)
    assert len({h.text for h in together}) >= len(SOURCES) - 1  # else the order would prove nothing


# Beams with penalties are left out: the libraries weigh the length of unfinished beams differently.
@pytest.mark.parametrize("decoding", list(DECODINGS.values())[:-1], ids=list(DECODINGS)[:-1])
def test_both_engines_give_the_same_hypotheses(engine_of: Callable[[str], Engines], decoding: Decoding) -> None:
    ours, theirs = (engine_of(name).generate("summarization", SOURCES, decoding, 24) for name in RUNTIMES)
    assert [(h.text, h.tokens, h.finished) for h in ours] == [(h.text, h.tokens, h.finished) for h in theirs]
    # Of equal beams the libraries may keep one whose unseen end is scored a little differently.
    assert [h.score for h in ours] == pytest.approx([h.score for h in theirs], abs=5e-3)


@pytest.mark.parametrize("num_beams", [1, 3])
def test_the_score_is_the_mean_log_probability_whatever_the_length_weighs(engine: Engines, num_beams: int) -> None:
    every = {"num_beams": num_beams, "num_return_sequences": num_beams}
    plain, weighed = (
        {h.text: h.score for best in found for h in (best, *best.alternatives)}
        for found in (
            engine.generate("summarization", SOURCES, Decoding(length_penalty=penalty, **every), 24)
            for penalty in (1.0, 0.5)
        )
    )
    shared = plain.keys() & weighed.keys()
    assert len(shared) >= len(SOURCES)
    assert [weighed[text] for text in shared] == pytest.approx([plain[text] for text in shared], abs=5e-3)


@pytest.mark.parametrize("num_beams", [1, 4])
def test_the_transformers_engine_gives_what_plain_generate_gives(
    tiny: Tiny, engine_of: Callable[[str], Engines], num_beams: int
) -> None:
    import torch
    from tokenizers import Tokenizer
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(tiny.transformers)
    tokenizer = Tokenizer.from_file(str(tiny.transformers / "tokenizer.json"))
    hypotheses = engine_of("transformers").generate("translation", SOURCES, Decoding(num_beams=num_beams), 20)
    for source, hypothesis in zip(SOURCES, hypotheses, strict=True):
        prompt = tokenizer.encode(PROMPTS["translation"].replace("{source}", source)).ids
        ids = model.generate(torch.tensor([prompt]), num_beams=num_beams, do_sample=False, max_new_tokens=20)
        answer = [token for token in ids[0, len(prompt) :].tolist() if token != 1]
        assert hypothesis.text == tokenizer.decode(answer).strip()
        assert hypothesis.tokens == len(answer)


def test_the_others_are_the_rest_of_the_beam(engine_of: Callable[[str], Engines]) -> None:
    beams = []
    for name in RUNTIMES:
        engine = engine_of(name)
        alone = engine.generate("summarization", SOURCES, Decoding(num_beams=3), 24)
        found = engine.generate("summarization", SOURCES, Decoding(num_beams=3, num_return_sequences=3), 24)
        assert [(h.text, h.tokens, h.finished) for h in found] == [(h.text, h.tokens, h.finished) for h in alone]
        assert [len(h.alternatives) for h in found] == [2] * len(SOURCES)
        assert not any(other.alternatives for h in found for other in h.alternatives)
        beams.append([[h.text, *(other.text for other in h.alternatives)] for h in found])
    assert beams[0] == beams[1]
    assert all(len(set(texts)) > 1 for texts in beams[0])


def test_no_more_is_returned_than_there_are_beams(engine: Engines) -> None:
    (hypothesis,) = engine.generate("translation", SOURCES[:1], Decoding(num_return_sequences=4), 20)
    assert hypothesis.alternatives == ()


def test_a_hypothesis_that_was_cut_at_max_new_tokens_is_not_finished(engine: Engines) -> None:
    whole = engine.generate("translation", SOURCES, GREEDY, 60)
    lengths = {h.tokens for h in whole if h.finished}
    assert lengths, "no source of this checkpoint ends by itself"
    cut = engine.generate("translation", SOURCES, GREEDY, min(lengths))
    assert not any(h.finished for h in cut)
    assert all(h.tokens == min(lengths) for h in cut)
    # With room for the end token, exactly those that end there are finished.
    room = engine.generate("translation", SOURCES, GREEDY, min(lengths) + 1)
    assert [h.finished for h in room] == [h.finished and h.tokens == min(lengths) for h in whole]


@pytest.mark.parametrize("num_beams", [1, 3])
def test_no_hypothesis_is_shorter_than_min_new_tokens(engine: Engines, num_beams: int) -> None:
    free = engine.generate("translation", SOURCES, Decoding(num_beams=num_beams), 60)
    least = min(h.tokens for h in free if h.finished) + 3
    forced = engine.generate("translation", SOURCES, Decoding(num_beams=num_beams), 60, least)
    assert min(h.tokens for h in forced) >= least


def test_a_source_as_long_as_the_window_is_read_to_its_end(engine: Engines) -> None:
    endings = []
    for ending in ("Garten", "Dach"):
        source = f"Hund {ending}"
        while engine.count_tokens([source])[0] < WINDOW:
            source = f".{source}"
        endings.append(source)
    assert engine.count_tokens(endings) == [WINDOW, WINDOW]
    first, second = engine.generate("translation", endings, GREEDY, 8)
    assert first != second


def test_the_engines_agree_on_what_is_generated_beyond_the_sliding_window(
    engine_of: Callable[[str], Engines],
) -> None:
    source = "Der Hund schläft im Garten, und die Katze sitzt auf dem Dach. Die"
    ours, theirs = (engine_of(name).generate("translation", [source], GREEDY, 60, 60)[0] for name in RUNTIMES)
    assert engine_of("ctranslate2").count_tokens([source])[0] + ours.tokens > SLIDING_WINDOW
    assert ours.text == theirs.text


def test_a_source_longer_than_the_window_is_refused_not_cut(engine: Engines) -> None:
    with pytest.raises(ValueError, match="window"):
        engine.generate("translation", ["Ja.", "Hund " * (WINDOW + 1)], GREEDY, 8)


def test_an_unknown_task_is_refused(engine: Engines) -> None:
    with pytest.raises(ValueError, match="direct"):
        engine.generate("direct", ["Ja."], GREEDY, 8)


def test_an_empty_batch_gives_nothing(engine: Engines) -> None:
    assert engine.generate("translation", [], GREEDY, 8) == []
    assert engine.count_tokens([]) == []


@pytest.mark.parametrize("text", ["<eos>", "<bos>", "<pad>", "<unk>"])
def test_names_of_control_tokens_in_a_source_are_text(engine: Engines, text: str) -> None:
    (tokens,) = engine.count_tokens([text])
    assert tokens > 1
    prompt = engine._prompter.encode("translation", [f"Der Hund {text} schläft."])[0]
    assert prompt[0] == 2
    assert not {0, 1, 2, 3} & set(prompt[1:])


def test_a_newline_in_a_source_does_not_end_it(engine: Engines) -> None:
    split, joined = "Der Hund\nEnglish: \r\n schläft.", "Der Hund English: schläft."
    assert engine.count_tokens([split]) == engine.count_tokens([joined])
    assert engine.generate("translation", [split], GREEDY, 12) == engine.generate("translation", [joined], GREEDY, 12)


def test_the_receipt_says_what_runs(engine: Engines) -> None:
    assert engine.receipt["engine"] in RUNTIMES
    assert {key: engine.receipt[key] for key in ("device", "compute_type", "id", "revision")} == {
        "device": "cpu",
        "compute_type": "int8" if isinstance(engine, CausalInt8) else "float32",
        "id": "tiny",
        "revision": "0",
    }
    assert engine.tasks == {"translation", "summarization"}
    assert engine.window == WINDOW


def test_what_on_step_raises_leaves_the_batch(engine: Engines) -> None:
    class Stopped(Exception):
        pass

    def stop() -> None:
        raise Stopped

    with pytest.raises(Stopped):
        engine.generate("translation", SOURCES, Decoding(num_beams=2), 20, 0, stop)
    assert len(engine.generate("translation", SOURCES, Decoding(num_beams=2), 20)) == len(SOURCES)
