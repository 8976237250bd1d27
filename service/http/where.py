"""Where an error came from, without what it says: messages of foreign errors may quote the article."""

import traceback
from pathlib import PurePath


def where(error: BaseException) -> str:
    """The type of the error and the last frames it came through, for the log.

    >>> try:
    ...     {}["Ein Satz aus dem Artikel."]
    ... except KeyError as error:
    ...     where(error).split(" ")[0]
    'KeyError'
    """
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    path = " < ".join(f"{PurePath(f.filename).name}:{f.lineno} {f.name}" for f in reversed(frames))
    return f"{type(error).__name__} at {path or 'unknown'}"
