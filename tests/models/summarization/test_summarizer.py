"""Summaries of any length of text: everything read, the asked length met, nothing unsupported shown."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from models.decoding import Decoding, Hypothesis, OnStep, ResolvedDecoding, Task, ignore_step, with_alternatives
from models.errors import UsageError
from models.evidence.index import EvidenceIndex
from models.options import Options
from models.summarization.selection import Candidate
from models.summarization.summarizer import EMPTY_NOTE, SHORT_NOTE, Summarizer
from models.summarization.verification import Verifier
from models.values import Document, Flag, Pair, Sentence, Summary, Translation
from tests.fakes import Answer, FakeEngine, echo


def translation(*targets: str) -> Translation:
    text, pairs = "", []
    for number, target in enumerate(targets):
        source = target.replace("offered", "bot").replace("billion", "Milliarden")
        sentence = Sentence(source, len(text), len(text) + len(source), "de", number)
        pairs.append(Pair(sentence, target))
        text += source + "\n"
    return Translation(Document("id", None, text, tuple(p.source for p in pairs)), tuple(pairs))


def story(count: int) -> Translation:
    return translation(*(f"Person number {n} walked into house {n} and saw a cat there." for n in range(count)))


def summarizer(answer: Answer = echo, window: int = 60, **settings: int) -> tuple[Summarizer, FakeEngine]:
    engine = FakeEngine(answer, window)
    return Summarizer(engine, **settings), engine


def summarize(tool: Summarizer, material: Translation | Document, options: Options) -> Summary:
    return tool.summarize(EvidenceIndex.of(material), options)


def test_every_sentence_is_read_by_the_model() -> None:
    tool, engine = summarizer()
    material = story(40)
    summarize(tool, material, Options())
    read = " ".join(source for _, batch, _ in engine.calls for source in batch)
    assert all(p.target in read for p in material.pairs)


@pytest.mark.parametrize("rest", ["The cat…", "House 2."])
def test_what_breaks_off_or_is_a_heading_is_not_told_where_there_is_another(rest: str) -> None:
    tool, _ = summarizer(lambda _task, source, _search: f"{source.split('. ')[0].rstrip('.')}. {rest}")
    summary = summarize(tool, story(40), Options())
    assert len(summary.sentences) > 1
    assert rest not in summary.text


def test_a_text_no_longer_than_its_summary_comes_back_as_its_translation() -> None:
    tool, engine = summarizer()
    summary = summarize(tool, story(3), Options(length="medium"))
    assert summary.text == story(3).text.replace("\n\n", " ")
    assert summary.warnings == (SHORT_NOTE,)
    assert all(s.extracted for s in summary.sentences)
    assert engine.calls == []


def test_a_very_long_text_is_summarised_again_until_it_fits() -> None:
    tool, engine = summarizer(lambda _task, source, _search: source.split(".")[0].removesuffix(" there") + ".")
    summary = summarize(tool, story(120), Options(length="short"))
    assert 10 <= len(summary.text.split()) <= 48
    (_, of_the_article, _), *_, (_, of_summaries, _) = engine.calls
    assert all("there." in source for source in of_the_article)
    assert not any("there." in source for source in of_summaries)


def test_summaries_that_do_not_get_shorter_end_the_descent() -> None:
    tool, _ = summarizer(lambda _task, source, _decoding: source, max_new_tokens=100)
    summary = summarize(tool, story(50), Options(length="short"))
    assert len(summary.text.split()) <= 48


def test_a_sentence_longer_than_the_window_is_read_in_pieces() -> None:
    tool, engine = summarizer()
    long = "Words " + " ".join(f"and word{n}" for n in range(120)) + "."
    summarize(tool, translation(long, "The end."), Options())
    read = " ".join(source for _, batch, _ in engine.calls for source in batch)
    assert all(f"word{n}" in read for n in range(120))


@pytest.mark.parametrize("window", range(36, 52, 2))
def test_a_chunk_whose_first_word_costs_more_without_a_space_before_it_still_fits(window: int) -> None:
    class ByteLevel(FakeEngine):
        def count_tokens(self, sources: Sequence[str]) -> list[int]:
            return [len(source.split()) + 3 * (not source.startswith(" ")) for source in sources]

    engine = ByteLevel(window=window)
    material = story(20)
    summarize(Summarizer(engine), material, Options())
    read = " ".join(source for _, batch, _ in engine.calls for source in batch)
    assert all(p.target in read for p in material.pairs)


def test_a_model_that_says_nothing_is_said_to() -> None:
    tool, _ = summarizer(lambda *_: "")
    summary = summarize(tool, story(12).document, Options(mode="direct"))
    assert not summary.text
    assert summary.warnings == (EMPTY_NOTE,)


def test_a_number_that_the_article_does_not_hold_is_replaced_by_the_source_sentence() -> None:
    material = translation(
        *(f"Someone walked into the big old house again for the {w} time." for w in ["first"] * 8),
        "The consortium offered 97.4 billion dollars.".replace("97.4", "97"),
    )
    tool, _ = summarizer(lambda *_: "The consortium offered 98 billion dollars.")
    summary = summarize(tool, material, Options())
    (sentence,) = [s for s in summary.sentences if "consortium" in s.text]
    assert sentence.text == "The consortium offered 97 billion dollars."
    assert sentence.extracted
    assert "98" not in summary.text


def test_what_is_true_of_another_is_replaced_by_the_source_sentence() -> None:
    material = translation(
        "Most of them came to Vienna and looked for a place to live there.",
        *(f"Someone walked into the big old house again for the {w} time." for w in ["first"] * 8),
        "The whole of Austria grew by 115 people in a single year.",
    )
    tool, _ = summarizer(lambda *_: "Vienna grew by 115 people in a single year.")
    summary = summarize(tool, material, Options(max_words=12))
    (sentence,) = [s for s in summary.sentences if "115" in s.text]
    assert sentence.text == "The whole of Austria grew by 115 people in a single year."
    assert sentence.extracted


def test_where_nothing_can_be_borne_out_the_lead_is_taken() -> None:
    material = story(12)
    tool, _ = summarizer(lambda *_: "Zorro 77777.")
    summary = summarize(tool, material, Options())
    assert [s.text for s in summary.sentences][:2] == [p.target for p in material.pairs][:2]
    assert all(s.extracted for s in summary.sentences)


def test_an_output_that_loops_is_decoded_once_more() -> None:
    def answer(_task: Task, source: str, decoding: Decoding) -> str:
        return "the cat " * 20 if decoding.num_beams == 1 else source.split(". ")[0].rstrip(".") + "."

    tool, engine = summarizer(answer)
    summary = summarize(tool, story(12), Options())
    assert "the cat the cat" not in summary.text
    assert engine.calls[-1][2].no_repeat_ngram_size == 3


def test_a_last_sentence_without_its_end_is_left_out() -> None:
    tool, _ = summarizer(lambda *_: Hypothesis("Person number 1 saw a cat. Person number", 9, finished=False))
    told = [s.text for s in summarize(tool, story(12), Options()).sentences if not s.extracted]
    assert told == ["Person number 1 saw a cat."]


def test_an_only_sentence_without_its_end_is_replaced() -> None:
    tool, _ = summarizer(lambda *_: Hypothesis("Person number 1 saw", 9, finished=False))
    (first, *_) = summarize(tool, story(12), Options()).sentences
    assert first.extracted
    assert first.text.endswith("there.")


def test_a_headline_is_told_only_where_there_is_nothing_else() -> None:
    def first_sentences(_task: Task, source: str, _decoding: Decoding) -> str:
        return " ".join(source.split(". ")[n].rstrip(".") + "." for n in (0, 1))

    headline = "What the strange return of the cats means for every house in town"
    told = [
        "Seven cats came back into the old houses near the river on Monday.",
        *(f"Person number {n} walked into house {n} and saw a cat there." for n in range(8)),
    ]
    tool, _ = summarizer(first_sentences, window=400)
    summary = summarize(tool, translation(headline, *told), Options(max_words=12))
    assert headline not in summary.text
    assert told[0] in summary.text
    as_sentence = summarize(tool, translation(headline + ".", *told), Options(max_words=12))
    assert headline in as_sentence.text


def test_direct_mode_reads_the_german_itself() -> None:
    tool, engine = summarizer()
    material = story(12).document
    summary = summarize(tool, material, Options(mode="direct"))
    assert {task for task, _, _ in engine.calls} == {"direct"}
    assert summary.source_tokens >= sum(len(s.text.split()) for s in material.sentences)


def test_direct_mode_shows_a_doubtful_sentence_since_there_is_no_translation_to_take() -> None:
    tool, _ = summarizer(lambda *_: "It was 77777.")
    assert summarize(tool, story(12).document, Options(mode="direct")).text == "It was 77777."


def test_direct_mode_with_a_model_that_cannot_is_an_error_that_says_what_to_do() -> None:
    tool, engine = summarizer()
    engine.tasks = frozenset({"summarization"})
    with pytest.raises(UsageError, match="mode=pivot"):
        summarize(tool, story(12).document, Options(mode="direct"))


def test_bullets_stand_one_a_line() -> None:
    tool, _ = summarizer()
    lines = summarize(tool, story(20), Options(style="bullets")).text.splitlines()
    assert len(lines) > 1
    assert all(line.startswith("- ") for line in lines)


def test_a_flagged_candidate_keeps_its_flag_in_direct_mode() -> None:
    tool, _ = summarizer(lambda *_: Hypothesis("One two three", 3, finished=False))
    (sentence,) = summarize(tool, story(12).document, Options(mode="direct")).sentences
    assert sentence.flags[0] == Flag("unfinished", "One two three", "the model did not come to an end", "no_end")


def test_a_chunk_with_a_sentence_that_fails_is_read_once_more_and_the_good_try_taken() -> None:
    def answer(_task: Task, source: str, decoding: Decoding) -> str:
        return "Person 77777 ate the house." if decoding.num_beams == 1 else source.split(". ")[0].rstrip(".") + "."

    tool, _ = summarizer(answer)
    summary = summarize(tool, story(20), Options(length="short"))
    assert "77777" not in summary.text
    assert not any(s.extracted for s in summary.sentences)


def test_one_failing_sentence_beside_a_good_one_has_its_second_try_before_a_source_sentence_stands_in() -> None:
    def answer(_task: Task, source: str, decoding: Decoding) -> str:
        first, second, *_ = source.split(". ")
        return f"{first}. Person 77777 ate the house." if decoding.num_beams == 1 else f"{second.rstrip('.')}."

    tool, engine = summarizer(answer)
    summary = summarize(tool, story(20), Options(max_words=66))
    assert {engine.resolve(task, decoding).num_beams for task, _, decoding in engine.calls} == {1, 2}
    assert "77777" not in summary.text
    assert len(summary.sentences) > 1
    assert not any(s.extracted for s in summary.sentences)


def test_a_doubtful_sentence_gives_way_to_one_without_a_doubt() -> None:
    tool, _ = summarizer(lambda *_: "Person number 5 walked into house 5 and saw a cat. Person 6 saw 77777.")
    summary = summarize(tool, story(12), Options(max_words=10))
    assert summary.text == "Person number 5 walked into house 5 and saw a cat."


def test_what_would_not_be_told_anyway_has_no_second_try() -> None:
    tool, engine = summarizer(lambda *_: "Person number 5 walked into house 5 and saw a cat. Person 6 saw 77777.")
    summary = summarize(tool, story(12), Options(max_words=10))
    assert summary.text == "Person number 5 walked into house 5 and saw a cat."
    assert {engine.resolve(task, decoding).num_beams for task, _, decoding in engine.calls} == {1}


@pytest.mark.parametrize("words", [40, 55, 90, 180])
def test_the_asked_length_is_met_where_the_model_gives_too_little(words: int) -> None:
    tool, _ = summarizer(lambda *_: "Someone saw a cat there.")
    summary = summarize(tool, story(40), Options(max_words=words))
    assert abs(len(summary.text.split()) - words) <= words / 4


def test_too_few_sentences_make_the_text_be_read_in_smaller_chunks() -> None:
    tool, engine = summarizer(window=400)
    summarize(tool, story(60), Options(max_words=180))
    rows = [len(batch) for _, batch, _ in engine.calls]
    assert len({source for _, batch, _ in engine.calls for source in batch}) > max(rows)


def test_bullets_are_one_line_each_whatever_the_model_gives() -> None:
    tool, _ = summarizer(lambda *_: "- Person number 1 walked\ninto house 1.")
    lines = summarize(tool, story(20), Options(style="bullets", length="short")).text.splitlines()
    assert "- Person number 1 walked into house 1." in lines
    assert all(line.startswith("- Person") for line in lines)


def beam(*texts: str, finished: bool = True) -> Hypothesis:
    return with_alternatives([Hypothesis(text, len(text.split()), finished or not n) for n, text in enumerate(texts)])


def told(numbers: range) -> str:
    return " ".join(f"Person number {n} walked into house {n}." for n in numbers)


def test_of_a_beam_the_first_summary_that_has_the_asked_length_is_taken() -> None:
    texts = told(range(1, 3)), told(range(11, 16)), told(range(6, 11))
    tool, engine = summarizer(lambda *_: beam(*texts))
    assert summarize(tool, story(20), Options(max_words=35)).text == texts[1]
    assert len(engine.calls) == 1


def test_where_no_summary_of_a_beam_has_the_asked_length_or_an_end_the_best_is_taken() -> None:
    tool, _ = summarizer(lambda *_: beam(told(range(1, 3)), told(range(11, 30))))
    assert summarize(tool, story(60), Options(max_words=14)).text == told(range(1, 3))
    tool, _ = summarizer(lambda *_: beam(told(range(1, 3)), told(range(11, 16)), finished=False))
    assert "Person number 1 walked into house 1." in summarize(tool, story(20), Options(max_words=35)).text


@pytest.mark.parametrize(("words", "held"), [(50, {25, 15}), (100, {16, 24})], ids=["window", "length"])
def test_an_opening_fills_the_window_where_the_length_wants_fewer_chunks_and_else_is_the_shortest(
    words: int, held: set[int]
) -> None:
    tool, engine = summarizer(lambda *_: "Someone saw a cat there.", window=300)  # 40 sentences of 12 tokens
    tool.words_per_chunk = 50
    summarize(tool, story(40), Options(max_words=words))
    first = next(source for source in engine.calls[0][1] if source.startswith("Person number 0 "))
    assert {source.count("Person") for source in engine.calls[0][1]} == held
    assert first.count("Person") == (max(held) if words == 50 else min(held))


def test_what_stands_in_for_a_doubtful_opening_is_worth_more_than_what_comes_after() -> None:
    material = translation(
        "The consortium offered 97 billion dollars for the firm.",
        *(f"Someone walked into the big old house number {n} again." for n in range(20, 50)),
    )

    def answer(_task: Task, source: str, _search: ResolvedDecoding) -> str:
        first = source.split(". ")[0].rstrip(".") + "."
        return first.replace("97", "98").replace("offered", "of old offered")

    tool, _ = summarizer(answer, window=200)
    summary = summarize(tool, material, Options(max_words=10))
    assert summary.text == "The consortium offered 97 billion dollars for the firm."
    assert summary.sentences[0].extracted


def test_what_stands_in_carries_nothing_of_what_was_doubted_in_the_other() -> None:
    material = translation("The consortium offered 97 billion dollars for the firm.", "The cat is on the mat.")
    verifier = Verifier.of(EvidenceIndex.of(material))
    (wrong,) = verifier.verify([Candidate("The consortium offered 98 billion dollars for the firm?")])
    (other,) = verifier.replacements([wrong])
    assert (wrong.supported, wrong.flagged, wrong.low_priority) == (False, True, True)
    assert (other.extracted, other.flagged, other.low_priority) == (True, False, False)


def test_a_beam_is_not_asked_for_the_whole_length_where_several_chunks_share_it() -> None:
    tool, _ = summarizer(lambda *_: beam(told(range(1, 7)), told(range(11, 22))), window=300)
    tool.words_per_chunk = 40
    text = summarize(tool, story(40), Options(max_words=80)).text
    assert "Person number 11 " not in text


def test_the_opening_is_what_is_read_first() -> None:
    foreign = Sentence("Le chien dort au jardin.", 0, 24, "other", 0)
    material = story(40)
    pairs = [replace(p, source=replace(p.source, paragraph=n)) for n, p in enumerate(material.pairs, 1)]
    pairs = [Pair(foreign, foreign.text), *pairs]
    document = Document("id", None, material.document.text, tuple(p.source for p in pairs))
    tool, _ = summarizer(lambda _task, source, _search: source.split(". ")[0] + ".", window=200)
    summary = summarize(tool, Translation(document, tuple(pairs)), Options(max_words=12))
    assert summary.text == "Person number 0 walked into house 0 and saw a cat there."


def test_where_one_summary_is_asked_for_that_of_the_opening_is_it_if_it_has_the_length() -> None:
    def answer(_task: Task, source: str, _search: ResolvedDecoding) -> str:
        return " ".join(f"{sentence.rstrip('.')}." for sentence in source.split(". ")[:2])

    tool, _ = summarizer(answer, window=200)
    tool.words_per_chunk = 50
    numbers = [s.text.split()[2] for s in summarize(tool, story(40), Options(max_words=26)).sentences]
    assert numbers == ["0", "1"]
    longer = [s.text.split()[2] for s in summarize(tool, story(40), Options(max_words=40)).sentences]
    assert longer[:2] == ["0", "1"]
    assert len(longer) > 2


class Patient(FakeEngine):
    """An engine that says more where it is asked for a least length: so many of the source's sentences."""

    def __init__(self, sentences: int, window: int) -> None:
        super().__init__(lambda _task, source, _search: self._first(source, 1), window)
        self.sentences = sentences
        self.asked: list[tuple[list[str], int]] = []

    @staticmethod
    def _first(source: str, count: int) -> str:
        return " ".join(f"{sentence.rstrip('.')}." for sentence in source.split(". ")[:count])

    def generate(
        self,
        task: Task,
        sources: Sequence[str],
        decoding: Decoding,
        max_new_tokens: int,
        min_new_tokens: int = 0,
        on_step: OnStep = ignore_step,
    ) -> list[Hypothesis]:
        if not min_new_tokens:
            return super().generate(task, sources, decoding, max_new_tokens, 0, on_step)
        self.asked.append((list(sources), min_new_tokens))
        return [Hypothesis(self._first(source, self.sentences), min_new_tokens, True) for source in sources]


def test_an_opening_with_too_short_a_summary_is_summarised_again_at_about_the_asked_length() -> None:
    engine = Patient(4, window=200)
    tool = Summarizer(engine, words_per_chunk=50)
    numbers = [s.text.split()[2] for s in summarize(tool, story(40), Options(max_words=50)).sentences]
    assert numbers == ["0", "1", "2", "3"]
    ((sources, least),) = engine.asked
    assert [source.split()[2] for source in sources] == ["0"]
    assert 0.75 * 50 <= least <= 1.25 * 50


def test_an_opening_that_stays_short_or_gets_too_long_keeps_its_summary_and_later_chunks_join() -> None:
    for sentences in (2, 8):
        tool = Summarizer(Patient(sentences, window=200), words_per_chunk=50)
        numbers = [s.text.split()[2] for s in summarize(tool, story(40), Options(max_words=50)).sentences]
        assert numbers[0] == "0"
        assert len(numbers) > 1
        assert "1" not in numbers


def test_no_least_length_is_asked_for_where_several_chunks_share_it_or_a_summary_has_it() -> None:
    engine = Patient(4, window=200)
    summarize(Summarizer(engine, words_per_chunk=28), story(40), Options(max_words=90))
    summarize(Summarizer(engine, words_per_chunk=28), story(40), Options(max_words=12))
    assert engine.asked == []


def test_the_opposite_of_what_the_source_says_is_not_told_where_there_is_anything_else() -> None:
    targets = [f"Person number {n} walked into house {n} and saw a cat there." for n in range(12)]
    rows = [(f"Person Nummer {n} ging in Haus {n} und sah dort eine Katze.", text) for n, text in enumerate(targets)]
    rows[1] = ("Die Zahl der Katzen in Haus 1 ist gesunken.", "The number of cats in house 1 rose.")
    tool, _ = summarizer(lambda *_: f"{rows[1][1]} {rows[2][1]}")
    text, pairs = "", []
    for source, target in rows:
        sentence = Sentence(source, len(text), len(text) + len(source), "de", len(pairs))
        pairs.append(Pair(sentence, target))
        text += source + "\n"
    summary = summarize(
        tool, Translation(Document("id", None, text, tuple(p.source for p in pairs)), tuple(pairs)), Options()
    )
    assert rows[2][1] in summary.text
    assert rows[1][1] not in summary.text
