"""The colours of the command line, which only a terminal gets."""

import functools

import click

from service.cli.terminal import takes_colour
from service.folder.footnotes import Styles


def terminal_styles() -> Styles:
    """The colours for stdout: none unless it is a terminal that takes them."""
    if not takes_colour():
        return Styles()
    return Styles(
        source=functools.partial(click.style, fg="cyan"),
        doubt=functools.partial(click.style, fg="yellow", bold=True),
        heading=functools.partial(click.style, bold=True),
    )
