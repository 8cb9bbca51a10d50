"""A deadline as an iCalendar file (RFC 5545), so that it stands in people's own calendars."""

from datetime import timedelta

from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from applications.labels import Column
from applications.status import Status


def deadline(application, *, now):
    """The bytes of a calendar with the application's next deadline, all day, with two reminders.

    The receipt number stands in it by its last four digits only: calendars are shared.
    """
    event = Event()
    event.add("uid", f"{application.pk}-{application.version}@koss")
    event.add("dtstamp", now)
    event.add("dtstart", application.deadline)
    event.add("dtend", application.deadline + timedelta(days=1))
    event.add("summary", _summary(application))
    event.add(
        "description",
        _("申請状況は状況照会で確認してください。この日の24時までが期限です。"),
    )
    for days_before in (1, 3):
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", _summary(application))
        alarm.add("trigger", -timedelta(days=days_before))
        event.add_component(alarm)
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//koss//deadlines//JA")
    calendar.add_component(event)
    return calendar.to_ical()


def _summary(application):
    kind = _("補正期限") if application.status in Status.CORRECTABLE else Column.DUE_ON
    return _("%(kind)s（軽自動車OSS 受付番号の末尾 %(tail)s）") % {
        "kind": kind,
        "tail": application.receipt_number[-4:],
    }
