"""Evidence points at the source sentences that a summary sentence rests on."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.evidence.attribution import attribute
from models.evidence.index import EvidenceIndex
from models.loading.pipeline import build_pipeline
from models.loading.settings import LoadSettings
from models.values import Document, Flag, Lang, Pair, Sentence, Summary, SummarySentence, Translation
from tests.benchmarks.evidence import document, measure, translation
from tests.benchmarks.questions import Question, documents, merged, questions, shortened
from tests.conftest import DATA

HERE = Path(__file__).parent
# Made-up articles: the German, a middling translation of it, and what a person would say, a sentence a line.
FERRY, BEES = (
    [line.split("\t") for line in (HERE / f"article_{name}.tsv").read_text(encoding="utf-8").splitlines()]
    for name in ("ferry", "bees")
)
PAIRS = [
    ("Der Hund schläft im Garten.", "The dog sleeps in the garden."),
    ("Das Konsortium bot 97,4 Milliarden Dollar.", "The consortium offered 97.4 billion dollars."),
    ("Altman lehnte das Angebot ab.", "Altman declined the offer."),
    ("Le chien dort au jardin.", "Le chien dort au jardin."),
    ("The shares rose by two per cent.", "The shares rose by two per cent."),
]
LANGS: tuple[Lang, ...] = ("de", "de", "de", "other", "en")


def mixed() -> Translation:
    """An article of German, French and English sentences."""
    text, pairs = "", []
    for number, ((source, target), lang) in enumerate(zip(PAIRS, LANGS, strict=True)):
        pairs.append(Pair(Sentence(source, len(text), len(text) + len(source), lang, number), target))
        text += source + "\n"
    return Translation(Document("id", None, text, tuple(p.source for p in pairs)), tuple(pairs))


def test_what_is_doubted_in_the_translation_that_a_sentence_rests_on_is_doubted_in_the_sentence() -> None:
    material = mixed()
    doubts = (
        Flag("name", "Odette", "not in the source", "added"),
        Flag("name", "Chancellor", "not in the source", "added"),  # an office in English
        Flag("name", "Altman", "not in the source", "added"),  # elsewhere in the German
        Flag("number", "97,4", "not in the translation", "missing"),
    )
    pair = replace(material.pairs[1], target="Odette's Chancellor offered Altman 97.4 billion dollars.", flags=doubts)
    material = replace(material, pairs=(material.pairs[0], pair, *material.pairs[2:]))
    told = [
        "Odette's Chancellor offered Altman 97.4 billion dollars.",
        "The Odettes offered Altman 97.4 billion dollars.",
        "The dog sleeps in the garden of Odette.",
    ]
    first, *others = attribute(Summary(tuple(map(SummarySentence, told))), EvidenceIndex.of(material)).sentences
    assert first.flags == doubts[:1]
    assert not [flag for sentence in others for flag in sentence.flags if flag.cause == "added"]


def test_a_doubt_is_told_once_as_it_was_told_first() -> None:
    material = mixed()
    known = Flag("name", "Musk", "told before", "added")
    summary = Summary((SummarySentence("Musk declined the offer.", (known,)),))
    (sentence,) = attribute(summary, EvidenceIndex.of(material)).sentences
    assert sentence.flags == (known,)


def article(rows: list[list[str]], *, german_only: bool = False) -> Translation | Document:
    german, english, _ = zip(*rows, strict=True)
    return document(german) if german_only else translation(german, english)


def test_the_best_source_comes_first_with_its_offsets() -> None:
    material = mixed()
    (best, *_) = EvidenceIndex.of(material).evidence("A consortium has offered 97.4 billion.")
    assert material.document.text[best.start : best.end] == PAIRS[1][0]
    assert best.sentence == 1
    assert 0.5 < best.score <= 1


def test_a_sentence_merged_from_two_has_both_as_evidence() -> None:
    found = EvidenceIndex.of(mixed()).evidence("Altman declined what the consortium offered.")
    assert {e.sentence for e in found} == {1, 2}


@pytest.mark.parametrize("text", ["Bananas are yellow.", "...", "", "–", "I"])
def test_what_nothing_supports_has_no_evidence(text: str) -> None:
    assert EvidenceIndex.of(mixed()).evidence(text) == ()


def test_a_sentence_in_another_language_is_no_evidence() -> None:
    assert all(e.sentence != 3 for e in EvidenceIndex.of(mixed()).evidence("Le chien dort au jardin."))


def test_an_english_sentence_of_a_german_article_is_evidence() -> None:
    assert EvidenceIndex.of(mixed()).evidence("Shares were up two per cent.")[0].sentence == 4


def test_the_german_is_found_where_its_translation_went_wrong() -> None:
    material = translation([german for german, *_ in FERRY], ["It is said to be a matter of the thing."] * len(FERRY))
    assert EvidenceIndex.of(material).evidence("Fishermen carry medicine over from the mainland.")[0].sentence == 6


def test_an_article_without_translation_supports_english_and_german_sentences() -> None:
    index = EvidenceIndex.of(article(FERRY, german_only=True))
    assert index.evidence("Fishermen carry medicine over from the mainland.")[0].sentence == 6
    assert index.evidence("Fischer bringen Medikamente vom Festland.")[0].sentence == 6


def test_a_german_summary_is_compared_with_the_german() -> None:
    index = EvidenceIndex.of(article(FERRY, german_only=True))
    (only,) = index.evidence(FERRY[4][0])
    assert (only.sentence, only.score) == (4, 1.0)
    assert index.coverage(FERRY[4][0]) == 1.0


def test_an_article_without_a_readable_sentence_supports_nothing() -> None:
    sentence = Sentence("Le chien dort.", 0, 14, "other", 0)
    index = EvidenceIndex.of(Document("id", None, sentence.text, (sentence,)))
    assert index.evidence("The dog sleeps.") == ()
    assert index.coverage("The dog sleeps.") == 0


@settings(deadline=None)  # The first example loads the encoder and may wait for a busy machine.
@given(st.text(max_size=60) | st.lists(st.sampled_from(" ".join(p[1] for p in PAIRS).split())).map(" ".join))
def test_whatever_is_asked_the_evidence_is_in_order_and_points_at_sentences(text: str) -> None:
    material = mixed()
    found = EvidenceIndex.of(material).evidence(text)
    assert len({e.sentence for e in found}) == len(found) <= 3
    assert [e.score for e in found] == sorted((e.score for e in found), reverse=True)
    for e in found:
        assert 0 < e.score <= 1
        assert material.document.text[e.start : e.end] == PAIRS[e.sentence][0]


def test_coverage_is_the_share_that_two_sentences_hold() -> None:
    index = EvidenceIndex.of(mixed())
    assert index.coverage("The dog sleeps; Altman declined the offer.") == pytest.approx(1)
    assert 0.4 < index.coverage("The dog sleeps; bananas ripen.") < 0.6
    assert index.coverage("The dog sleeps, Altman declined, shares rose.") < 0.9
    assert index.coverage("Bananas ripen.") == 0


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("Altman offered 97.4 billion dollars.", set()),  # In the sentence after it.
        ("The consortium of Altman slept in the garden.", {"altma"}),
        ("Altman declined the offer of the Garden.", {"garde"}),
        ("The shares rose by 97.4 per cent.", {"974"}),
        ("Garden shares rose by two per cent.", set()),  # An ordinary word whose capital comes from its place.
        ("Altman slept in the garden with the dog.", {"altma"}),
        ("The dog of Odette sleeps in the garden.", set()),  # A name that the article does not hold.
    ],
)
def test_names_and_numbers_that_stand_elsewhere_than_the_rest_are_apart(text: str, apart: set[str]) -> None:
    assert EvidenceIndex.of(mixed()).out_of_context_facts(text) == apart


def test_whoever_the_article_names_again_and_again_is_not_apart() -> None:
    told = ["Musk came to Berlin.", "Rain fell.", "Snow lay in the valley.", "Hail fell.", "Musk left."]
    index = EvidenceIndex.of(translation(told, told))
    assert index.out_of_context_facts("Musk saw that snow lay in the valley.") == set()
    assert index.out_of_context_facts("Snow lay in the valley of Berlin.") == {"berli"}


def test_a_number_is_apart_as_a_whole_and_not_in_pieces() -> None:
    told = ["Rents rose by 3.5 per cent.", "It rained on 5 days.", "It snowed in 3 valleys.", "Vienna grew last year."]
    index = EvidenceIndex.of(translation(told, told))
    assert index.out_of_context_facts("Vienna grew last year by 3.5 per cent.") == {"35"}
    told = ["About 1,000 people live there.", "It rained.", "It snowed.", "The firm paid 97 thousand dollars for it."]
    assert (
        EvidenceIndex.of(translation(told, told)).out_of_context_facts("The firm paid 97,000 dollars for it.") == set()
    )


def test_whoever_a_pronoun_speaks_of_may_be_named() -> None:
    told = ["Olaf Scholz opened the session.", "He thanked his guests.", "He promised money for schools.", "It rained."]
    index = EvidenceIndex.of(translation(told, told))
    assert index.out_of_context_facts("Scholz promised money for schools.") == set()
    told[1:3] = ["The guests thanked him.", "The chancellor promised money for schools."]
    assert EvidenceIndex.of(translation(told, told)).out_of_context_facts("Scholz promised money for schools.") == {
        "schol"
    }


def test_where_there_is_no_other_sentence_nothing_is_apart() -> None:
    sentence = Sentence("Musk kauft OpenAI.", 0, 18, "de", 0)
    document = Document("id", None, sentence.text, (sentence,))
    one = Translation(document, (Pair(sentence, "Musk buys OpenAI."),))
    assert EvidenceIndex.of(one).out_of_context_facts("Musk buys OpenAI.") == set()
    assert EvidenceIndex.of(Document("id", None, "", ())).out_of_context_facts("Musk buys OpenAI.") == set()


@pytest.mark.parametrize(("rows", "other"), [(FERRY, BEES), (BEES, FERRY)], ids=["ferry", "bees"])
@pytest.mark.parametrize("german_only", [False, True], ids=["translated", "german only"])
def test_what_a_person_would_say_leads_back_to_its_source(
    rows: list[list[str]], other: list[list[str]], german_only: bool
) -> None:
    own = EvidenceIndex.of(article(rows, german_only=german_only))
    foreign = EvidenceIndex.of(article(other, german_only=german_only))
    asked = [(q, own, foreign) for q in questions([(german, human) for german, _, human in rows])]
    assert len(asked) >= 14
    figures = measure(asked)["all"]
    assert figures["first"] >= 0.9
    assert figures["in three"] >= 0.95
    assert figures["foreign"] <= 0.2


def test_support_adds_evidence_and_doubts_to_every_sentence() -> None:
    summary = Summary((SummarySentence("Altman declined 98 billion."), SummarySentence("The dog sleeps.")))
    first, second = attribute(summary, EvidenceIndex.of(mixed())).sentences
    assert [f.text for f in first.flags] == ["98 billion"]
    assert first.evidence[0].sentence == 2
    assert second.flags == ()
    assert second.evidence[0].sentence == 0


def test_questions_are_shortened_and_merged_as_a_summary_would() -> None:
    assert shortened("On Monday, the mayor (CDU) left, because he was ill.") == "The mayor left, because he was ill."
    assert shortened("The mayor of Talheim left the hall, because he was ill.") == "The mayor of Talheim left the hall."
    assert shortened("The mayor, who had long been ill, also left the hall, he said.") == "The mayor left the hall."
    assert merged("The mayor left.", "He was ill.") == "The mayor left, and he was ill."
    assert merged("The mayor left.", "Berlin is far.") == "The mayor left, and Berlin is far."


def test_the_measure_tells_right_from_wrong() -> None:
    own, foreign = EvidenceIndex.of(article(BEES)), EvidenceIndex.of(article(FERRY))
    right, wrong = Question("k", BEES[7][2], frozenset({7})), Question("k", BEES[7][2], frozenset({0}))
    figures = measure([(right, own, foreign), (wrong, own, own)])["k"]
    assert (figures["first"], figures["in three"], figures["foreign"]) == (0.5, 0.5, 0.5)


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted((DATA / "parallel").glob("dev.newstest2019*")), ids=lambda p: p.name)
def test_human_sentences_lead_back_to_their_german_source(path: Path, cache: Path) -> None:
    chosen = documents(path)[15:28:12]
    translator = build_pipeline(LoadSettings(cache=cache)).translator
    indices = []
    for rows in chosen:
        rendered = translator.translate_texts([german for german, _ in rows])
        indices.append(EvidenceIndex.of(translation([g for g, _ in rows], [rendered[g].target for g, _ in rows])))
    other = [*indices[1:], indices[0]]
    figures = measure(
        [(q, own, far) for rows, own, far in zip(chosen, indices, other, strict=True) for q in questions(rows)]
    )["all"]
    assert figures["sentences"] >= 100
    assert figures["first"] >= 0.9
    assert figures["in three"] >= 0.97
    assert figures["foreign"] <= 0.1
