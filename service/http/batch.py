"""Many articles in one request: NDJSON in, NDJSON out, one answer a line in the order of the lines.

One article of a batch is in the queue at a time. It waits for its turn instead of being turned away, and takes turns
with single requests. A batch is received whole before its first answer: larger jobs are for `kurzum batch`.
"""

import asyncio
from collections.abc import AsyncIterator

from starlette.types import Scope

from models.errors import TextTooLong
from service.http.bodies import parse_json
from service.http.desk import Desk
from service.http.problems import RequestError, ShuttingDown, log_and_describe
from service.http.requests import SummaryRequest, validate
from service.http.responses import to_dict
from service.json import json_bytes

Line = tuple[int, bytes]


def split_lines(body: bytes, max_lines: int) -> list[Line]:
    """The lines that are not blank, with their numbers from 1 on. Raises RequestError for none and for too many."""
    if body.count(b"\n") > max_lines:
        raise RequestError(413, TextTooLong.code, f"The batch has more than {max_lines:,} lines.")
    lines = [(number, line) for number, line in enumerate(body.split(b"\n"), 1) if line.strip()]
    if not lines:
        raise RequestError(400, "malformed-request", "There is no line in the body.")
    return lines


async def answer_lines(desk: Desk, lines: list[Line], scope: Scope) -> AsyncIterator[bytes]:
    """One line of JSON for each line: its report, or its problem with the line's number.

    Every failure becomes a line of the stream, because the status has been sent.
    """
    async with desk.batch_slots:
        for index, (number, line) in enumerate(lines):
            over = index > 0 and desk.worker.draining
            yield _problem(ShuttingDown(), scope, number) if over else await _answer(desk, number, line, scope)
            if over:
                break
            await asyncio.sleep(0)  # Refused lines wait for nothing: let others have the event loop.


async def _answer(desk: Desk, number: int, line: bytes, scope: Scope) -> bytes:
    name: object = None
    try:
        value = await parse_json(line)
        name = value.get("id") if isinstance(value, dict) else None
        request = validate(SummaryRequest, value)
        return json_bytes(to_dict(request, await desk.report(request, wait_for_slot=True))) + b"\n"
    except Exception as error:
        return _problem(error, scope, number, name)


def _problem(error: Exception, scope: Scope, number: int, name: object = None) -> bytes:
    known = {"id": name} if isinstance(name, str) and len(name) <= 200 else {}
    return json_bytes(log_and_describe(error, scope).to_dict(scope) | {"line": number} | known) + b"\n"
