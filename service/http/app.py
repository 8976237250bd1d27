"""The application: routes, the envelope around them, and the worker that lives as long as it does."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from models.errors import KurzumError, ModelUnavailable
from models.options import ignore_progress
from models.values import Article
from service.http import pages, routes
from service.http.bodies import BodyReader
from service.http.desk import MAX_BATCHES, Desk
from service.http.jobs import PipelineLike
from service.http.metrics import Metrics
from service.http.middleware import RequestContext
from service.http.openapi import COMPONENTS
from service.http.problems import RequestError, respond
from service.http.worker import Worker
from service.settings import Limits

CANARY = "Der Hund schläft im Garten."
# Any of these shows that the model understood; a translation may choose its own words for the rest.
CANARY_WORDS = ("dog", "hound", "pup", "garden", "yard", "sleep", "nap")

DESCRIPTION = """\
Reads German articles and gives English summaries that can be traced to the German sentences they rest on.

The embedded model is made from Gemma. Gemma is provided under and subject to the Gemma Terms of Use found at
ai.google.dev/gemma/terms; the use restrictions of section 3.2 and ai.google.dev/gemma/prohibited_use_policy hold
for whoever uses this service with it.
"""


def create_app(load: Callable[[], PipelineLike], limits: Limits) -> FastAPI:
    """An application that is live at once and ready when `load` has returned and the canary sentence came out right.

    `load` runs in the worker's thread. When it raises, the application stays live and says why it is not ready.
    """

    def load_and_check() -> PipelineLike:
        pipeline = load()
        check_canary(pipeline)
        return pipeline

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # Made here, not above: an application may be started again after it was closed, a worker may not.
        worker = Worker(load_and_check, limits.waiting_articles)
        app.state.desk = Desk(worker, limits, metrics, BodyReader(limits), asyncio.Semaphore(MAX_BATCHES))
        metrics.watch(worker)
        worker.start()
        yield
        # Not in a `finally`: a cancelled application does not wait for what was accepted.
        await worker.close()

    metrics = Metrics()
    app = Documented(
        title="kurzum",
        version=_version(),
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # FastAPI's own would record messages of exceptions, which may quote an article.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.metrics = metrics
    for kind in (KurzumError, RequestError, HTTPException, RequestValidationError, ClientDisconnect, ValidationError):
        app.add_exception_handler(kind, respond)
    app.add_middleware(RequestContext, metrics=metrics)
    app.include_router(routes.router)
    app.include_router(routes.operations)
    app.include_router(pages.router)
    app.mount("/docs/assets", pages.docs_assets())
    app.mount("/page", pages.page_assets())
    return app


class Documented(FastAPI):
    """FastAPI whose OpenAPI document also defines what the routes only refer to."""

    def openapi(self) -> dict[str, Any]:
        document = super().openapi()
        document["components"]["schemas"].update(COMPONENTS)
        return document


def check_canary(pipeline: PipelineLike) -> None:
    """Translate one known sentence before the first user's article. Raises ModelUnavailable if that goes wrong.

    Some releases of the libraries load a translation model with broken weights without an error: the service would
    be up, healthy and talk nonsense.
    """
    report = pipeline.translate(Article(CANARY, id="canary", source_lang="de"), ignore_progress)
    english = report.translation.text.casefold() if report.translation else ""
    flags = (
        {flag.kind for sentence in report.translation.sentences for flag in sentence.flags}
        if report.translation
        else set()
    )
    broken = sorted(flags & {"language", "loop", "copy", "empty", "length"})
    if broken or not any(word in english for word in CANARY_WORDS):
        raise ModelUnavailable(
            f"The model's translation of a known sentence is wrong ({', '.join(broken) or 'other words'}): its weights "
            "are damaged, or this version of a library cannot run it. Choose another preset or engine."
        )


def _version() -> str:
    try:
        return version("kurzum")
    except PackageNotFoundError:  # Run from a source tree that was never installed.
        return "0"
