"""Evidence points at the source sentences that a summary sentence rests on."""

from models.evidence import Index, support
from models.values import Document, Pair, Sentence, Summary, SummarySentence, Translation

PAIRS = [
    ("Der Hund schläft im Garten.", "The dog sleeps in the garden."),
    ("Das Konsortium bot 97,4 Milliarden Dollar.", "The consortium offered 97.4 billion dollars."),
    ("Altman lehnte das Angebot ab.", "Altman declined the offer."),
    ("Le chien dort au jardin.", "Le chien dort au jardin."),
]


def translation() -> Translation:
    text, pairs = "", []
    for number, (source, target) in enumerate(PAIRS):
        lang = "other" if source == target else "de"
        pairs.append(Pair(Sentence(source, len(text), len(text) + len(source), lang, number), target))
        text += source + "\n"
    document = Document("id", None, text, tuple(p.source for p in pairs))
    return Translation(document, tuple(pairs))


def test_the_best_source_comes_first_with_its_offsets() -> None:
    material = translation()
    (best, *_) = Index.of(material).evidence("A consortium has offered 97.4 billion.")
    assert material.document.text[best.start : best.end] == PAIRS[1][0]
    assert best.sentence == 1
    assert 0.5 < best.score <= 1


def test_a_sentence_merged_from_two_has_both_as_evidence() -> None:
    found = Index.of(translation()).evidence("Altman declined what the consortium offered.")
    assert {e.sentence for e in found} == {1, 2}


def test_what_nothing_supports_has_no_evidence() -> None:
    assert Index.of(translation()).evidence("Bananas are yellow.") == ()
    assert Index.of(translation()).evidence("...") == ()


def test_a_sentence_in_another_language_is_no_evidence() -> None:
    assert all(e.sentence != 3 for e in Index.of(translation()).evidence("Le chien dort au jardin."))


def test_a_document_without_translation_supports_by_its_own_words() -> None:
    found = Index.of(translation().document).evidence("The Konsortium offered 97,4 Milliarden.")
    assert found[0].sentence == 1


def test_support_adds_evidence_and_doubts_to_every_sentence() -> None:
    summary = Summary((SummarySentence("Altman declined 98 billion."), SummarySentence("The dog sleeps.")))
    first, second = support(summary, translation()).sentences
    assert [f.text for f in first.flags] == ["98 billion"]
    assert first.evidence[0].sentence == 2
    assert second.flags == ()
    assert second.evidence[0].sentence == 0
