"""Locking a payment number with everything under it, and letting its charges go again.

Lock order: the number (batch), its applications by ascending key, then their charges. Code that
holds an application's lock never asks for the lock of an existing batch.
"""

from applications.life import charges, feed
from applications.models import Application, Charge
from payments.models import DebitOrder, DebitState, PaymentInformation, PaymentLine, PaymentState
from payments.numbers import failures

# Without money no number ends in any other way.
_ENDS = frozenset({PaymentState.REFUSED, PaymentState.EXPIRED, PaymentState.CANCELLED})


def lock(information):
    """The row of ``information``, locked and read again. Only inside a transaction."""
    return PaymentInformation.objects.select_for_update(no_key=True).get(pk=information.pk)


def lock_applications(*informations):
    """The applications under these numbers, locked by ascending key and read anew.

    Only inside a transaction, after the locks of ``informations`` themselves.
    """
    under_them = applications_under(*informations)
    return list(under_them.select_for_update(no_key=True).order_by("pk"))


def applications_under(*informations):
    """The applications whose charges stand under these numbers."""
    return Application.objects.filter(pk__in=charges_under(*informations).values("application"))


def release(information, *, state, now, refusal=""):
    """End an unpaid number: its charges are free for another one. The caller holds its lock.

    ``state``: REFUSED (with ``refusal``, the agency's reason), EXPIRED or CANCELLED. A debit that
    was to pay it ends with it, unless the bank was told of it: then the bank's answer ends it.
    """
    release_many([information], state=state, now=now, refusal=refusal)
    information.refresh_from_db()


def release_many(informations, *, state, now, refusal=""):
    """``release`` for many at once, in sets. The caller holds all their locks."""
    if state not in _ENDS or any(each.state != PaymentState.UNPAID for each in informations):
        raise ValueError(f"only what is unpaid becomes {state}")
    keys = [information.pk for information in informations]
    PaymentInformation.objects.filter(pk__in=keys).update(
        state=state, ended_at=now, refusal=refusal[:200]
    )
    feed.note_payment(lock_applications(*informations), now=now)
    charges.release(charges_under(*informations))
    PaymentLine.objects.filter(information__in=keys, released_at=None).update(released_at=now)
    _end_debits(keys, state, refusal, now)


def charges_under(*informations):
    """What is to be paid, or was paid, under these numbers."""
    live = PaymentLine.objects.filter(information__in=informations, released_at=None)
    return Charge.objects.filter(pk__in=live.values("charge"))


def _end_debits(keys, state, refusal, now):
    """Nothing was debited under a number that was never given, or that the bank never heard of.

    The payer is told, unless it was the payer who took the debit back.
    """
    refused, expired = state == PaymentState.REFUSED, state == PaymentState.EXPIRED
    under_way = [DebitState.SCHEDULED, DebitState.ORDERED] if refused else [DebitState.SCHEDULED]
    debits = list(
        DebitOrder.objects.filter(information__in=keys, state__in=under_way)
        .select_related("information", "account__user")
        .order_by("pk")
    )
    if not debits:
        return
    failure = failures.PAST_DUE if expired else refusal[:40]
    DebitOrder.objects.filter(pk__in=[debit.pk for debit in debits]).update(
        state=DebitState.FAILED if refused else DebitState.CANCELLED,
        failure=failure,
        finished_at=now,
    )
    if refused or expired:
        failures.tell(debits, failure, now=now)
