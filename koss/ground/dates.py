"""Dates and moments that come from outside: those of the portal's time, 2000 to 2199.

Python and both databases know dates far outside; adding a day or changing the time zone at
their ends raises OverflowError, wherever the date is shown later.
"""

from datetime import date, datetime, timedelta, timezone

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

FIRST, LAST = date(2000, 1, 1), date(2199, 12, 31)
_JAPAN = timezone(timedelta(hours=9))
_BEGINS = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=_JAPAN)
_ENDS = datetime(LAST.year, LAST.month, LAST.day, 23, 59, 59, tzinfo=_JAPAN)


def is_within(value):
    """Whether a date, or an aware moment, is of the portal's time."""
    if isinstance(value, datetime):
        return _BEGINS <= value <= _ENDS
    return FIRST <= value <= LAST


def bounded(moment):
    """``moment``, or the nearest of the portal's time, so that it can be shown."""
    return min(max(moment, _BEGINS), _ENDS)


def read_day(text):
    """The day of ``2026-05-10``, or None for anything that is no day of the portal's time."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if is_within(day) else None


def read_moment(text):
    """The moment of an ISO text that says its time zone, or None for anything else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo and is_within(moment) else None


def require(value):
    """For forms: ValidationError unless the date or moment is of the portal's time."""
    if not is_within(value):
        said = {"first": FIRST.year, "last": LAST.year}
        raise ValidationError(_("%(first)s年から%(last)s年までの日付を入力してください。") % said)


def parts(day):
    """The numbers of a date, and the name of its month for languages that use it."""
    return {
        "year": day.year,
        "month": day.month,
        "day": day.day,
        "month_name": date_format(day, "F"),
    }
