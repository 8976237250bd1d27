"""What operators ask: is it up, is it ready, how is it doing. And the documentation, without any other host."""

import base64
import hashlib
import re

from fastapi import APIRouter
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.staticfiles import StaticFiles

from service.http.desk import TheDesk
from service.http.metrics import CONTENT_TYPE
from service.http.openapi import NOT_READY
from service.http.responses import Health

router = APIRouter()

INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


@router.get("/health/live", tags=["operations"], summary="Whether the process answers", response_model=Health)
async def live() -> Response:
    """Always 200: a model that cannot be loaded is no reason to start the process again."""
    return JSONResponse({"status": "live"})


@router.get(
    "/health/ready",
    tags=["operations"],
    summary="Whether articles are taken",
    response_model=Health,
    responses=NOT_READY,
)
async def ready(desk: TheDesk) -> Response:
    """200 once the model is loaded and has translated a known sentence as expected; until then 503 with the reason."""
    desk.worker.require_ready()
    return JSONResponse({"status": "ready"})


@router.get("/metrics", tags=["operations"], summary="Figures for Prometheus", response_class=Response)
async def metrics(desk: TheDesk) -> Response:
    """Requests, articles, seconds by stage, the queue's length and readiness."""
    return Response(desk.metrics.exposition(), headers={"Content-Type": CONTENT_TYPE})


@router.get("/docs", include_in_schema=False)
async def docs() -> HTMLResponse:
    """Swagger UI; addresses are relative, so that it also works behind a path prefix."""
    page = get_swagger_ui_html(
        openapi_url="openapi.json",
        title="kurzum",
        swagger_js_url="docs/assets/swagger-ui-bundle.js",
        swagger_css_url="docs/assets/swagger-ui.css",
        swagger_favicon_url="docs/assets/favicon.png",
    )
    digests = [base64.b64encode(hashlib.sha256(s).digest()).decode() for s in INLINE_SCRIPT.findall(bytes(page.body))]
    scripts = " ".join(["'self'", *(f"'sha256-{digest}'" for digest in digests)])
    page.headers["Content-Security-Policy"] = (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; frame-ancestors 'none'"
    )
    return page


def assets() -> StaticFiles:
    """Swagger UI's own files, from the package that ships them."""
    return StaticFiles(packages=[("fastapi_offline", "static")])
