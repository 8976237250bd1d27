"""One known sentence through the pipeline before the first user's article.

Some releases of the libraries load a translation model with broken weights and without a word: the service would
be up, healthy and talk nonsense. So it is ready only when this sentence came out right.
"""

from models.errors import ModelUnavailable
from models.options import unwatched
from models.values import Article
from service.http.worker import PipelineLike

SENTENCE = "Der Hund schläft im Garten."
EXPECTED_WORDS = ("dog", "garden")


def prove(pipeline: PipelineLike) -> None:
    """Translate the known sentence. Raises ModelUnavailable when the English lacks an expected word."""
    report = pipeline.translate(Article(SENTENCE, id="canary", source_lang="de"), unwatched)
    english = report.translation.text.casefold() if report.translation else ""
    missing = [word for word in EXPECTED_WORDS if word not in english]
    if missing:
        raise ModelUnavailable(
            f"The model's translation of a known sentence lacks {' and '.join(missing)}: its weights are damaged, "
            "or this version of a library cannot run it. Choose another preset or engine."
        )
