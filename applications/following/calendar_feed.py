"""The calendar behind the address: every deadline of what a payment user follows.

It says plates and days, and no names: calendars are shared.
"""

from django.utils import translation
from django.utils.translation import gettext as _

from applications.following import whose
from applications.status_page import calendars, next_step
from koss.ground import clock

# Calendar programs take no more than about a megabyte. The nearest days come first.
AT_MOST = 2000


def of(user, *, now):
    """The bytes of the calendar at ``now``: the same as long as nothing has changed. Two queries.

    In the language of ``user``. One query more for a user with a 一括利用者ID.
    """
    found = []
    for rows in whose.with_deadline(user, clock.day(now)):
        found += rows.select_related("office").order_by("deadline", "pk")[:AT_MOST]
    found.sort(key=lambda row: (row.deadline, row.pk))
    nearest = found[:AT_MOST]
    steps = next_step.of_many(nearest, now=now)
    with translation.override(user.language):
        return calendars.of_many(
            [each for each in nearest if steps[each.pk].calendar],
            name=_("軽自動車OSSの期限（%(user_id)s）") % {"user_id": user.user_id},
        )
