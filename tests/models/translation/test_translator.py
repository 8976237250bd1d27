"""Translation as bookkeeping: every sentence once, in order, guarded, with an engine that can misbehave."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.decoding import Decoding, Hypothesis, ResolvedDecoding, Task
from models.errors import Cancelled
from models.pipeline import Pipeline
from models.summarization.summarizer import Summarizer
from models.translation.translator import Rendering, TranslationCache, Translator
from models.values import Article, Document, Lang, Sentence
from tests.fakes import FakeEngine


def document(*sentences: tuple[str, Lang]) -> Document:
    text, made = "", []
    for number, (sentence, lang) in enumerate(sentences):
        made.append(Sentence(sentence, len(text), len(text) + len(sentence), lang, number))
        text += sentence + "\n"
    return Document("id", None, text, tuple(made))


def german(*sentences: str) -> Document:
    return document(*((s, "de") for s in sentences))


def test_german_is_translated_english_is_kept_and_the_rest_is_kept_and_flagged() -> None:
    engine = FakeEngine()
    source = document(
        ("Der Hund schläft.", "de"), ("The dog sleeps.", "en"), ("Le chien dort.", "other"), ("3:2", "other")
    )
    pairs = Translator(engine).translate(source).pairs
    assert [p.target for p in pairs] == [
        "And this is what they would say: Der Hund schläft.", "The dog sleeps.", "Le chien dort.", "3:2",
    ]  # fmt: skip
    assert [[f.kind for f in p.flags] for p in pairs] == [[], [], ["language"], []]
    assert [p.source_tokens > 0 for p in pairs] == [True, False, False, False]
    assert engine.calls[0][1] == ["Der Hund schläft."]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from(["Eins.", "Der Hund.", "Das ist ein langer Satz mit vielen Wörtern.", "Na ja."])))
def test_order_is_kept_and_equal_sentences_are_decoded_once(texts: list[str]) -> None:
    engine = FakeEngine()
    pairs = Translator(engine).translate(german(*texts)).pairs
    assert [p.source.text for p in pairs] == texts
    assert all(p.target.endswith(p.source.text) for p in pairs)
    decoded = [s for _, batch, decoding in engine.calls for s in batch if decoding.num_beams is None]
    assert sorted(decoded) == sorted(set(texts))


def test_a_sentence_seen_before_is_not_decoded_again() -> None:
    engine = FakeEngine()
    translator = Translator(engine)
    first = translator.translate(german("Der Hund schläft."))
    calls = len(engine.calls)
    assert translator.translate(german("Der Hund schläft.")) == first
    assert len(engine.calls) == calls


def test_the_order_of_the_articles_changes_no_report() -> None:
    """One answer stands for several sources, here within an article, there across articles."""

    def answer(_task: Task, source: str, _search: ResolvedDecoding) -> str:
        if any(word in source for word in ("Hund", "Kapitän", "Kartoffeln")):
            return "The minister thanked everybody in the harbour."
        return f"He says this: {source}"

    sentences = [
        "Der Hund schläft seit drei Tagen im Garten.", "Die Kirche am Markt wurde gestern neu gestrichen.",
        "Viele Nachbarn kamen zu Fuß.", "Ein Kapitän dankte allen Leuten auf dem Schiff.", "Es regnet oft.",
        "Niemand wollte am Abend noch nach Hause gehen.", "Im Herbst ernten die Bauern ihre Kartoffeln.",
    ]  # fmt: skip
    articles = [Article("\n".join(sentences[n * step % 7] for step in (1, 2, 4))) for n in range(1, 7)]
    articles += [Article("\n".join(sentences[(n + step) % 7] for step in (0, 3))) for n in range(14)]

    def reports(order: list[int]) -> list[dict[str, Any]]:
        engine = FakeEngine(answer)
        pipeline = Pipeline(Translator(engine), Summarizer(engine), {})
        made = {number: pipeline.translate(articles[number]).to_dict() | {"seconds": None} for number in order}
        return [made[number] for number in range(len(articles))]

    forward = reports(list(range(20)))
    assert forward == reports(list(reversed(range(20)))) == reports([*range(1, 20, 2), *range(0, 20, 2)])
    assert 0 < sum('"loop"' in json.dumps(report) for report in forward) < 20


def test_a_sentence_alone_has_no_flag_for_what_another_article_said() -> None:
    engine = FakeEngine(lambda *_: "The minister thanked everybody in the harbour.")
    translator = Translator(engine)
    translator.translate(german("Der Hund schläft seit drei Tagen im Garten."))
    (pair,) = translator.translate(german("Die Kirche am Markt wurde gestern neu gestrichen.")).pairs
    assert pair.flags == ()


def test_the_cache_forgets_the_oldest_first() -> None:
    cache = TranslationCache(size=2)
    for source in ("a", "b"):
        cache.put(source, Rendering(source, (), 1))
    cache.get("a")
    cache.put("c", Rendering("c", (), 1))
    assert (cache.get("a") is None, cache.get("b") is None, cache.get("c") is None) == (False, True, False)


def test_a_sentence_longer_than_the_window_is_read_whole() -> None:
    engine = FakeEngine(window=10)
    sentence = ", ".join(f"das {n}. Wort" for n in range(100))
    (pair,) = Translator(engine).translate(german(sentence)).pairs
    assert all(len(s.split()) <= 10 for _, batch, _ in engine.calls for s in batch)
    assert all(f"das {n}. Wort" in pair.target for n in range(100))
    assert pair.source_tokens == len(sentence.split())


FAULTS = {
    "empty": "",
    "loop": "the dog " * 30,
    "copy": "Der Hund schläft heute lange im schönen Garten.",
    "language": "Le chien dort longtemps aujourd'hui dans le beau jardin de la maison.",
    "length": "The dog is here. "
    + " ".join(f"It has seen the {n}th cat of this long day." for n in ("six", "nin", "ten")) * 2,
}
SOURCE = "Der Hund schläft heute lange im schönen Garten."


@pytest.mark.parametrize("kind", FAULTS)
def test_each_fault_is_decoded_once_more_and_then_shown(kind: str) -> None:
    engine = FakeEngine(lambda *_: Hypothesis(FAULTS[kind], 9, finished=True))
    (pair,) = Translator(engine).translate(german(SOURCE)).pairs
    assert kind in [f.kind for f in pair.flags]
    assert len(engine.calls) == 2
    assert engine.calls[1][2].no_repeat_ngram_size > 0


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_that_the_second_try_mends_leaves_no_flag(kind: str) -> None:
    def answer(_task: Task, _source: str, decoding: Decoding) -> str:
        return FAULTS[kind] if decoding.num_beams == 1 else "The dog sleeps long today in the fine garden."

    (pair,) = Translator(FakeEngine(answer)).translate(german(SOURCE)).pairs
    assert pair.flags == ()
    assert pair.target == "The dog sleeps long today in the fine garden."


def test_an_output_without_an_end_is_flagged() -> None:
    engine = FakeEngine(lambda *_: Hypothesis("The dog sleeps in the", 9, finished=False))
    (pair,) = Translator(engine).translate(german(SOURCE)).pairs
    assert [f.kind for f in pair.flags] == ["unfinished"]


def test_a_changed_number_is_tried_again_and_then_flagged() -> None:
    engine = FakeEngine(lambda *_: "It costs 4.5 million dollars and that is much.")
    (pair,) = Translator(engine).translate(german("Es kostet 4,5 Milliarden Dollar und das ist viel.")).pairs
    assert {(f.kind, f.text) for f in pair.flags} == {("number", "4.5 million")}
    assert len(engine.calls) == 2


def test_of_a_beam_the_first_that_agrees_with_its_source_is_taken() -> None:
    wrong = Hypothesis("It costs 4.5 million dollars and that is much.", 9, finished=True)
    right = replace(wrong, text="It costs 4.5 billion dollars and that is much.")
    beam = replace(
        wrong, alternatives=(replace(wrong, text="It costs 5 billion dollars."), right, replace(right, text="No."))
    )
    engine = FakeEngine(lambda *_: beam)
    (pair,) = Translator(engine).translate(german("Es kostet 4,5 Milliarden Dollar und das ist viel.")).pairs
    assert (pair.target, pair.flags) == (right.text, ())
    assert len(engine.calls) == 1


def test_where_none_of_a_beam_agrees_the_least_faulty_is_shown_with_its_flags() -> None:
    wrong = Hypothesis("It costs 4.5 million dollars and 17 cents and that is much.", 9, finished=True)
    better = replace(wrong, text="It costs 4.5 million dollars and that is much.")
    engine = FakeEngine(lambda *_: replace(wrong, alternatives=(better,)))
    (pair,) = Translator(engine).translate(german("Es kostet 4,5 Milliarden Dollar und das ist viel.")).pairs
    assert (pair.target, [f.text for f in pair.flags]) == (better.text, ["4.5 million"])


def test_a_foreign_name_or_a_lost_hearsay_is_flagged_without_a_second_try() -> None:
    engine = FakeEngine(lambda *_: "Bezos has bought the great company.")
    (pair,) = Translator(engine).translate(german("Altman soll die große Firma gekauft haben.")).pairs
    assert [(f.kind, f.text) for f in pair.flags] == [("name", "Bezos"), ("claim", "soll …")]
    assert len(engine.calls) == 1


def test_the_watch_hears_of_every_sentence_and_can_stop_the_work() -> None:
    engine = FakeEngine()
    heard: list[tuple[str, int, int]] = []
    texts = [f"Satz Nummer {n} ist da." for n in range(40)]
    Translator(engine, batch_rows=8).translate(german(*texts), lambda *step: heard.append(step))
    assert heard[0] == ("translate", 0, 40)
    assert heard[-1] == ("translate", 40, 40)

    def stop(_stage: str, done: int, _total: int) -> None:
        if done:
            raise Cancelled("nobody waits")

    engine.calls.clear()
    with pytest.raises(Cancelled):
        Translator(engine, batch_rows=8).translate(german(*texts), stop)
    assert len(engine.calls) == 1


def test_the_work_can_be_stopped_while_a_batch_is_decoded() -> None:
    class Slow(FakeEngine):
        """Takes three steps for each batch."""

        def generate(self, task: Task, sources: Sequence[str], *limits: Any) -> list[Hypothesis]:
            *_, on_step = limits
            for _ in range(3):
                on_step()
                steps.append(task)
            return super().generate(task, sources, *limits)

    def stop(_stage: str, _done: int, _total: int) -> None:
        if len(steps) == 2:
            raise Cancelled("nobody waits")

    steps: list[str] = []
    engine = Slow()
    with pytest.raises(Cancelled):
        Translator(engine).translate(german("Der Hund schläft."), stop)
    assert (len(steps), engine.calls) == (2, [])


def test_a_whole_german_article_comes_back_whole_with_its_names() -> None:
    """LibreTranslate lost half of such an article and made "claus adhesive" of Claus Kleber."""
    sentences = [
        "Claus Kleber moderierte das heute-journal.",
        "Er sagte: „Guten Abend.“",
        "Danach kam Marietta Slomka.",
        "Beide arbeiten beim ZDF in Mainz.",
    ] * 20
    pairs = Translator(FakeEngine()).translate(german(*sentences)).pairs
    assert len(pairs) == 80
    assert all(p.source.text in p.target for p in pairs)
