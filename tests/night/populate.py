"""A migrated database gets a night's worth of work."""

from datetime import timedelta

from django.db import transaction

from applications.demo.journeys import bring_to
from applications.models import Application, Charge
from applications.status import Status
from koss.ground import clock
from koss.models import OutgoingMail
from payments.batches import withdrawing
from payments.demo import payers
from payments.models import DebitOrder, PaymentInformation, PaymentState, Reconciliation

DAY = timedelta(days=1)
# How many applications wait in which status, and on which days around D their deadline lies.
PER_STATUS = 24
OFFSETS = (-9, -3, -2, -1, 0, 0, 3, 14)


@transaction.atomic
def populate(business_date):
    # Before the earliest of the deadlines below.
    now = clock.night_begins(business_date) + (min(OFFSETS) - 2) * DAY
    for status in (
        Status.FEES_DUE,
        Status.FEES_IN_BATCH,
        Status.AWAITING_CORRECTION,
        Status.WEIGHT_TAX_DUE,
        Status.AWAITING_TAX_CORRECTION,
        Status.VEHICLE_TAX_IN_BATCH,
        Status.IN_REVIEW,
    ):
        procedure = "new_vehicle" if status in Status.ONLY_NEW else "continued_inspection"
        waiting = [
            bring_to(
                status,
                procedure=procedure,
                now=now,
                email="" if number % 7 == 6 else f"applicant{number}@gyosei.example",
                status_email=f"status{number}@gyosei.example" if number % 5 == 4 else "",
                payment_method="direct" if status == Status.VEHICLE_TAX_IN_BATCH else None,
            )
            for number in range(PER_STATUS)
        ]
        taken = take_numbers(status, waiting, now)
        deadlines = [
            business_date + OFFSETS[number % len(OFFSETS)] * DAY for number in range(PER_STATUS)
        ]
        for application, deadline in zip(waiting, deadlines, strict=True):
            let_end(application, deadline)
        for information in taken:
            follow(information, business_date)
    # No bank answers here: it has told everything before.
    Reconciliation.objects.create(pk=1, answered_until=clock.night_begins(business_date))
    OutgoingMail.objects.all().delete()


def take_numbers(status, waiting, now):
    """Numbers of one application, of a batch with different deadlines, withdrawn, by debit."""
    if status == Status.FEES_DUE:
        return [payers.take_number([each], now=now) for each in waiting[::3]]
    if status == Status.FEES_IN_BATCH:
        withdrawn = [payers.take_number([each], now=now) for each in waiting[1::2]]
        for information in withdrawn:
            withdrawing.withdraw(information, user=information.user, now=now)
        others = waiting[::2]
        size = len(OFFSETS) // 2
        return withdrawn + [
            payers.take_number(others[start : start + size], now=now)
            for start in range(0, len(others) - size, size)
        ]
    if status == Status.VEHICLE_TAX_IN_BATCH:
        return [
            payers.take_number([each], now=now)
            for number, each in enumerate(waiting)
            if OFFSETS[number % len(OFFSETS)] > 0
        ]
    return []


def let_end(application, deadline):
    """Put the deadline of what an application waits for on another day."""
    if application.deadline:
        Application.objects.filter(pk=application.pk).update(deadline=deadline)
    Charge.objects.filter(application=application).unpaid().update(due_on=deadline)


def follow(information, business_date):
    """Put the days of a number where those of its charges are now."""
    charges = Charge.objects.filter(lines__information=information)
    due_on = min(charges.values_list("due_on", flat=True))
    PaymentInformation.objects.filter(pk=information.pk).update(due_on=due_on)
    if PaymentInformation.objects.get(pk=information.pk).state == PaymentState.WITHDRAWN:
        withdrawn_on = min(due_on, business_date)
        charges.update(withdrawal_accepted_on=withdrawn_on)
        PaymentInformation.objects.filter(pk=information.pk).update(
            withdrawal_accepted_at=clock.at(withdrawn_on, hour=12)
        )
    # Every second debit falls on the morning after the night.
    debit_on = business_date + DAY if information.pk % 2 else due_on
    DebitOrder.objects.filter(information=information).update(debit_on=debit_on)
