"""What the documents tell a reader to type works: links, commands, modules, requests and the README's Python."""

import json
import re
import shlex
from importlib.util import find_spec
from pathlib import Path

import click
import pytest

from models.pipeline import Pipeline
from models.summarization.summarizer import Summarizer
from models.translation.translator import Translator
from service.cli.main import kurzum
from tests.fakes import FakeEngine
from tests.service.http.stub import StubPipeline, client_of

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("models/*/*.md")])
README_LINES = 110


def _blocks(language: str) -> list[tuple[str, str]]:
    """(document, text) of each fenced block in a language, continued lines joined."""
    found = []
    for path in DOCUMENTS:
        for block in re.findall(rf"^```{language}\n(.*?)^```$", path.read_text("utf-8"), re.MULTILINE | re.DOTALL):
            found.append((path.name, re.sub(r"\\\n\s*", "", block)))
    return found


def _lines(start: str) -> list[str]:
    """The commands in shell blocks that begin with `start`, without their comments."""
    lines = [line for _, block in _blocks("sh") for line in block.splitlines()]
    plain = [line.removeprefix(".venv/bin/") for line in lines]
    return sorted({line.split("  #")[0].strip() for line in plain if line.startswith(start)})


def test_the_readme_can_be_read_in_minutes() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= README_LINES


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_lead_to_files_of_the_repository(path: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text("utf-8"))
    missing = [t for t in targets if not t.startswith("http") and not (path.parent / t).exists()]
    assert missing == []


@pytest.mark.parametrize("line", _lines("kurzum "))
def test_commands_are_known_with_all_their_options(line: str) -> None:
    words = shlex.split(line.split("<")[0].split("|")[0])[1:]
    command: click.Command = kurzum
    context = click.Context(command, info_name="kurzum")
    while isinstance(command, click.Group):
        command = command.commands[words.pop(0)]
        context = click.Context(command, parent=context)
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    assert [word for word in words if word.startswith("--") and word.split("=")[0] not in known] == []


MODULES = sorted(
    {name for path in DOCUMENTS for name in re.findall(r"python -m ([a-z_.0-9]+)", path.read_text("utf-8"))}
)


@pytest.mark.parametrize("module", MODULES)
def test_modules_that_are_run_exist(module: str) -> None:
    assert find_spec(module) is not None


@pytest.mark.parametrize("line", _lines("make "))
def test_targets_of_make_exist(line: str) -> None:
    assert re.search(rf"^{line.split()[1]}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("line", _lines("curl "))
def test_requests_are_answered(line: str) -> None:
    words = shlex.split(line)
    url = next(word for word in words if word.startswith("http"))
    headers = dict(words[i + 1].split(": ") for i, word in enumerate(words) if word == "-H")
    data = next(words[i + 1] for i, word in enumerate(words) if word in ("-d", "--data-binary"))
    body = (ROOT / data[1:]).read_bytes() if data.startswith("@") else data.encode()
    with client_of(StubPipeline()) as client:
        answer = client.post(url.split("8000", 1)[1], content=body, headers=headers)
    assert answer.status_code == 200
    assert json.loads(answer.text) if "Accept" not in headers else answer.text


def test_the_python_of_the_readme_prints_each_sentence_with_its_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ((_, program),) = [block for block in _blocks("python") if block[0] == "README.md"]
    engine = FakeEngine()
    fake = Pipeline(Translator(engine), Summarizer(engine), {})
    monkeypatch.setattr("models.loading.pipeline.build_pipeline", lambda *_: fake)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "article.txt").write_text("Der Hund schläft im Garten der Familie Meier.", encoding="utf-8")
    exec(program, {})
    assert "['Der Hund schläft im Garten der Familie Meier.']" in capsys.readouterr().out
