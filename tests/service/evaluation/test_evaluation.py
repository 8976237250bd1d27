import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.options import Options
from models.pipeline import Pipeline
from models.summarization.summarizer import Summarizer
from models.translation.translator import Translator
from service.evaluation.evaluation import evaluate_summary, evaluate_translation
from service.evaluation.references import Reference, read_references
from service.evaluation.scores import mean_score, rouge, translation_scores
from service.failures import CannotRead
from tests.fakes import FakeEngine

ARTICLE = (
    "Der Hund schläft im Garten. Er bellt nicht mehr. Die Nachbarn sind froh darüber. "
    "Am Abend kommt die Katze. Sie frisst aus dem Napf. Niemand sieht sie dabei."
)


def pipeline(engine: FakeEngine | None = None) -> Pipeline:
    engine = engine or FakeEngine()
    return Pipeline(Translator(engine), Summarizer(engine), {"preset": "fake"})


def read(path: Path, task: str = "translation", limit: int | None = None) -> tuple[list[Reference], list[int]]:
    """The references and the numbers of the lines that were complained about."""
    bad: list[int] = []
    return read_references(path, task, lambda line, _why: bad.append(line), limit), bad  # type: ignore[arg-type]


def test_columns_are_split_at_tabs_alone_and_quotes_are_plain_characters(tmp_path: Path) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_bytes(
        '\ufeff"Ja\tYes\tde-en\tnews\r\nEr sagte "so", \u2028 nicht so\tHe said "so"\n'.encode()
        + b'"quoted\tfield"\tx\n'
    )
    references, bad = read(path)
    assert references == [
        Reference(1, '"Ja', "Yes"),
        Reference(2, 'Er sagte "so", \u2028 nicht so', 'He said "so"'),
        Reference(3, '"quoted', 'field"'),
    ]
    assert bad == []


def test_bad_lines_are_numbered_and_the_others_used(tmp_path: Path) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_bytes(b"eins\tone\nzwei\n\tthree\nvier\t \n\xff\xfe\tfive\n\nsechs\tsix")
    references, bad = read(path)
    assert [r.line for r in references] == [1, 7]
    assert bad == [2, 3, 4, 5, 6]


def test_the_limit_counts_what_can_be_used(tmp_path: Path) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_text("bad\n" + "ja\tyes\n" * 5)
    references, bad = read(path, limit=2)
    assert [r.line for r in references] == [2, 3]
    assert bad == [1]


def test_compressed_files_read_like_plain_ones(tmp_path: Path) -> None:
    plain, packed = tmp_path / "a.tsv", tmp_path / "a.tsv.gz"
    plain.write_text("ja\tyes\nnein\tno\n")
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert read(plain) == read(packed)


@pytest.mark.parametrize(
    "damage", [b"not gzip at all", gzip.compress(b"ja\tyes\n" * 900, mtime=0)[:-20], b"\x1f\x8b\x08"]
)
def test_a_damaged_archive_is_one_sentence(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "a.tsv.gz"
    path.write_bytes(damage)
    with pytest.raises(CannotRead, match=r"Cannot be read: .*\."):
        read(path)


def test_utf_16_is_one_sentence_and_not_one_a_line(tmp_path: Path) -> None:
    path = tmp_path / "unicode.tsv"
    path.write_bytes("Hund\tdog\nKatze\tcat\n".encode("utf-16"))
    with pytest.raises(CannotRead, match="it is UTF-16, save it as UTF-8"):
        read_references(path, "translation", lambda line, why: pytest.fail(f"{line}: {why}"))


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CannotRead, match="No such file"):
        read(tmp_path / "none.tsv")


def test_articles_need_both_fields_as_texts(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    rows = [
        {"article": "Ein Text.", "summary": "A text.", "more": 1}, {"article": "Ein Text."}, ["a"], 3,
        {"article": "", "summary": "x"}, {"article": 1, "summary": "x"},
    ]  # fmt: skip
    path.write_text("\n".join(map(json.dumps, rows)) + "\n{broken\n" + "[" * 100_000 + "\n")
    references, bad = read(path, "summary")
    assert references == [Reference(1, "Ein Text.", "A text.")]
    assert bad == [2, 3, 4, 5, 6, 7, 8]


def test_equal_texts_score_100_and_foreign_ones_near_0() -> None:
    same = ["The dog sleeps in the garden.", "It does not bark any more today."]
    scores = translation_scores(same, same)
    assert scores["chrF"].value == pytest.approx(100)
    assert scores["BLEU"].value == pytest.approx(100)
    other = translation_scores(["xxx yyy zzz qqq", "vvv www uuu kkk"], same)
    assert other["chrF"].value < 5
    assert other["BLEU"].value == other["BLEU"].low == 0


def test_scores_are_sacrebleus_own_with_their_signatures() -> None:
    import sacrebleu

    targets = ["The dog is sleeping in the garden.", "It barks no more.", "The neighbours are glad of it."]
    wanted = ["The dog sleeps in the garden.", "It does not bark any more.", "The neighbours are happy about it."]
    scores = translation_scores(targets, wanted)
    assert scores["chrF"].value == sacrebleu.corpus_chrf(targets, [wanted]).score
    assert scores["BLEU"].value == sacrebleu.corpus_bleu(targets, [wanted]).score
    assert "version:" in (scores["chrF"].signature or "")
    assert "tok:13a" in (scores["BLEU"].signature or "")
    assert scores["chrF"].low < scores["chrF"].value < scores["chrF"].high


def test_rouge_counts_words_after_stemming() -> None:
    # "dogs sleeping" and "dog sleeps" share both stems; of three words each, the third differs: 2 of 3.
    assert rouge("dogs sleeping here", "dog sleeps there")["rouge1"] == pytest.approx(100 * 2 / 3)
    assert rouge("dogs sleeping here", "dog sleeps there")["rouge2"] == pytest.approx(50)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=40))
def test_the_interval_of_a_mean_lies_within_its_values_and_repeats(values: list[float]) -> None:
    score = mean_score(values)
    assert min(values) - 1e-9 <= score.low <= score.high <= max(values) + 1e-9
    assert mean_score(values) == score


def test_the_interval_of_a_mean_is_as_wide_as_theory_says() -> None:
    # 100 values, half 0 and half 100: the standard error of the mean is 50 / sqrt(100) = 5, so 95 % lie within 9.8.
    score = mean_score([0.0, 100.0] * 50)
    assert score.value == 50
    assert score.low == pytest.approx(40.2, abs=1.5)
    assert score.high == pytest.approx(59.8, abs=1.5)


def test_segments_of_several_sentences_are_one_target_each() -> None:
    references = [
        Reference(1, "Der Hund schläft. Er bellt nicht.", "And this is what they would say: Der Hund schläft. x"),
        Reference(2, "Kommentar schreiben", "And this is what they would say: Kommentar schreiben"),
    ]
    heard: list[tuple[int, int]] = []
    result = evaluate_translation(pipeline(), references, lambda _stage, done, total: heard.append((done, total)))
    assert result.count == 2
    assert 50 < result.scores["kurzum"]["chrF"].value < 100
    assert heard[-1] == (2, 2)
    assert {"score", "low", "high", "signature"} == result.to_dict()["scores"]["kurzum"]["chrF"].keys()


def test_nothing_to_evaluate_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="nothing to evaluate"):
        evaluate_translation(pipeline(), [])


def test_a_summary_stands_beside_lead_3_whole_and_cut_to_its_length() -> None:
    lead = " ".join(f"And this is what they would say: {s}." for s in ARTICLE.split(". ")[:3])
    result = evaluate_summary(
        pipeline(), [Reference(1, ARTICLE, lead)], Options(max_words=10), lambda *_: pytest.fail("complained")
    )
    assert result is not None
    assert list(result.scores) == ["kurzum", "lead-3", "lead-3 cut", "gain over lead-3 cut"]
    assert result.scores["lead-3"]["ROUGE-L"].value == pytest.approx(100)
    assert result.words["lead-3"] == len(lead.split())
    assert result.words["lead-3 cut"] == min(result.words["kurzum"], result.words["lead-3"])
    assert result.words["lead-3 cut"] < result.words["lead-3"]
    assert result.scores["lead-3 cut"]["ROUGE-1"].value < 100
    assert any(line.startswith("lead-3 cut           ROUGE-L") for line in result.lines())
    assert result.to_dict()["words"] == {k: round(v, 1) for k, v in result.words.items()}


def test_the_gain_is_the_mean_difference_to_lead_3_cut_article_by_article() -> None:
    # Three words of five against the first reference (F = 75), none against the second; the lead has none at all.
    wanted = ["Die Katze kommt am Abend.", "Der Hund schläft im Garten."]
    result = evaluate_summary(
        pipeline(FakeEngine(lambda task, source, _: "Die Katze kommt." if task == "direct" else f"And so: {source}")),
        [Reference(line, ARTICLE, target) for line, target in enumerate(wanted)],
        Options(max_words=10, mode="direct"),
        lambda *_: pytest.fail("complained"),
    )
    assert result is not None
    assert result.scores["lead-3 cut"]["ROUGE-2"].value == 0
    ours, cut, gain = (result.scores[name]["ROUGE-1"] for name in ("kurzum", "lead-3 cut", "gain over lead-3 cut"))
    assert (ours.value, ours.low, ours.high) == pytest.approx((37.5, 0, 75))
    assert cut.value < ours.value
    assert gain.value == pytest.approx(ours.value - cut.value)


def test_what_summaries_invent_is_counted_against_the_german_and_the_english() -> None:
    def invents(task: str, source: str, _search: object) -> str:
        if task == "translation":
            return {"Der Hund": "The dog of Mr Meier sleeps for 3 hours."}.get(source[:8], source)
        return "The dog of Mr Meier and Ms Schulz sleeps for 3 hours at 7.50 euros."

    # Screened by the program itself, the invented sentence would be replaced: direct mode leaves it.
    result = evaluate_summary(
        pipeline(FakeEngine(invents)),
        [Reference(1, "Der Hund von Herrn Meier schläft 3 Stunden. " * 2, "The dog sleeps.")],
        Options(max_words=10, mode="direct"),
        lambda *_: pytest.fail("complained"),
    )
    assert result is not None
    assert {name: (share.score.value, share.of) for name, share in result.shares.items()} == {
        "sentences not copied": (100, 1),
        "sentences extracted": (0, 1),
        "numbers not in article": (50, 2),
        "names not in article": (50, 4),  # Mr, Meier; Ms, Schulz
    }
    assert result.to_dict()["shares"]["numbers not in article"] == {"score": 50, "low": 50, "high": 50, "of": 2}
    assert "numbers not in article 50.0 [50.0, 50.0] % of 2" in [" ".join(line.split()) for line in result.lines()]


def test_lead_3_is_there_in_direct_mode_too() -> None:
    result = evaluate_summary(
        pipeline(), [Reference(1, ARTICLE, "The dog sleeps.")], Options(max_words=10, mode="direct"), lambda *_: None
    )
    assert result is not None
    assert result.words["lead-3"] > 10


def test_an_article_that_cannot_be_summarised_is_named_and_left_out() -> None:
    bad: list[tuple[int, str]] = []
    references = [Reference(4, "???", "x"), Reference(5, ARTICLE, "The dog sleeps.")]
    result = evaluate_summary(pipeline(), references, Options(), lambda line, why: bad.append((line, why)))
    assert result is not None
    assert result.count == 1
    assert [line for line, _ in bad] == [4]
    assert evaluate_summary(pipeline(), references[:1], Options(), lambda *_: None) is None
