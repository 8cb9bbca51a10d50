"""Going on to tomorrow morning: the demo clock is moved, and the night does its work."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from applications.models import HistoryEntry
from applications.status import Actor
from koss.ground import clock
from koss.mail import outbox
from koss.models import DemoClock, NightRun, OutgoingMail
from koss.operation import night


def day_that_ends(now) -> date:
    """The business date whose night is the next one after ``now``."""
    return clock.business_date(now) + timedelta(days=1)


def go_on_from(business_day):
    """Move the clock to the morning after ``business_day`` and do its night.

    Returns the NightRun, or None when the clock is past that morning already: a second press of
    the same button does not skip a day.
    """
    morning = clock.night_begins(business_day)
    if not move_clock_to(morning):
        return None
    with clock.demo_offset_held():
        try:
            return night.run(business_day, now=morning)
        except night.NightUnfinished:
            return NightRun.objects.filter(business_date=business_day).latest("pk")


@dataclass(frozen=True, slots=True)
class Morning:
    """What one night changed.

    ``steps``: (title, count). ``moves``: history entries with their applications. ``mails``: (mail,
    its subject).
    """

    run: NightRun
    steps: list
    moves: list
    mails: list


def what_changed(run):
    """Everything that the button's night of ``run`` moved and wrote."""
    at = clock.night_begins(run.business_date)
    return Morning(
        run=run,
        steps=night.told(run),
        moves=list(
            HistoryEntry.objects.filter(actor=Actor.NIGHT, at=at)
            .select_related("application")
            .order_by("pk")
        ),
        mails=[
            (mail, outbox.read(mail)[0])
            for mail in OutgoingMail.objects.filter(created_at=at).order_by("pk")
        ],
    )


@transaction.atomic
def move_clock_to(moment):
    """Move the demo clock forward to ``moment``; False where it is there, or past it."""
    row, _ = DemoClock.objects.select_for_update().get_or_create(pk=1)
    now = clock.system_now() + row.ahead
    if now >= moment:
        return False
    row.ahead += moment - now
    row.save(update_fields=["ahead"])
    return True
