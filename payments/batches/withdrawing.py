"""取り下げ of a whole batch (申請取り下げの操作手順, part 2).

Accepted at once, carried out by the night: until then the applications show their old status.
"""

from django.db import transaction

from applications.life import charges, feed
from applications.models import PaymentMethod
from payments.models import NumberKind, PaymentInformation, PaymentState
from payments.numbers import releasing


class BatchNotWithdrawable(Exception):
    """The batch cannot be withdrawn. ``information``: the row as it stands now."""

    def __init__(self, information):
        super().__init__(f"{information.kind} is {information.state}")
        self.information = information


class PressedMeanwhile(BatchNotWithdrawable):
    """納付 was pressed since the question was asked: it has to be asked again, more strongly."""


def is_open(information):
    """Whether 取り下げ stands in its row: a batch of fees that is unpaid, due or past due."""
    return (
        information.kind == NumberKind.FEES
        and information.method == PaymentMethod.BATCH
        and information.state == PaymentState.UNPAID
    )


@transaction.atomic
def withdraw(information, *, user, now, presses=None):
    """Accept the withdrawal of ``information`` by its ``user``, once and for all.

    ``presses``: how often 納付 had been pressed when the user was asked; more by now raises
    PressedMeanwhile. Raises BatchNotWithdrawable for what cannot be withdrawn,
    PaymentInformation.DoesNotExist for somebody else's. The second time returns the same row.
    """
    locked = releasing.lock(PaymentInformation.objects.get(pk=information.pk, user=user))
    if locked.state == PaymentState.WITHDRAWN:
        return locked
    if not is_open(locked):
        raise BatchNotWithdrawable(locked)
    if presses is not None and locked.presses > presses:
        raise PressedMeanwhile(locked)
    feed.note_payment(releasing.lock_applications(locked), now=now)
    charges.mark_withdrawn(releasing.charges_under(locked), now=now)
    locked.state = PaymentState.WITHDRAWN
    locked.withdrawal_accepted_at = now
    locked.save(update_fields=["state", "withdrawal_accepted_at"])
    return locked
