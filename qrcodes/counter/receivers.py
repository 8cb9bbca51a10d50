"""What staff do with a registered receiver, and what is on record about one."""

from django.db import transaction

from qrcodes.models import Pickup, Receiver, ReceiverEvent, ReceiverEventKind


def freeze(receiver, *, by, now, reason, office=None):
    """Let ``receiver`` fetch nothing until ``unfreeze``; returns the event, None if it was so."""
    return _set(receiver, True, by=by, now=now, reason=reason, office=office)


def unfreeze(receiver, *, by, now, reason, office=None):
    """Let ``receiver`` fetch papers again; returns the event, None if nothing was frozen."""
    return _set(receiver, False, by=by, now=now, reason=reason, office=office)


def events_of(receiver):
    """Registration, password changes and freezes, newest first."""
    return receiver.events.select_related("office", "code")


def pickups_of(receiver):
    """What was handed over under the name of ``receiver`` by its codes, newest first."""
    pickups = Pickup.objects.filter(code__receiver=receiver)
    return pickups.select_related("application", "code", "office")


@transaction.atomic
def _set(receiver, frozen, *, by, now, reason, office):
    """Write the event and what it changes; the caller's object is kept true."""
    if not reason.strip():
        raise ValueError("freezing and unfreezing need a reason")
    locked = Receiver.objects.select_for_update(no_key=True).get(pk=receiver.pk)
    if locked.is_frozen == frozen:
        receiver.refresh_from_db()
        return None
    locked.frozen_at = now if frozen else None
    locked.frozen_by = by if frozen else ""
    locked.frozen_reason = reason if frozen else ""
    locked.save(update_fields=["frozen_at", "frozen_by", "frozen_reason"])
    receiver.refresh_from_db()
    return ReceiverEvent.objects.create(
        receiver=locked,
        kind=ReceiverEventKind.FROZEN if frozen else ReceiverEventKind.UNFROZEN,
        at=now,
        by=by,
        office=office,
        reason=reason,
    )
