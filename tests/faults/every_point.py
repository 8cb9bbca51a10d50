"""Die once at every single point of what moves money.

A child of this process does one thing and is killed (SIGKILL) before its first statement, before
its second, …, right before its commit and right after it. Each time the parent then looks whether
everything that must hold does, does the same thing again, and looks whether it is done. Runs where
the connection leads to a database of its own.
"""

import os
import signal


def look(scenario, *, unguarded=False):
    """What was found, by name. ``unguarded``: without the transaction, to show that it finds."""
    from django.db import transaction

    from koss.operation import invariants

    prepare, act, is_done, *checks = scenarios()[scenario]
    if unguarded:
        take_the_transaction_out()
    points, broken, undone, torn = 0, set(), 0, 0
    while True:
        with transaction.atomic():  # one write to the disk
            subject = prepare()
        if not killed_at(points, lambda subject=subject: act(subject)):
            break
        points += 1
        broken |= set(invariants.broken())
        torn += not all(holds(subject) for holds in checks)
        act(subject)
        undone += not is_done(subject)
    broken |= set(invariants.broken())  # what doing it again has broken stays so
    return {"points": points, "broken": sorted(broken), "undone": undone, "torn": torn}


def scenarios():
    """Name → how it begins, what is done, how one sees that it was done, and what always holds."""
    from datetime import timedelta
    from unittest.mock import patch

    from django.core.files.base import ContentFile

    from applications.apply import drafts, sending
    from applications.correcting import sending as correcting
    from applications.life import moves
    from applications.models import Application, Draft, Notice, Upload
    from applications.signatures import checking, facts
    from applications.status import Status
    from applications.uploads import inspecting, keeping
    from koss.ground import clock
    from payments import night
    from payments.banks import SettlementMessage
    from payments.batches import withdrawing
    from payments.demo import payers
    from payments.direct import debits
    from payments.models import (
        PaymentInformation,
        PaymentState,
        Reconciliation,
        SettlementNotice,
    )
    from payments.money import settlements
    from tests.practice import opened
    from tests.races.test_corrections_at_once import ready as corrections_ready
    from tests.races.test_drafts_at_once import ready as drafts_ready
    from tests.rules.payments import numbers

    now = clock.now()
    file = ContentFile(b"%PDF-", "a.pdf")
    looked_at = inspecting.Inspected("application/pdf", b"%PDF-", b"preview")

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
        told = {"answered_until": clock.night_begins(due_on)}
        Reconciliation.objects.get_or_create(pk=1, defaults=told)
        list(night.expire_batches(due_on, now=clock.night_begins(due_on), chunk=100))

    def withdraw(information):
        user = payers.payment_user(now=now)
        withdrawing.withdraw(information, user=user, now=now + timedelta(seconds=1))

    def batch():
        return numbers.batch(now=now)

    def ready_to_send():
        return drafts_ready(with_file=True)

    def send(it):
        draft, cms = it
        with patch.object(checking, "check", lambda *_said, **_named: None):
            sending.send(Draft.objects.get(pk=draft.pk), cms, version=1, now=now)

    def parts_of(draft):
        """Of what became of ``draft``: whether each part of an application is there."""
        application = Draft.objects.get(pk=draft.pk).application
        made = Application.objects.filter(history__isnull=False)
        if application is None:
            return {False, made.count() > Draft.objects.exclude(application=None).count()}
        return {
            hasattr(application, "particulars"),
            application.signatures.count() == 1,
            application.attachments.count() == 2,
            application.history.count() == 1,
            application.uploads.count() == 1,
        }

    def was_sent(it):
        return parts_of(it[0]) == {True}

    def is_whole_or_not_there(it):
        return len(parts_of(it[0])) == 1 and files_are_there(it)

    def hand_in(it):
        with patch.object(inspecting, "inspect", lambda _file: looked_at):
            drafts.add_file(it[0], "safety_certificate", file, now=now)

    def was_handed_in(it):
        """And the night leaves nothing but what a row names."""
        with patch.object(keeping, "_ORPHAN_AFTER", timedelta(days=-1)):
            swept = sum(keeping.sweep(now.date(), now=now, chunk=100))
        left = set(keeping.store().listdir("")[1])
        rows = Upload.objects.values_list("key", flat=True)
        named = {name for key in rows for name in (key, keeping.preview_of(key))}
        return it[0].uploads.count() >= 1 and left == named and swept <= 2

    def ready_to_correct():
        with patch.object(checking, "check", believed):
            return corrections_ready()

    def believed(*_said, **_named):
        return facts.read(opened("personal.p12")[1], signed_at=None)

    def correct(it):
        order = Notice.objects.select_related("application").get(pk=it[0].pk)
        key = moves.RequestKey(it[0].application.version, f"{order.pk:022}")
        with patch.object(checking, "check", believed):
            correcting.send(order, it[1], version=2, request_key=key, now=clock.now())

    def corrected(it):
        """Of what sending a correction changes: whether each part of it was done."""
        order = Notice.objects.select_related("application").get(pk=it[0].pk)
        return {
            bool(order.answered_at),
            not order.proposal,
            order.application.user_name == "軽自　次郎",
            order.application.status == Status.IN_REVIEW,
            order.application.signatures.count() == 2,
            order.application.history.filter(move="send_correction").count() == 1,
            [each.name for each in order.application.uploads.standing()] == ["b.pdf"],
        }

    def files_are_there(_it):
        keys = Upload.objects.values_list("key", flat=True)
        return all(keeping.store().exists(key) for key in keys)

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
        "send": (ready_to_send, send, was_sent, is_whole_or_not_there),
        "correct": (
            ready_to_correct,
            correct,
            lambda it: corrected(it) == {True},
            lambda it: len(corrected(it)) == 1 and files_are_there(it),
        ),
        "hand_in": (drafts_ready, hand_in, was_handed_in, files_are_there),
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
    from payments.money import settlements

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
