"""`kurzum`: the commands together, and in one place how each ending becomes an exit code.

0    all done
1    some articles failed, each named, the others done; or output or disk took nothing more
2    wrong use
3    the model or the device is not available
130  interrupted (Ctrl-C), what is done stays done; 143 after SIGTERM
141  whoever read the output has gone, as `| head -1` does; nothing is said
"""

import contextlib
import errno
import logging
import os
import signal
import sys
import warnings
from collections.abc import Sequence
from types import FrameType
from typing import Any, NoReturn

import click

from models.errors import KurzumError, Unavailable, UsageError
from service.cli.backend import Backend
from service.cli.batch import batch
from service.cli.check import check
from service.cli.evaluate import evaluate
from service.cli.health import health
from service.cli.models import models
from service.cli.serve import serve
from service.cli.summarize import summarize
from service.cli.terminal import note
from service.cli.translate import translate
from service.failures import OutputClosed, debugging, reason, unexpected

OK, FAILED, WRONG_USE, UNAVAILABLE, INTERRUPTED, OUTPUT_CLOSED, TERMINATED = 0, 1, 2, 3, 130, 141, 143


class Terminated(BaseException):
    """SIGTERM came: like KeyboardInterrupt, not an error that anybody should handle on the way out."""


class Commands(click.Group):
    """The commands in the order of their use, and every ending as an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Names in the order in which they were added."""
        return list(self.commands)

    def main(
        self, args: Sequence[str] | None = None, *_args: Any, obj: Backend | None = None, **_named: Any
    ) -> NoReturn:
        """Run a command on this backend; its value, if it has one, is the exit code."""
        try:
            code = super().main(args, "kurzum", standalone_mode=False, obj=obj) or OK
        except (Exception, KeyboardInterrupt, Terminated) as error:
            code = _ending(error)
        sys.exit(code)


def _ending(error: BaseException) -> int:
    """Say what there is to say about an ending, and its exit code."""
    match error:
        case click.Abort() | KeyboardInterrupt():
            note("Interrupted; what is done stays done.")
            return INTERRUPTED
        case Terminated():
            note("Terminated; what is done stays done.")
            return TERMINATED
        case click.ClickException():
            with contextlib.suppress(OSError):
                error.show()
            return error.exit_code
        case OutputClosed():
            return OUTPUT_CLOSED
        case UsageError():
            note(str(error))
            return WRONG_USE
        case Unavailable():
            note(str(error))
            return UNAVAILABLE
        case KurzumError():
            note(str(error))
            return FAILED
        case OSError(errno=errno.ENOSPC):  # in what click prints itself, as the help
            note(f"Nothing more can be written: {reason(error)}.")
            return FAILED
        case Exception():
            note(unexpected(error))
            return FAILED
    raise error


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 all done, 1 some articles failed, 2 wrong use, 3 model or device not available, "
    "130 interrupted.",
)
@click.version_option(package_name="kurzum", prog_name="kurzum", message="%(prog)s %(version)s")
def kurzum() -> None:
    """German articles in, English summaries out, with the German sentences they rest on.

    Results go to standard output, messages to standard error. Every setting is an option or an environment variable.
    """


for _command in (summarize, translate, batch, check, serve, health, models, evaluate):
    kurzum.add_command(_command)


def main(backend: Backend | None = None) -> NoReturn:
    """The entry point: a process of its own, with signals and libraries under control."""
    signal.signal(signal.SIGTERM, _terminate)
    for stream in (sys.stdout, sys.stderr):
        # A name or a character that the terminal cannot show is no reason to stop; pipes get UTF-8 everywhere.
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace", encoding=None if stream.isatty() else "utf-8")
    if not debugging():
        _quiet()
    kurzum.main(obj=backend)


def _terminate(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise Terminated


def _quiet() -> None:
    """Keep the libraries' warnings, advice and progress bars from the terminal."""
    warnings.simplefilter("ignore")
    # What no handler takes would go to stderr; the service sets up handlers of its own.
    logging.lastResort = logging.NullHandler()
    for name, value in {
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "TRANSFORMERS_VERBOSITY": "error",
        "TRANSFORMERS_NO_ADVISORY_WARNINGS": "1",
    }.items():
        os.environ.setdefault(name, value)
