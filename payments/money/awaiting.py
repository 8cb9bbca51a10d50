"""Until when the bank's settlements are known, and which numbers wait past due for its answer.

A number past its due date may have been paid in time, told late. So it expires only when the bank
has told of everything that it settled until 24:00 of that day, and not while a debit of it is with
the bank; but it waits for ``KOSS_BANK_GRACE_DAYS`` at most. What waits keeps its charges, and what
owes them does not lapse.
"""

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from koss.ground import clock
from koss.models import NightRun
from payments.models import (
    DebitOrder,
    DebitState,
    PaymentInformation,
    PaymentState,
    Reconciliation,
)

# How far back the bank is asked for settlements at least.
LOOK_BACK = timedelta(days=7)
# A bank may list a settlement some moments after it was made.
LISTED_WITHIN = timedelta(minutes=10)
_ROW = 1


def ask_since(now):
    """From which moment on to ask for settlements, in the machine's own time: without a gap."""
    row = Reconciliation.objects.filter(pk=_ROW).first()
    gap = now - row.answered_until if row else timedelta()
    return clock.system_now() - max(LOOK_BACK, gap)


def note_answer(since, *, now):
    """The bank has told at ``now`` of everything that it settled from ``since`` on.

    ``since`` in the machine's own time. An answer that leaves a gap to what is known counts for
    nothing.
    """
    until = now - LISTED_WITHIN
    row, _made = Reconciliation.objects.get_or_create(pk=_ROW, defaults={"answered_until": until})
    if now - row.answered_until <= clock.system_now() - since:
        behind = Reconciliation.objects.filter(pk=_ROW, answered_until__lt=until)
        behind.update(answered_until=until)


def may_expire(business_date):
    """Which numbers due on ``business_date`` or before do not wait for the bank, as a ``Q``."""
    row = Reconciliation.objects.filter(pk=_ROW).first()
    long_ago = Q(due_on__lte=business_date - timedelta(days=settings.KOSS_BANK_GRACE_DAYS))
    if row is None:
        return long_ago
    debits = DebitOrder.objects.filter(information=OuterRef("pk"), state=DebitState.ORDERED)
    answered = Q(due_on__lt=clock.day(row.answered_until)) & ~Exists(debits)
    return long_ago | (answered & Q(due_on__lte=business_date))


def waiting():
    """The numbers that the newest night has left open past their due date."""
    night = NightRun.objects.exclude(finished_at=None).order_by("-business_date", "-pk").first()
    if night is None:
        return PaymentInformation.objects.none()
    return PaymentInformation.objects.filter(
        state=PaymentState.UNPAID, due_on__lte=night.business_date
    )
