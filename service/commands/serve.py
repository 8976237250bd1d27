"""`kurzum serve`: the HTTP service."""

import click


@click.command()
def serve() -> None:
    """The service."""
