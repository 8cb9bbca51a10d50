"""還付: money that came in and belongs back where it came from. All amounts in yen."""

from django.db import transaction

from payments.models import Refund
from payments.models.settlement import RefundState


def open_for(notice, *, now):
    """Note that the money of ``notice`` has to go back, in the caller's transaction."""
    return Refund.objects.create(
        notice=notice, amount=notice.amount, reason=notice.verdict, opened_at=now
    )


def of(information):
    """The money that came for ``information`` and goes back, in the order in which it came."""
    return Refund.objects.filter(notice__information=information).order_by("pk")


def waiting():
    """The refunds that staff have yet to make, oldest first."""
    return Refund.objects.filter(state=RefundState.OPEN).order_by("pk")


@transaction.atomic
def complete(refund, *, by, note, now):
    """Record that the money went back. The second time nothing changes; returns the row.

    ``by``: the member of staff. ``note``: how it went back; ValueError when nothing is said.
    """
    if not note.strip():
        raise ValueError("say how the money went back")
    locked = Refund.objects.select_for_update(no_key=True, of=("self",)).get(pk=refund.pk)
    if locked.state == RefundState.OPEN:
        locked.state = RefundState.DONE
        locked.done_at = now
        locked.done_by = by
        locked.note = note.strip()
        locked.save(update_fields=["state", "done_at", "done_by", "note"])
    return locked
