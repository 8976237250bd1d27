"""The Python entry: what `import models` offers, and what it does not load."""

import subprocess
import sys

import pytest

import models
from models.errors import UsageError

PUBLIC = ["Article", "Check", "KurzumError", "Options", "Pipeline", "Report", "check", "load"]


def test_the_public_names_are_these_and_each_is_there() -> None:
    """A name that goes, or one more, is a change that users must hear of."""
    assert sorted(models.__all__) == PUBLIC
    assert [getattr(models, name).__name__ for name in PUBLIC] == PUBLIC


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Summarizer'"):
        models.Summarizer  # noqa: B018


def test_importing_the_names_loads_no_heavy_library() -> None:
    program = "import sys; from models import Article, Options, load; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {"torch", "transformers", "ctranslate2", "numpy", "pydantic"} & set(done.stdout.split())


def test_load_refuses_what_does_not_exist_before_anything_is_loaded() -> None:
    with pytest.raises(UsageError, match="nonsense"):
        models.load("nonsense")
    with pytest.raises(UsageError, match="engine"):
        models.load(engine="steam")
    with pytest.raises(TypeError, match="colour"):
        models.load(colour="red")
