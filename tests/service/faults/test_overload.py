"""More than the service can do: what it accepts it finishes, the rest is told when to come back."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.service.http.process import Process
from tests.service.http.stub import await_that

# Each starts a server of its own.
pytestmark = pytest.mark.slow


def test_what_is_accepted_is_finished_and_the_rest_is_told_when_to_come_back():
    # Half a second an article: of twenty at once about three can be done within two seconds.
    with Process(limits="deadline_seconds=2.0, deadline_factor=0.0") as server:
        text = "Der Rat tagt. " * 20
        for n in range(6):  # The pace becomes known.
            assert server.article(f"first{n}", "5", text=text)[0] == 200
        with ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(lambda n: server.article(str(n), "5", text=text), range(20)))
        statuses = [status for status, *_ in answers]
        assert set(statuses) == {200, 503}
        assert statuses.count(200) >= 1
        for status, headers, body in answers:
            if status == 503:
                assert int(headers["Retry-After"]) >= 1
                assert json.loads(body)["type"].endswith("overloaded")
        assert sum(line.startswith("begun") for line in server.lines) == 6 + statuses.count(200)


def test_batches_do_not_starve_single_requests():
    with Process() as server:
        content = "\n".join(json.dumps({"text": "Hallo.", "title": "1"}) for _ in range(10)).encode()
        answers = []

        def send_batch():
            answers.append(server.post(content, "/v1/summaries/batch", "application/x-ndjson", seconds=120))

        threads = [threading.Thread(target=send_batch) for _ in range(10)]
        for thread in threads:
            thread.start()
        await_that(lambda: "kurzum_waiting_articles 9.0" in server.text("/metrics"))
        statuses = [server.article("single", "1")[0] for _ in range(5)]
        finished = len(answers)
        for thread in threads:
            thread.join(120)
    assert statuses == [200] * 5
    assert finished < 10
    assert [status for status, *_ in answers] == [200] * 10
    assert all(len(body.splitlines()) == 10 and b'"problem' not in body for *_, body in answers)
