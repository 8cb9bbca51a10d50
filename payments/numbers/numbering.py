"""Asking the collecting agency for the numbers under which something is paid.

The bank is asked outside any transaction and by our own reference, so asking twice, or being
killed between its answer and our note of it, ends with the same numbers.
"""

import logging

from django.db import IntegrityError, transaction
from django_tasks import task

from applications.life import feed
from koss.ground import clock
from payments import banks
from payments.models import PaymentInformation, PaymentState
from payments.numbers import failures, practising, releasing

logger = logging.getLogger(__name__)


def fetch(information, *, now):
    """See to it that ``information`` has its numbers; returns the row as it stands then.

    A refusal by the agency ends it as REFUSED and releases its charges. BankUnreachable passes
    through, and nothing has changed. Never inside a transaction: this waits for the bank.
    """
    information = PaymentInformation.objects.get(pk=information.pk)
    if information.payment_number or information.state != PaymentState.UNPAID:
        return information
    if reason := practising.number_refusal(information):
        return _refuse(information, reason, now)
    try:
        numbers = banks.current().request_numbers(
            reference=information.reference,
            kind=information.kind,
            amount=information.amount,
            due_on=information.due_on,
        )
    except banks.BankRefused as refusal:
        return _refuse(information, refusal.reason, now)
    try:
        return _keep(information, numbers, now)
    except IntegrityError:
        logger.exception("payment %s got a number of somebody else", information.pk)
        return _refuse(information, failures.DUPLICATE_NUMBER, now)


@task(queue_name="bank")
def fetch_number(information_id):
    """Fetch the numbers of one row; where the bank does not answer, reconciling does so later."""
    information = PaymentInformation.objects.filter(pk=information_id).first()
    if information is None:  # the demo has begun its seat anew
        return
    try:
        fetch(information, now=clock.now())
    except banks.BankUnreachable as error:
        logger.info("no number yet for payment %s: %s", information.pk, error)


def forget_tasks(informations):
    """Nobody has to fetch the numbers of ``informations`` (a QuerySet): they have them."""
    # Only here: the queue's table can be imported when all apps are loaded, not before.
    from django_tasks_db.models import DBTaskResult

    DBTaskResult.objects.ready().filter(
        task_path=fetch_number.module_path,
        args_kwargs__kwargs__information_id__in=list(informations.values_list("pk", flat=True)),
    ).delete()


@transaction.atomic
def _keep(information, numbers, now):
    """Write the numbers down, also for a row that has ended meanwhile: they are its own."""
    locked = releasing.lock(information)
    if not locked.payment_number:
        locked.agency_number = numbers.agency_number
        locked.payment_number = numbers.payment_number
        locked.confirmation_number = numbers.confirmation_number
        locked.numbered_at = now
        locked.save(
            update_fields=[
                "agency_number",
                "payment_number",
                "confirmation_number",
                "numbered_at",
            ]
        )
        feed.note_payment(releasing.applications_under(locked).exclude(bulk_id=""), now=now)
    return locked


@transaction.atomic
def _refuse(information, reason, now):
    locked = releasing.lock(information)
    if locked.state == PaymentState.UNPAID and not locked.payment_number:
        releasing.release(locked, state=PaymentState.REFUSED, now=now, refusal=reason)
    return locked
