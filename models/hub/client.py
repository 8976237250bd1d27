"""List a repository of the model hub and fetch single files from it; every failure is one sentence.

All of it goes through `huggingface_hub`, which reads HF_ENDPOINT, HF_TOKEN and HF_HUB_OFFLINE itself. Its cache layout
is kept, so that its own tools can show and clean it. Its statistics are off, and so is its Xet transport: plain HTTP,
which resumes with a byte range, is what the tests prove.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

from models.errors import ModelUnavailable

DEFAULT_REVISION = "main"
COMMIT = re.compile(r"[0-9a-f]{40}")
DOWNLOAD_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Listing:
    """A repository at one commit: its files with their sizes, None where the hub does not say one."""

    commit: str
    sizes: dict[str, int | None]


class Unreachable(Exception):
    """The hub did not answer as it should; what is in the cache may do. The text is a sentence for the user."""


def list_repository(repository: str, revision: str | None) -> Listing:
    """The commit that the revision stands for now, and its files.

    Raises ModelUnavailable where the hub says that there is no such thing, Unreachable where it says nothing or lets
    nobody in without a token.
    """
    hub = _hub()
    try:
        found = hub.HfApi().model_info(
            repository, revision=revision, files_metadata=True, timeout=hub.constants.HF_HUB_ETAG_TIMEOUT
        )
    except Exception as error:
        _explain(error, repository, revision)
    if found.sha is None or not COMMIT.fullmatch(found.sha):
        _refuse_endpoint()
    return Listing(found.sha, {file.rfilename: file.size for file in found.siblings or ()})


def download_file(repository: str, name: str, commit: str, cache: Path, arrived: Callable[[int], None]) -> None:
    """Fetch one file into huggingface_hub's layout below `cache`; `arrived` gets the number of bytes as they come.

    A broken connection is resumed where it was; a file is put in its place only when it is whole. The library's
    `snapshot_download` is not used, because it downloads in threads that Ctrl-C does not end: with a server that
    stalls it was still running 45 s later, and left a partial file. Here the main thread downloads one file at a time.
    """
    hub = _hub()

    class Bar:
        """The part of tqdm that huggingface_hub calls to report progress."""

        def __init__(self, *_: Any, **__: Any) -> None:
            pass

        def __enter__(self) -> "Bar":
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def update(self, count: float | None = 1) -> None:
            arrived(int(count or 0))

        def close(self) -> None:
            pass

    try:
        hub.hf_hub_download(repository, name, revision=commit, cache_dir=cache / "hub", tqdm_class=Bar)
    except Exception as error:
        _explain(error, repository, commit, name)


def _hub() -> ModuleType:
    try:
        import huggingface_hub
        from huggingface_hub import constants
    except ValueError as error:  # it reads its settings when it is imported
        raise ModelUnavailable(
            f"The hub's client cannot use one of its settings in the environment ({error}): look at HF_ENDPOINT and "
            "the others that begin with HF_."
        ) from error
    constants.HF_HUB_DISABLE_TELEMETRY = True
    constants.HF_HUB_DISABLE_XET = True
    # What has arrived is kept, and told, in pieces of this size: the default of 10 MB loses that much with each cut.
    constants.DOWNLOAD_CHUNK_SIZE = DOWNLOAD_CHUNK_BYTES
    return huggingface_hub


def _endpoint() -> str:
    from huggingface_hub import constants

    return constants.ENDPOINT


def _explain(error: Exception, repository: str, revision: str | None, name: str | None = None) -> NoReturn:
    """Raise what the user can act on; unforeseen errors pass as they are."""
    from httpx2 import HTTPError, InvalidURL
    from huggingface_hub import errors

    what = f"{name} of {repository}" if name else repository
    match error:
        case errors.HFValidationError():
            raise ModelUnavailable(
                f"{repository!r} is neither an existing folder nor the name of a model on the hub."
            ) from error
        case errors.OfflineModeIsEnabled():
            raise Unreachable(f"{what} cannot be fetched while HF_HUB_OFFLINE is set") from error
        case errors.GatedRepoError():
            raise Unreachable(
                f"{repository} is given only to those who accepted its terms on {_endpoint()}/{repository}: "
                "do so, and set HF_TOKEN to a token of that account"
            ) from error
        case errors.RevisionNotFoundError():
            raise ModelUnavailable(f"{repository} has no revision {revision!r} on {_endpoint()}.") from error
        case errors.EntryNotFoundError() if isinstance(error, errors.HfHubHTTPError):
            raise ModelUnavailable(f"{what} is listed but missing on {_endpoint()}: try again later.") from error
        case errors.HfHubHTTPError():
            _explain_status(error, error.response.status_code, what, repository)
        case errors.LocalEntryNotFoundError() if error.__cause__ is not None and error.__cause__ is not error:
            _explain(error.__cause__ if isinstance(error.__cause__, Exception) else error, repository, revision, name)
        case HTTPError() | errors.LocalEntryNotFoundError() | errors.FileMetadataError():
            raise Unreachable(f"{what} cannot be fetched: {_endpoint()} cannot be reached ({_short(error)})") from error
        case InvalidURL() | KeyError() | TypeError() | ValueError():
            _refuse_endpoint(error)
        case OSError() if "onsistency check failed" in str(error):
            raise Unreachable(f"{what} arrived cut short") from error
    raise error


def _refuse_endpoint(error: Exception | None = None) -> NoReturn:
    raise ModelUnavailable(f"{_endpoint()} does not answer as a model hub does: look at HF_ENDPOINT.") from error


def _explain_status(error: Exception, status: int, what: str, repository: str) -> NoReturn:
    if status == 401 and "Invalid credentials" in str(error):
        raise Unreachable(f"{_endpoint()} does not know the token in HF_TOKEN: correct it or remove it") from error
    if status in (401, 404):
        raise Unreachable(
            f"{_endpoint()} has no model {repository}, or it is private: check the name, or set HF_TOKEN to a token "
            "that may read it"
        ) from error
    if status == 403:
        raise Unreachable(
            f"{what} may not be read with this token: set HF_TOKEN to one that may, or accept the model's terms on "
            f"{_endpoint()}/{repository}"
        ) from error
    if status == 429:
        raise Unreachable(
            f"{_endpoint()} asks to slow down: try again in a few minutes, or set HF_TOKEN for a higher limit"
        ) from error
    raise Unreachable(f"{what} cannot be fetched: {_endpoint()} answers with status {status}") from error


def _short(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200] or type(error).__name__
