"""The summary as a reader sees it."""

from hypothesis import given
from hypothesis import strategies as st

from models.values import Evidence, Flag, SummarySentence
from service.folder.footnotes import EXTRACTED_LEGEND, UNSOURCED_LEGEND, Footnotes, shorten
from tests.service.reports import report_with

SOURCE = "Das Konsortium bot Geld. Altman lehnte ab. Der Hund schläft."
OFFER, DECLINED, DOG = Evidence(0, 0, 24, 0.9), Evidence(1, 25, 42, 0.5), Evidence(2, 43, 60, 0.1)
SENTENCES = (
    SummarySentence("Altman declined.", (), (DECLINED, OFFER, DOG)),
    SummarySentence(
        "They offered 9 dollars.", (Flag("number", "9", "not in the article", "added"),), (OFFER,), extracted=True
    ),
    SummarySentence("Bananas are yellow."),
)


def test_sources_are_numbered_as_the_summary_comes_to_them_and_weak_further_ones_left_out() -> None:
    assert Footnotes.of(report_with(SENTENCES, SOURCE)).lines() == [
        "Altman declined. [1, 2] They offered 9 dollars. [2*] [!1] Bananas are yellow. [?]",
        "",
        "Doubts",
        "  [!1] number “9”: not in the article",
        "",
        "Sources",
        "  [1] 25–42  Altman lehnte ab.",
        "  [2] 0–24  Das Konsortium bot Geld.",
        "",
        EXTRACTED_LEGEND["en"],
        "",
        UNSOURCED_LEGEND,
    ]


def test_a_weak_source_that_is_the_only_one_is_named() -> None:
    notes = Footnotes.of(report_with([SummarySentence("The dog.", (), (DOG,))], SOURCE))
    assert [source.text for source in notes.sources] == ["Der Hund schläft."]


def test_an_extracted_sentence_of_a_german_summary_is_its_source_and_no_translation() -> None:
    own = SummarySentence("Altman lehnte ab.", (), (DECLINED,), extracted=True)
    notes = Footnotes.of(report_with([own], SOURCE, lang="de"))
    assert notes.lines()[-1] == "* extracted: the sentence is its source as it stands"


def test_points_stay_points_and_what_has_no_source_says_so() -> None:
    lines = ["- Bananas are yellow. [?]"] * 2 + ["", UNSOURCED_LEGEND]
    assert Footnotes.of(report_with(SENTENCES[2:] * 2, SOURCE, style="bullets")).lines() == lines


def test_nothing_is_said_of_what_is_not_there() -> None:
    assert Footnotes.of(report_with(SENTENCES[:1], SOURCE)).legend == ()


def test_on_a_terminal_no_line_is_wider_than_it_and_marks_stay_whole() -> None:
    text = "Das Konsortium bot " + "sehr " * 40 + "viel Geld."
    said = SummarySentence(
        "A long sentence that goes on and on for more than a line. " * 3, (), (Evidence(0, 0, len(text), 1),)
    )
    lines = Footnotes.of(report_with([said, said], text, style="bullets")).lines(50)
    assert max(map(len, lines)) <= 50
    assert sum(line.endswith("[1]") for line in lines) == 2
    assert lines[-1].startswith("  [1] 0–229  Das Konsortium bot sehr")
    assert lines[-1].endswith("sehr…")


@given(st.text(), st.text(), st.integers(1, 100))
def test_nothing_that_disturbs_a_terminal_comes_through(said: str, source: str, width: int) -> None:
    flag = Flag("name", said + "\x1b[31m", "in \x07 source", "added")
    sentence = SummarySentence(said + "\x1b[2J\u202e", (flag,), (Evidence(0, 0, len(source), 1.0),))
    for columns in (None, width):
        for line in Footnotes.of(report_with([sentence], source)).lines(columns):
            assert line.isprintable()


@given(st.text(), st.integers(2, 40))
def test_a_shortened_text_fits_and_says_that_it_is_short(text: str, room: int) -> None:
    short = shorten(text, room)
    assert len(short) <= room
    assert short == shorten(text, None) or short.endswith("…")
