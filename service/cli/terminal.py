"""What the user sees: results on stdout, all else on stderr, a progress bar only where a terminal shows it."""

import contextlib
import os
import shutil
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import click

from models.options import Listener, OnProgress
from service.failures import OutputClosed, OutputFailed, reason
from service.printable import printable

# How often a line says how far a build or a download is.
PROGRESS_LINE_SECONDS = 10.0


def emit(text: str) -> None:
    """One result on stdout, with the line's end.

    Raises OutputClosed where the reader has gone, OutputFailed for a full disk, a closed stream (`>&-`) and the like.
    """
    if sys.stdout is None:
        raise OutputFailed("Standard output cannot be written: it is closed.")
    try:
        with _bars_hidden():
            click.echo(text)
    except BrokenPipeError as error:
        _detach_stdout()
        raise OutputClosed("Standard output was closed.") from error
    except OSError as error:
        _detach_stdout()
        raise OutputFailed(f"Standard output cannot be written: {reason(error)}.") from error


def note(text: str) -> None:
    """One message on stderr; where that cannot be written nobody is left to tell."""
    with contextlib.suppress(OSError), _bars_hidden():
        click.echo(f"kurzum: {text}", err=True)


def terminal_width() -> int | None:
    """The columns of the terminal that stdout is; None where it is none."""
    return shutil.get_terminal_size().columns if stdout_is_terminal() else None


def stdout_is_terminal() -> bool:
    """Whether stdout is a terminal; closed (`>&-`), it is none."""
    return sys.stdout is not None and sys.stdout.isatty()


def takes_colour() -> bool:
    """Whether colour may be used: on a terminal that knows it, unless its user does not want it (no-color.org)."""
    return stdout_is_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


class Progress:
    """How far the work is: one bar that follows whatever is done at the moment; close it by leaving `with`."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._what = ""
        self._last_line: float | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def listener(self) -> Listener:
        """Follows the loading of models: its progress on this bar, its notices on stderr."""
        return Listener(self.building, note)

    def building(self, step: str, share: float) -> None:
        """Follow the build or download of a model; away from a terminal in lines, one at once and then now and then."""
        if not sys.stderr.isatty():
            now = time.monotonic()
            if self._last_line is None:
                note("The model is made ready for use; this happens only once and takes a while.")
                self._last_line = now
            elif now >= self._last_line + PROGRESS_LINE_SECONDS:
                note(f"{step}: {share:.0%}.")
                self._last_line = now
        self._show(step, round(100 * share), 100)

    def watching(self, name: str) -> OnProgress:
        """What a pipeline calls while it works on the article of this name."""
        return lambda stage, done, total: self._show(f"{printable(Path(name).name)}: {stage}", done, total)

    def close(self) -> None:
        """Take the bar from the screen."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _show(self, what: str, done: int, total: int) -> None:
        if not sys.stderr.isatty():
            return
        if self._bar is None or what != self._what:
            from tqdm import tqdm

            self.close()
            self._bar = tqdm(desc=what, initial=done, total=total, file=sys.stderr, leave=False, dynamic_ncols=True)
            self._what = what
        self._bar.total = total
        self._bar.update(done - self._bar.n)


def _bars_hidden() -> contextlib.AbstractContextManager[None]:
    """Take any bar away while a line is written, so that the two do not share one."""
    if "tqdm" not in sys.modules:
        return contextlib.nullcontext()
    from tqdm import tqdm

    return tqdm.external_write_mode()


def _detach_stdout() -> None:
    """Point stdout at nothing: Python flushes it once more at the end and would complain a second time."""
    with contextlib.suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)
