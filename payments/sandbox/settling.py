"""Taking money: the one transaction in which a payment number is settled."""

import secrets
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Sum

from payments.sandbox import clock, outbox
from payments.sandbox.models import Account, Debit, PaymentNumber, Settlement, Training

# In the training mode 金額違い so many yen are missing.
_MISSING = 100


class NotSettled(Exception):
    """No money was taken. ``reason`` as on the wire; ``earlier``: the settlement in the way."""

    def __init__(self, reason, earlier=None):
        super().__init__(reason)
        self.reason = reason
        self.earlier = earlier


def earlier_settlement(agency_number, payment_number):
    """The settlement of this number, or None."""
    return Settlement.objects.filter(
        agency_number=agency_number, payment_number=payment_number
    ).first()


def used_today(account, now):
    """Yen that count against the account's daily limit at ``now``."""
    begins = now.replace(hour=0, minute=0, second=0, microsecond=0)
    settled = account.settlements.filter(
        settled_at__gte=begins, settled_at__lt=begins + timedelta(days=1)
    )
    return settled.aggregate(sum=Sum("amount"))["sum"] or 0


@transaction.atomic
def settle(
    account_pk, *, agency_number, payment_number, amount, way, due_on, reference="", training=None
):
    """Take the money and write down the notice; returns the Settlement, or raises NotSettled.

    ``training``: how this notice travels, by default as the training page says.
    Until 24:00 of ``due_on``, by the moment of settling, whenever the visit began.
    The database lets one transaction in at a time, so everything read here still holds when it is
    written. The clock is read inside: settlements are in the order of their moments.
    """
    now = clock.now()
    account = Account.objects.get(pk=account_pk)
    if earlier := earlier_settlement(agency_number, payment_number):
        raise NotSettled("already_settled", earlier)
    if now.date() > due_on:
        raise NotSettled("past_due")
    training = training or Training.current()
    if training.mode == Training.Mode.WRONG_AMOUNT:
        amount = amount - _MISSING if amount > _MISSING else amount + 1
    if account.closed:
        raise NotSettled("account_closed")
    if amount > account.balance:
        raise NotSettled("insufficient_funds")
    if used_today(account, now) + amount > account.daily_limit:
        raise NotSettled("daily_limit")
    Account.objects.filter(pk=account.pk).update(balance=F("balance") - amount)
    settlement = Settlement.objects.create(
        settlement_id=f"S{now:%Y%m%d}-{secrets.token_hex(8)}",
        agency_number=agency_number,
        payment_number=payment_number,
        amount=amount,
        settled_at=now,
        way=way,
        account=account,
        reference=reference,
    )
    outbox.put_notice(settlement, training, now)
    return settlement


@transaction.atomic
def make_debit(pk):
    """Make one ordered debit that has not been made yet, or write down why it cannot be."""
    debit = Debit.objects.get(pk=pk)
    if debit.state != Debit.State.ACCEPTED:
        return
    try:
        debit.settlement = settle(
            debit.account_id,
            agency_number=debit.agency_number,
            payment_number=debit.payment_number,
            amount=debit.amount,
            way="direct",
            due_on=_due_on(debit),
            reference=debit.reference,
        )
        debit.state = Debit.State.SETTLED
    except NotSettled as why:
        debit.state, debit.reason = Debit.State.FAILED, why.reason
        outbox.put_debit_failure(debit, clock.now())
    debit.save()


def _due_on(debit):
    """Of a number that this bank did not give out, nobody but the portal knows the due date."""
    given = PaymentNumber.objects.filter(payment_number=debit.payment_number).first()
    return given.due_on if given else date.max
