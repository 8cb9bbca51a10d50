"""The feed of what happened to applications of bulk users.

Writers note an event in the transaction of the change and never wait for one another. The event
gets its number only after that was committed: the next reader numbers, under the lock of one row,
whatever can be seen and has none. So a number is never given to what may still be rolled back, and
none appears below one that a reader has seen. "id greater than the last" has neither property
(docs/adr/0027).
"""

from django.db import transaction

from applications.models import ApplicationEvent, ChangeKind, EventFeed

# Who wants to know that something was noted: called with the 一括利用者ID, in the same transaction.
noted = set()
# One round of numbering; a reader makes as many as are needed.
_CHUNK = 500


def note(applications, kind, *, now, entries=()):
    """Note one event each for those of ``applications`` that a bulk user sent.

    Inside the caller's transaction. ``entries``: the history entries behind it, in the same order.
    """
    entry_of = {entry.application_id: entry for entry in entries}
    events = [
        ApplicationEvent(
            application=application,
            bulk_id=application.bulk_id,
            kind=kind,
            entry=entry_of.get(application.pk),
            at=now,
        )
        for application in applications
        if application.bulk_id
    ]
    if events:
        ApplicationEvent.objects.bulk_create(events)
        bulk_ids = {event.bulk_id for event in events}
        for tell in noted:
            tell(bulk_ids)


def note_payment(applications, *, now):
    """What they owe, or under which number, has changed."""
    note(applications, ChangeKind.PAYMENT, now=now)


def number_new():
    """Give a number to every committed event that has none. Outside any transaction."""
    while _number_some():
        pass


def _number_some():
    """Number one chunk; whether there may be more. One query where there is nothing to do."""
    waiting = ApplicationEvent.objects.filter(number=None).order_by("pk")
    if not waiting.exists():
        return False
    with transaction.atomic():
        feed = _locked_feed()
        # Looked for under the lock: what others numbered meanwhile is out of it.
        events = list(waiting.only("pk")[:_CHUNK])
        for event in events:
            feed.last += 1
            event.number = feed.last
        ApplicationEvent.objects.bulk_update(events, ["number"])
        feed.save(update_fields=["last"])
    return len(events) == _CHUNK


def _locked_feed():
    feed, _made = EventFeed.objects.select_for_update(no_key=True).get_or_create(pk=1)
    return feed


def after(bulk_id, number, *, limit):
    """The next ``limit`` events of ``bulk_id`` behind ``number``, in order, each with its row."""
    number_new()
    events = ApplicationEvent.objects.filter(bulk_id=bulk_id, number__gt=number)
    related = events.select_related("application__office", "application__item__submission", "entry")
    return list(related.order_by("number")[:limit])
