"""How much waits, and for how long: numbers for operators, read from the database when asked.

Each one walks an index and counts no further than ``counting`` does, so that asking every few
seconds costs little on a large database too. ``manage.py health`` says them in words, the exporter
(``koss.operation.exporter``) gives them to Prometheus.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Case, Count, F, Min, Q, When
from django_tasks_db.models import DBTaskResult, get_date_max

from applications.models import Application, Submission
from applications.status import Status
from koss.access import sources
from koss.ground import clock, counting
from koss.models import MailState, NightRun, OutgoingMail, PasswordLock
from payments.models import (
    NoticeVerdict,
    Reconciliation,
    Refund,
    Webhook,
    WebhookDelivery,
    WebhookState,
)
from payments.models.settlement import RefundState
from payments.money import awaiting

# The queues that the house has; a task may name another one.
QUEUES = ("mail", "bank", "default", "hooks", "resets")
# So long a night may take before it is missed.
NIGHT_TAKES = timedelta(hours=2)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Queue:
    """``count`` are to be done, the first of them since ``waits``."""

    count: int = 0
    waits: timedelta = timedelta()


def queues():
    """Name of a queue → Queue, of the tasks that a worker may begin. One query."""
    now = clock.system_now()
    # A task that was planned waits from its moment on.
    since = Case(When(run_after=get_date_max(), then=F("enqueued_at")), default=F("run_after"))
    rows = DBTaskResult.objects.ready().order_by().values_list("queue_name")
    found = rows.annotate(count=Count("pk"), since=Min(since))
    return {name: Queue(0) for name in QUEUES} | {
        name: Queue(count, max(now - since, timedelta())) for name, count, since in found
    }


def mails(now):
    """Queue of the mails that wait; those that are due later wait for nothing yet. Two queries."""
    waiting = OutgoingMail.objects.filter(state__in=[MailState.QUEUED, MailState.SENDING])
    oldest = waiting.order_by("due_at").values_list("due_at", flat=True).first()
    [count] = counting.counts([waiting])
    return Queue(count, max(now - oldest, timedelta()) if oldest else timedelta())


def webhook_messages(now):
    """Queue of the messages of webhooks that wait. Two queries."""
    waiting = WebhookDelivery.objects.filter(due_at__isnull=False)
    oldest = waiting.order_by("due_at").values_list("due_at", flat=True).first()
    [count] = counting.counts([waiting])
    return Queue(count, max(now - oldest, timedelta()) if oldest else timedelta())


def webhooks():
    """{"failing": their newest tries did not arrive, "disabled": no more is sent}. One query."""
    return Webhook.objects.aggregate(
        failing=Count("pk", filter=Q(state=WebhookState.ACTIVE, failures__gt=0)),
        disabled=Count("pk", filter=Q(state=WebhookState.DISABLED)),
    )


def last_night():
    """The newest NightRun that was finished, or None."""
    return NightRun.objects.exclude(finished_at=None).order_by("-business_date", "-pk").first()


def night_due(now):
    """The newest business date whose night has had its time at ``now``."""
    due = clock.business_date(now)
    return due if now >= clock.night_begins(due) + NIGHT_TAKES else due - _DAY


def counted(now):
    """What is simply many, by name, in one query; ``counting.COUNTED`` + 1 stands for more."""
    asked = {
        "mails_dead": OutgoingMail.objects.filter(state=MailState.DEAD),
        "locks": PasswordLock.objects.filter(locked_at__gt=now - _DAY),
        "sources_refused": sources.refused(now=now),
        "numbers_awaiting_bank": awaiting.waiting(),
        "sets_unfinished": Submission.objects.filter(finished_at=None),
    }
    return dict(zip(asked, counting.counts(asked.values()), strict=True))


def applications():
    """Status → how many applications are in it, at most ``counting.COUNTED`` + 1. One query."""
    asked = [Application.objects.filter(status=status) for status in Status]
    return dict(zip(Status.values, counting.counts(asked), strict=True))


def refunds():
    """Why money has to go back → how many refunds are open. One query."""
    reasons = [verdict.value for verdict in NoticeVerdict if verdict.goes_back]
    rows = Refund.objects.filter(state=RefundState.OPEN).order_by().values_list("reason")
    return dict.fromkeys(reasons, 0) | dict(rows.annotate(count=Count("pk")))


def bank_silent_for(now):
    """For how long the bank's settlements have not been known, or None before the first answer."""
    row = Reconciliation.objects.first()
    return max(now - row.answered_until, timedelta()) if row else None
