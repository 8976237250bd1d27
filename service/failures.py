"""What goes wrong around the text: failures of one article, which the run survives, and ends of the whole run.

KurzumError
├── InputError
│   └── CannotRead        a file that is not there, not readable or not a file
├── CannotWrite           a report that cannot be put where it belongs; the others can
└── Halt                  the run ends; finished reports stay
    ├── DiskFull          no room for the next report
    ├── OutputFailed      standard output takes nothing more
    └── OutputClosed      the reader of standard output has gone
"""

import errno
import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from models.errors import InputError, KurzumError, Unavailable, UsageError

# The disk, the user's share of it, or the size that a file may have (ulimit -f) is used up.
DISK_FULL_ERRORS = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})

P = ParamSpec("P")
T = TypeVar("T")


class CannotRead(InputError):
    """The file is not there, not readable, or not a file."""

    code = "cannot-read"


class CannotWrite(KurzumError):
    """The report cannot be put where it belongs."""

    code = "cannot-write"


class Halt(KurzumError):
    """The run cannot go on, whatever the next article is."""

    code = "halted"


class DiskFull(Halt):
    """There is no room for the next report."""

    code = "disk-full"


class OutputFailed(Halt):
    """Standard output takes nothing more."""

    code = "output-failed"


class OutputClosed(Halt):
    """Whoever read standard output has gone (`| head -1`)."""

    code = "output-closed"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why one article has no report."""

    code: str
    detail: str

    def to_dict(self) -> dict[str, str]:
        """As it stands in JSON beside the file's name."""
        return {"code": self.code, "detail": self.detail}


def attempt(work: Callable[P, T], /, *args: P.args, **named: P.kwargs) -> T | Failure:
    """The work's result, or why it failed, where the failure concerns one article alone.

    Raises UsageError, Unavailable and Halt, which the next article would meet too.
    """
    try:
        return work(*args, **named)
    except (UsageError, Unavailable, Halt):
        raise
    except KurzumError as error:
        return Failure(error.code, str(error))
    except OSError as error:
        if error.errno in DISK_FULL_ERRORS:
            raise DiskFull(f"Nothing more can be written: {reason(error)}. What is done stays done.") from error
        return Failure("internal", unexpected(error))
    except Exception as error:
        return Failure("internal", unexpected(error))


def unexpected(error: Exception) -> str:
    """One sentence for an error that nobody foresaw; its own words stay out, they may quote the article."""
    if debugging():
        traceback.print_exception(error, file=sys.stderr)
    return f"Something unexpected went wrong ({type(error).__name__}): run with KURZUM_DEBUG=1 for the traceback."


def debugging() -> bool:
    """Whether the user asks for tracebacks and for what the libraries have to say."""
    return os.environ.get("KURZUM_DEBUG", "") not in ("", "0")


def reason(error: OSError) -> str:
    """The system's words for an error, as the end of a sentence."""
    return error.strerror or type(error).__name__
