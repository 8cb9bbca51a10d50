"""Two that need the same rows wait for each other, and never both for ever.

Each test holds one of them still at the worst moment; a deadlock ends as an OperationalError.
"""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction

from applications.status import Status
from koss.ground import clock
from payments.demo import payers
from payments.direct import debits
from payments.models import AccountKind, DebitState
from payments.numbers import releasing, taking
from payments.payer import users
from tests.world import make

pytestmark = [
    pytest.mark.databases,
    pytest.mark.race,
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("bank"),
]

_LONG = 10


@pytest.fixture
def meanwhile():
    """Runs a function in a thread with a connection of its own; gives a future."""

    def run(function):
        def closing():
            try:
                return function()
            finally:
                connections.close_all()

        return threads.submit(closing)

    with ThreadPoolExecutor(1) as threads:
        yield run


def waits_for_a_lock():
    """Whether any other connection of this database waits for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees its first look
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0] > 0


def test_details_are_changed_while_a_number_is_taken(monkeypatch, meanwhile):
    """Both need the user's row and the applications."""
    application = make(Status.FEES_IN_BATCH)
    user = payers.payment_user(application.payer)
    write = taking._write
    changing = []

    def change_details():
        return users.change_details(user, now=clock.now(), status_email="new@gyosei.example")

    def change_first(*args, **kwargs):
        changing.append(meanwhile(change_details))
        for _ in range(_LONG * 100):
            if waits_for_a_lock():
                break
            threading.Event().wait(0.01)
        return write(*args, **kwargs)

    monkeypatch.setattr(taking, "_write", change_first)

    assert taking.take(user, [application.pk], now=clock.now())
    assert changing[0].result(_LONG).status_email == "new@gyosei.example"
    application.refresh_from_db()
    assert application.status_email == "new@gyosei.example"


def test_a_debit_ordered_twice_waits_for_nobody_who_ends_the_first(meanwhile):
    """Who presses again holds the applications; who ends a number asks for them."""
    application = make(Status.FEES_IN_BATCH, payment_method="direct", annual_tax_confirmed=False)
    user = payers.payment_user(application.payer)
    account = payers.account(AccountKind.NATIONAL, now=clock.now())

    def press():
        with transaction.atomic():
            return debits.order(
                user, [application.pk], account, at_once=True, now=clock.now(), request_key="a" * 32
            )

    [first] = press()
    with transaction.atomic():
        information = releasing.lock(first.information)
        again = meanwhile(press)
        assert again.result(_LONG) == [first]
        assert releasing.lock_applications(information) == [application]
    first.refresh_from_db()
    assert first.state == DebitState.SCHEDULED
    assert first.information.consented_at is not None
