"""The route for summaries that somebody else wrote: an article and a summary of it in, evidence and flags out."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from service.http import openapi
from service.http.desk import TheDesk
from service.http.intake import take_json
from service.http.problems import dumps
from service.http.requests import CheckRequest
from service.http.responses import CheckReport
from service.http.streams import gone, while_there

router = APIRouter(prefix="/v1", tags=["articles"])


@router.post(
    "/checks",
    summary="Check a summary that somebody else wrote",
    response_model=CheckReport,
    responses=openapi.PROBLEMS,
    openapi_extra=openapi.json_body(CheckRequest, openapi.CHECK_EXAMPLES),
)
async def check(request: Request, desk: TheDesk) -> Response:
    """For each sentence of the summary the German sentences it rests on, and what they do not bear out.

    No translation is made, so that this takes a fraction of a summary's time.
    """
    wanted = await take_json(request, CheckRequest, desk.limits)
    verdict = await while_there(desk.verdict(wanted), gone(request.receive))
    return Response(dumps(verdict.to_dict()), media_type="application/json")
