"""お知らせ that staff write to one application's status page (status-inquiry manual, part 9)."""

from django.db import transaction

from applications import moves
from applications.models import Agency, Notice, NoticeKind
from applications.status import Actor

_AGENCIES = {
    Actor.REVIEWER: Agency.INSPECTION_OFFICE,
    Actor.TAX_OFFICE: Agency.TAX_OFFICE,
    Actor.COUNTER: Agency.INSPECTION_OFFICE,
}

WRITERS = frozenset(_AGENCIES)


class NotYours(Exception):
    """This actor writes no announcements."""


def may_write(actors):
    """Whether one of ``actors`` writes announcements."""
    return bool(WRITERS & set(actors))


@transaction.atomic
def announce(application, text, *, actor, by, now):
    """Show ``text`` on the application's page. The same text while it stands is shown once."""
    if actor not in WRITERS:
        raise NotYours
    moves.lock(application)
    standing = announcements_of(application).filter(reason=text).first()
    return standing or Notice.objects.create(
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
        raise NotYours
    Notice.objects.filter(
        pk=announcement.pk, kind=NoticeKind.ANNOUNCEMENT, answered_at=None
    ).update(answered_at=now)


def announcements_of(application):
    """Those that stand on the application's page now."""
    return Notice.objects.filter(
        application=application, kind=NoticeKind.ANNOUNCEMENT, answered_at=None
    )
