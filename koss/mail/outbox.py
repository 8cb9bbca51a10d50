"""Outgoing mail: written with what it tells about, sent later by a worker.

``put`` belongs inside the transaction of the move: the mail exists exactly when the move does.
``send_due`` is called by a worker and never inside a transaction.

A mail is sent at least once. Twice only when a worker dies between the mail server's answer and
its own note of it; both copies then carry the same Message-ID.
"""

import logging
import re
import smtplib
import socket
import time
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.core.mail import BadHeaderError, EmailMessage, get_connection
from django.db import transaction
from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Concat, JSONObject
from django.template import Context
from django.template.loader import get_template
from django.utils import translation
from django_tasks import task

from koss.ground import clock, planned
from koss.ground.insert_select import insert_from
from koss.ground.logs import Ours
from koss.ground.mail_addresses import sendable
from koss.ground.names import in_words
from koss.models import MailState, OutgoingMail

logger = logging.getLogger(__name__)

# How long a worker that took a mail may be silent before another one tries.
LEASE = timedelta(minutes=10)
# The wait after the first, second, … failed try; after the last one the mail is a dead letter.
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 1440))
TRIES = len(BACKOFF) + 1
# Failures that are the mail server's and not the mail's, and how many in a row end a round.
AWAY = (
    ConnectionError,
    TimeoutError,
    socket.gaierror,
    smtplib.SMTPConnectError,
    smtplib.SMTPServerDisconnected,
)
AWAY_AT_LAST = 3
# A header or an address that cannot be written today cannot be written tomorrow.
UNWRITABLE = (BadHeaderError, UnicodeError)
# So that no machine answers (RFC 3834; the second is Exchange's). No Precedence: filters take a
# mail that carries one for a newsletter.
HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
_WAITING = Q(state__in=[MailState.QUEUED, MailState.SENDING])


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to be written. ``key`` says which event it tells about; one mail per key and address.

    ``facts`` is what ``templates/mail/<template>.txt`` shows: codes, numbers, ISO dates and what
    people typed, but no words of the portal's own. ``language``: of its reader. ``sealed``: its
    text opens something, so staff see that it was sent and not what it says.
    """

    key: str
    template: str
    to: str
    receipt_number: str = ""
    facts: dict = field(default_factory=dict)
    language: str = "ja"
    sealed: bool = False


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
                language=letter.language,
                sealed=letter.sealed,
                created_at=now,
                due_at=now,
            )
            for letter in letters
        ],
        ignore_conflicts=True,
    )
    send_due_mail.enqueue()


def put_from(rows, template, address, facts, event, *, now):
    """As ``put``, one mail about each of ``rows``, a QuerySet of what has a receipt number.

    ``address``: its field with the address. ``facts``: name → expression. ``event``: an expression
    that names what happened.
    """
    key = Concat(
        Value(f"{template}:"),
        F("receipt_number"),
        Value(":"),
        Cast(event, CharField()),
        Value(":"),
        F(address),
        output_field=CharField(),
    )
    written = insert_from(
        rows,
        OutgoingMail,
        ignore_conflicts=True,
        key=key,
        template=template,
        to=F(address),
        receipt_number=F("receipt_number"),
        facts=JSONObject(**facts),
        language=F("language"),
        created_at=now,
        due_at=now,
    )
    if written:
        send_due_mail.enqueue()


@task(queue_name="mail", priority=50)
def send_due_mail():
    """Send what is due, and come back for what is left. Twice does nothing twice."""
    now = clock.now()
    try:
        send_due(now=now)
    finally:
        _come_back(now)


def sweep():
    """Have a worker look at what a killed one may have left. Returns how many mails wait."""
    waiting = OutgoingMail.objects.filter(_WAITING).count()
    if waiting:
        send_due_mail.enqueue()
    return waiting


def call_sent(mails):
    """The queued ones of ``mails`` (a QuerySet) tell of the demo's past: they were sent in it.

    The tasks that writing them has enqueued are needless; one stays where a mail waits.
    """
    # Only here: the queue's table can be imported when all apps are loaded, not before.
    from django_tasks_db.models import DBTaskResult

    mails.filter(state=MailState.QUEUED).update(
        state=MailState.SENT, tries=1, sent_at=F("created_at")
    )
    waiting = DBTaskResult.objects.ready().filter(task_path=send_due_mail.module_path)
    waiting.delete()
    sweep()


def send_due(*, now):
    """Send every mail that is due at ``now``; returns (sent, failed).

    One mail that cannot be sent never keeps the others back. Where no mail server answers, the
    round ends early and leaves the rest of the queue as it is. All mails of a round go through one
    connection, but for the mail after a failure, which gets a new one.
    """
    begun = time.monotonic()
    sent = failed = away = 0
    connection = get_connection()
    # The lease counts from the moment a mail is taken: a slow mail server must not let it run out
    # for the mails at the end of a long queue.
    while away < AWAY_AT_LAST and (
        mail := _take(now, now + timedelta(seconds=time.monotonic() - begun))
    ):
        error = _send(mail, connection, now=now)
        if error:
            _hang_up(connection)
        away = away + 1 if isinstance(error, AWAY) else 0
        sent += error is None
        failed += error is not None
    _hang_up(connection)
    return sent, failed


def send_again(mails, *, now):
    """Give the dead letters among ``mails`` (a QuerySet) all their tries anew; returns how many."""
    with transaction.atomic():
        revived = mails.filter(state=MailState.DEAD).update(
            state=MailState.QUEUED, tries=0, due_at=now
        )
        if revived:
            send_due_mail.enqueue()
    return revived


def _come_back(now):
    """Plan the next look at the queue, unless one is planned already."""
    next_due = (
        OutgoingMail.objects.filter(_WAITING)
        .order_by("due_at")
        .values_list("due_at", flat=True)
        .first()
    )
    if next_due is None:
        return
    at = clock.system_now() + max(next_due - now, BACKOFF[0])
    if not planned.is_planned(send_due_mail, at):
        send_due_mail.using(run_after=at).enqueue()


def _take(now, moment):
    """Take one mail due at ``now`` for sending, or None.

    A mail left behind by a dead worker is due again when its lease is over. One that is left
    behind every time is the reason, not the victim: it becomes a dead letter.
    """
    due = OutgoingMail.objects.filter(_WAITING, due_at__lte=now).order_by("due_at", "pk")
    with transaction.atomic(durable=True):
        while mail := due.select_for_update(skip_locked=True).first():
            if mail.tries < TRIES:
                mail.state = MailState.SENDING
                mail.tries += 1
                mail.due_at = moment + LEASE
                mail.save(update_fields=["state", "tries", "due_at"])
                return mail
            mail.state = MailState.DEAD
            mail.save(update_fields=["state"])
            logger.error("mail %s is a dead letter: %s", mail.pk, mail.last_error)
    return None


def _hang_up(connection):
    """End ``connection``; the next mail opens it again. A server that is gone is no error here."""
    try:
        connection.close()
    except (smtplib.SMTPException, OSError) as error:
        logger.info("the mail server did not say goodbye: %s", error)


def _send(mail, connection, *, now):
    """Try once and note how it went. Returns the error, or None."""
    error = None
    try:
        subject, body = read(mail)
        connection.open()
        EmailMessage(
            subject=subject,
            body=body,
            to=[sendable(mail.to)],
            headers={
                "Message-ID": mail.message_id,
                "Content-Language": mail.language,
                **HEADERS,
            },
            connection=connection,
        ).send()
    except Exception as caught:
        # Whatever a mail or a mail server does must not stop the queue.
        error = caught
    if error is None:
        mail.state, mail.sent_at, mail.last_error = MailState.SENT, now, ""
    else:
        again = mail.tries < TRIES and not _is_final(error)
        mail.state = MailState.QUEUED if again else MailState.DEAD
        mail.due_at = now + BACKOFF[mail.tries - 1] if again else now
        mail.last_error = f"{type(error).__name__}: {error}"[:1000]
        level = logging.WARNING if again else logging.ERROR
        kind, state = Ours(type(error).__name__), Ours(mail.state)
        logger.log(level, "mail %s was not sent (%s), state %s", mail.pk, kind, state)
    mail.save(update_fields=["state", "due_at", "sent_at", "last_error"])
    return error


def _is_final(error):
    """Whether the next try would fail alike: the server refused this recipient or this text.

    What it says of our sign-in, of our sender or of itself can be put right by the operator.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _said in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code >= 500
    return isinstance(error, UNWRITABLE)


def read(mail):
    """(subject, body) of an OutgoingMail, in its recipient's language."""
    return render(mail.template, mail.facts, mail.language)


def render(template, facts, language="ja"):
    """(subject, body): the first line of the template is the subject, the rest the body.

    Beside ``facts`` a template may name the portal, its contact data and ``origin``, the address
    under which the portal is reached. Mails are plain text: nothing in them is escaped.
    """
    with translation.override(language):
        frame = {
            "portal": in_words("KOSS_PORTAL_NAME"),
            "operator": in_words("KOSS_OPERATOR"),
            "phone": settings.KOSS_CONTACT_PHONE,
            "email": settings.KOSS_CONTACT_EMAIL,
            "hours": in_words("KOSS_CONTACT_HOURS"),
            "origin": settings.KOSS_ORIGIN.rstrip("/"),
        }
        text = get_template(f"mail/{template}.txt").template.render(
            Context(frame | facts, autoescape=False)
        )
    subject, _, body = text.strip().partition("\n")
    # A part that has nothing to say leaves no gap.
    return " ".join(subject.split())[:200], re.sub(r"\n{3,}", "\n\n", body).strip() + "\n"
