"""Many articles in one request: NDJSON in, NDJSON out, one answer a line in the order of the lines.

One article of a batch is in the queue at a time. It waits for a place instead of being turned away, so a large batch
is slowed down where single requests are answered 503; and between two of its articles others have their turn.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from models.errors import Cancelled
from service.http.bodies import parse_json
from service.http.desk import Desk, render
from service.http.intake import validate
from service.http.ndjson import Line, Lines
from service.http.problems import Refused, dumps, respond, tell
from service.http.requests import SummaryRequest
from service.http.streams import while_there

DRAINING = Refused(503, "shutting-down", "The service is shutting down: the lines from here on were not read.")


class BatchResponse(Response):
    """Reads the request while it answers, which starlette's StreamingResponse cannot: it listens for a disconnect."""

    media_type = "application/x-ndjson"

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        del self.headers["content-length"]
        self.desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        limits = self.desk.limits
        lines = Lines(receive, limits.body_bytes, limits.body_seconds)
        try:
            answered = await while_there(self._answer(lines, scope, send), lines.pump())
        except Cancelled:
            return  # Nobody is there to be told.
        if not answered:
            empty = Refused(400, "malformed-request", "There is no line in the body.")
            await (await respond(Request(scope), empty))(scope, receive, send)

    async def _answer(self, lines: Lines, scope: Scope, send: Send) -> int:
        answered = 0
        async for line in lines:
            if not answered:
                await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            over = bool(answered) and self.desk.worker.draining
            answer = await self._one(Line(line.number, refused=DRAINING) if over else line, scope)
            await send({"type": "http.response.body", "body": dumps(answer) + b"\n", "more_body": True})
            answered += 1
            if over:
                break
        if answered:
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        return answered

    async def _one(self, line: Line, scope: Scope) -> dict[str, object]:
        name: object = None
        try:
            if line.refused is not None:
                raise line.refused
            value = await parse_json(line.content)
            name = value.get("id") if isinstance(value, dict) else None
            request = validate(SummaryRequest, value)
            return render(request, await self.desk.report(request, patient=True))
        except Exception as error:
            known = {"id": name} if isinstance(name, str) and len(name) <= 200 else {}
            return tell(error, scope).to_dict(scope) | {"line": line.number} | known
