"""The rules that hold the packages and their folders apart, read off the source itself."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = {"torch", "transformers", "ctranslate2", "trafilatura", "fastapi", "sacrebleu"}
FILES = sorted([*(ROOT / "models").rglob("*.py"), *(ROOT / "service").rglob("*.py")])
MODELS = [path for path in FILES if path.is_relative_to(ROOT / "models")]
MAX_MODULES = 16
MAX_MODULES_OF_MODELS = 10

# From the ground up: each folder, or module beside the folders, and what it may import. It may only name what stands
# above it, so that there is no cycle.
ARROWS = {
    "models.errors": "",
    "models.values": "",
    "models.decoding": "",
    "models.batching": "",
    "models.options": "errors",
    "models.storage": "errors",
    "models.presets": "errors options decoding",
    "models.report": "options values",
    "models.lexicon": "",
    "models.reading": "errors options values lexicon",
    "models.checks": "options values decoding reading",
    "models.evidence": "options values reading checks",
    "models.translation": "options values decoding batching checks evidence",
    "models.summarization": "errors options values decoding batching reading checks evidence",
    "models.checking": "options values report reading checks evidence",
    "models.pipeline": "options values report reading evidence translation summarization",
    "models.hub": "errors options storage",
    "models.engines": "errors options storage decoding presets",
    "models.embedded": "engines errors options storage",
    "models.loading": (
        "errors options decoding presets evidence translation summarization pipeline hub embedded engines"
    ),
    "models": "errors options values report checking pipeline loading",
    "models.training": "batching decoding presets checks translation embedded loading",
}
COMPONENTS = list(ARROWS)


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_of(path): path for path in FILES}


@cache
def imported(path: Path, *, top_level: bool = False) -> frozenset[str]:
    """All modules that a file imports, whole; with `top_level`, only those outside functions."""
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
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path} imports relatively"
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in MODULES else node.module for name in names}
    return frozenset(found)


def packages(path: Path, *, top_level: bool) -> set[str]:
    """The first names of what a file imports."""
    return {name.split(".")[0] for name in imported(path, top_level=top_level)}


def component(module: str) -> str:
    """The folder of `models` that a module stands in, or the module itself beside the folders."""
    return ".".join(module.split(".")[:2])


def arrows() -> Iterator[tuple[str, str]]:
    """What each component of `models` imports of the others."""
    for module, path in MODULES.items():
        for other in imported(path):
            if module.startswith("models") and other.startswith("models.") and component(module) != component(other):
                yield component(module), component(other)


@pytest.mark.parametrize("path", MODELS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_models_never_imports_service_nor_the_web_nor_the_environment(path: Path) -> None:
    assert not packages(path, top_level=False) & {"service", "fastapi", "starlette", "uvicorn", "click"}
    source = path.read_text(encoding="utf-8")
    assert "os.environ" not in source
    assert "getenv" not in source


@pytest.mark.parametrize("importer", sorted({component(module_of(path)) for path in MODELS}))
def test_a_folder_imports_what_the_picture_allows(importer: str) -> None:
    found = {other.removeprefix("models.") for one, other in arrows() if one == importer}
    assert found == set(ARROWS[importer].split()), f"{importer}: change the code, or the picture in ARROWS"


def test_the_picture_has_no_cycle() -> None:
    for number, (importer, allowed) in enumerate(ARROWS.items()):
        above = {name.removeprefix("models.") for name in COMPONENTS[:number]}
        assert set(allowed.split()) <= above, importer


def test_no_modules_import_each_other_in_a_circle() -> None:
    waiting = {module: imported(path) & MODULES.keys() - {module} for module, path in MODULES.items()}
    # A package's own `__init__` only names what is in it.
    waiting = {module: others - {"models", "service"} for module, others in waiting.items() if module != "models"}
    while free := {module for module, others in waiting.items() if not others & waiting.keys()}:
        waiting = {module: others for module, others in waiting.items() if module not in free}
    assert not waiting


def test_nothing_imports_the_training() -> None:
    users = {module for module, path in MODULES.items() if any("models.training" in name for name in imported(path))}
    assert {component(module) for module in users} <= {"models.training"}


def test_no_folder_has_more_modules_than_one_can_take_in() -> None:
    counts: dict[Path, int] = {}
    for path in FILES:
        counts[path.parent] = counts.get(path.parent, 0) + (path.name != "__init__.py")
    assert {folder.name: count for folder, count in counts.items() if count > MAX_MODULES} == {}
    assert counts[ROOT / "models"] <= MAX_MODULES_OF_MODELS


# Training runs by itself; what computes in torch is imported by its engine alone, inside a function.
COMPUTES = {"models/engines/gemma3_int8/model.py", "models/engines/gemma3_int8/beam_search.py"}


@pytest.mark.parametrize(
    "path",
    [p for p in MODELS if p.parent.name != "training" and p.relative_to(ROOT).as_posix() not in COMPUTES],
    ids=lambda p: p.relative_to(ROOT).as_posix(),
)
def test_models_imports_heavy_libraries_only_inside_functions(path: Path) -> None:
    assert not packages(path, top_level=True) & HEAVY


def test_importing_the_pipeline_loads_no_heavy_library() -> None:
    program = "import sys, models.pipeline, models.loading.pipeline; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert not HEAVY & set(done.stdout.split())
