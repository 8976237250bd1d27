"""The hash of the code, by which a run knows that its reports were made by another version."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from service.folder.code import code_digest, installed_code

ROOT = Path(__file__).parents[3]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    for name in ("__init__.py", "checks/data.tsv", "training/train.py", "embedded/adapter/weights", "README.md"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("one")
    return folder


@pytest.mark.parametrize("name", ["__init__.py", "checks/data.tsv", "checks/new.py"])
def test_a_change_of_a_source_or_a_data_file_is_other_code(package: Path, name: str) -> None:
    before = code_digest([package])
    (package / name).write_text("two")
    assert code_digest([package]) != before


def test_a_file_under_another_name_is_other_code(package: Path) -> None:
    before = code_digest([package])
    (package / "checks" / "data.tsv").rename(package / "checks" / "other.tsv")
    assert code_digest([package]) != before


@pytest.mark.parametrize(
    "name", ["README.md", "training/train.py", "embedded/adapter/weights", "__pycache__/__init__.cpython-311.pyc"]
)
def test_what_changes_no_report_is_no_other_code(package: Path, name: str) -> None:
    before = code_digest([package])
    (package / name).parent.mkdir(exist_ok=True)
    (package / name).write_text("two")
    assert code_digest([package]) == before


def test_the_code_of_this_checkout_is_that_of_its_folders() -> None:
    assert installed_code() == code_digest([ROOT / "models", ROOT / "service"])


@pytest.mark.slow
def test_a_changed_checkout_does_every_file_again(tmp_path: Path) -> None:
    for name in ("models", "service"):
        skip = shutil.ignore_patterns("__pycache__", "training", "adapter")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=skip)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("Der Hund schläft im Garten. Die Katze sitzt auf dem Dach.")
    program = "from service.cli.main import main; main()"
    command = [sys.executable, "-c", program, "batch", "--preset", "standard", "--summary-lang", "de", "in", "out"]

    def batch() -> str:
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    assert batch() == "a.txt -> a.json\n"
    assert batch() == "a.txt -> a.json (unchanged)\n"
    with (tmp_path / "models" / "values.py").open("a") as file:
        file.write("# Another comment.\n")
    assert batch() == "a.txt -> a.json\n"
