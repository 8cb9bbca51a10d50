"""The id of a request: in every answer, on pages of mishaps, in the lines of web and worker.

That no kind of answer lacks it, tests/watcher.py looks at; the bank's side is in tests/bank.
"""

import json
import logging
import time

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from koss.ground import request_ids
from koss.ground.logs import Json
from koss.mail import outbox
from koss.operation import access_log, at_work
from koss.portal import kept_pages

GIVEN = "0123456789abcdef0123456789abcdef"
pytestmark = [pytest.mark.databases, pytest.mark.django_db]


@pytest.fixture
def lines(caplog):
    """Every line that has been written so far, read again."""
    caplog.handler.setFormatter(Json())
    caplog.set_level(logging.INFO)
    return lambda: [json.loads(line) for line in caplog.text.splitlines()]


@pytest.mark.parametrize(
    ("proxies", "given", "believed"),
    [
        (1, GIVEN, True),
        (1, "01234567-89ab-cdef-0123-456789abcdef", True),
        (0, GIVEN, False),
        (1, GIVEN.upper(), False),
        (1, GIVEN[1:], False),
        (1, f"{GIVEN}, {GIVEN}", False),
        (1, f"{GIVEN}\n", False),
        (1, "20261129123456784", False),
    ],
)
def test_only_a_proxy_of_ours_may_give_one(client, settings, proxies, given, believed):
    settings.KOSS_PROXIES = proxies

    answer = client.get("/health/live/", headers={request_ids.HEADER: given})

    assert (answer[request_ids.HEADER] == GIVEN) is believed
    assert len(answer[request_ids.HEADER]) == 32


@pytest.mark.parametrize(
    ("error", "status"), [(RuntimeError("x"), 500), (OperationalError("x"), 503)]
)
def test_a_caller_can_tell_it(monkeypatch, lines, error, status):
    def breaks(*_arguments, **_more):
        raise error

    monkeypatch.setattr(kept_pages, "render", breaks)

    answer = Client(raise_request_exception=False).get("/faq/")

    assert answer.status_code == status
    assert f">{answer[request_ids.HEADER]}<" in answer.content.decode()
    told = [line for line in lines() if line["request_id"] == answer[request_ids.HEADER]]
    assert {line["logger"] for line in told} == {"django.request", "koss.access"}


def test_no_other_page_shows_it(client):
    answer = client.get("/no-such-page/")

    assert answer[request_ids.HEADER] not in answer.content.decode()


def test_the_line_of_a_request_names_its_kind_and_nobody(client, lines):
    client.get("/mypage/reset/link/Zk3nP0qLw8RtYx2Vb7Mc1A/?q=taro")
    client.get("/no/such/20261129123456784/")

    first, second = [line for line in lines() if line["logger"] == "koss.access"]
    assert first["route"] == "mypage/reset/link/<slug:token>/"
    assert (first["method"], first["view"]) == ("GET", "payments:reset_link")
    assert (second["view"], second["route"], second["status"]) == ("none", "", 404)
    assert not {"Zk3nP0q", "taro", "6784"} & set(json.dumps([first, second]))


def a_worker():
    return Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="x",
        excluded_queue_names=[],
    )


def test_a_task_keeps_the_id_of_its_request(lines, monkeypatch):
    def fails(*, now):
        raise RuntimeError

    request_ids.hold(GIVEN)
    outbox.send_due_mail.enqueue()
    outbox.send_due_mail.enqueue()
    monkeypatch.setattr(outbox, "send_due", fails)
    # A task of before has no id.
    first = DBTaskResult.objects.latest("enqueued_at")
    first.args_kwargs.pop(request_ids.IN_TASK)
    first.save()
    request_ids.hold(request_ids.new())

    at_work.watch()
    for row in DBTaskResult.objects.filter(task_path=outbox.send_due_mail.module_path):
        row.claim("x")
        a_worker().run_task(row)

    told = [line for line in lines() if line["logger"] == "koss.worker"]
    assert [line["task"] for line in told] == ["koss.mail.outbox.send_due_mail"] * 2
    assert [line["error"] for line in told] == ["RuntimeError"] * 2
    ids = {line["request_id"] for line in told}
    assert GIVEN in ids
    assert len(ids) == 2


def test_it_costs_no_query_and_next_to_no_time(rf, django_assert_num_queries):
    request = rf.get("/faq/")
    request.resolver_match = resolve("/faq/")
    answers = access_log.keep(lambda _request: HttpResponse())

    with django_assert_num_queries(0):
        answers(request)
    assert min(_seconds_each(answers, request) for _ in range(10)) < 0.000_2


def _seconds_each(answers, request, *, times=100):
    begun = time.process_time()
    for _ in range(times):
        answers(request)
    return (time.process_time() - begun) / times
