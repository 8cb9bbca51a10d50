"""Deadlines as iCalendar files (RFC 5545), so that they stand in people's own calendars."""

from datetime import timedelta

from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from applications.labels import Column
from applications.status import Status

_RINGS_AT = timedelta(hours=9)
_READ_AGAIN = timedelta(hours=4)


def deadline(application, *, now):
    """The bytes of a calendar with the application's next deadline, all day, with two reminders.

    The receipt number stands in it by its last four digits only: calendars are shared.
    """
    return _calendar([_event(application, _by_number(application), stamp=now)]).to_ical()


def of_many(applications, *, name):
    """The bytes of a calendar called ``name`` with the next deadline of each of ``applications``.

    The vehicles are named by their plates. It stays the same, byte for byte, while they do.
    """
    calendar = _calendar(
        _event(each, each.plate or _by_number(each), stamp=each.status_changed_at)
        for each in applications
    )
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", _READ_AGAIN, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT4H")
    return calendar.to_ical()


def _calendar(events):
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//koss//deadlines//JA")
    for event in events:
        calendar.add_component(event)
    return calendar


def _event(application, called, *, stamp):
    summary = _("%(kind)s（軽自動車OSS %(called)s）") % {
        "kind": _("補正期限") if application.status in Status.CORRECTABLE else Column.DUE_ON,
        "called": called,
    }
    event = Event()
    event.add("uid", f"{application.pk}-{application.version}@koss")
    event.add("dtstamp", stamp)
    event.add("dtstart", application.deadline)
    event.add("dtend", application.deadline + timedelta(days=1))
    event.add("summary", summary)
    event.add(
        "description",
        _("申請状況は状況照会で確認してください。この日の24時までが期限です。"),
    )
    # At nine in the morning: days begin at midnight.
    for days_before in (1, 3):
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", summary)
        # Counted from midnight, where the day begins.
        alarm.add("trigger", _RINGS_AT - timedelta(days=days_before))
        event.add_component(alarm)
    return event


def _by_number(application):
    return _("受付番号の末尾 %(tail)s") % {"tail": application.receipt_number[-4:]}
