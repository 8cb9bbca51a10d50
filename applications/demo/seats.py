"""Seats of a course: alike but for their numbers, made once, each put back to its beginning."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q

from applications.demo import clearing, journeys
from applications.demo.course import PLACES, PROCEDURE, own_vehicle, payer_of, vehicle_of
from applications.demo.offices import TOKYO
from applications.models import Application, Office, PaymentMethod
from koss.ground.invariant import Rule
from koss.ground.progress import followed
from koss.mail import outbox
from koss.models import DemoAccount, DemoClock, DemoSeat, OutgoingMail
from payments.demo import payers
from payments.models import AccountKind, PaymentInformation
from payments.numbers import numbering

MOST = 100
_ACCOUNT_IDS = {AccountKind.NATIONAL: "KKSE", AccountKind.LOCAL: "KKSL"}


@dataclass(frozen=True, slots=True)
class Made:
    """One application of a seat. ``seat``: from 1 on; ``shows``: what it is for."""

    seat: int
    payer: str
    shows: str
    receipt_number: str


class SeatMovedOn(Exception):
    """It was put back by somebody else since the page was drawn, or is not there any more."""


def make(count, *, now):
    """Make what is missing of the seats 1 to ``count``; safe to run twice, also at once.

    Each seat is one transaction, so that a run which ends early leaves whole seats. Returns (list
    of Made in the order of seats and places, number of new applications). Raises ValueError for a
    count outside 1 to ``MOST``.
    """
    if not 1 <= count <= MOST:
        raise ValueError(count)
    new = sum(_make_one(number, now) for number in followed(range(1, count + 1), "seats"))
    accounts = DemoAccount.objects.filter(seat__number__lte=count).select_related("seat")
    found = [
        Made(each.seat.number, each.seat.payer, PLACES[each.place].shows, each.receipt_number)
        for each in accounts.order_by("seat__number", "place")
    ]
    return found, new


@transaction.atomic
def put_back(number, *, rounds, now):
    """Begin the seat anew: what was done in it goes, its numbers and passwords stay.

    ``rounds``: how often it had been put back when the page was drawn. Raises SeatMovedOn.
    """
    seat = _lock(number)
    if seat is None or seat.rounds != rounds:
        raise SeatMovedOn(number)
    numbers = dict(seat.accounts.values_list("place", "receipt_number"))
    clearing.clear(
        Application.objects.filter(
            Q(receipt_number__in=numbers.values())
            | Q(payer=seat.payer)
            | Q(chassis_number=own_vehicle(number)["chassis_number"])
        ),
        payer=seat.payer,
        since=seat.begun_at,
        now=now,
    )
    seat.begun_at, seat.rounds = now, seat.rounds + 1
    seat.save(update_fields=["begun_at", "rounds"])
    _fill(seat, numbers, now)


@transaction.atomic
def _make_one(number, now):
    """How many applications were made for the seat: all of them, or none."""
    _one_at_a_time()
    if DemoSeat.objects.filter(number=number).exists():
        return 0
    seat = DemoSeat.objects.create(number=number, payer=payer_of(number), begun_at=now)
    _fill(seat, {}, now)
    return len(PLACES)


def _one_at_a_time():
    """The next run finds what this one has made."""
    DemoClock.objects.select_for_update().get_or_create(pk=1)


def _lock(number):
    """The seat with this number, locked and read, or None."""
    return DemoSeat.objects.select_for_update().filter(number=number).first()


def _fill(seat, numbers, now):
    """Make the accounts and applications of an empty seat. ``numbers``: place → receipt number."""
    payers.begin_anew(seat.payer, now=now)
    for kind, letters in _ACCOUNT_IDS.items():
        payers.account(kind, user_id=seat.payer, account_id=f"{letters}{seat.number:04d}", now=now)
    office = Office.objects.get(name=TOKYO)
    made = [
        _application(seat, place, numbers.get(place, ""), office, now)
        for place in range(len(PLACES))
    ]
    if not numbers:
        DemoAccount.objects.bulk_create(
            DemoAccount(
                receipt_number=application.receipt_number,
                shows=f"席{seat}：{PLACES[place].shows}",
                seat=seat,
                place=place,
            )
            for place, application in enumerate(made)
        )
    # What the past of these applications told was told in the past, and what it asked is answered.
    receipt_numbers = [application.receipt_number for application in made]
    outbox.call_sent(OutgoingMail.objects.filter(receipt_number__in=receipt_numbers))
    numbering.forget_tasks(PaymentInformation.objects.filter(lines__charge__application__in=made))


def _application(seat, place, receipt_number, office, now):
    wanted = PLACES[place]
    fields = vehicle_of(seat.number, place, office)
    if wanted.method != PaymentMethod.INDIVIDUAL:
        fields |= {"payer": seat.payer}
    return journeys.bring_to(
        wanted.status,
        procedure=PROCEDURE,
        now=now,
        office=office,
        payment_method=wanted.method,
        receipt_number=receipt_number,
        **fields,
    )


def _not_whole():
    """Seats without all of their applications."""
    there = Application.objects.filter(receipt_number=OuterRef("accounts__receipt_number"))
    whole = Count("accounts", filter=Exists(there))
    return DemoSeat.objects.annotate(there=whole).exclude(there=len(PLACES))


OF_SEATS = (Rule("S1 whole seats", "A seat of a course has all of its applications.", _not_whole),)
