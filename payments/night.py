"""What the night does to payment numbers and debits.

Like ``applications.life.night``: every step takes the business date D, works in chunks of its own
transactions that look again under their locks, and yields the number of rows after each chunk. A
second night finds nothing left to do.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from applications.models import Application
from applications.status import Status
from payments.direct import debits
from payments.models import DebitOrder, DebitState, PaymentInformation, PaymentState
from payments.money import awaiting, reconciling
from payments.numbers import releasing


def ask_the_bank(business_date, *, now, chunk):
    """What was settled until 24:00 is known before anything expires, however late it is told.

    Yields how much the bank told of. What it does not answer keeps its numbers open
    (``payments.money.awaiting``).
    """
    told = reconciling.run_for_night(business_date, now=now)
    if count := sum(count for name, count in told.items() if name != "unanswered"):
        yield count


def expire_batches(business_date, *, now, chunk):
    """Numbers unpaid past their due date die, those of one application and those of a batch.

    Not those that wait for the bank's answer.

    Their charges are free: what is past its own date lapses with the next step, the others can be
    selected again.
    """
    unpaid = PaymentInformation.objects.filter(
        awaiting.may_expire(business_date), state=PaymentState.UNPAID
    )
    keys = sorted(unpaid.order_by().values_list("pk", flat=True))
    for start in range(0, len(keys), chunk):
        with transaction.atomic():
            still = _lock(unpaid, keys[start : start + chunk])
            if still:
                releasing.release_many(still, state=PaymentState.EXPIRED, now=now)
        yield len(still)


def end_withdrawn_batches(business_date, *, now, chunk):
    """A withdrawn batch is over when every application under it has become 検査申請無効."""
    waiting = Application.objects.filter(
        status=Status.FEES_IN_BATCH,
        charges__lines__information=OuterRef("pk"),
        charges__lines__released_at=None,
    )
    over = PaymentInformation.objects.filter(
        ~Exists(waiting), state=PaymentState.WITHDRAWN, ended_at=None
    )
    keys = sorted(over.order_by().values_list("pk", flat=True))
    for start in range(0, len(keys), chunk):
        with transaction.atomic():
            still = _lock(over, keys[start : start + chunk])
            PaymentInformation.objects.filter(pk__in=[each.pk for each in still]).update(
                ended_at=now
            )
        yield len(still)


def order_due_debits(business_date, *, now, chunk):
    """Debits of the day that begins are given to the bank, by the worker."""
    morning = business_date + timedelta(days=1)
    due = DebitOrder.objects.filter(
        state=DebitState.SCHEDULED,
        debit_on__lte=morning,
        information__state=PaymentState.UNPAID,
    )
    keys = sorted(due.order_by().values_list("pk", flat=True))
    for start in range(0, len(keys), chunk):
        yield debits.mark_ordered(keys[start : start + chunk], now=now)


def _lock(informations, keys):
    """Those of ``keys`` that ``informations`` still holds, locked in the order of their keys."""
    locked = PaymentInformation.objects.select_for_update(no_key=True).filter(pk__in=keys)
    known = list(locked.order_by("pk").values_list("pk", flat=True))
    return list(informations.filter(pk__in=known).order_by("pk"))
