"""What people open in a browser: the page at `/` and the interface's description at `/docs`, without any other host."""

import base64
import hashlib
from functools import cache
from pathlib import Path

from fastapi import APIRouter
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from service.json import json_bytes

FILES = Path(__file__).parent / "page"
# The articles of a source tree; an installed package has none, and the page then offers none.
EXAMPLES = Path(__file__).parents[2] / "seeds"
MAX_TITLE_CHARACTERS = 90
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

router = APIRouter(include_in_schema=False)


@router.get("/")
async def page() -> Response:
    """The page; its addresses are relative, so that it also works behind a path prefix."""
    content = (FILES / "index.html").read_bytes()
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
    return Response(content, headers=headers, media_type="text/html; charset=utf-8")


@router.get("/page/examples")
async def examples() -> Response:
    """Articles to try the service with, as a list of titles and texts."""
    return Response(json_bytes(example_articles()), media_type="application/json")


def page_assets() -> StaticFiles:
    """The page's style sheet, scripts and icon."""
    return StaticFiles(directory=FILES)


@router.get("/docs")
async def docs() -> HTMLResponse:
    """Swagger UI; addresses are relative, so that it also works behind a path prefix."""
    page = get_swagger_ui_html(
        openapi_url="openapi.json",
        title="kurzum",
        swagger_js_url="docs/assets/swagger-ui-bundle.js",
        swagger_css_url="docs/assets/swagger-ui.css",
        swagger_favicon_url="docs/assets/favicon.png",
    )
    inline = [part.partition(b"</script>")[0] for part in bytes(page.body).split(b"<script>")[1:]]
    digests = [base64.b64encode(hashlib.sha256(script).digest()).decode() for script in inline]
    scripts = " ".join(["'self'", *(f"'sha256-{digest}'" for digest in digests)])
    page.headers["Content-Security-Policy"] = (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; frame-ancestors 'none'"
    )
    return page


def docs_assets() -> StaticFiles:
    """Swagger UI's own files, from the package that ships them."""
    return StaticFiles(packages=[("fastapi_offline", "static")])


@cache
def example_articles() -> list[dict[str, str]]:
    """The example articles, read once; empty where there are none."""
    found = []
    for file in sorted(EXAMPLES.glob("*.txt")):
        text = file.read_text(encoding="utf-8")
        first = text.strip().partition("\n")[0].lstrip("-•* ")
        title = first if len(first) <= MAX_TITLE_CHARACTERS else first[:MAX_TITLE_CHARACTERS].rpartition(" ")[0] + " …"
        found.append({"title": title, "text": text})
    return found
