"""The bank's only reader of time: the machine's own, whatever the portal's demo clock says."""

from zoneinfo import ZoneInfo

from django.utils import timezone

JAPAN = ZoneInfo("Asia/Tokyo")


def now():
    """This moment, aware, in Japan."""
    return timezone.localtime(timezone.now(), JAPAN)
