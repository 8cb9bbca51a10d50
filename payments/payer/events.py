"""The record of what happened to a payment user's access."""

from payments.models import UserEvent


def record(user, kind, *, now, by="", reason="", source=""):
    """Write down that ``kind`` happened to ``user``; returns the row.

    ``by``: the member of staff who did it, "" when it was the user; ``reason``: why. ``source``:
    where it came from. Belongs inside the transaction of what it tells about.
    """
    return UserEvent.objects.create(
        user=user, kind=kind, at=now, by=by, reason=reason, source=source[:64]
    )


def events_for(user):
    """Everything recorded about ``user``, newest first."""
    return user.events.all()


def count(kind, source, *, since):
    """How often ``kind`` happened from ``source`` since that moment."""
    return UserEvent.objects.filter(kind=kind, source=source[:64], at__gt=since).count()
