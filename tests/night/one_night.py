"""The night of D for its tests: who waits for it, running it, and what came of it."""

from datetime import date, timedelta

from applications.models import Application
from applications.status import Status
from koss.ground import clock
from koss.models import OutgoingMail
from koss.operation import night
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
    return {code: count for code, count in counts.items() if count}


def now_in(application):
    return Status(Application.objects.get(pk=application.pk).status)


def mails(template, application=None):
    found = OutgoingMail.objects.filter(template=template)
    if application:
        found = found.filter(receipt_number=application.receipt_number)
    return found.count()


def only_moves(counts):
    moving = {"void_withdrawn_batches", "let_fees_lapse", "let_corrections_lapse"}
    return {code: count for code, count in counts.items() if code in moving}
