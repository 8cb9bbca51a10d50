"""Outgoing mail: written with what it tells about, sent later by a worker.

``put`` belongs inside the transaction of the move: the mail exists exactly when the move does.
``send_due`` is called by a worker and never inside a transaction.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django_tasks import task

from koss import clock
from koss.models import MailState, OutgoingMail

# How long a worker that took a mail may be silent before another one tries.
LEASE = timedelta(minutes=10)
# The wait after the first, second, … failed try; after the last one the mail is a dead letter.
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 1440))


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to be written. ``key`` says which event it tells about; one mail per key and address.

    ``facts`` is what ``templates/mail/<template>.txt`` shows, as text.
    """

    key: str
    template: str
    to: str
    receipt_number: str = ""
    facts: dict = field(default_factory=dict)


def put(letters, *, now):
    """Queue ``letters`` in the caller's transaction; one that was queued before stays single."""
    if not letters:
        return
    OutgoingMail.objects.bulk_create(
        [
            OutgoingMail(
                key=f"{letter.key}:{letter.to}",
                template=letter.template,
                to=letter.to,
                receipt_number=letter.receipt_number,
                facts=letter.facts,
                created_at=now,
                due_at=now,
            )
            for letter in letters
        ],
        ignore_conflicts=True,
    )
    send_due_mail.enqueue()


@task()
def send_due_mail():
    """Send what is due, and come back when the next retry is. Twice does nothing twice."""
    now = clock.now()
    _, failed, retry_at = send_due(now=now)
    if failed and retry_at:
        wait = max(retry_at - now, BACKOFF[0])
        send_due_mail.using(run_after=clock.system_now() + wait).enqueue()


def send_due(*, now):
    """Send every mail that is due at ``now``; returns (sent, failed, moment of the next retry).

    One mail that cannot be sent never keeps the others back.
    """
    sent = failed = 0
    while mail := _take(now):
        if _send(mail, now=now):
            sent += 1
        else:
            failed += 1
    retry_at = (
        OutgoingMail.objects.filter(state=MailState.QUEUED)
        .order_by("due_at")
        .values_list("due_at", flat=True)
        .first()
    )
    return sent, failed, retry_at


def _take(now):
    """Take one due mail for sending, or None. A mail left behind by a dead worker is due again."""
    due = Q(state__in=[MailState.QUEUED, MailState.SENDING], due_at__lte=now)
    with transaction.atomic():
        mail = (
            OutgoingMail.objects.select_for_update(skip_locked=True)
            .filter(due)
            .order_by("due_at", "pk")
            .first()
        )
        if mail:
            mail.state = MailState.SENDING
            mail.tries += 1
            mail.due_at = now + LEASE
            mail.save(update_fields=["state", "tries", "due_at"])
        return mail


def _send(mail, *, now):
    try:
        if not mail.body:
            mail.subject, mail.body = render(mail.template, mail.facts)
        EmailMessage(
            subject=mail.subject,
            body=mail.body,
            to=[mail.to],
            headers={"Message-ID": mail.message_id},
        ).send()
    except Exception as error:  # whatever a mail server does must not stop the queue
        mail.last_error = f"{type(error).__name__}: {error}"[:1000]
        again = mail.tries <= len(BACKOFF)
        mail.state = MailState.QUEUED if again else MailState.DEAD
        mail.due_at = now + BACKOFF[mail.tries - 1] if again else now
    else:
        mail.state, mail.sent_at, mail.last_error = MailState.SENT, now, ""
    mail.save(update_fields=["state", "due_at", "sent_at", "last_error", "subject", "body"])
    return mail.state == MailState.SENT


def render(template, facts):
    """(subject, body): the first line of the template is the subject, the rest the body."""
    subject, _, body = render_to_string(f"mail/{template}.txt", facts).strip().partition("\n")
    return subject.strip(), body.strip() + "\n"
