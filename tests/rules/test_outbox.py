"""The outbox: a mail exists when its event does, goes out at least once, and stops no other."""

import os
import re
import smtplib
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as portal
from django.db import connection, transaction
from django_tasks_db.models import DBTaskResult

from koss.mail import outbox
from koss.mail.outbox import BACKOFF, LEASE
from koss.models import MailState, OutgoingMail
from tests.rules.post import FACTS, MINUTE, NOW, letter, put, refuse, states

pytestmark = pytest.mark.databases


@pytest.mark.django_db
def test_mail_and_task_vanish_with_the_transaction():
    with transaction.atomic():
        outbox.put([letter()], now=NOW)
        transaction.set_rollback(True)

    assert OutgoingMail.objects.count() == 0
    assert DBTaskResult.objects.count() == 0


@pytest.mark.django_db
def test_mail_and_task_are_written_together():
    put(letter())

    assert states() == {"ready:1:keiji@gyosei.example": MailState.QUEUED}
    assert DBTaskResult.objects.get().task_path == "koss.mail.outbox.send_due_mail"


@pytest.mark.django_db
def test_one_mail_per_event_and_address():
    put(letter(), letter(to="second@gyosei.example"))
    put(letter(facts=FACTS | {"reason": "anders"}), letter(number=2))

    assert list(states()) == [
        "ready:1:keiji@gyosei.example",
        "ready:1:second@gyosei.example",
        "ready:2:keiji@gyosei.example",
    ]
    assert OutgoingMail.objects.first().facts["reason"] == FACTS["reason"]


@pytest.mark.django_db
def test_nothing_to_write_writes_nothing():
    outbox.put([], now=NOW)

    assert DBTaskResult.objects.count() == 0


@pytest.mark.django_db
def test_the_longest_address_fits():
    longest = "a" * 64 + "@" + "b" * 63 + "." + "c" * 63 + "." + "d" * 53 + ".example"
    assert len(longest) == 254

    put(letter(template="correction_ordered", to=longest))

    assert outbox.send_due(now=NOW) == (1, 0)


def test_nothing_but_the_outbox_sends_mail():
    """A mail from within a request or a move would wait for the server, or go out for nothing."""
    root = Path(portal.BASE_DIR)
    senders = {
        str(path.relative_to(root))
        for app in ("koss", "applications", "payments", "qrcodes")
        for path in (root / app).rglob("*.py")
        if re.search(r"django\.core\.mail\b(?!\.backends)|smtplib", path.read_text())
    }

    assert senders == {"koss/mail/outbox.py"}


def test_demo_mail_never_leaves_the_machine(tmp_path):
    told = subprocess.run(
        [sys.executable, "-c", "from koss import settings as s; print(s.EMAIL_BACKEND)"],
        cwd=portal.BASE_DIR,
        env=os.environ
        | {
            "KOSS_DEMO": "1",
            "EMAIL_URL": "smtp://user:password@mail.example:587",
            "KOSS_DATA_DIR": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.strip() == "django.core.mail.backends.filebased.EmailBackend"


@pytest.mark.django_db
def test_a_mail_goes_out_once_with_its_own_message_id(mailoutbox):
    put(letter())

    assert outbox.send_due(now=NOW) == (1, 0)
    assert outbox.send_due(now=NOW + MINUTE) == (0, 0)

    [sent] = mailoutbox
    row = OutgoingMail.objects.get()
    assert sent.to == ["keiji@gyosei.example"]
    assert sent.extra_headers["Message-ID"] == row.message_id
    assert (row.state, row.sent_at) == (MailState.SENT, NOW)
    assert outbox.read(row) == (sent.subject, sent.body)


@pytest.mark.django_db
def test_no_two_mails_share_a_message_id_also_after_the_database_was_made_anew():
    put(letter(1))
    first = OutgoingMail.objects.get()
    number, message_id = first.pk, first.message_id
    first.delete()
    OutgoingMail.objects.create(
        pk=number, key="ready:2:x", template="ready", to="x@y.example", created_at=NOW, due_at=NOW
    )

    assert OutgoingMail.objects.get().message_id != message_id


@pytest.mark.django_db
def test_a_poisoned_mail_among_a_hundred_stops_no_other(mailoutbox):
    put(*[letter(number) for number in range(49)])
    put(letter("poison", to="x@y.example\nBcc: all@world.example"))
    put(letter("broken", template="no_such_template"))
    put(*[letter(number) for number in range(49, 98)])

    assert outbox.send_due(now=NOW) == (98, 2)

    assert len(mailoutbox) == 98
    poison = OutgoingMail.objects.get(key__startswith="ready:poison")
    broken = OutgoingMail.objects.get(template="no_such_template")
    assert (poison.state, poison.last_error[:15]) == (MailState.DEAD, "BadHeaderError:")
    assert (broken.state, broken.tries) == (MailState.QUEUED, 1)


@pytest.mark.django_db
def test_a_refused_mail_is_tried_again_and_again_and_then_no_more(postman, mailoutbox):
    tried = []
    postman(lambda message: tried.append(message) or refuse(smtplib.SMTPDataError(451, b"x"))(0))
    put(letter())
    now = NOW

    for wait in BACKOFF:
        assert outbox.send_due(now=now) == (0, 1)
        assert outbox.send_due(now=now + wait - timedelta(seconds=1)) == (0, 0)
        now += wait
    assert outbox.send_due(now=now) == (0, 1)

    row = OutgoingMail.objects.get()
    assert (row.state, row.tries) == (MailState.DEAD, len(BACKOFF) + 1)
    assert "SMTPDataError" in row.last_error
    assert outbox.send_due(now=now + timedelta(days=30)) == (0, 0)
    assert {message.extra_headers["Message-ID"] for message in tried} == {row.message_id}
    assert mailoutbox == []


@pytest.mark.django_db
def test_a_dead_letter_can_be_sent_again_by_staff(postman, mailoutbox):
    postman(refuse(smtplib.SMTPDataError(550, b"x")))
    put(letter(1), letter(2))
    OutgoingMail.objects.filter(key__startswith="ready:1").update(state=MailState.DEAD, tries=8)
    OutgoingMail.objects.filter(key__startswith="ready:2").update(state=MailState.SENT, tries=1)
    DBTaskResult.objects.all().delete()

    assert outbox.send_again(OutgoingMail.objects.all(), now=NOW) == 1

    assert DBTaskResult.objects.count() == 1
    postman(lambda message: None)
    assert outbox.send_due(now=NOW) == (1, 0)


@pytest.mark.django_db
def test_where_no_server_answers_the_rest_of_the_queue_is_left_alone(postman, mailoutbox):
    postman(refuse(ConnectionRefusedError()))
    put(*[letter(number) for number in range(20)])

    assert outbox.send_due(now=NOW) == (0, 3)
    assert OutgoingMail.objects.filter(tries=0).count() == 17

    postman(lambda message: None)
    assert outbox.send_due(now=NOW + MINUTE) == (20, 0)
    assert len(mailoutbox) == 20


@pytest.mark.django_db
def test_a_worker_that_dies_after_the_server_took_the_mail_repeats_it_recognisably(
    postman, mailoutbox, monkeypatch
):
    put(letter())
    with monkeypatch.context() as broken:
        save = OutgoingMail.save

        def dies(self, **options):
            if self.state == MailState.SENT:
                raise SystemExit("killed between the server's answer and the note of it")
            save(self, **options)

        broken.setattr(OutgoingMail, "save", dies)
        with pytest.raises(SystemExit):
            outbox.send_due(now=NOW)

    assert OutgoingMail.objects.get().state == MailState.SENDING
    assert outbox.send_due(now=NOW + LEASE - MINUTE) == (0, 0)
    assert outbox.send_due(now=NOW + LEASE + MINUTE) == (1, 0)
    first, second = mailoutbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert (first.subject, first.body) == (second.subject, second.body)


@pytest.mark.django_db
def test_a_mail_that_kills_every_worker_becomes_a_dead_letter(mailoutbox):
    put(letter("killer"), letter("harmless"))
    OutgoingMail.objects.filter(key__startswith="ready:killer").update(
        state=MailState.SENDING, tries=len(BACKOFF) + 1
    )

    assert outbox.send_due(now=NOW) == (1, 0)
    assert list(states().values()) == [MailState.DEAD, MailState.SENT]


@pytest.mark.django_db
def test_the_lease_counts_from_the_moment_a_mail_is_taken(postman, monkeypatch):
    """At the end of a long queue no second worker may believe that the first is dead."""
    passed = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: passed)
    leases = []

    def slow(message):
        nonlocal passed
        leases.append(OutgoingMail.objects.get(state=MailState.SENDING).due_at)
        passed += 1200

    postman(slow)
    put(letter(1), letter(2))
    outbox.send_due(now=NOW)

    assert leases == [NOW + LEASE, NOW + 20 * MINUTE + LEASE]


@pytest.mark.django_db(transaction=True)
def test_sending_inside_a_transaction_is_refused():
    put(letter())
    with pytest.raises(RuntimeError), transaction.atomic():
        outbox.send_due(now=NOW)

    assert list(states().values()) == [MailState.QUEUED]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_send_every_mail_once(postman):
    sent, together = [], threading.Barrier(4)
    postman(lambda message: sent.append(message.extra_headers["Message-ID"]))
    put(*[letter(number) for number in range(60)])

    def work():
        try:
            together.wait()
            outbox.send_due(now=NOW)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(sent) == len(set(sent)) == 60
    assert set(states().values()) == {MailState.SENT}
