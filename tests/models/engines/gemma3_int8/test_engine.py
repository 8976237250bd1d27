"""The torch engine for int8: in float32 it would be plain `generate`, token for token; in int8 it stays near."""

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor
from transformers import AutoModelForCausalLM

from models.decoding import Decoding, ResolvedDecoding
from models.engines.causal_transformers import CausalTransformers
from models.engines.gemma3_int8.beam_search import beam_search
from models.engines.gemma3_int8.engine import CausalInt8
from models.engines.gemma3_int8.model import Gemma3, Int8Linear
from models.engines.prompting import Prompter
from tests.models.engines.conftest import IDENTITY, PROMPTS, SLIDING_WINDOW, SOURCES, WINDOW, Engines, Tiny

EOS = 1


def in_float32(weight: Tensor) -> Callable[[Tensor], Tensor]:
    return lambda rows: rows @ weight.t()


def until_the_end(ids: list[int]) -> list[int]:
    return ids[: ids.index(EOS) + 1] if EOS in ids else ids


@pytest.fixture(scope="module")
def exact(tiny: Tiny) -> Gemma3:
    config = json.loads((tiny.transformers / "config.json").read_text(encoding="utf-8"))
    return Gemma3(load_file(tiny.transformers / "model.safetensors"), config, in_float32)


@pytest.fixture(scope="module")
def library(tiny: Tiny) -> Any:
    return AutoModelForCausalLM.from_pretrained(tiny.transformers)


@pytest.fixture(scope="module")
def prompts(tiny: Tiny) -> list[list[int]]:
    return Prompter(tiny.transformers / "tokenizer.json", PROMPTS, WINDOW).encode("translation", SOURCES)


@torch.inference_mode()
def test_a_batch_of_prompts_has_the_logits_of_each_alone(exact: Gemma3, library: Any, prompts: list[list[int]]) -> None:
    logits, _ = exact.prefill(prompts, 2)
    for row, prompt in zip(logits, prompts, strict=True):
        torch.testing.assert_close(row, library(torch.tensor([prompt])).logits[0, -1], atol=1e-4, rtol=1e-4)


@torch.inference_mode()
def test_a_prompt_longer_than_the_sliding_window_is_read_as_the_library_reads_it(exact: Gemma3, library: Any) -> None:
    prompt = torch.randint(4, 200, (SLIDING_WINDOW + 30,), generator=torch.Generator().manual_seed(3)).tolist()
    logits, _ = exact.prefill([prompt, prompt[:9]], 1)
    expected = [library(torch.tensor([ids])).logits[0, -1] for ids in (prompt, prompt[:9])]
    torch.testing.assert_close(logits, torch.stack(expected), atol=1e-4, rtol=1e-4)


@torch.inference_mode()
def test_several_key_value_heads_are_computed_as_the_library_computes_them(library: Any) -> None:
    torch.manual_seed(2)
    shape = library.config.to_dict() | {"num_attention_heads": 4, "num_key_value_heads": 2}
    other = type(library)(type(library.config)(**shape)).eval()
    grouped = Gemma3(other.state_dict(), other.config.to_dict(), in_float32)
    prompts = [[2, 20, 31, 9], [2, 17, 40, 41, 42, 8]]
    search = ResolvedDecoding(3, early_stopping=True)
    found = beam_search(grouped, prompts, search, EOS, 12)
    for prompt, (best,) in zip(prompts, found, strict=True):
        ids = other.generate(
            torch.tensor([prompt]), do_sample=False, num_beams=3, early_stopping=True, max_new_tokens=12, pad_token_id=0
        )
        assert list(best.ids) == until_the_end(ids[0, len(prompt) :].tolist())


@torch.inference_mode()
@pytest.mark.parametrize("early_stopping", [True, False])
@pytest.mark.parametrize("length_penalty", [0.4, 1.0, 2.0])
@pytest.mark.parametrize("beams", [1, 2, 5])
def test_the_search_gives_what_plain_generate_gives(
    exact: Gemma3, library: Any, prompts: list[list[int]], beams: int, length_penalty: float, early_stopping: bool
) -> None:
    search = ResolvedDecoding(beams, length_penalty, early_stopping=early_stopping, num_return_sequences=beams)
    kinds: Any = {"early_stopping": early_stopping, "length_penalty": length_penalty} if beams > 1 else {}
    # The last goes beyond the sliding window.
    for most in (1, 6, 50):
        found = beam_search(exact, prompts, search, EOS, most)
        for prompt, hypotheses in zip(prompts, found, strict=True):
            ids = library.generate(
                torch.tensor([prompt]),
                do_sample=False,
                num_beams=beams,
                num_return_sequences=beams,
                max_new_tokens=most,
                pad_token_id=0,
                **kinds,
            )
            expected = [until_the_end(row[len(prompt) :].tolist()) for row in ids]
            assert [list(ended.ids) for ended in hypotheses] == expected[: len(hypotheses)]
            assert len(hypotheses) == beams or len(hypotheses[0].ids) < most


PENALTIES = {
    "no repeated pairs": Decoding(num_beams=3, no_repeat_ngram_size=2),
    "repetition penalty": Decoding(num_beams=2, repetition_penalty=1.4),
    "all": Decoding(num_beams=4, no_repeat_ngram_size=3, repetition_penalty=1.2, length_penalty=0.6),
    "greedy": Decoding(no_repeat_ngram_size=2, repetition_penalty=1.3),
}


@pytest.mark.parametrize("least", [0, 25])
@pytest.mark.parametrize("decoding", PENALTIES.values(), ids=PENALTIES.keys())
def test_penalties_do_what_they_do_in_the_library(
    tiny: Tiny, engine_of: Callable[[str], Engines], exact: Gemma3, decoding: Decoding, least: int
) -> None:
    prompter = Prompter(tiny.transformers / "tokenizer.json", PROMPTS, WINDOW)
    ours = CausalInt8(exact, prompter, IDENTITY)
    theirs = engine_of("transformers")
    assert isinstance(theirs, CausalTransformers)
    one, other = (engine.generate("summarization", SOURCES, decoding, 40, least) for engine in (ours, theirs))
    assert [(h.text, h.tokens, h.finished) for h in one] == [(h.text, h.tokens, h.finished) for h in other]
    assert [h.score for h in one] == pytest.approx([h.score for h in other], abs=1e-3)


@torch.inference_mode()
def test_a_product_in_int8_is_near_the_exact_one_whatever_else_is_in_its_batch() -> None:
    generator = torch.Generator().manual_seed(1)
    weight = torch.randn(96, 64, generator=generator) * torch.rand(96, 1, generator=generator)
    rows = torch.randn(30, 64, generator=generator) * torch.logspace(-4, 4, 30)[:, None]
    product = Int8Linear(weight)
    together, expected = product(rows), rows @ weight.t()
    error = (together - expected).norm(dim=1) / expected.norm(dim=1)
    assert error.max() < 0.02
    for at in range(len(rows)):
        assert torch.equal(product(rows[at : at + 1]), together[at : at + 1])
    assert torch.equal(product(torch.zeros(2, 64)), torch.zeros(2, 96))


@torch.inference_mode()
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_largest_sums_there_are_overflow_on_no_processor(sign: float) -> None:
    """With all weights at 127, two neighbouring products are more than the 16 bits that AVX2 adds them in."""
    weight = sign * torch.stack(
        [torch.ones(64), torch.linspace(0.5, 1, 64), torch.cat([torch.ones(32), -torch.ones(32)])]
    )
    product = Int8Linear(weight)(torch.ones(1, 64))
    torch.testing.assert_close(product, torch.ones(1, 64) @ weight.t(), rtol=0.01, atol=0.2)


def test_packing_leaves_the_settings_of_torch_as_they_were(tiny: Tiny) -> None:
    before = torch.backends.quantized.engine, torch.get_num_threads()
    engine = CausalInt8.load(tiny.transformers, PROMPTS, WINDOW, 1, IDENTITY)
    engine.generate("translation", SOURCES[:1], Decoding(), 4)
    assert (torch.backends.quantized.engine, torch.get_num_threads()) == before


def test_in_int8_it_says_what_it_says_in_float32(
    tiny: Tiny, engine_of: Callable[[str], Engines], exact: Gemma3
) -> None:
    """Random weights are the worst case: nothing is sure. The same first words are no accident all the same."""
    prompter = Prompter(tiny.transformers / "tokenizer.json", PROMPTS, WINDOW)
    small = engine_of("int8").generate("translation", SOURCES, Decoding(), 4)
    large = CausalInt8(exact, prompter, IDENTITY).generate("translation", SOURCES, Decoding(), 4)
    assert sum(one.text == other.text for one, other in zip(small, large, strict=True)) >= len(SOURCES) - 2


@pytest.mark.parametrize("threads", [1, 2, 3, 8])
def test_the_number_of_threads_changes_nothing(tiny: Tiny, engine_of: Callable[[str], Engines], threads: int) -> None:
    engine = CausalInt8.load(tiny.transformers, PROMPTS, WINDOW, threads, IDENTITY)
    decoding = Decoding(num_beams=3, num_return_sequences=2)
    found, alone = (e.generate("translation", SOURCES, decoding, 20) for e in (engine, engine_of("int8")))
    assert [h.text for h in found] == [h.text for h in alone]


def test_threads_stop_when_nobody_waits_any_more(tiny: Tiny) -> None:
    engine = CausalInt8.load(tiny.transformers, PROMPTS, WINDOW, 2, IDENTITY)
    model: Any = engine._model
    steps = []

    class Stopped(Exception):
        pass

    both = threading.Barrier(2)  # On a busy machine one might have done all before the other begins.

    def step(tokens: Tensor, origins: Tensor, cache: Any) -> Tensor:
        if (name := threading.current_thread().name) not in steps:
            both.wait(60)
        steps.append(name)
        if len(steps) == 8:
            raise Stopped
        return Gemma3.step(model, tokens, origins, cache)

    model.step = step
    with pytest.raises(Stopped):
        engine.generate("translation", SOURCES, Decoding(), 400, 400)
    engine._pool.shutdown()
    assert len(set(steps)) == 2
    assert len(steps) < 50


def test_a_search_that_is_stopped_ends_at_its_next_step(tiny: Tiny) -> None:
    engine = CausalInt8.load(tiny.transformers, PROMPTS, WINDOW, 1, IDENTITY)
    model: Any = engine._model
    stopping, steps = threading.Event(), []

    class Stopped(Exception):
        pass

    def step(tokens: Tensor, origins: Tensor, cache: Any) -> Tensor:
        steps.append(1)
        assert stopping.wait(60)  # The search is in its first step when it is stopped.
        return Gemma3.step(model, tokens, origins, cache)

    def stop() -> None:
        if steps:
            stopping.set()
            raise Stopped

    model.step = step
    with pytest.raises(Stopped):
        engine.generate("translation", SOURCES, Decoding(), 400, 400, stop)
    engine._pool.shutdown()
    assert len(steps) < 20


@pytest.mark.parametrize("changes", [{"model_type": "llama"}, {"attention_bias": True}, {"tie_word_embeddings": False}])
def test_another_architecture_is_refused(tiny: Tiny, changes: dict[str, Any]) -> None:
    config = json.loads((tiny.transformers / "config.json").read_text(encoding="utf-8"))
    with pytest.raises(ValueError, match="not a Gemma 3"):
        Gemma3(load_file(tiny.transformers / "model.safetensors"), config | changes)
