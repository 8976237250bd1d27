import os
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.failures import CannotWrite
from service.folder.report_paths import LISTING_NAMES, LOCK_NAME, find_articles, report_file, report_paths

PART = st.one_of(
    st.sampled_from(
        ["a", "A", "ä", "a\u0308", "Ä", "ß", "ss", "a.json", "a.txt", "a.txt.json", *LISTING_NAMES, "SUMMARIES.md"]
    ),
    st.text(st.characters(exclude_characters="/\x00", exclude_categories=["Cs"]), min_size=1, max_size=6),
)
NAMES = st.lists(
    st.builds(
        lambda parts, suffix: PurePosixPath(*(p for p in parts if p not in (".", ".."))).with_name(parts[-1] + suffix),
        st.lists(PART.filter(lambda p: p not in (".", "..")), min_size=1, max_size=3),
        st.sampled_from([".txt", ".md", ".html", ".htm", ".HTML", ".Txt"]),
    ),
    unique=True,
    max_size=12,
)


def mapped(*names: str) -> dict[str, str]:
    return {str(k): str(v) for k, v in report_paths(map(PurePosixPath, names)).items()}


@given(NAMES)
def test_every_source_has_a_report_of_its_own_on_any_file_system(sources: list[PurePosixPath]) -> None:
    reports = report_paths(sources)
    assert list(reports) == sources
    for compare in (str, lambda p: str(p).casefold(), lambda p: str(p).upper().lower()):
        names = [compare(path) for path in reports.values()]
        assert len(set(names)) == len(names)
        folders = {compare(folder) for path in reports.values() for folder in path.parents}
        assert not folders & {*names, *LISTING_NAMES}
        assert not {*names} & {*LISTING_NAMES, LOCK_NAME}
    for path in reports.values():
        assert not path.is_absolute()
        assert ".." not in path.parts
        assert path.suffix == ".json"


@given(NAMES)
def test_the_order_in_which_files_are_found_changes_no_name(sources: list[PurePosixPath]) -> None:
    assert report_paths(sources) == report_paths(reversed(sources))


def test_the_suffix_is_replaced_and_kept_only_where_two_would_collide() -> None:
    assert mapped("a.txt", "b/a.html", "b/c.md", "b/c.htm") == {
        "a.txt": "a.json",
        "b/a.html": "b/a.json",
        "b/c.md": "b/c.md.json",
        "b/c.htm": "b/c.htm.json",
    }


def test_a_kept_suffix_that_meets_another_report_gives_that_one_its_suffix_too() -> None:
    assert mapped("a.txt", "a.md", "a.txt.html") == {
        "a.txt": "a.txt.json",
        "a.md": "a.md.json",
        "a.txt.html": "a.txt.html.json",
    }


def test_names_that_differ_in_case_alone_get_digits() -> None:
    names = mapped("a.txt", "A.txt")
    assert names["a.txt"].startswith("a.txt.")
    assert names["a.txt"].lower() != names["A.txt"].lower()


def test_a_report_never_stands_where_a_folder_must_be() -> None:
    assert mapped("a.txt", "a.json/b.txt") == {"a.txt": "a.txt.json", "a.json/b.txt": "a.json/b.json"}


def test_a_folder_named_like_a_listing_gives_way() -> None:
    assert mapped("summaries.md/a.txt", "b/summaries.md/a.txt", "summaries.txt") == {
        "summaries.md/a.txt": "summaries.md_/a.json",
        "b/summaries.md/a.txt": "b/summaries.md/a.json",
        "summaries.txt": "summaries.json",
    }


def test_articles_are_found_by_suffix_sorted_and_hidden_ones_left_out(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/y.HTML", "c.htm", ".hidden.txt", ".git/x.txt", "picture.png", "a.txt/inner.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    found = find_articles(tmp_path, tmp_path / "out")
    assert [str(p) for p in found.articles] == ["a/y.HTML", "a/z.md", "a.txt/inner.txt", "b.txt", "c.htm"]
    assert (found.closed, found.passed_over) == ({}, ())


def test_output_folders_are_left_out_this_runs_and_those_of_others(tmp_path: Path) -> None:
    for name in ("a.txt", "out/summaries.md", "other/summaries.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "other" / LOCK_NAME).touch()
    found = find_articles(tmp_path, tmp_path / "x" / ".." / "out")
    assert [str(p) for p in found.articles] == ["a.txt"]


def test_links_to_files_count_broken_ones_too_and_loops_of_folders_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "far.txt").write_text("x")
    (tmp_path / "in" / "near.txt").symlink_to(tmp_path / "far.txt")
    (tmp_path / "in" / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    (tmp_path / "in" / "self.txt").symlink_to("self.txt")
    (tmp_path / "in" / "loop").symlink_to(tmp_path / "in")
    found = find_articles(tmp_path / "in", tmp_path / "out")
    assert [str(p) for p in found.articles] == ["gone.txt", "near.txt", "self.txt"]
    assert [str(p) for p in found.passed_over] == ["loop"]


def test_a_pipe_with_the_name_of_an_article_is_one_that_cannot_be_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert find_articles(tmp_path, tmp_path / "out").articles == (PurePosixPath("pipe.txt"),)


@pytest.mark.parametrize("stem", ["a" * 251, "ä" * 125 + "a", "a" * 250])
def test_a_name_as_long_as_the_file_system_allows_gets_a_report_with_a_name_that_fits(
    tmp_path: Path, stem: str
) -> None:
    source = PurePosixPath(f"{stem}.txt")
    (tmp_path / source).write_text("x")
    (report,) = report_paths([source]).values()
    (tmp_path / report).write_text("x")
    assert report.suffix == ".json"


def test_two_long_names_with_the_same_beginning_get_reports_of_their_own() -> None:
    sources = [PurePosixPath("a" * 250 + f"{number}.txt") for number in range(2)]
    assert len(set(report_paths(sources).values())) == 2


def test_a_closed_folder_is_told_and_the_rest_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "a.txt").write_text("x")
    scandir = os.scandir

    def guarded(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    found = find_articles(tmp_path, tmp_path / "out")
    assert [str(p) for p in found.articles] == ["a.txt"]
    assert found.closed == {PurePosixPath("closed"): "Cannot be opened: Permission denied."}


def test_a_link_out_of_the_output_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "out" / "real").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out" / "sub").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "out" / "alias").symlink_to("real")
    with pytest.raises(CannotWrite, match="sub/deep is a link that leads out"):
        report_file(tmp_path / "out", PurePosixPath("sub/deep/a.json"))
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert report_file(tmp_path / "out", PurePosixPath("alias/a.json")) == tmp_path / "out" / "real" / "a.json"


def test_a_file_where_a_folder_must_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "sub").write_text("x")
    with pytest.raises(CannotWrite, match="cannot be made"):
        report_file(tmp_path, PurePosixPath("sub/a.json"))
