"""Taking a payment number (納付番号取得) for what many applications owe, or for one alone.

A number counts as taken when it is requested: the rows are written here, in one transaction, and
the collecting agency's answer comes later by a task.
"""

from collections import defaultdict

from django.db import IntegrityError, transaction

from applications.life import charges as owed
from applications.life import feed
from applications.models import Application, Charge, PaymentMethod
from koss.ground import clock
from payments.models import NumberKind, PaymentInformation, PaymentLine
from payments.numbers import numbering


class ChargesNotAvailable(Exception):
    """Some of what was chosen cannot be paid under a new number; nothing was taken.

    ``receipt_numbers``: those of the payer's own applications that are gone, by ascending key.
    """

    def __init__(self, receipt_numbers):
        super().__init__(f"{len(receipt_numbers)} cannot be taken")
        self.receipt_numbers = receipt_numbers


def take(user, keys, *, now, request_key=None, method=PaymentMethod.BATCH):
    """One number per kind of charge for the applications ``keys`` of the payment user ``user``.

    Returns the informations, in the order of NumberKind, or raises ChargesNotAvailable and has
    taken nothing. The same ``request_key`` again gives those that it made the first time.
    """
    keys = set(keys)
    try:
        with transaction.atomic():
            own = Application.objects.filter(payer=user.user_id, payment_method=method)
            rows = _lock(own.filter(pk__in=keys))
            if made := _made(user, request_key):
                return made
            if len(rows) < len(keys):
                raise ChargesNotAvailable([])
            return _take(rows, now=now, user=user, method=method, request_key=request_key)
    except IntegrityError:
        # Whatever came between in spite of the locks: the database's own constraints hold.
        if made := _made(user, request_key):
            return made
        if taken := _taken_meanwhile(user, keys):
            raise ChargesNotAvailable(taken) from None
        raise


def take_individually(application, *, now):
    """The number under which an application that pays for itself pays what it owes now.

    Its live number when it has one, else a new one; ChargesNotAvailable when it owes nothing, or
    too late.
    """
    with transaction.atomic():
        alone = Application.objects.filter(payment_method=PaymentMethod.INDIVIDUAL)
        rows = _lock(alone.filter(pk=application.pk))
        if not rows:
            raise ChargesNotAvailable([])
        if live := _live(rows[0]):
            return live
        [information] = _take(rows, now=now, user=None, method=PaymentMethod.INDIVIDUAL)
    return information


def _lock(applications):
    """In the order of their keys, as everywhere. On SQLite the transaction itself is the lock."""
    return list(applications.select_for_update(no_key=True).order_by("pk"))


def _made(user, request_key):
    """What this request made when it came the first time."""
    if not request_key:
        return []
    made = PaymentInformation.objects.filter(user=user, request_key=request_key)
    order = list(NumberKind)
    return sorted(made, key=lambda information: order.index(information.kind))


def _live(application):
    kind = NumberKind.of(application.status)
    if kind is None:
        return None
    return PaymentInformation.objects.filter(
        lines__released_at=None,
        lines__charge__application=application,
        lines__charge__kind__in=kind.charge_kinds,
    ).first()


def _take(rows, *, now, user, method, request_key=None):
    """Write the numbers' rows for ``rows``, which are locked."""
    charges = _open_charges(rows, clock.day(now))
    gone = [row.receipt_number for row in rows if row.pk not in charges]
    if gone:
        raise ChargesNotAvailable(gone)
    by_kind = defaultdict(list)
    for row in rows:
        by_kind[NumberKind.of(row.status)].extend(charges[row.pk])
    feed.note_payment(rows, now=now)
    return [
        _write(kind, by_kind[kind], now=now, user=user, method=method, request_key=request_key)
        for kind in NumberKind
        if kind in by_kind
    ]


def _open_charges(rows, today):
    """Key of an application → what it owes now, for those that a number can be taken for."""
    kinds = {row.pk: NumberKind.of(row.status) for row in rows}
    unpaid = defaultdict(list)
    for charge in Charge.objects.unpaid().filter(application__in=kinds).order_by("pk"):
        kind = kinds[charge.application_id]
        if kind and charge.kind in kind.charge_kinds:
            unpaid[charge.application_id].append(charge)
    return {
        key: charges
        for key, charges in unpaid.items()
        if all(_is_open(charge, kinds[key], today) for charge in charges)
    }


def _is_open(charge, kind, today):
    """Fees are lost when they are not paid in time; taxes can still be paid."""
    in_time = charge.due_on >= today or kind is not NumberKind.FEES
    return charge.number_taken_at is None and in_time


def due_on(earliest, today):
    """The due date of a number whose charges fall due from ``earliest`` on, taken ``today``.

    A tax past its date can still be paid: its number is good for the day on which it is taken.
    """
    return max(earliest, today)


def _write(kind, charges, *, now, user, method, request_key):
    information = PaymentInformation.objects.create(
        user=user,
        method=method,
        kind=kind,
        amount=sum(charge.amount for charge in charges),
        count=len({charge.application_id for charge in charges}),
        due_on=due_on(min(charge.due_on for charge in charges), clock.day(now)),
        requested_at=now,
        request_key=request_key,
    )
    PaymentLine.objects.bulk_create(
        PaymentLine(information=information, charge=charge) for charge in charges
    )
    owed.take(Charge.objects.filter(pk__in=[charge.pk for charge in charges]), now=now)
    numbering.fetch_number.enqueue(information_id=information.pk)
    return information


def _taken_meanwhile(user, keys):
    own = Application.objects.filter(payer=user.user_id, pk__in=keys)
    taken = own.filter(charges__lines__in=PaymentLine.objects.filter(released_at=None))
    return list(taken.order_by("pk").distinct().values_list("receipt_number", flat=True))
