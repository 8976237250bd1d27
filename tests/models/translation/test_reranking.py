"""What is near to its source in meaning comes before what is merely likelier; nothing of a beam is lost."""

import pytest

from models.decoding import Decoding, Hypothesis, ResolvedDecoding, Task, with_alternatives
from models.translation import reranking
from models.translation.reranking import rerank
from models.translation.translator import Translator
from tests.fakes import FakeEngine

SOURCES = ("Zwei Männer wurden bei dem Unfall leicht verletzt.", "Die Mannschaft hat zweimal unerwartet gewonnen.")
BEAMS = (
    ("In the accident, two men were killed.", "Two men were slightly injured in the accident.", "Two men had fun."),
    ("The team suffered two unexpected defeats.", "The team unexpectedly won twice.", "The team plays tomorrow."),
)


def beam(texts: tuple[str, ...], scores: tuple[float, ...] = (-0.50, -0.52, -0.54)) -> Hypothesis:
    return with_alternatives([Hypothesis(text, 8, True, score) for text, score in zip(texts, scores, strict=True)])


def test_of_hypotheses_about_as_likely_the_one_that_says_what_the_source_says_comes_first() -> None:
    found = rerank(SOURCES, [beam(texts) for texts in BEAMS])
    assert [best.text for best in found] == [texts[1] for texts in BEAMS]
    for best, texts in zip(found, BEAMS, strict=True):
        assert {best.text, *(other.text for other in best.alternatives)} == set(texts)
        assert not any(other.alternatives for other in best.alternatives)


def test_what_is_far_likelier_stays_first() -> None:
    found = rerank(SOURCES, [beam(texts, (-0.1, -2.5, -2.6)) for texts in BEAMS])
    assert [best.text for best in found] == [texts[0] for texts in BEAMS]


def test_likely_is_what_the_search_held_for_likely() -> None:
    alike = "Two men were slightly injured."
    short, long = Hypothesis(alike, 9, True, -0.50), Hypothesis(alike, 20, False, -0.48)  # both of them 10 and 20 ids
    assert rerank(SOURCES[:1], [with_alternatives([short, long])])[0].tokens == 20
    assert rerank(SOURCES[:1], [with_alternatives([long, short])], length_penalty=0.5)[0].tokens == 9


def test_of_equal_hypotheses_the_first_stays() -> None:
    twins = with_alternatives([Hypothesis("Two men were hurt.", tokens, True, -0.5) for tokens in (5, 6)])
    assert rerank(SOURCES[:1], [twins])[0].tokens == 5


def test_where_there_is_no_choice_nothing_is_encoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reranking, "embed", lambda texts: pytest.fail("encoded"))
    alone = [Hypothesis(texts[0], 8, True) for texts in BEAMS]
    assert rerank(SOURCES, alone) == alone
    assert rerank((), []) == []


def test_a_beam_beside_one_without_choice_keeps_its_place() -> None:
    alone = Hypothesis("Nothing else.", 3, True)
    found = rerank((SOURCES[0], "Sonst nichts.", SOURCES[1]), [beam(BEAMS[0]), alone, beam(BEAMS[1])])
    assert [best.text for best in found] == [BEAMS[0][1], "Nothing else.", BEAMS[1][1]]


def test_an_empty_hypothesis_is_ranked_like_any_other() -> None:
    found = rerank(SOURCES[:1], [beam(("", "Two men were slightly injured in the accident.", " "))])
    assert found[0].text == BEAMS[0][1]


def test_the_translator_takes_the_nearest_and_of_these_what_agrees_with_the_source() -> None:
    source = "Bei dem Unfall wurden 12 Männer leicht verletzt."
    texts = ("12 men were killed in the accident.", "13 men were slightly injured in the accident.")
    right = "12 men were lightly injured at the accident."

    def answer(_task: Task, _source: str, _search: ResolvedDecoding) -> Hypothesis:
        return beam((*texts, right))

    rendered = Translator(FakeEngine(answer), Decoding(num_beams=3, num_return_sequences=3)).translate_texts([source])
    assert rendered[source].target == right
    assert rendered[source].flags == ()
