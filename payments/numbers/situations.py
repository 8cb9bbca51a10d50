"""How it stands with what an application has to pay: one word for what its page then says."""

from enum import Enum, auto

from django.db.models import Q

from applications.models import PaymentMethod
from koss.ground import clock
from payments.models import DebitState, NumberKind


class Situation(Enum):
    """Of an unpaid charge whose application waits for just this payment."""

    TO_PAY = auto()  # by the applicant, under a number or not
    PRESSED = auto()  # 納付 was pressed before: the money may be on its way
    TO_TAKE = auto()  # in a batch, for which no number was taken yet
    NUMBERED = auto()  # in a batch that has its number, or has asked for it
    TO_ORDER = auto()  # by a debit that was not ordered yet
    DEBIT_SCHEDULED = auto()
    DEBIT_ORDERED = auto()  # the bank was told; what it did is not known yet
    BATCH_WITHDRAWN = auto()  # accepted, and the night has not voided it yet
    LATE = auto()  # a fee past its date, without a number: lost, and the night has not come yet
    LATE_NUMBERED = auto()  # the same, with a number
    NUMBER_LATE = auto()  # only the number is past its date: the night frees what is under it
    OVERDUE = auto()  # a tax past its date: it can still be paid


# What ``of`` reads, as paths from a charge over its live line.
FIELDS = (
    "due_on",
    "withdrawal_accepted_on",
    "line__information__due_on",
    "line__information__presses",
    "line__information__debit__state",
    "line__information__debit__debit_on",
)
_BEGINNING = {
    PaymentMethod.INDIVIDUAL: Situation.TO_PAY,
    PaymentMethod.BATCH: Situation.TO_TAKE,
    PaymentMethod.DIRECT: Situation.TO_ORDER,
}


def settles_itself(today):
    """The condition of charges for which nobody has to do anything before their date.

    As a database says of a charge what ``of`` says: its batch is withdrawn, or a debit is under way
    whose number has not ended on ``today``.
    """
    debit = "lines__information__debit__state"
    scheduled = Q(**{debit: DebitState.SCHEDULED, "lines__information__due_on__gte": today})
    ordered = Q(**{debit: DebitState.ORDERED})
    under_way = Q(lines__released_at=None) & (ordered | scheduled)
    return Q(withdrawal_accepted_on__isnull=False) | under_way


def of(charge, *, kind, method, today):
    """The Situation of ``charge`` (its ``FIELDS`` as a dict) on ``today``."""
    if charge["withdrawal_accepted_on"]:
        return Situation.BATCH_WITHDRAWN
    debit = charge["line__information__debit__state"]
    if debit == DebitState.ORDERED:
        return Situation.DEBIT_ORDERED
    is_over = charge["due_on"] < today
    number_ends = charge["line__information__due_on"]
    if is_over and kind is NumberKind.FEES:
        return Situation.LATE_NUMBERED if number_ends else Situation.LATE
    if number_ends and number_ends < today:
        return Situation.NUMBER_LATE
    if debit == DebitState.SCHEDULED:
        return Situation.DEBIT_SCHEDULED
    if charge["line__information__presses"] and method == PaymentMethod.INDIVIDUAL:
        return Situation.PRESSED
    if is_over:
        return Situation.OVERDUE
    if number_ends and method != PaymentMethod.INDIVIDUAL:
        return Situation.NUMBERED
    return _BEGINNING[PaymentMethod(method)]


def morning_of(information, *, now):
    """The day on whose early morning the night will have voided what is withdrawn.

    Of a number that is not withdrawn: as if it were withdrawn at ``now``.
    """
    accepted_at = information.withdrawal_accepted_at or now
    return clock.morning_after(clock.day(accepted_at), now)
