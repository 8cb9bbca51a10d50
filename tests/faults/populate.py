"""``python -m tests.faults.populate``: a migrated database gets a day's worth of payments to make.

Run as a program of its own, in the environment that names the database.
"""

from datetime import timedelta

import django

INDIVIDUAL, BATCHES, EACH, DEBITS = 8, 6, 4, 6


def main():
    django.setup()

    from django.db import transaction

    with transaction.atomic():
        populate()


def populate():
    """Numbers that were asked for some minutes ago, and debits ordered at once."""
    from applications.status import Status
    from koss.ground import clock
    from payments.demo import payers
    from payments.direct import debits
    from payments.models import AccountKind
    from payments.numbers import taking
    from tests.world import make

    now = clock.now()
    # Reconciliation leaves alone what is younger than a minute: here it may help at once.
    asked_at = now - timedelta(minutes=5)
    for _ in range(INDIVIDUAL):
        taking.take_individually(make(Status.FEES_DUE, now=asked_at), now=asked_at)
    user = payers.payment_user(now=now)
    for _ in range(BATCHES):
        together = [make(Status.FEES_IN_BATCH, now=asked_at) for _ in range(EACH)]
        taking.take(user, [each.pk for each in together], now=asked_at)
    account = payers.account(AccountKind.NATIONAL, now=now)
    for _ in range(DEBITS):
        application = make(Status.WEIGHT_TAX_IN_BATCH, now=asked_at, payment_method="direct")
        debits.order(user, [application.pk], account, at_once=True, now=asked_at)


if __name__ == "__main__":
    main()
