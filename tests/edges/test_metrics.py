"""``manage.py metrics``: what Prometheus is given, on addresses that strangers cannot reach."""

import errno
import os
from datetime import timedelta

import pytest
from django.core.management import CommandError
from django.db import OperationalError, connection, connections
from django.test.utils import CaptureQueriesContext
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.values import MutexValue

from koss.access import passwords
from koss.ground import clock, counting, figures
from koss.mail import outbox
from koss.management.commands import metrics
from koss.models import MailState, NightRun, OutgoingMail
from koss.operation import exporter, gauges
from payments.banks import BankUnreachable, wire

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


def asked():
    """(name, labels) → value, as Prometheus reads them."""
    text = generate_latest(exporter.registry()).decode()
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def a_mail(**fields):
    letter = outbox.Letter(
        key=f"{OutgoingMail.objects.count()}", template="ready", to="a@b.example"
    )
    outbox.put([letter], now=clock.now())
    OutgoingMail.objects.filter(pk=OutgoingMail.objects.latest("pk").pk).update(**fields)


def test_everything_that_is_declared_is_there():
    figures.request_done("GET", "top", 200, 0.01)
    figures.hash_waited(0.01, served=True)
    figures.bank_answered("answered", 0.01)
    figures.task_done("a.b", "done", 1)
    NightRun.objects.create(
        business_date=clock.today(), started_at=clock.now(), finished_at=clock.now()
    )

    found = {name for name, *_labels in asked()}

    late = {"koss_bank_silent_seconds"}  # before the bank has answered for the first time
    assert exporter.names() - found - late == set()
    assert {name for name in found if name.startswith("koss_")} <= exporter.names()


def test_what_waits(django_assert_num_queries):
    a_mail(due_at=clock.now() - timedelta(hours=1))
    a_mail(due_at=clock.now() + timedelta(hours=1))
    a_mail(state=MailState.DEAD)

    with django_assert_num_queries(11):
        found = asked()

    assert found["koss_mails_waiting",] == 2
    assert 3600 <= found["koss_mail_oldest_seconds",] < 3700
    assert found["koss_mails_dead",] == 1
    assert found["koss_queue_tasks", "mail"] == 3
    assert found["koss_queue_tasks", "resets"] == 0
    assert found["koss_night_missed",] == 1
    assert found["koss_refunds_open", "unknown_number"] == 0


def test_a_planned_task_waits_from_its_moment_on():
    at = clock.system_now() - timedelta(minutes=5)
    outbox.send_due_mail.using(run_after=at - timedelta(minutes=1)).enqueue()
    outbox.send_due_mail.using(run_after=at + timedelta(hours=1)).enqueue()

    queue = gauges.queues()["mail"]

    assert queue.count == 1
    assert timedelta(minutes=6) <= queue.waits < timedelta(minutes=7)


def test_nothing_is_counted_to_its_end(monkeypatch):
    monkeypatch.setattr(counting.counts, "__kwdefaults__", {"cap": 1})
    for _ in range(3):
        a_mail()

    assert asked()["koss_mails_waiting",] == 2


@pytest.mark.sqlite
def test_no_gauge_walks_a_whole_table():
    with CaptureQueriesContext(connection) as queries:
        exporter._values()

    large = ("applications_", "koss_outgoingmail", "payments_webhookdelivery", "django_tasks")
    large += ("koss_passwordlock", "koss_source", "payments_paymentinformation", "payments_refund")
    # These indexes hold nothing but what is counted.
    few = ("mail_to_send", "mail_dead", "deliveries_due", "tasks_db_new_ordering_idx")
    few += ("open_refunds", "sources_refused", "submissions_unfinished")
    for query in queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            plan = [row[-1] for row in cursor.fetchall()]
        walked = [step for step in plan if step.startswith(tuple(f"SCAN {name}" for name in large))]
        assert [step for step in walked if not step.endswith(few)] == []


def test_without_a_database(monkeypatch):
    def refuse(*_arguments):
        raise OperationalError("gone")

    figures.request_done("GET", "top", 200, 0.01)
    monkeypatch.setattr(connections["default"], "cursor", refuse)
    monkeypatch.setattr(exporter.connection, "close", lambda: None)

    found = asked()

    assert found["koss_database_up",] == 0
    assert ("koss_mails_dead",) not in found
    assert found["koss_requests_total", "200", "GET", "top"] >= 1


def test_a_visit_is_counted_by_its_kind(client):
    def counted():
        names = ("200", "GET", "faq"), ("404", "GET", "none"), ("400", "none", "other")
        found = asked()
        return [found.get(("koss_requests_total", *sorted(each)), 0) for each in names]

    before = counted()
    client.get("/faq/?secret=1")
    client.get("/no/such/20261129123456784/")
    client.generic("A20261129123456784", "/%00")

    assert [new - old for new, old in zip(counted(), before, strict=True)] == [1, 1, 1]
    assert not [labels for labels in asked() if any("2026" in label for label in labels)]


def test_who_found_no_place_at_the_hasher_is_counted(monkeypatch):
    monkeypatch.setattr(passwords, "PATIENCE_SECONDS", 0)
    before = asked().get(("koss_hash_wait_seconds_count", "busy"), 0)
    places = [passwords._places.acquire() for _ in range(passwords._places._initial_value)]
    try:
        with pytest.raises(passwords.Busy):
            passwords.encode("x")
    finally:
        passwords._places.release(len(places))

    assert asked()["koss_hash_wait_seconds_count", "busy"] == before + 1


def test_a_bank_that_is_away_is_counted():
    before = asked().get(("koss_bank_seconds_count", "unreachable"), 0)
    wire.line.hear()
    with pytest.raises(BankUnreachable):
        wire.ask("http://127.0.0.1:1", "s", "GET", "/", now=clock.system_now())
    wire.line.hear()

    assert asked()["koss_bank_seconds_count", "unreachable"] == before + 1


def test_a_full_disk_costs_the_files_and_no_answer(monkeypatch, client):
    def is_full(*_arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    figures.forget()
    try:
        with monkeypatch.context() as patch:
            patch.setattr(os, "posix_fallocate", is_full)
            assert client.get("/faq/").status_code == 200
            assert figures._value_class() is MutexValue
            assert asked()["koss_database_up",] == 1
    finally:
        figures.forget()
        figures.request_done("GET", figures.NOWHERE, 200, 0)  # here, and in no other directory


def test_a_copy_of_the_process_counts_where_its_own_data_lie(settings, tmp_path):
    figures.task_done("first", "done", 1)
    copy = os.fork()
    if copy == 0:
        settings.DATA_DIR = tmp_path
        figures.task_done("copy", "done", 1)
        os._exit(0)
    assert os.waitpid(copy, 0)[1] == 0

    tasks = {label for name, *labels in asked() if name.startswith("koss_task") for label in labels}
    assert "first" in tasks
    assert "copy" not in tasks
    assert list(tmp_path.glob("figures/histogram_*.db"))


@pytest.mark.parametrize("bind", ["127.0.0.1:9464", "[::1]:9464", "10.0.0.5:9464", "[fd00::1]:1"])
def test_addresses_inside_are_listened_on(bind):
    assert metrics.read_address(bind, anywhere=False)


@pytest.mark.parametrize(
    "bind",
    ["0.0.0.0:1", "[::]:1", "8.8.8.8:1", "[2606:4700::1]:1", "localhost:1", "1", "", "[::1]:65536"],
)
def test_what_strangers_reach_is_refused(bind):
    with pytest.raises(CommandError):
        metrics.read_address(bind, anywhere=False)


def test_inside_a_container_everything_may_be_listened_on():
    assert metrics.read_address("0.0.0.0:9464", anywhere=True) == ("0.0.0.0", 9464)
