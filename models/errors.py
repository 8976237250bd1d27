"""Every error that a user can cause or must act on, in one small tree.

    KurzumError
    ├── InputError            this article cannot be used; the others can
    │   ├── NotText           bytes that are not text in a known encoding
    │   ├── EmptyText         nothing to read, also after the page furniture is gone
    │   ├── TextTooLong       over the limit on characters
    │   ├── UnknownLanguage   neither German nor English anywhere
    │   └── UnusableSummary   nothing to check in the summary that came with it
    ├── UsageError            an option or a preset that does not exist
    ├── Unavailable           the model or the device cannot be had
    │   ├── ModelUnavailable
    │   └── DeviceUnavailable
    └── Stopped               work ended before it was done
        ├── DeadlineExceeded
        └── Cancelled

A message is one sentence or two for the user: what is wrong and what to do. It never holds article text.
Exit codes are given in `service/cli/main.py`, HTTP statuses in `service/http/problems.py`.
"""


class KurzumError(Exception):
    """The root: catch it to catch everything that kurzum raises on purpose."""

    code = "error"


class InputError(KurzumError):
    """This article cannot be used."""

    code = "unusable-article"


class NotText(InputError):
    """The bytes are not text in an encoding that can be told."""

    code = "not-text"


class EmptyText(InputError):
    """There is nothing to read."""

    code = "empty-text"


class TextTooLong(InputError):
    """The text is longer than the limit."""

    code = "text-too-long"


class UnknownLanguage(InputError):
    """Not one sentence is German or English."""

    code = "unknown-language"


class UnusableSummary(InputError):
    """There is nothing to check in the summary that came with the article."""

    code = "unusable-summary"


class UsageError(KurzumError):
    """An option, a preset or a combination of them does not exist."""

    code = "wrong-use"


class Unavailable(KurzumError):
    """Something that the work needs is not on this machine."""

    code = "unavailable"


class ModelUnavailable(Unavailable):
    """The model cannot be found, fetched, built or loaded."""

    code = "model-unavailable"


class DeviceUnavailable(Unavailable):
    """The device that was asked for is not there."""

    code = "device-unavailable"


class Stopped(KurzumError):
    """The work was ended from outside before it was done."""

    code = "stopped"


class DeadlineExceeded(Stopped):
    """The time allowed for this article is over."""

    code = "deadline-exceeded"


class Cancelled(Stopped):
    """Nobody waits for the answer any more."""

    code = "cancelled"
