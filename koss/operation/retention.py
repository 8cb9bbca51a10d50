"""How long rows that grow by themselves are kept. docs/operations.md has the table for operators.

``KEEPS`` is what the night deletes by age. Rows with a rule of their own (links, sessions, what a
browser has open) have a step of their own in ``koss.operation.night``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from axes.models import AccessAttempt, AccessLog
from django.db.models import QuerySet

from applications.models import Review
from koss.api import exchanges
from koss.ground import clock
from koss.models import MailState, OutgoingMail, PasswordLock, TypedText
from payments.models import EventKind, UserEvent, WebhookDelivery
from qrcodes.models import Code, CodeKind, Look


@dataclass(frozen=True, slots=True)
class Keep:
    """Rows of one kind. ``rows(before)``: those that are older than ``before``."""

    days: int
    rows: Callable[[datetime], QuerySet]


def _codes(before):
    """Codes of receivers that nobody brought to a counter; those of vehicles belong to them."""
    unused = Code.objects.filter(issued_at__lt=before, used_at=None, looks=None, pickups=None)
    return unused.filter(event=None).exclude(kind=CodeKind.VEHICLE)


KEEPS = (
    Keep(400, lambda before: OutgoingMail.objects.filter(state=MailState.SENT, sent_at__lt=before)),
    Keep(30, lambda before: PasswordLock.objects.filter(
        locked_at=None, owner="", tried_at__lt=before)),
    # A browser keeps its own name for a year.
    Keep(366, lambda before: PasswordLock.objects.filter(tried_at__lt=before).exclude(owner="")),
    Keep(90, _codes),
    Keep(400, lambda before: Look.objects.filter(at__lt=before, code=None)),
    Keep(400, lambda before: UserEvent.objects.filter(
        at__lt=before, kind__in=[EventKind.LOGIN_FAILED, EventKind.RESET_SENT])),
    Keep(1, lambda before: TypedText.objects.filter(kept_at__lt=before)),
    Keep(2, lambda before: Review.objects.filter(until__lt=before)),
    Keep(30, lambda before: WebhookDelivery.objects.filter(made_at__lt=before)),
    Keep(exchanges.DAYS, exchanges.old),
    Keep(2, lambda before: AccessAttempt.objects.filter(attempt_time__lt=before)),
    Keep(400, lambda before: AccessLog.objects.filter(attempt_time__lt=before)),
)  # fmt: skip


def forget_old(business_date, *, now, chunk):
    """A step of the night: delete what is kept no longer.

    By the machine's own time, so that a demo clock that runs ahead deletes nothing.
    """
    for keep in KEEPS:
        old = keep.rows(clock.system_now() - timedelta(days=keep.days))
        while keys := list(old.order_by("pk").values_list("pk", flat=True)[:chunk]):
            old.model.objects.filter(pk__in=keys).delete()
            yield len(keys)
