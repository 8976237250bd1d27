"""What the commands run on: how a pipeline is opened and how the service is started.

It is the object of click's context, so that a test or another program runs the command line with its own:
`kurzum.main(["summarize", "a.txt"], obj=Backend(open_pipeline=...))`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from service.loading import OpenPipeline, open_pipeline
from service.settings import Limits

if TYPE_CHECKING:
    from models.pipeline import Pipeline

# Loads the pipeline in the background, serves on this host and port within these limits, and announces the address.
Serve = Callable[["Callable[[], Pipeline]", str, int, Limits, Callable[[str], None]], None]


def serve_http(
    load: "Callable[[], Pipeline]", host: str, port: int, limits: Limits, announce: Callable[[str], None]
) -> None:
    """Run the HTTP service in this process until it is asked to end."""
    from service.http.app import create_app
    from service.http.server import serve

    serve(lambda: create_app(load, limits), host, port, announce, limits)


@dataclass(frozen=True, slots=True)
class Backend:
    """The two ways out of the command line; by default the real ones."""

    open_pipeline: OpenPipeline = open_pipeline
    serve: Serve = serve_http


pass_backend = click.make_pass_decorator(Backend, ensure=True)
