"""Money that came in: every notice is judged once, kept for ever, and applied at most once.

A notice may come twice, late, in any order, at the same moment on two machines, by the bank's own
call or by reconciliation. ``receive`` ends the same way each time: exactly one notice of a payment
number is APPLIED, and whatever else is money has a row in ``Refund``.
"""

import logging

from django.db import IntegrityError, transaction

from applications.life import charges, moves
from applications.status import Actor, MoveName
from koss.ground import clock
from payments.models import (
    DebitOrder,
    DebitState,
    NoticeVerdict,
    NumberKind,
    PaymentInformation,
    PaymentState,
    SettlementNotice,
)
from payments.models.settlement import Finder, Way
from payments.numbers import consent, failures, refunds, releasing

logger = logging.getLogger(__name__)

# What makes two notices the same. Not the moment: a demo clock that was moved between them has
# shifted it.
_CONTENT = ("agency_number", "payment_number", "amount", "way", "bank")
# Money for a number that is no longer open.
_TOO_LATE = {
    PaymentState.PAID: NoticeVerdict.SECOND,
    PaymentState.WITHDRAWN: NoticeVerdict.AFTER_WITHDRAWAL,
    PaymentState.EXPIRED: NoticeVerdict.AFTER_DUE,
    PaymentState.CANCELLED: NoticeVerdict.NOT_OWED,
    PaymentState.REFUSED: NoticeVerdict.NOT_OWED,
}
# How often we look again when somebody else wrote the same settlement down between our look and
# our insert: at the second look it is there.
_LOOKS = 3


def receive(message, *, now, found_by=Finder.NOTICE):
    """Judge, keep and where it is due apply what the bank tells. Returns the notice as kept.

    ``message.settled_at`` in the portal's time (``clock.of_machine``). What was settled by 24:00
    of the due date is in time, however late it is told, while the number is open and every
    application under it waits for just this payment.
    """
    for _ in range(_LOOKS - 1):
        try:
            return _receive(message, now, found_by)
        except IntegrityError:
            logger.info("a settlement arrived twice at once")
    return _receive(message, now, found_by)


def news(messages):
    """Those of ``messages`` that no notice has told of like this. One query."""
    ids = [message.settlement_id for message in messages]
    told = set(
        SettlementNotice.objects.filter(settlement_id__in=ids).values_list(
            "settlement_id", *_CONTENT
        )
    )
    return [
        message for message in messages if (message.settlement_id, *_content(message)) not in told
    ]


def _content(told):
    return tuple(getattr(told, name) for name in _CONTENT)


@transaction.atomic
def _receive(message, now, found_by):
    information = _locked(message)
    is_open = information is not None and information.state == PaymentState.UNPAID
    waiting = releasing.lock_applications(information) if is_open else []
    verdict = _judge(message, information, waiting)
    notice = SettlementNotice.objects.create(
        settlement_id=message.settlement_id,
        agency_number=message.agency_number,
        payment_number=message.payment_number,
        amount=message.amount,
        settled_at=message.settled_at,
        received_at=now,
        way=message.way,
        bank=message.bank,
        found_by=found_by,
        verdict=verdict,
        information=information,
    )
    if verdict.is_money:
        _end_debit(information, message, verdict, now)
    if verdict is NoticeVerdict.APPLIED:
        _apply(information, waiting, message.settled_at, now)
    elif verdict.goes_back:
        refunds.open_for(notice, now=now)
    return notice


def _locked(message):
    """The row of this payment number, locked, or None."""
    return (
        PaymentInformation.objects.select_for_update(no_key=True)
        .exclude(payment_number="")
        .filter(payment_number=message.payment_number, agency_number=message.agency_number)
        .first()
    )


def _judge(message, information, waiting):
    earlier = (
        SettlementNotice.objects.filter(settlement_id=message.settlement_id)
        .exclude(verdict__in=[NoticeVerdict.REPEATED, NoticeVerdict.CONFLICTING])
        .first()
    )
    if earlier:
        same = _content(earlier) == _content(message)
        return NoticeVerdict.REPEATED if same else NoticeVerdict.CONFLICTING
    if information is None:
        return NoticeVerdict.UNKNOWN_NUMBER
    if information.state != PaymentState.UNPAID:
        return _TOO_LATE[information.state]
    if message.amount != information.amount:
        return NoticeVerdict.WRONG_AMOUNT
    if clock.day(message.settled_at) > information.due_on:
        return NoticeVerdict.AFTER_DUE
    if not waiting or not _all_wait(information, waiting):
        return NoticeVerdict.NOT_OWED
    return NoticeVerdict.APPLIED


def _all_wait(information, applications):
    """Whether each of them still waits for just this payment."""
    statuses = NumberKind(information.kind).statuses
    return all(application.status in statuses for application in applications)


def _apply(information, waiting, settled_at, now):
    """The charges are paid, and every application moves on. All its rows are locked."""
    information.state = PaymentState.PAID
    information.save(update_fields=["state"])
    charges.mark_paid(releasing.charges_under(information), settled_at=settled_at)
    if any(application.annual_tax_confirmed is False for application in waiting):
        # Typing the numbers at a cash machine and paying is consent.
        consent.record(information, now)
    moved = moves.perform_locked(MoveName.SETTLE, waiting, actor=Actor.SETTLEMENT, now=now)
    if moved != len(waiting):
        number, of = information.pk, len(waiting)
        logger.error("payment %s came in, but %d of %d moved on", number, moved, of)


def _end_debit(information, message, verdict, now):
    """The debit of this number ends: it brought the money, or is no longer needed."""
    if information is None:
        return
    if message.way == Way.DIRECT:
        _end_done_debit(information, verdict, now)
    elif verdict is NoticeVerdict.APPLIED:
        DebitOrder.objects.filter(information=information, state=DebitState.SCHEDULED).update(
            state=DebitState.CANCELLED, finished_at=now
        )


def _end_done_debit(information, verdict, now):
    """The debit brought money; the payer is told where it pays nothing and goes back."""
    debits = DebitOrder.objects.filter(information=information)
    failure = verdict if verdict.goes_back else ""
    ended = debits.update(state=DebitState.DONE, failure=failure, finished_at=now)
    if failure and verdict is not NoticeVerdict.SECOND:
        orders = list(debits.select_related("information", "account__user"))
        failures.tell(orders, failure, now=now)
    if ended and verdict is NoticeVerdict.WRONG_AMOUNT:
        # A debit is made once: nothing else would ever pay this number.
        releasing.release(information, state=PaymentState.CANCELLED, now=now)
