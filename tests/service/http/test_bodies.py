"""Bodies that are too large, too slow, broken or in disguise: each gets its own clear answer."""

import asyncio
import json

import pytest
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request

from models.errors import NotText
from service.http.bodies import BodyReader, loads, parse_text
from service.http.problems import RequestError
from service.http.responses import answer_type
from service.settings import Limits
from tests.service.http.stub import LIMITS, StubPipeline, assert_problem, client_of


@pytest.fixture(scope="module")
def client():
    with client_of(StubPipeline()) as client:
        yield client


def post(client, content, **headers):
    names = {name.replace("_", "-"): value for name, value in ({"content_type": "application/json"} | headers).items()}
    return client.post("/v1/summaries", content=content, headers=names)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "nothing in the body"),
        (b" \r\n", "nothing in the body"),
        (b"{", "not JSON"),
        (b'{"text": "Hallo.",}', "line 1, column"),
        (b'{"text": "a\nb"}', "not JSON"),
        (b"\xff\xfe{\x00}\x00", "not UTF-8: byte 0"),
        (b'{"text": "gr\xfcn"}', "not UTF-8"),
        (b'{"text": "\\ud800"}', "surrogate"),
        (b'{"text": "a", "\\udc00": 1}', "surrogate"),
        (b'{"text": "a", "max_words": NaN}', "NaN is not JSON"),
        (b'{"text": "a", "max_words": -Infinity}', "-Infinity is not JSON"),
        (b"[" * 50_000, "nested too deeply"),
        (b'{"a":' * 10_000, "nested too deeply"),
        (b'{"text": "a", "text": "b"}', "same key twice"),
        (b'{"text": "a", "max_words": ' + b"9" * 5000 + b"}", "number that is too long"),
    ],
)
def test_malformed_json_is_a_400_that_says_what_is_wrong(client, content, says):
    problem = assert_problem(post(client, content), 400, "malformed-request")
    assert says in problem["detail"]


def test_whole_surrogate_pairs_and_a_byte_order_mark_are_fine(client):
    assert post(client, b'\xef\xbb\xbf{"text": "Hallo \\ud83d\\ude00."}').status_code == 200
    assert loads(b'"\\ud83d\\ude00"') == "😀"


def test_a_float_that_overflows_is_no_number_of_words(client):
    assert_problem(post(client, b'{"text": "a", "max_words": 1e999}'), 422)


@pytest.mark.parametrize(
    "content_type", ["", "image/png", "application/xml", "multipart/form-data", "text", ";", "a/b/c"]
)
def test_other_media_types_are_a_415_that_names_what_is_taken(client, content_type):
    response = post(client, b"{}", content_type=content_type)
    assert "text/html" in assert_problem(response, 415)["detail"]
    taken = response.headers["accept"].split(", ")
    assert {"application/json", "text/plain", "text/html", "message/rfc822", "application/pdf"} <= set(taken)


def test_a_missing_content_type_is_a_415(client):
    response = client.post("/v1/summaries", content=b"{}")
    assert_problem(response, 415)


def test_the_case_and_the_parameters_of_a_media_type_do_not_matter(client):
    assert post(client, b'{"text": "Hallo."}', content_type="Application/JSON ; charset=utf-8").status_code == 200


def test_compressed_bodies_are_refused_unread(client):
    response = post(client, b"\x1f\x8b", content_encoding="gzip")
    assert_problem(response, 415)
    assert response.headers["accept-encoding"] == "identity"
    assert post(client, b'{"text": "Hallo."}', content_encoding="identity").status_code == 200


@pytest.mark.parametrize(
    "charset", ["rot13", "base64", "idna", "zlib", "none-such", "utf-7", "x" * 500, "ü", "unicode_escape"]
)
def test_unknown_charsets_are_a_400(client, charset):
    response = post(client, b"Hallo.", content_type=f"text/plain; charset={charset}".encode())
    assert_problem(response, 400, "not-text")


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"gr\xfcn", "text/plain; charset=utf-8"),
        (b"abc", "text/plain; charset=utf-16"),
        (b"\x00\x01\x02", "text/plain"),
    ],
)
def test_bytes_that_are_no_text_are_a_400(client, content, content_type):
    assert_problem(post(client, content, content_type=content_type), 400, "not-text")


def test_an_empty_text_body_is_an_empty_text(client):
    assert_problem(post(client, b"", content_type="text/plain"), 422, "empty-text")


def test_a_byte_order_mark_is_no_part_of_the_text():
    assert asyncio.run(parse_text(b"\xef\xbb\xbfHallo", "utf-8")) == "Hallo"
    with pytest.raises(NotText):
        asyncio.run(parse_text(b"Hallo", "punycode"))


class Sender:
    """A client that sends chunks, each after a pause, and then says nothing more or leaves."""

    def __init__(self, *chunks, pause=0.0, leaves=False):
        self.chunks = list(chunks)
        self.pause = pause
        self.leaves = leaves
        self.asked = 0

    async def __call__(self):
        self.asked += 1
        await asyncio.sleep(self.pause)
        if self.chunks:
            chunk = self.chunks.pop(0)
            return {"type": "http.request", "body": chunk, "more_body": True}
        if self.leaves:
            return {"type": "http.disconnect"}
        return {"type": "http.request"}

    def request(self, **headers):
        raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        return Request({"type": "http", "headers": raw, "method": "POST", "path": "/"}, self)


def test_a_body_is_given_up_as_soon_as_it_is_too_large():
    sender = Sender(*[b"x" * 60] * 100)
    with pytest.raises(RequestError) as caught:
        asyncio.run(BodyReader(Limits(body_bytes=100)).read(sender.request()))
    assert caught.value.status == 413
    assert sender.asked == 2


@pytest.mark.parametrize("length", ["101", "9" * 400])
def test_a_declared_length_over_the_limit_is_refused_without_reading(length):
    sender = Sender()
    with pytest.raises(RequestError) as caught:
        asyncio.run(BodyReader(Limits(body_bytes=100)).read(sender.request(content_length=length)))
    assert caught.value.status == 413
    assert sender.asked == 0


def test_a_length_that_is_no_number_is_malformed():
    with pytest.raises(RequestError) as caught:
        asyncio.run(BodyReader(LIMITS).read(Sender().request(content_length="-1")))
    assert caught.value.status == 400


def test_a_body_up_to_the_limit_is_taken():
    assert (
        asyncio.run(BodyReader(Limits(body_bytes=100)).read(Sender(b"x" * 60, b"y" * 40).request()))
        == b"x" * 60 + b"y" * 40
    )


def test_a_body_that_never_ends_in_time_is_a_408():
    sender = Sender(*[b"x"] * 1000, pause=0.02)
    with pytest.raises(RequestError) as caught:
        asyncio.run(BodyReader(Limits(body_seconds=0.1)).read(sender.request()))
    assert caught.value.status == 408
    assert caught.value.headers == {"Connection": "close"}


def test_a_client_that_leaves_in_the_middle_of_its_body_is_no_error_of_the_service():
    with pytest.raises(ClientDisconnect):
        asyncio.run(BodyReader(LIMITS).read(Sender(b"x", leaves=True).request()))


def test_too_large_a_body_is_a_413_over_http(client):
    text = json.dumps({"text": "x" * LIMITS.body_bytes})
    assert_problem(post(client, text.encode()), 413, "body-too-large")
    assert_problem(post(client, (b"x" * 1000 for _ in range(1000))), 413, "body-too-large")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json"),
        ("text/plain", "text/plain"),
        ("text/plain;q=0.5, application/json", "application/json"),
        ("text/plain;q=0.5, */*;q=0.1", "text/plain"),
        ("TEXT/EVENT-STREAM", "text/event-stream"),
        ("text/event-stream;q=0, image/png", "application/json"),
        ("text/plain;q=nonsense", "application/json"),
        ("text/plain, text/event-stream", "text/plain"),
        (",;,=;q=,", "application/json"),
    ],
)
def test_the_form_of_the_answer_is_what_the_client_likes_best(accept, chosen):
    assert answer_type(Headers({"accept": accept})) == chosen
