"""The routes over a pipeline without models: what goes in, what comes out, in which form."""

import json

import pytest
from starlette.testclient import TestClient

from models.errors import DeviceUnavailable, ModelUnavailable, UnknownLanguage, UsageError
from service.http.app import create_app
from service.http.responses import ProblemBody
from service.settings import Limits
from tests.service.http.stub import LIMITS, REPORT, StubPipeline, assert_problem, await_that, client_of

TEXT = "Der Rat tagt heute. Er berät über Radwege."


@pytest.fixture(scope="module")
def pipeline():
    return StubPipeline()


@pytest.fixture(scope="module")
def client(pipeline):
    with client_of(pipeline) as client:
        yield client


def events(text):
    for block in text.strip().split("\n\n"):
        if not block.startswith(":"):
            name, data = block.split("\n")
            yield name.removeprefix("event: "), json.loads(data.removeprefix("data: "))


def test_a_summary_is_answered_with_the_documented_report(client):
    response = client.post("/v1/summaries", json={"text": TEXT, "id": "a-1", "title": "Radwege"})
    report = REPORT.validate_python(response.json())
    assert response.headers["content-type"] == "application/json"
    assert report.id == "a-1"
    assert report.title == "Radwege"
    assert report.summary.text == "In short: Der Rat tagt heute"
    assert report.text is None
    assert report.translation is None


def test_what_is_asked_for_is_included(client):
    response = client.post("/v1/summaries", json={"text": TEXT, "include": ["text", "translation"]})
    report = REPORT.validate_python(response.json())
    assert report.text == TEXT
    assert report.translation is not None


def test_all_options_reach_the_pipeline(client, pipeline):
    options = {"length": "long", "max_words": 77, "style": "bullets", "mode": "direct"}
    client.post("/v1/summaries", json={"text": TEXT, "source_lang": "de", "format": "html", **options})
    seen, article = pipeline.options[-1], pipeline.seen[-1]
    assert (seen.length, seen.max_words, seen.style, seen.mode) == ("long", 77, "bullets", "direct")
    assert (article.source_lang, article.format) == ("de", "html")


def test_a_text_body_takes_its_options_from_the_query(client, pipeline):
    query = "?length=short&id=x&title=T&include=text&include=translation&max_words=20"
    response = client.post(f"/v1/summaries{query}", content=TEXT.encode(), headers={"Content-Type": "text/plain"})
    assert response.json()["text"] == TEXT
    assert response.json()["id"] == "x"
    assert pipeline.options[-1].length == "short"
    assert pipeline.options[-1].max_words == 20
    assert pipeline.seen[-1].format == "text"


def test_an_html_body_is_read_as_html(client, pipeline):
    client.post("/v1/summaries", content=b"<p>Hallo Welt.</p>", headers={"Content-Type": "text/html"})
    assert pipeline.seen[-1].format == "html"


@pytest.mark.parametrize(
    ("content_type", "encoding"),
    [
        ("text/plain; charset=iso-8859-1", "latin-1"),
        ("text/plain; charset=utf-16", "utf-16"),
        ("text/plain; charset=UTF-8", "utf-8-sig"),
        ("text/plain", "utf-8-sig"),
        ("text/plain", "cp1252"),
        ('text/plain; charset="windows-1252"', "cp1252"),
    ],
)
def test_a_charset_is_honoured_and_told_where_it_is_missing(client, pipeline, content_type, encoding):
    response = client.post("/v1/summaries", content=TEXT.encode(encoding), headers={"Content-Type": content_type})
    assert response.status_code == 200
    assert pipeline.seen[-1].text == TEXT


def test_a_big_body_is_parsed_beside_the_event_loop_with_the_same_result(client, pipeline):
    text = "Ein Satz. " * 4_900
    assert client.post("/v1/summaries", json={"text": text + "ä" * 999}).status_code == 200
    response = client.post("/v1/summaries", content=(text * 1 + "ä").encode("utf-32"), headers={
        "Content-Type": "text/plain; charset=utf-32"})  # fmt: skip
    assert response.status_code == 200
    assert pipeline.seen[-1].text == text + "ä"


def test_a_translation_has_no_summary_and_always_its_sentences(client):
    response = client.post("/v1/translations", json={"text": TEXT})
    report = REPORT.validate_python(response.json())
    assert [s.target for s in report.translation.sentences] == [
        "English of Der Rat tagt heute",
        "English of Er berät über Radwege.",
    ]


@pytest.mark.parametrize(
    ("route", "bare"),
    [
        ("summaries", "In short: Der Rat tagt heute"),
        ("translations", "English of Der Rat tagt heute English of Er berät über Radwege."),
    ],
)
def test_whoever_accepts_plain_text_gets_the_english_alone(client, route, bare):
    response = client.post(f"/v1/{route}", json={"text": TEXT}, headers={"Accept": "text/plain"})
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.text == bare


def test_whoever_accepts_events_gets_progress_and_then_the_report():
    def work(_article, on_progress):
        on_progress("translate", 1, 2)
        on_progress("translate", 2, 2)

    with client_of(StubPipeline(work)) as client:
        headers = {"Accept": "text/event-stream"}
        response = client.post("/v1/summaries", json={"text": TEXT, "id": "x"}, headers=headers)
        assert response.headers["content-type"].startswith("text/event-stream")
        *steps, (last, report) = events(response.text)
        assert steps == [
            ("progress", {"stage": "translate", "done": 1, "total": 2}),
            ("progress", {"stage": "translate", "done": 2, "total": 2}),
        ]
        assert last == "report"
        assert REPORT.validate_python(report).id == "x"


def test_events_end_with_a_problem_when_the_article_fails(caplog):
    def work(article, _on_progress):
        raise UnknownLanguage("Neither German nor English.") if "Bonjour" in article.text else KeyError(article.text)

    with client_of(StubPipeline(work)) as client:
        headers = {"Accept": "text/event-stream", "X-Request-ID": "r1"}
        first = client.post("/v1/summaries", json={"text": "Bonjour."}, headers=headers)
        second = client.post("/v1/summaries", json={"text": "Geheimnis."}, headers=headers)
    [(name, problem)] = events(first.text)
    assert name == "problem"
    assert ProblemBody.model_validate(problem).status == 422
    [(name, problem)] = events(second.text)
    assert problem["status"] == 500
    assert problem["request_id"] == "r1"
    assert "Geheimnis" not in second.text + caplog.text


def test_a_slow_stream_is_kept_alive_by_comments(monkeypatch):
    import time

    monkeypatch.setattr("service.http.responses.KEEP_ALIVE_SECONDS", 0.01)
    with client_of(StubPipeline(lambda _article, _on_progress: time.sleep(0.1))) as client:
        text = client.post("/v1/summaries", json={"text": TEXT}, headers={"Accept": "text/event-stream"}).text
    assert ": still working\n\n" in text
    assert text.rstrip().split("\n\n")[-1].startswith("event: report")


def test_an_unusable_article_is_refused_before_its_events_begin(client):
    headers = {"Accept": "text/event-stream"}
    assert_problem(client.post("/v1/summaries", json={"text": " \n"}, headers=headers), 422, "empty-text")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": TEXT, "lenght": "short"}, "lenght"),
        ({"text": TEXT, "summary_lang": "fr"}, "summary_lang"),
        ({"text": TEXT, "max_words": 9}, "max_words"),
        ({"text": TEXT, "max_words": True}, "max_words"),
        ({"text": TEXT, "max_words": 10**30}, "max_words"),
        ({"text": TEXT, "include": ["summary"]}, "include.0"),
        ({"text": TEXT, "include": ["text"] * 3}, "include"),
        ({"text": 5}, "text"),
        ({}, "text"),
        ({"text": ""}, "text"),
        ({"text": TEXT, "id": "x" * 201}, "id"),
        ([], ""),
        (7, ""),
        ("x", ""),
    ],
)
def test_what_cannot_be_used_is_named_with_its_field(client, body, field):
    problem = assert_problem(client.post("/v1/summaries", json=body), 422)
    assert field in [error["field"] for error in problem["errors"]]
    assert all(error["message"] for error in problem["errors"])


def test_the_language_of_the_summary_reaches_the_pipeline(client, pipeline):
    assert client.post("/v1/summaries", json={"text": TEXT, "summary_lang": "de"}).status_code == 200
    assert pipeline.options[-1].summary_lang == "de"
    headers = {"Content-Type": "text/plain"}
    assert client.post("/v1/summaries?summary_lang=de", content=TEXT.encode(), headers=headers).status_code == 200
    assert pipeline.options[-1].summary_lang == "de"
    assert client.post("/v1/summaries", json={"text": TEXT}).status_code == 200
    assert pipeline.options[-1].summary_lang == "en"


def test_the_options_of_a_text_body_are_checked_too(client):
    headers = {"Content-Type": "text/plain"}
    response = client.post("/v1/summaries?lenght=short", content=b"Hallo.", headers=headers)
    assert assert_problem(response, 422)["errors"][0]["field"] == "lenght"
    response = client.post("/v1/translations?length=short", content=b"Hallo.", headers=headers)
    assert assert_problem(response, 422)["errors"][0]["field"] == "length"


@pytest.mark.parametrize("route", ["/v1/summaries", "/v1/translations"])
def test_options_beside_a_json_body_are_refused_instead_of_ignored(client, route):
    problem = assert_problem(client.post(f"{route}?id=short", json={"text": TEXT}), 422)
    assert [error["field"] for error in problem["errors"]] == ["id"]


@pytest.mark.parametrize("text", ["", " \n\t ", "\u00a0"])
def test_a_text_of_blanks_is_refused_in_a_sentence_that_says_so(client, text):
    problem = assert_problem(client.post("/v1/summaries", json={"text": text}), 422, "empty-text")
    assert "blanks" in problem["detail"]


def test_a_text_over_the_limit_never_reaches_the_pipeline(client, pipeline):
    before = len(pipeline.seen)
    response = client.post("/v1/summaries", json={"text": "a" * (LIMITS.characters + 1)})
    assert_problem(response, 413, "text-too-long")
    assert len(pipeline.seen) == before


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (UnknownLanguage("Neither German nor English."), 422, "unknown-language"),
        (UsageError("This model has no direct mode."), 422, "wrong-use"),
        (DeviceUnavailable("The GPU is gone."), 503, "unavailable"),
    ],
)
def test_errors_of_the_pipeline_become_their_problems(error, status, code):
    def work(_article, _on_progress):
        raise error

    with client_of(StubPipeline(work)) as client:
        problem = assert_problem(client.post("/v1/summaries", json={"text": TEXT}), status)
        assert problem["detail"] == str(error)
        assert problem["type"].endswith(error.code)


def test_an_unforeseen_error_says_nothing_of_itself_and_the_next_article_is_served(caplog):
    def work(article, _on_progress):
        if "Geheimnis" in article.text:
            raise ValueError(f"cannot handle {article.text}")

    with client_of(StubPipeline(work)) as client:
        headers = {"X-Request-ID": "mine-1"}
        response = client.post("/v1/summaries", json={"text": "Ein Geheimnis."}, headers=headers)
        problem = assert_problem(response, 500, "internal-error")
        assert problem["request_id"] == "mine-1"
        assert "Geheimnis" not in response.text
        assert "Geheimnis" not in caplog.text
        assert "mine-1" in caplog.text
        assert "ValueError" in caplog.text
        assert client.post("/v1/summaries", json={"text": TEXT}).status_code == 200


def test_a_service_is_live_before_it_is_ready_and_takes_nothing_until_then():
    import threading

    loaded = threading.Event()

    def load():
        loaded.wait(5)
        return StubPipeline()

    with TestClient(create_app(load, LIMITS)) as client:
        assert client.get("/health/live").json() == {"status": "live"}
        assert "still being loaded" in assert_problem(client.get("/health/ready"), 503, "not-ready")["detail"]
        response = client.post("/v1/summaries", json={"text": TEXT})
        assert_problem(response, 503, "not-ready")
        assert int(response.headers["retry-after"]) > 0
        headers = {"Content-Type": "application/x-ndjson"}
        assert_problem(client.post("/v1/summaries/batch", content=b"{}", headers=headers), 503, "not-ready")
        loaded.set()
        await_that(lambda: client.get("/health/ready").status_code == 200)
        assert client.get("/health/ready").json() == {"status": "ready"}


@pytest.mark.parametrize(
    ("error", "detail"),
    [
        (ModelUnavailable("There is no model here."), "There is no model here."),
        (ModelUnavailable("people/bart is not there."), "people/bart is not there."),
        (ModelUnavailable("Ein Satz is not in /home/somebody/.cache."), "The model could not be loaded"),
        (MemoryError("Ein Satz"), "The model could not be loaded"),
        (SystemExit(3), "The model could not be loaded"),
    ],
)
def test_a_model_that_cannot_be_loaded_leaves_a_live_service_that_says_why(error, detail):
    def load():
        raise error

    with TestClient(create_app(load, LIMITS)) as client:
        await_that(lambda: detail in client.get("/health/ready").json()["detail"])
        assert client.get("/health/live").status_code == 200
        problem = assert_problem(client.post("/v1/summaries", json={"text": TEXT}), 503, "not-ready")
        assert detail in problem["detail"]
        assert "Ein Satz" not in problem["detail"]
        assert "kurzum_ready 0.0" in client.get("/metrics").text


def test_a_model_that_talks_nonsense_is_never_ready():
    pipeline = StubPipeline()
    pipeline.canary = "Of of the one."
    with TestClient(create_app(lambda: pipeline, LIMITS)) as client:
        await_that(lambda: "known sentence is wrong" in client.get("/health/ready").json()["detail"])


@pytest.mark.parametrize("english", ["The hound is asleep in the yard.", "A dog naps in the backyard."])
def test_a_model_may_choose_its_own_words_for_the_known_sentence(english):
    pipeline = StubPipeline()
    pipeline.canary = english
    with client_of(pipeline) as client:
        assert client.get("/health/ready").status_code == 200


def test_metrics_count_requests_articles_and_seconds():
    def work(article, _on_progress):
        if "Bonjour" in article.text:
            raise UnknownLanguage("Neither German nor English.")

    with client_of(StubPipeline(work)) as client:
        client.post("/v1/summaries", json={"text": TEXT})
        client.post("/v1/summaries", json={"text": "Bonjour."})
        client.get("/v1/nothing/here")
        response = client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=")
    for line in (
        'kurzum_requests_total{route="/v1/summaries",status="200"} 1.0',
        'kurzum_requests_total{route="/v1/summaries",status="422"} 1.0',
        'kurzum_requests_total{route="none",status="404"} 1.0',
        'kurzum_articles_total{outcome="done"} 1.0',
        'kurzum_articles_total{outcome="unknown-language"} 1.0',
        'kurzum_stage_seconds_count{stage="translate"} 1.0',
        "kurzum_waiting_articles 0.0",
        "kurzum_ready 1.0",
    ):
        assert line in response.text, response.text


def test_two_applications_in_one_process_count_for_themselves():
    with client_of(StubPipeline()) as first, client_of(StubPipeline()) as second:
        first.post("/v1/summaries", json={"text": TEXT})
        assert 'outcome="done"' not in second.get("/metrics").text


def test_an_application_can_be_started_again():
    app = create_app(StubPipeline, LIMITS)
    for _ in range(2):
        with TestClient(app) as client:
            await_that(lambda: client.get("/health/ready").status_code == 200)
            assert client.post("/v1/summaries", json={"text": TEXT}).status_code == 200


def test_the_documentation_needs_no_other_host(client):
    page = client.get("/docs").text
    assert "//" not in page.replace("<!-- ", "").split("<body>")[0]
    for asset in ("swagger-ui-bundle.js", "swagger-ui.css", "favicon.png"):
        assert f"docs/assets/{asset}" in page
        assert len(client.get(f"/docs/assets/{asset}").content) > 1000
    assert_problem(client.get("/docs/assets/nothing.js"), 404)


def test_every_example_in_the_openapi_document_is_answered_200(client):
    document = client.get("/openapi.json").json()
    tried = 0
    for path, operations in document["paths"].items():
        for content_type, body in operations.get("post", {}).get("requestBody", {}).get("content", {}).items():
            # Files that are no text have no example.
            examples = [body["example"]] if "example" in body else []
            for example in [e["value"] for e in body.get("examples", {}).values()] or examples:
                content = example if isinstance(example, str) else json.dumps(example)
                response = client.post(path, content=content.encode(), headers={"Content-Type": content_type})
                assert response.status_code == 200, response.text
                assert '"status":4' not in response.text
                tried += 1
    assert tried >= 8


def test_every_reference_in_the_openapi_document_leads_somewhere(client):
    text = client.get("/openapi.json").text
    names = {piece.split('"')[0] for piece in text.split("#/components/schemas/")[1:]}
    assert "ProblemBody" in names
    assert names <= set(json.loads(text)["components"]["schemas"])
    assert "HTTPValidationError" not in names
    assert "$defs" not in text


def test_html_may_be_longer_than_the_text_in_it():
    limits = Limits(body_bytes=100_000, characters=100)
    with client_of(StubPipeline(), limits) as client:
        body = {"text": "<p>" + "x" * 500, "format": "html"}
        assert client.post("/v1/summaries", json=body).status_code == 200
