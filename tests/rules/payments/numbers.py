"""Payment numbers for tests, with the agency's answer in them."""

from applications.status import Status
from payments.demo import payers
from payments.models import PaymentInformation, PaymentLine
from tests.world import make


def batch(count=2, status=Status.FEES_IN_BATCH, *, now, deadlines=None, **fields):
    """One number for ``count`` new applications in ``status``, taken at ``now``.

    ``deadlines``: one payment deadline for each; by default all have the same.
    """
    deadlines = deadlines or [None] * count
    made = [
        make(status, now=now, **({"deadline": deadline} if deadline else {}), **fields)
        for deadline in deadlines
    ]
    return payers.take_number(made, now=now)


def of(application):
    """The live number of an application."""
    return (
        PaymentLine.objects.filter(charge__application=application, released_at=None)
        .latest("pk")
        .information
    )


def newest():
    """The newest of all; those before it are of what was paid on the way to a status."""
    return PaymentInformation.objects.latest("pk")


def applications(information):
    """The applications that were ever put under this number, by ascending key."""
    lines = information.lines.select_related("charge__application")
    found = {line.charge.application for line in lines}
    return sorted(found, key=lambda application: application.pk)


def statuses(information):
    """In which statuses they stand now."""
    return {Status(application.status) for application in applications(information)}
