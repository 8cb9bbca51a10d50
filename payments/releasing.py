"""Locking a payment number with everything under it, and letting its charges go again.

The order of locks is product.md "lock order": the number (batch), its applications by ascending
key, then their charges. Whoever holds an application's lock never asks for an existing batch's.
"""

from applications.models import Application, Charge
from payments import failures
from payments.models import DebitOrder, DebitState, PaymentInformation, PaymentLine, PaymentState

# Without money no number ends in any other way.
_ENDS = frozenset({PaymentState.REFUSED, PaymentState.EXPIRED, PaymentState.CANCELLED})


def lock(information):
    """The row of ``information``, locked and read again. Only inside a transaction."""
    return PaymentInformation.objects.select_for_update(no_key=True).get(pk=information.pk)


def lock_applications(*informations):
    """The applications under these numbers, locked by ascending key and read anew.

    Only inside a transaction, after the locks of ``informations`` themselves.
    """
    under_them = _charges(informations).values("application")
    return list(
        Application.objects.select_for_update(no_key=True).filter(pk__in=under_them).order_by("pk")
    )


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
    lock_applications(*informations)
    _charges(informations).filter(paid_at=None).update(number_taken_at=None)
    PaymentLine.objects.filter(information__in=keys, released_at=None, charge__paid_at=None).update(
        released_at=now
    )
    _end_debits(keys, state, refusal, now)


def _charges(informations):
    """What is to be paid under these numbers."""
    return Charge.objects.filter(lines__information__in=informations, lines__released_at=None)


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
