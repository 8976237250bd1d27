"""German articles to English summaries with evidence: text in, text out.

    from models import Article, load

    report = load().summarize(Article("Der Hund schläft seit drei Tagen im Garten der Familie Meier."))

Knows nothing of HTTP, files or the environment. Importing this loads no model and no heavy library: each name is
fetched from its module when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.checking import Check, check
    from models.errors import KurzumError
    from models.loading.pipeline import load
    from models.options import Options
    from models.pipeline import Pipeline
    from models.report import Report
    from models.values import Article

__all__ = ["Article", "Check", "KurzumError", "Options", "Pipeline", "Report", "check", "load"]

_MODULES = {
    "Article": "models.values",
    "Check": "models.checking",
    "KurzumError": "models.errors",
    "Options": "models.options",
    "Pipeline": "models.pipeline",
    "Report": "models.report",
    "check": "models.checking",
    "load": "models.loading.pipeline",
}


def __getattr__(name: str) -> Any:
    """Fetch a public name from its module."""
    if name not in _MODULES:
        raise AttributeError(f"module 'models' has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)
