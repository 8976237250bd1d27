"""Every error leaves as a problem with the right status, and nothing leaves that should stay inside."""

import asyncio
import json

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from models import errors
from service.http.metrics import Metrics
from service.http.middleware import RequestContext
from service.http.problems import NotReady, Overloaded, problem_of, where
from service.http.responses import ProblemBody
from service.json import json_bytes, json_line
from tests.service.http.stub import StubPipeline, assert_problem, client_of

SCOPE = {"type": "http", "http_version": "1.1", "path": "/x", "query_string": b"", "state": {"request_id": "r"}}


@pytest.fixture(scope="module")
def client():
    with client_of(StubPipeline()) as client:
        yield client


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (errors.KurzumError("x"), 500, "error"),
        (errors.InputError("x"), 422, "unusable-article"),
        (errors.NotText("x"), 400, "not-text"),
        (errors.EmptyText("x"), 422, "empty-text"),
        (errors.TextTooLong("x"), 413, "text-too-long"),
        (errors.UnknownLanguage("x"), 422, "unknown-language"),
        (errors.UsageError("x"), 422, "wrong-use"),
        (errors.ModelUnavailable("x"), 503, "model-unavailable"),
        (errors.DeviceUnavailable("x"), 503, "device-unavailable"),
        (errors.DeadlineExceeded("x"), 504, "deadline-exceeded"),
        (errors.Cancelled("x"), 499, "cancelled"),
        (errors.Stopped("x"), 503, "stopped"),
        (Overloaded(7), 503, "overloaded"),
        (NotReady("x", 7), 503, "not-ready"),
        (ClientDisconnect(), 499, "cancelled"),
        (HTTPException(404), 404, "not-found"),
        (RuntimeError("secret"), 500, "internal-error"),
    ],
)
def test_each_error_has_its_status_and_code(error, status, code):
    problem = problem_of(error)
    assert (problem.status, problem.code) == (status, code)
    assert "secret" not in problem.detail
    body = ProblemBody.model_validate(problem.to_dict(SCOPE))
    assert body.request_id == "r"
    assert bool(body.errors) == (status == 422)


def test_overload_says_when_to_come_back():
    assert problem_of(Overloaded(7)).headers == {"Retry-After": "7"}
    assert problem_of(NotReady("x", 9)).headers == {"Retry-After": "9"}
    assert problem_of(errors.DeviceUnavailable("x")).headers == {"Retry-After": "60"}


def test_every_error_in_the_tree_has_a_problem():
    kinds = [errors.KurzumError]
    while kinds:
        kind = kinds.pop()
        kinds += [k for k in kind.__subclasses__() if k.__module__ == "models.errors"]
        assert 400 <= problem_of(kind("x")).status < 600


def test_thousands_of_wrong_fields_make_a_short_problem():
    class Strict(BaseModel):
        model_config = ConfigDict(extra="forbid")

    with pytest.raises(ValidationError) as caught:
        Strict.model_validate({"x" * 500 + str(n): n for n in range(5000)})
    problem = problem_of(caught.value)
    assert len(json_bytes(problem.to_dict(SCOPE))) < 5000
    assert "and 4997 more" in problem.detail


def test_half_a_surrogate_pair_leaves_as_its_escape():
    assert json.loads(json_bytes({"a": "x\ud800ä"})) == {"a": "x\ud800ä"}


def test_where_an_error_came_from_is_told_without_its_words():
    def fail():
        raise ValueError("Ein Satz aus dem Artikel.")

    with pytest.raises(ValueError, match="Satz") as caught:
        fail()
    place = where(caught.value)
    assert place.startswith("ValueError at test_problems.py:")
    assert "fail" in place
    assert "Satz" not in place
    assert where(KeyError("x")) == "KeyError at unknown"


def test_addresses_and_methods_that_are_not_there_are_problems_too(client):
    assert_problem(client.get("/nothing"), 404, "not-found")
    assert_problem(client.post("/v1/summaries/"), 404)
    response = client.get("/v1/summaries")
    assert_problem(response, 405, "method-not-allowed")
    assert response.headers["allow"] == "POST"
    assert client.delete("/health/live").headers["allow"] == "GET"


@pytest.mark.parametrize("given", ["abc", "A-1_b.2", "x" * 64])
def test_a_sane_request_id_of_the_caller_is_kept(client, given):
    assert client.get("/health/live", headers={"X-Request-ID": given}).headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", "ü".encode(), "a\tb", "<script>"])
def test_any_other_request_id_is_replaced(client, given):
    response = client.get("/health/live", headers={"X-Request-ID": given})
    assert len(response.headers["x-request-id"]) == 32


def test_one_line_in_the_log_says_what_was_asked_and_answered_and_nothing_of_the_article(client, caplog):
    caplog.set_level("INFO", logger="kurzum")
    headers = {"X-Request-ID": "id-1"}
    client.post("/v1/summaries", json={"text": "Geheim."}, headers=headers)
    client.get("/a%0Ab")
    first, second = (record.getMessage() for record in caplog.records if record.name == "kurzum.access")
    assert first.startswith("id-1 POST /v1/summaries 200 ")
    assert first.endswith(" ms")
    assert " GET /a%0Ab 404 " in second
    assert "Geheim" not in caplog.text


def test_an_answer_that_fails_half_way_is_broken_off_without_words(caplog):
    async def fails(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ValueError("Geheim")

    sent = []

    async def send(message):
        sent.append(message["type"])

    scope = SCOPE | {"method": "GET", "headers": [(b"x-request-id", b"mine")], "raw_path": b"/x"}
    with pytest.raises(ConnectionAbortedError, match="mine"):
        asyncio.run(RequestContext(fails, Metrics())(scope, None, send))
    assert sent == ["http.response.start"]
    assert "request mine failed: ValueError" in caplog.text
    assert "Geheim" not in caplog.text


@pytest.mark.parametrize("end", ["\n", "\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"])
def test_a_row_of_json_is_one_line_to_every_reader(end: str) -> None:
    value = {f"a{end}b": f"c{end}d"}
    for row in (json_line(value), json_bytes(value).decode()):
        assert len(row.splitlines()) == 1
        assert json.loads(row) == value
