"""The routes: those for articles read a request, hand it to the desk and pick the form of the answer.

The others tell operators whether the service is up, whether it is ready, and how it is doing.
"""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from models.checking import Check
from models.report import Report
from service.http import openapi
from service.http.bodies import media_type
from service.http.desk import Desk, TheDesk
from service.http.metrics import CONTENT_TYPE
from service.http.requests import (
    NDJSON,
    ArticleOptions,
    ArticleRequest,
    CheckRequest,
    SummaryOptions,
    SummaryRequest,
    TranslationRequest,
    parse_json_request,
    parse_request,
    parse_upload,
    refuse_query,
)
from service.http.responses import (
    Health,
    answer_lines,
    answer_type,
    cancel_on_disconnect,
    disconnected,
    plain_text,
    progress,
    split_lines,
    stream,
    to_dict,
)
from service.json import json_bytes

router = APIRouter(prefix="/v1", tags=["articles"])
operations = APIRouter(tags=["operations"])


@router.post(
    "/summaries",
    summary="Summarise an article in English",
    response_model=Report,
    responses=openapi.ANSWERS,
    openapi_extra=openapi.body(SummaryRequest, openapi.SUMMARY_EXAMPLES),
)
async def summarize(request: Request, desk: TheDesk, query: Annotated[SummaryOptions, Query()]) -> Response:
    """The English summary, with the German sentences it rests on.

    The query parameters are for the bodies that are files; a JSON body holds its own. `Accept: text/plain` gives the
    bare summary, `text/event-stream` the progress and then the report.
    """
    return await _answer(
        request, desk, await parse_request(request, SummaryRequest, query, desk.bodies, desk.read_file)
    )


@router.post(
    "/translations",
    summary="Translate an article into English",
    response_model=Report,
    responses=openapi.ANSWERS,
    openapi_extra=openapi.body(TranslationRequest, openapi.TRANSLATION_EXAMPLES),
)
async def translate(request: Request, desk: TheDesk, query: Annotated[ArticleOptions, Query()]) -> Response:
    """The English sentences beside the German ones; bodies and forms of the answer as for summaries."""
    return await _answer(
        request, desk, await parse_request(request, TranslationRequest, query, desk.bodies, desk.read_file)
    )


@router.post(
    "/articles",
    summary="Summarise a file",
    response_model=Report,
    responses=openapi.ANSWERS,
    openapi_extra=openapi.UPLOAD_BODY,
)
async def summarize_file(request: Request, desk: TheDesk, query: Annotated[SummaryOptions, Query()]) -> Response:
    """The English summary of an uploaded file of any kind that is read; forms of the answer as for summaries."""
    return await _answer(request, desk, await parse_upload(request, query, desk.bodies, desk.read_file))


@router.post(
    "/summaries/batch",
    summary="Summarise many articles",
    response_class=Response,
    responses=openapi.BATCH_ANSWERS,
    openapi_extra=openapi.BATCH_BODY,
)
async def summarize_batch(request: Request, desk: TheDesk) -> Response:
    """One request a line, as for a single summary; one report or one problem a line, in the same order.

    The whole batch is received first; then each answer is sent as soon as it is there.
    """
    media_type(request.headers, NDJSON)
    refuse_query(request)
    desk.check_batch_capacity()
    lines = split_lines(await desk.bodies.read(request), desk.limits.batch_lines)
    return stream(answer_lines(desk, lines, request.scope), NDJSON[0])


@router.post(
    "/checks",
    summary="Check a summary that somebody else wrote",
    response_model=Check,
    responses=openapi.PROBLEMS,
    openapi_extra=openapi.json_body(CheckRequest, openapi.CHECK_EXAMPLES),
)
async def check(request: Request, desk: TheDesk) -> Response:
    """For each sentence of the summary the German sentences it rests on, and flags for what they do not support.

    No translation is made, so that this takes a fraction of a summary's time.
    """
    wanted = await parse_json_request(request, CheckRequest, desk.bodies)
    checked = await cancel_on_disconnect(desk.check_summary(wanted), disconnected(request.receive))
    return Response(json_bytes(checked.to_dict()), media_type="application/json")


@operations.get("/health/live", summary="Whether the process answers", response_model=Health)
async def live() -> Response:
    """Always 200: a model that cannot be loaded is no reason to start the process again."""
    return JSONResponse({"status": "live"})


@operations.get(
    "/health/ready",
    summary="Whether articles are accepted",
    response_model=Health,
    responses=openapi.NOT_READY,
)
async def ready(desk: TheDesk) -> Response:
    """200 once the model is loaded and has translated a known sentence as expected; until then 503 with the reason."""
    desk.worker.require_ready()
    return JSONResponse({"status": "ready"})


@operations.get("/metrics", summary="Figures for Prometheus", response_class=Response)
async def metrics(desk: TheDesk) -> Response:
    """Requests, articles, seconds by stage, the queue's length and readiness."""
    return Response(desk.metrics.exposition(), headers={"Content-Type": CONTENT_TYPE})


async def _answer(request: Request, desk: Desk, wanted: ArticleRequest) -> Response:
    form = answer_type(request.headers)
    if form == "text/event-stream":
        desk.check_capacity(wanted)
        return stream(progress(desk, wanted, request.scope), form)
    report = await cancel_on_disconnect(desk.report(wanted), disconnected(request.receive))
    if form == "text/plain":
        return PlainTextResponse(plain_text(report).encode("utf-8", "replace"))
    return Response(json_bytes(to_dict(wanted, report)), media_type="application/json")
