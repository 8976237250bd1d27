"""`kurzum serve`: the HTTP service in this process."""

from typing import TYPE_CHECKING

import click

from models.loading.settings import LoadSettings
from models.options import Listener
from service.cli.backend import Backend, pass_backend
from service.cli.options import max_characters_option, model_options, setting
from service.cli.terminal import note
from service.settings import Limits

if TYPE_CHECKING:
    from models.pipeline import Pipeline

_DEFAULT = Limits()


@click.command()
@setting("--host", default="127.0.0.1", help="Address to listen on; 0.0.0.0 for all of this machine's.")
@setting("--port", type=click.IntRange(0, 65535), default=8000, help="0 for any free one.")
@max_characters_option()
@setting("--max-body-bytes", type=click.IntRange(min=1), default=_DEFAULT.body_bytes, help="Refuse longer requests.")
@setting(
    "--body-seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=_DEFAULT.body_seconds,
    help="Time allowed for a request to arrive.",
)
@setting(
    "--silence-seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=_DEFAULT.silence_seconds,
    help="Close a connection whose client neither sends nor reads for this long.",
)
@setting(
    "--drain-seconds",
    type=click.FloatRange(min=0),
    default=_DEFAULT.drain_seconds,
    help="At the end, time allowed for what was accepted.",
)
@setting(
    "--deadline-seconds",
    type=click.FloatRange(min=0),
    default=_DEFAULT.deadline_seconds,
    help="Time allowed for an article, waiting included;",
)
@setting(
    "--deadline-factor",
    type=click.FloatRange(min=0),
    default=_DEFAULT.deadline_factor,
    help="or this many times what it should take by the pace so far, if that is more.",
)
@setting(
    "--waiting-articles",
    type=click.IntRange(min=0),
    default=_DEFAULT.waiting_articles,
    help="Articles that may wait; more are turned away.",
)
@model_options
@pass_backend
def serve(
    backend: Backend,
    host: str,
    port: int,
    max_characters: int,
    max_body_bytes: int,
    body_seconds: float,
    silence_seconds: float,
    drain_seconds: float,
    deadline_seconds: float,
    deadline_factor: float,
    waiting_articles: int,
    models: LoadSettings,
) -> None:
    """Run the HTTP service: summaries, translations and checks. It describes itself at /docs.

    It answers at once and is ready when the model is loaded: see /health/ready. After Ctrl-C or SIGTERM it finishes
    the requests that it has accepted; a second one ends it at once.
    """
    limits = Limits(
        body_bytes=max_body_bytes,
        characters=max_characters,
        deadline_seconds=deadline_seconds,
        deadline_factor=deadline_factor,
        waiting_articles=waiting_articles,
        body_seconds=body_seconds,
        silence_seconds=silence_seconds,
        drain_seconds=drain_seconds,
    )

    def load() -> "Pipeline":
        return backend.open_pipeline(models, max_characters, Listener(_Steps(), note))

    backend.serve(
        load, host, port, limits, lambda address: note(f"Listening on {address}; ready when the model is loaded.")
    )


class _Steps:
    """Says each step of a first build once; a bar would get lost among the lines of a log."""

    def __init__(self) -> None:
        self._last = ""

    def __call__(self, step: str, _share: float) -> None:
        if step != self._last:
            note(f"The model is made ready for use: {step}.")
            self._last = step
