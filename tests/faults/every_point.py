"""``python -m tests.faults.every_point SCENARIO [unguarded]``: die once at every single point.

A child of this process does one thing and is killed (SIGKILL) before its first statement, before
its second, …, right before its commit and right after it. Each time the parent then looks whether
everything that must hold does, does the same thing again, and looks whether it is done. Says what
it found as JSON. ``unguarded``: the same without the transaction, to show that this finds
something. Run as a program of its own, in the environment that names the database.
"""

import json
import os
import signal
import sys

import django


def main(scenario, unguarded):
    django.setup()

    from django.core.management import call_command

    from koss import invariants

    call_command("migrate", verbosity=0)
    prepare, act, is_done = scenarios()[scenario]
    if unguarded:
        take_the_transaction_out()
    points, broken, undone = 0, set(), 0
    while True:
        subject = prepare()
        if not killed_at(points, lambda subject=subject: act(subject)):
            break
        points += 1
        broken |= set(invariants.broken())
        act(subject)
        undone += not is_done(subject)
        broken |= set(invariants.broken())
    print(json.dumps({"points": points, "broken": sorted(broken), "undone": undone}))


def scenarios():
    """Name → how it begins, what is done, and how one sees that it was done."""
    from datetime import timedelta

    from applications.status import Status
    from koss import clock
    from koss.demo import payers
    from payments import debits, night, settlements, withdrawing
    from payments.banks import SettlementMessage
    from payments.models import PaymentInformation, PaymentState, SettlementNotice
    from tests.rules.payments import numbers

    now = clock.now()

    def state(information):
        return PaymentInformation.objects.get(pk=information.pk).state

    def message(information, name):
        return SettlementMessage(
            settlement_id=f"{name}-{information.pk}",
            agency_number=information.agency_number,
            payment_number=information.payment_number,
            amount=information.amount,
            settled_at=now,
            way="link",
            bank="0101",
            reference="",
        )

    def paid_once():
        information = numbers.batch(now=now)
        settlements.receive(message(information, "first"), now=now)
        return information

    def one_of_each_is_kept(information):
        kept = SettlementNotice.objects.filter(information=information)
        verdicts = sorted(kept.exclude(verdict="repeated").values_list("verdict", flat=True))
        return verdicts == ["applied", "second"]

    def debit():
        information = numbers.batch(1, Status.WEIGHT_TAX_IN_BATCH, now=now, payment_method="direct")
        debits.mark_ordered([information.debit.pk], now=now)
        return information

    def expire(information):
        due_on = information.due_on
        list(night.expire_batches(due_on, now=clock.night_begins(due_on), chunk=100))

    def withdraw(information):
        user = payers.payment_user(now=now)
        withdrawing.withdraw(information, user=user, now=now + timedelta(seconds=1))

    def batch():
        return numbers.batch(now=now)

    return {
        "settle": (
            batch,
            lambda it: settlements.receive(message(it, "first"), now=now),
            lambda it: state(it) == PaymentState.PAID,
        ),
        "second": (
            paid_once,
            lambda it: settlements.receive(message(it, "second"), now=now),
            one_of_each_is_kept,
        ),
        "withdraw": (batch, withdraw, lambda it: state(it) == PaymentState.WITHDRAWN),
        "expire": (batch, expire, lambda it: state(it) == PaymentState.EXPIRED),
        "fail": (
            debit,
            lambda it: debits.fail(it.debit, "insufficient_funds", now=now),
            lambda it: state(it) == PaymentState.CANCELLED,
        ),
    }


def take_the_transaction_out():
    """As if somebody had forgotten the line above ``settlements._receive``."""
    from payments import settlements

    settlements._receive = settlements._receive.__wrapped__


def killed_at(point, act):
    """Whether a child that does ``act`` came to this point, where it is killed."""
    from django.db import connection

    connection.close()  # a child must not use its parent's
    child = os.fork()
    if child == 0:
        with connection.execute_wrapper(Countdown(point).before_a_statement):
            act()
        os._exit(0)
    _child, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


class Countdown:
    """Ends this process at the point of that number, counted from 0."""

    def __init__(self, point):
        from django.db import connection

        self._left = point
        self._commit = connection._commit
        connection._commit = self._commit_between_points

    def before_a_statement(self, execute, *statement):
        self._reached()
        return execute(*statement)

    def _commit_between_points(self):
        self._reached()
        self._commit()
        self._reached()

    def _reached(self):
        if not self._left:
            os.kill(os.getpid(), signal.SIGKILL)
        self._left -= 1


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:] == ["unguarded"])
