"""``python -m tests.night.populate YYYY-MM-DD``: an empty database gets a night's worth of work.

Run as a program of its own, in the environment that names the database.
"""

import sys
from datetime import date, timedelta

import django

DAY = timedelta(days=1)
# How many applications wait in which status, and on which days around D their deadline lies.
PER_STATUS = 56
OFFSETS = (-9, -3, -2, -1, 0, 0, 3, 14)


def main(business_date):
    django.setup()

    from django.core.management import call_command
    from django.db import transaction

    call_command("migrate", verbosity=0)
    with transaction.atomic():
        populate(business_date)


def populate(business_date):
    from applications.models import Application, Charge
    from applications.status import Status
    from koss import clock
    from koss.demo.journeys import bring_to
    from koss.models import OutgoingMail

    now = clock.night_begins(business_date) - 2 * DAY
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
        for number in range(PER_STATUS):
            application = bring_to(
                status,
                procedure=procedure,
                now=now,
                email="" if number % 7 == 6 else f"applicant{number}@gyosei.example",
                status_email=f"status{number}@gyosei.example" if number % 5 == 4 else "",
            )
            deadline = business_date + OFFSETS[number % len(OFFSETS)] * DAY
            if application.deadline:
                Application.objects.filter(pk=application.pk).update(deadline=deadline)
            unpaid = Charge.objects.filter(application=application).unpaid()
            unpaid.update(due_on=deadline)
            if status == Status.FEES_IN_BATCH and number % 2:
                accepted_on = min(deadline, business_date)
                unpaid.update(number_taken_at=now, withdrawal_accepted_on=accepted_on)
    OutgoingMail.objects.all().delete()


if __name__ == "__main__":
    main(date.fromisoformat(sys.argv[1]))
