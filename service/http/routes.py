"""The routes for articles: each reads a request, hands it to the desk, and picks the form of the answer."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from service.http import openapi
from service.http.batch import BatchResponse
from service.http.bodies import media_type
from service.http.desk import ArticleRequest, Desk, TheDesk, bare, render
from service.http.intake import NDJSON, answer_type, no_query, take
from service.http.problems import dumps
from service.http.requests import ArticleOptions, SummaryOptions, SummaryRequest, TranslationRequest
from service.http.responses import SummaryReport, TranslationReport
from service.http.streams import gone, progress, while_there

router = APIRouter(prefix="/v1", tags=["articles"])


@router.post(
    "/summaries",
    summary="Summarise an article in English",
    response_model=SummaryReport,
    responses=openapi.ANSWERS,
    openapi_extra=openapi.body(SummaryRequest, openapi.SUMMARY_EXAMPLES),
)
async def summarize(request: Request, desk: TheDesk, query: Annotated[SummaryOptions, Query()]) -> Response:
    """The English summary, with the German sentences it rests on.

    The query parameters are for text and HTML bodies; a JSON body holds its own. `Accept: text/plain` gives the bare
    summary, `text/event-stream` the progress and then the report.
    """
    return await _answer(request, desk, await take(request, SummaryRequest, query, desk.limits))


@router.post(
    "/translations",
    summary="Translate an article into English",
    response_model=TranslationReport,
    responses=openapi.ANSWERS,
    openapi_extra=openapi.body(TranslationRequest, openapi.TRANSLATION_EXAMPLES),
)
async def translate(request: Request, desk: TheDesk, query: Annotated[ArticleOptions, Query()]) -> Response:
    """The English sentences beside the German ones; bodies and forms of the answer as for summaries."""
    return await _answer(request, desk, await take(request, TranslationRequest, query, desk.limits))


@router.post(
    "/summaries/batch",
    summary="Summarise many articles",
    response_class=Response,
    responses=openapi.BATCH_ANSWERS,
    openapi_extra=openapi.BATCH_BODY,
)
async def summarize_batch(request: Request, desk: TheDesk) -> Response:
    """One request a line, as for a single summary; one report or one problem a line, in the same order.

    Answers come while the batch is still read. A client that sends more than one body's limit must read while it sends.
    """
    media_type(request.headers, NDJSON)
    no_query(request)
    desk.worker.require_ready()
    return BatchResponse(desk)


async def _answer(request: Request, desk: Desk, wanted: ArticleRequest) -> Response:
    form = answer_type(request.headers)
    if form == "text/event-stream":
        desk.admit(wanted)
        return progress(desk, wanted, request.scope)
    report = await while_there(desk.report(wanted), gone(request.receive))
    if form == "text/plain":
        return PlainTextResponse(bare(report).encode("utf-8", "replace"))
    return Response(dumps(render(wanted, report)), media_type="application/json")
