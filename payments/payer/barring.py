"""A payment user is kept out by staff, and let in again.

This lock stands beside the one after wrong passwords, which only パスワード初期化 lifts: neither
opens the other.
"""

from django.db import transaction

from payments.models import EventKind, PaymentUser
from payments.payer import events


@transaction.atomic
def lock(user, *, by, reason, now):
    """Nobody signs in as ``user`` any more, and every session is over.

    Returns the event, or None when it was so already. ValueError without a reason.
    """
    return _set(user, now, EventKind.STAFF_LOCKED, by=by, reason=reason, now=now)


@transaction.atomic
def unlock(user, *, by, reason, now):
    """Lift a lock of ``lock``. Returns as that does."""
    return _set(user, None, EventKind.STAFF_UNLOCKED, by=by, reason=reason, now=now)


def _set(user, locked_at, kind, *, by, reason, now):
    """The caller's object is kept true."""
    if not reason.strip():
        raise ValueError("locking and unlocking need a reason")
    locked = PaymentUser.objects.select_for_update(no_key=True).get(pk=user.pk)
    if bool(locked.staff_locked_at) == bool(locked_at):
        user.refresh_from_db()
        return None
    locked.staff_locked_at = locked_at
    locked.version += 1  # sessions of before are over, whatever happens next
    locked.save(update_fields=["staff_locked_at", "version"])
    user.refresh_from_db()
    return events.record(locked, kind, now=now, by=by, reason=reason.strip())
