"""The task that sends mail, and when it comes back."""

import smtplib
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult, get_date_max

from koss.mail import outbox
from koss.mail.outbox import BACKOFF, LEASE
from koss.models import MailState, OutgoingMail
from tests.rules.post import NOW, letter, put, refuse

pytestmark = pytest.mark.databases


def planned():
    """When the queue is looked at next: "at once", or the moment."""
    return [
        "at once" if run_after == get_date_max() else run_after
        for run_after in DBTaskResult.objects.filter(status="READY").values_list(
            "run_after", flat=True
        )
    ]


@pytest.mark.django_db
def test_a_failed_mail_brings_the_task_back_once(postman, time_machine_at):
    postman(refuse(smtplib.SMTPDataError(451, b"x")))
    put(letter(1), letter(2))
    DBTaskResult.objects.all().delete()

    outbox.send_due_mail.call()
    outbox.send_due_mail.call()

    assert planned() == [NOW + BACKOFF[0]]


@pytest.mark.django_db
def test_the_task_comes_back_for_what_a_dead_worker_holds(time_machine_at):
    put(letter())
    DBTaskResult.objects.all().delete()
    OutgoingMail.objects.update(state=MailState.SENDING, due_at=NOW + LEASE)

    outbox.send_due_mail.call()

    assert planned() == [NOW + LEASE]


@pytest.mark.django_db
def test_the_task_comes_back_for_a_mail_written_by_a_machine_whose_clock_is_ahead(time_machine_at):
    put(letter(), now=NOW + timedelta(seconds=5))
    DBTaskResult.objects.all().delete()

    outbox.send_due_mail.call()

    assert planned() == [NOW + BACKOFF[0]]


@pytest.mark.django_db
def test_a_task_that_fails_comes_back_all_the_same(monkeypatch, time_machine_at):
    put(letter())
    DBTaskResult.objects.all().delete()

    def fails(now, moment):
        raise OperationalError("database is locked")

    monkeypatch.setattr(outbox, "_take", fails)
    with pytest.raises(OperationalError):
        outbox.send_due_mail.call()

    assert planned() == [NOW + BACKOFF[0]]


@pytest.mark.django_db
def test_with_nothing_left_the_task_stays_away(time_machine_at, mailoutbox):
    put(letter())
    DBTaskResult.objects.all().delete()

    outbox.send_due_mail.call()

    assert len(mailoutbox) == 1
    assert planned() == []


@pytest.mark.django_db
def test_a_worker_that_starts_looks_at_what_was_left(monkeypatch, time_machine_at):
    monkeypatch.setattr(db_worker.Command, "handle", lambda self, **options: None)
    call_command("db_worker")
    assert planned() == []

    put(letter())
    DBTaskResult.objects.all().delete()  # the worker that had the task was killed
    call_command("db_worker")

    assert planned() == ["at once"]


@pytest.mark.django_db(transaction=True)
def test_the_task_queue_of_the_database_delivers(monkeypatch, mailoutbox):
    monkeypatch.setattr(db_worker.Worker, "configure_signals", lambda self: None)
    put(letter(1))
    put(letter(2))

    call_command("db_worker", batch=True, interval=0, verbosity=0)

    assert len(mailoutbox) == 2
    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {"SUCCESSFUL"}
