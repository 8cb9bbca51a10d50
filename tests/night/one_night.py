"""The night of D for its tests: who waits for it, running it, and what came of it."""

from datetime import date, timedelta

from applications.models import Application
from applications.status import MoveName, Status
from koss import clock, night
from koss.models import OutgoingMail
from tests.world import make

D = date(2026, 5, 10)
MORNING = clock.night_begins(D)
DAY = timedelta(days=1)


def waiting(status, deadline, **fields):
    """An application that waits for a payment or a correction until the end of ``deadline``."""
    return make(status, now=MORNING - DAY, deadline=deadline, **fields)


def run(business_date=D, now=MORNING):
    """One night; the counts of the steps that did something."""
    counts = night.run(business_date, now=now).counts
    return {title: count for title, count in counts.items() if count}


def now_in(application):
    return Status(Application.objects.get(pk=application.pk).status)


def mails(template, application=None):
    found = OutgoingMail.objects.filter(template=template)
    if application:
        found = found.filter(receipt_number=application.receipt_number)
    return found.count()


def only_moves(counts):
    names = {str(name.label) for name in MoveName}
    return {title: count for title, count in counts.items() if title in names}
