"""What becomes of a report on its way out, and of a client that leaves meanwhile."""

import asyncio

import pytest

from models.errors import Cancelled
from models.values import Article
from service.http.problems import without_paths
from service.http.requests import SummaryRequest
from service.http.responses import cancel_on_disconnect, to_dict
from tests.service.http.stub import report_on


async def never():
    await asyncio.Event().wait()


async def at_once():
    pass


async def crash():
    raise KeyError("a fault of the service")


def test_work_is_cancelled_when_the_client_leaves():
    with pytest.raises(Cancelled):
        asyncio.run(cancel_on_disconnect(never(), at_once()))


def test_a_crash_of_what_watches_the_client_is_no_client_that_left():
    with pytest.raises(KeyError):
        asyncio.run(cancel_on_disconnect(never(), crash()))


def test_a_receipt_tells_no_client_where_models_lie():
    report = report_on(Article("Hallo."))
    models = [{"task": "translation", "id": "/srv/models/opus"}, {"task": "summarization", "id": "hub/name"}]
    report.receipt.update(engine="auto", models=models)
    receipt = to_dict(SummaryRequest(text="Hallo."), report)["receipt"]
    assert [model["id"] for model in receipt["models"]] == ["opus", "hub/name"]
    assert receipt["engine"] == "auto"


@pytest.mark.parametrize(
    ("message", "public"),
    [
        ("There is no model in /srv/models/opus-mt.", "There is no model in opus-mt."),
        ("It is not in ~/.cache/kurzum either.", "It is not in kurzum either."),
        ("Helsinki-NLP/opus-mt-de-en cannot be fetched.", "Helsinki-NLP/opus-mt-de-en cannot be fetched."),
        ("See https://example.org/a/b and/or retry.", "See https://example.org/a/b and/or retry."),
    ],
)
def test_messages_tell_no_client_where_files_lie(message, public):
    assert without_paths(message) == public
