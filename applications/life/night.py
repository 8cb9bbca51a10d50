"""What the night does to applications: its moves, and reminders of deadlines.

Every step takes the business date D, acts on what was due on D or before, works in chunks of its
own transactions and yields the number of applications after each chunk. Run twice, at once on two
machines or killed half-way and run again, it does nothing twice: a move that was made is no longer
open, and a reminder that was written is found under the application's lock.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from applications.life import letters, moves
from applications.life.conditions import batch_withdrawn
from applications.models import Application
from applications.status import Actor, MoveName, Status
from koss.ground import clock
from koss.mail import outbox
from koss.models import OutgoingMail

# Past their deadline these keep their status.
STAYS = (
    Status.WEIGHT_TAX_DUE,
    Status.WEIGHT_TAX_IN_BATCH,
    Status.AWAITING_TAX_CORRECTION,
    Status.VEHICLE_TAX_DUE,
    Status.VEHICLE_TAX_IN_BATCH,
)
# How long after a deadline a reminder that was missed still makes sense.
REMIND_WITHIN = timedelta(days=31)


def void_withdrawn_batches(business_date, *, now, chunk):
    """Applications whose batch was withdrawn become 検査申請無効.

    【申請共通】申請取り下げの操作手順, 2.
    """
    withdrawn = Application.objects.filter(
        batch_withdrawn(business_date), status=Status.FEES_IN_BATCH
    )
    return _move(MoveName.VOID_WITH_BATCH, withdrawn, business_date, now=now, chunk=chunk)


def let_fees_lapse(business_date, *, now, chunk):
    """Applications whose fees were not paid in time become 検査申請無効.

    Not while a number of them is open: the money may be on its way.
    """
    unpaid = Application.objects.overdue_on(business_date).filter(
        status__in=[Status.FEES_DUE, Status.FEES_IN_BATCH]
    )
    return _move(MoveName.LET_FEES_LAPSE, unpaid, business_date, now=now, chunk=chunk)


def let_corrections_lapse(business_date, *, now, chunk):
    """Applications that were not corrected in time become 検査申請却下."""
    uncorrected = Application.objects.overdue_on(business_date).filter(
        status=Status.AWAITING_CORRECTION
    )
    return _move(MoveName.LET_CORRECTION_LAPSE, uncorrected, business_date, now=now, chunk=chunk)


def remind_of_near_deadlines(business_date, *, now, chunk):
    """One mail when a deadline is ``KOSS_NEAR_DAYS`` days away or less, and not gone by yet."""
    morning = business_date + timedelta(days=1)
    near = Application.objects.with_deadline_between(
        max(morning, clock.day(now)), morning + timedelta(days=settings.KOSS_NEAR_DAYS)
    ).filter(~batch_withdrawn(clock.day(now)), status__in=Status.PAYABLE | Status.CORRECTABLE)
    return _remind("deadline_near", near, now=now, chunk=chunk)


def remind_of_passed_deadlines(business_date, *, now, chunk):
    """One mail when the deadline of something that stays where it is has passed."""
    passed = Application.objects.with_deadline_between(
        business_date - REMIND_WITHIN, business_date
    ).filter(status__in=STAYS)
    return _remind("deadline_passed", passed, now=now, chunk=chunk)


def _move(name, applications, business_date, *, now, chunk):
    return moves.perform_many(
        name, applications, actor=Actor.NIGHT, now=now, business_date=business_date, chunk=chunk
    )


def _remind(template, applications, *, now, chunk):
    """Write to those who were not reminded since they came into this status."""
    reminders = OutgoingMail.objects.filter(template=template)
    reminded = reminders.filter(
        receipt_number=OuterRef("receipt_number"), created_at__gte=OuterRef("status_changed_at")
    )
    due = applications.exclude(email="", status_email="", payer="").filter(~Exists(reminded))
    keys = sorted(due.order_by().values_list("pk", flat=True))
    for start in range(0, len(keys), chunk):
        with transaction.atomic():
            these = _still_to_remind(applications, _lock(keys[start : start + chunk]), reminders)
            outbox.put(letters.about(these, template, now=now, event_of=_stay), now=now)
        yield len(these)


def _still_to_remind(applications, keys, reminders):
    """Look again under the lock: another night may have been here."""
    rows = list(applications.filter(pk__in=keys).order_by("pk"))
    told = dict(
        reminders.filter(receipt_number__in=[row.receipt_number for row in rows])
        .order_by("created_at")
        .values_list("receipt_number", "created_at")
    )
    return [
        row
        for row in rows
        if row.receipt_number not in told or told[row.receipt_number] < row.status_changed_at
    ]


def _lock(keys):
    """Lock these applications in the order of their keys, and return the keys."""
    locked = Application.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    return list(locked.values_list("pk", flat=True))


def _stay(application):
    """Names this deadline of this stay in a status, so that a reminder is written once for it."""
    return f"{application.version}:{application.deadline.isoformat()}"
