"""The rules that hold the two packages apart, read off the source itself."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = {"torch", "transformers", "ctranslate2", "trafilatura", "fastapi", "sacrebleu"}


def imports(path: Path, *, top_level: bool) -> set[str]:
    """First names of all modules that a file imports; with `top_level`, only those outside functions."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if top_level and id(node) in inside:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path} imports relatively"
            found.add(node.module.split(".")[0])
    return found


MODELS = sorted((ROOT / "models").rglob("*.py"))


@pytest.mark.parametrize("path", MODELS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_models_never_imports_service_nor_the_web_nor_the_environment(path: Path) -> None:
    assert not imports(path, top_level=False) & {"service", "fastapi", "starlette", "uvicorn", "click"}
    source = path.read_text(encoding="utf-8")
    assert "os.environ" not in source
    assert "getenv" not in source


# Training runs by itself; what computes in torch is imported by its engine alone, inside a function.
COMPUTES = {"models/engines/gemma3_int8/model.py", "models/engines/gemma3_int8/beam_search.py"}


@pytest.mark.parametrize(
    "path",
    [p for p in MODELS if p.parent.name != "training" and p.relative_to(ROOT).as_posix() not in COMPUTES],
    ids=lambda p: p.relative_to(ROOT).as_posix(),
)
def test_models_imports_heavy_libraries_only_inside_functions(path: Path) -> None:
    assert not imports(path, top_level=True) & HEAVY


def test_importing_the_pipeline_loads_no_heavy_library() -> None:
    program = "import sys, models.pipeline, models.loading.pipeline; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert not HEAVY & set(done.stdout.split())
