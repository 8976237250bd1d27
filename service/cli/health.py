"""`kurzum health`: whether a service on this machine is ready, as the exit code that a container engine asks for."""

import re
import urllib.error
import urllib.request
from pathlib import Path

import click
from click.core import ParameterSource

from service.cli.options import setting
from service.cli.terminal import emit, note

# The first process of a container is the service itself, started with the port that it listens on.
PROCESS_1 = Path("/proc/1/cmdline")


@click.command()
@setting("--port", type=click.IntRange(1, 65535), default=8000, help="Port of the service on 127.0.0.1.")
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), default=4.0, show_default=True, help="Seconds.")
def health(port: int, timeout: float) -> int:
    """Exit with 0 when the service is ready to take articles, with 1 when it is not or does not answer.

    For the health check of a container: it asks at --port, else at the port of the `kurzum serve` that is process 1,
    else at KURZUM_PORT. It sends nothing through a proxy.
    """
    if click.get_current_context().get_parameter_source("port") is not ParameterSource.COMMANDLINE:
        port = started_port(_command_line_of_process_1()) or port
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}/health/ready", timeout=timeout):
            emit("ready")
            return 0
    except urllib.error.HTTPError as error:
        error.close()
        note(f"The service on port {port} is not ready (HTTP {error.code}).")
    except (OSError, ValueError):  # ValueError: what answers there does not speak HTTP
        note(f"No service answers on port {port}.")
    return 1


def started_port(command_line: bytes) -> int | None:
    """The port in the command line of a `kurzum serve`, whose arguments end in null bytes; None where it names none."""
    if b"serve" not in command_line.split(b"\0"):
        return None
    named = re.search(rb"\0--port[=\0](\d{1,5})\0", command_line)
    return int(named[1]) if named else None


def _command_line_of_process_1() -> bytes:
    try:
        return PROCESS_1.read_bytes()
    except OSError:
        return b""
