"""お知らせ that staff write to one application's status page.

【画面申請】申請状況照会の操作手順, 3 and 5, part 9.
"""

from django.db import transaction

from applications.life import feed, moves
from applications.models import Agency, ChangeKind, Notice, NoticeKind
from applications.status import Actor

_AGENCIES = {
    Actor.REVIEWER: Agency.INSPECTION_OFFICE,
    Actor.TAX_OFFICE: Agency.TAX_OFFICE,
    Actor.COUNTER: Agency.INSPECTION_OFFICE,
}

WRITERS = frozenset(_AGENCIES)


class NoAnnouncer(Exception):
    """This actor writes no announcements."""


def may_write(actors):
    """Whether one of ``actors`` writes announcements."""
    return bool(WRITERS & set(actors))


@transaction.atomic
def announce(application, text, *, actor, by, now):
    """Show ``text`` on the application's page. The same text while it stands is shown once."""
    if actor not in WRITERS:
        raise NoAnnouncer
    locked = moves.lock(application)
    if standing := announcements_of(application).filter(reason=text).first():
        return standing
    feed.note([locked], ChangeKind.NOTICE, now=now)
    return Notice.objects.create(
        application=application,
        kind=NoticeKind.ANNOUNCEMENT,
        agency=_AGENCIES[actor],
        reason=text,
        at=now,
        by=by,
    )


def end(announcement, *, actor, now):
    """Take it off the page. It stays in the file, with the moment of its end."""
    if actor not in WRITERS:
        raise NoAnnouncer
    standing = Notice.objects.filter(
        pk=announcement.pk, kind=NoticeKind.ANNOUNCEMENT, answered_at=None
    )
    with transaction.atomic():
        if standing.update(answered_at=now):
            feed.note([announcement.application], ChangeKind.NOTICE, now=now)


def announcements_of(application):
    """Those that stand on the application's page now."""
    return Notice.objects.filter(
        application=application, kind=NoticeKind.ANNOUNCEMENT, answered_at=None
    )
