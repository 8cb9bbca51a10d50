"""ダイレクト納付: debits from a registered account, ordered at once or for the due date.

A debit is SCHEDULED, then ORDERED, and ends as DONE, FAILED or CANCELLED. ORDERED is written and
committed before the bank is asked: from then on it cannot be cancelled, and who finds it after a
crash asks the bank by the same reference again, which debits once.
"""

import logging

from django.db import transaction
from django_tasks import task

from applications.models import PaymentMethod
from koss.ground import clock
from payments import banks
from payments.models import (
    AccountKind,
    AccountState,
    DebitOrder,
    DebitState,
    NumberKind,
    PaymentInformation,
    PaymentState,
)
from payments.numbers import consent, failures, numbering, practising, releasing, taking

logger = logging.getLogger(__name__)

# The kinds of number that each kind of account pays.
_PAYS = {
    AccountKind.NATIONAL: frozenset({NumberKind.FEES, NumberKind.WEIGHT_TAX}),
    AccountKind.LOCAL: frozenset({NumberKind.VEHICLE_TAX}),
}


class DebitNotCancellable(Exception):
    """This debit cannot be cancelled any more. ``order`` is the row as it stands."""

    def __init__(self, order):
        super().__init__(f"the debit is {order.state}")
        self.order = order


def kinds_of(account_kind):
    """The kinds of number that an account of this kind pays."""
    return _PAYS[AccountKind(account_kind)]


@transaction.atomic
def order(user, keys, account, *, at_once, now, request_key=None):
    """Take numbers for the applications ``keys`` and have them debited from ``account``.

    Today when ``at_once``, else on the number's due date. Where 軽自動車税種別割 is not confirmed
    the order is consent, and recorded as such. The same ``request_key`` again returns the same
    orders. Raises taking.ChargesNotAvailable when some of them are gone; ValueError when the
    account is not the user's, not confirmed, or does not pay what is owed. Nothing was taken then.
    """
    if account.user_id != user.pk or account.state != AccountState.ACTIVE:
        raise ValueError("this account cannot be debited")
    taken = taking.take(user, keys, now=now, request_key=request_key, method=PaymentMethod.DIRECT)
    if not {information.kind for information in taken} <= kinds_of(account.kind):
        raise ValueError(f"an account of the kind {account.kind} does not pay this")
    return [_order_one(information, account, at_once, now) for information in taken]


def _order_one(information, account, at_once, now):
    made, is_new = DebitOrder.objects.get_or_create(
        information=information,
        defaults={
            "account": account,
            "debit_on": clock.day(now) if at_once else information.due_on,
            "made_at": now,
        },
    )
    # Only a new one is written to: of one ordered before, somebody else may hold the lock.
    if is_new and consent.needed(information):
        consent.record(information, now)
    if is_new and made.debit_on <= clock.day(now):
        send_debit.enqueue(made.pk)
    return made


@transaction.atomic
def cancel(order, *, user, now):
    """Take a debit back that the bank was not told of yet; its charges can be paid otherwise.

    DebitNotCancellable when the bank was told, or it is another user's. The second time changes
    nothing.
    """
    locked, information = _lock(order)
    if locked.state == DebitState.CANCELLED and information.user_id == user.pk:
        return locked
    if locked.state != DebitState.SCHEDULED or information.user_id != user.pk:
        raise DebitNotCancellable(locked)
    releasing.release(information, state=PaymentState.CANCELLED, now=now)
    locked.refresh_from_db()
    return locked


def due(now):
    """The debits whose day has come and that the bank was not told of yet.

    Not those of a number that is past due: their money would come too late.
    """
    today = clock.day(now)
    return DebitOrder.objects.filter(
        state=DebitState.SCHEDULED,
        debit_on__lte=today,
        information__state=PaymentState.UNPAID,
        information__due_on__gte=today,
    )


@transaction.atomic
def mark_ordered(keys, *, now):
    """Write down that these debits are given to the bank, and have a worker do so.

    Looks again under lock: what was cancelled, paid or marked meanwhile, or is past due, stays.
    Returns how many.
    """
    informations = _informations(keys, now)
    marked = list(
        DebitOrder.objects.filter(
            pk__in=keys, state=DebitState.SCHEDULED, information__in=informations
        ).order_by("pk")
    )
    DebitOrder.objects.filter(pk__in=[each.pk for each in marked]).update(
        state=DebitState.ORDERED, ordered_at=now
    )
    for each in marked:
        send_debit.enqueue(each.pk)
    return len(marked)


@task(queue_name="bank")
def send_debit(order_id):
    """Order one debit at the bank; where it does not answer, reconciling does so later."""
    found = DebitOrder.objects.filter(pk=order_id).first()
    if found is None:  # the demo has begun its seat anew
        return
    try:
        send(found, now=clock.now())
    except banks.BankUnreachable as error:
        logger.info("debit %s is not ordered yet: %s", found.pk, error)


def send(order, *, now):
    """Give a debit to the bank, with its number fetched first; returns the row as it stands.

    Sending it again is harmless. Past due nothing is debited any more. A refusal fails it;
    BankUnreachable passes through, and what was done so far stays. Never inside a transaction:
    this waits for the bank.
    """
    numbering.fetch(order.information, now=now)
    current, information = _give(order, now)
    if current.state != DebitState.ORDERED or not _is_open(information, now):
        return current
    if reason := practising.debit_refusal(information):
        return fail(current, reason, now=now)
    account = current.account
    try:
        banks.current().order_debit(
            reference=information.reference,
            bank=account.bank,
            branch=account.branch,
            account_number=account.account_number,
            agency_number=information.agency_number,
            payment_number=information.payment_number,
            amount=information.amount,
        )
    except banks.BankRefused as refusal:
        return fail(current, refusal.reason, now=now)
    return current


def send_again(order, *, now):
    """Give a debit to the bank that has never heard of it, or end it where nothing is to be paid.

    As ``send``; a number that has ended meanwhile, or is past due, takes its debit with it.
    """
    with transaction.atomic():
        locked, information = _lock(order)
        if locked.state == DebitState.ORDERED and not _is_open(information, now):
            _end_in_vain(locked, information, now)
    return send(locked, now=now)


def _end_in_vain(locked, information, now):
    paid = information.state == PaymentState.PAID
    locked.state = DebitState.CANCELLED
    locked.failure = "" if paid else failures.PAST_DUE
    locked.finished_at = now
    locked.save(update_fields=["state", "failure", "finished_at"])
    if not paid:
        failures.tell([locked], locked.failure, now=now)


@transaction.atomic
def fail(order, reason, *, now):
    """The bank took no money. The charges are free to be paid again; returns the row.

    Where the bank says that the number was paid otherwise, the number stays open for that money.
    A debit that has ended stays as it ended.
    """
    locked, information = _lock(order)
    if locked.state not in (DebitState.SCHEDULED, DebitState.ORDERED):
        return locked
    locked.state = DebitState.FAILED
    locked.failure = reason[:40]
    locked.finished_at = now
    locked.save(update_fields=["state", "failure", "finished_at"])
    if reason != failures.ALREADY_SETTLED and information.state != PaymentState.PAID:
        failures.tell([locked], locked.failure, now=now)
        if information.state == PaymentState.UNPAID:
            releasing.release(information, state=PaymentState.CANCELLED, now=now)
    return locked


@transaction.atomic
def _give(order, now):
    """Mark one debit as given to the bank, if it still may be."""
    locked, information = _lock(order)
    if locked.state == DebitState.SCHEDULED and _is_open(information, now):
        locked.state = DebitState.ORDERED
        locked.ordered_at = now
        locked.save(update_fields=["state", "ordered_at"])
    return locked, information


def _lock(order):
    """The debit and its number, both locked (the number first) and read again."""
    information = releasing.lock(order.information)
    locked = (
        DebitOrder.objects.select_for_update(no_key=True, of=("self",))
        .select_related("account__user")
        .get(pk=order.pk)
    )
    locked.information = information
    return locked, information


def _is_open(information, now):
    """Whether money for this number would still be in time."""
    return information.state == PaymentState.UNPAID and information.due_on >= clock.day(now)


def _informations(keys, now):
    """The keys of these debits' numbers that are still open, locked in their order."""
    locked = PaymentInformation.objects.select_for_update(no_key=True, of=("self",)).filter(
        debit__in=keys, state=PaymentState.UNPAID, due_on__gte=clock.day(now)
    )
    return list(locked.order_by("pk").values_list("pk", flat=True))
