"""The only reader of time.

Rules take ``now`` or a date as an argument; edges ask here once and hand it on. In demo mode the
clock runs ahead by the offset kept in the database; outside demo mode that row is never read.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.apps import apps
from django.conf import settings
from django.utils import timezone

JAPAN = ZoneInfo("Asia/Tokyo")

_offset = ContextVar("offset of the demo clock", default=None)


def system_now():
    """The machine's own moment, aware. For queues, retries and idle time, never for a rule."""
    return timezone.now()


def now():
    """This moment, aware; in demo mode moved forward."""
    return timezone.now() + _demo_offset()


def of_machine(moment: datetime) -> datetime:
    """A moment of the machine's own time, as the portal's clock counts it."""
    return moment + _demo_offset()


def today():
    """Today's date in Japan."""
    return day(now())


def day(moment: datetime) -> date:
    """The calendar date in Japan at ``moment``."""
    return timezone.localtime(moment, JAPAN).date()


def business_date(moment: datetime) -> date:
    """The newest date whose night has begun at ``moment``.

    The night of D begins on D+1 at ``KOSS_NIGHT_HOUR`` (05:00 JST).
    """
    return day(moment - timedelta(hours=settings.KOSS_NIGHT_HOUR)) - timedelta(days=1)


def night_begins(business_day: date) -> datetime:
    """The moment from which the night of ``business_day`` may run."""
    return at(business_day + timedelta(days=1), hour=settings.KOSS_NIGHT_HOUR)


def morning_after(business_day: date, moment: datetime) -> date:
    """The day on whose early morning the night will have acted for ``business_day``.

    Where that night should have run before ``moment`` and did not, the next night catches up.
    """
    coming = business_date(moment) + timedelta(days=2)
    return max(business_day + timedelta(days=1), coming)


def at(on: date, *, hour=0, minute=0, second=0) -> datetime:
    """A moment of the calendar day ``on`` in Japan."""
    return datetime(on.year, on.month, on.day, hour, minute, second, tzinfo=JAPAN)


def end_of(on: date) -> datetime:
    """The moment at which the calendar day ``on`` in Japan is over."""
    return at(on + timedelta(days=1))


@contextmanager
def demo_offset_held():
    """Read the demo clock's offset once for everything inside."""
    token = _offset.set(_read_offset())
    try:
        yield
    finally:
        _offset.reset(token)


def _demo_offset():
    if not settings.DEMO:
        return timedelta()
    held = _offset.get()
    return _read_offset() if held is None else held


def _read_offset():
    return apps.get_model("koss", "DemoClock").offset()
