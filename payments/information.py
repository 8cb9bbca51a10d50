"""納付情報 of one application, as the status page shows it."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import FilteredRelation, Q

from applications.models import Charge, ChargeKind, PaymentMethod
from koss import clock
from payments.labels import Division, Payee, State
from payments.models import NumberKind

# Who is paid for what: (name, name in half-width kana, division), manuals' table 納付情報.
_PAYEES = {
    ChargeKind.INSPECTION_FEE: (Payee.ASSOCIATION, Payee.ASSOCIATION_KANA, Division.GENERAL),
    ChargeKind.TECHNICAL_FEE: (Payee.AGENCY, Payee.AGENCY_KANA, Division.GENERAL),
    ChargeKind.WEIGHT_TAX: (Payee.TREASURY, Payee.TREASURY_KANA, Division.NATIONAL),
    ChargeKind.VEHICLE_TAX: (Payee.PREFECTURE, Payee.PREFECTURE_KANA, Division.LOCAL),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One tax or fee. ``amount`` in yen."""

    kind: str
    division: str
    amount: int
    payee: str
    payee_kana: str


@dataclass(frozen=True, slots=True)
class Block:
    """Charges that share one payment number. Numbers are "" until there are any.

    ``is_owed``: the application waits for just this. ``is_late``: it can no longer be paid, or not
    under the number it has. ``can_pay``: the button 納付 stands in its row. ``was_pressed``: it was
    pressed before, so that the money may be on its way.
    """

    kind: NumberKind
    agency_number: str
    payment_number: str
    confirmation_number: str
    state: str
    paid_on: date | None
    due_on: date
    is_owed: bool
    is_late: bool
    can_pay: bool
    was_pressed: bool
    lines: tuple[Line, ...]


def blocks_of(application, *, now):
    """The table 納付情報 of ``application``, in the order in which it was charged. One query."""
    charges = (
        Charge.objects.filter(application=application)
        .alias(line=FilteredRelation("lines", condition=Q(lines__released_at=None)))
        .order_by("pk")
        .values(
            "kind",
            "amount",
            "due_on",
            "paid_at",
            "line__information__due_on",
            "line__information__presses",
            "line__information__agency_number",
            "line__information__payment_number",
            "line__information__confirmation_number",
        )
    )
    today = clock.day(now)
    return [
        _block(application, kind, list(group), today) for kind, group in groupby(charges, _kind_of)
    ]


def _kind_of(charge):
    return next(kind for kind in NumberKind if charge["kind"] in kind.charge_kinds)


def _block(application, kind, charges, today):
    first = charges[0]
    state = _state(charges)
    is_owed = state == State.UNPAID and application.status in kind.statuses
    is_late = is_owed and _is_late(kind, first, today)
    individually = application.payment_method == PaymentMethod.INDIVIDUAL
    return Block(
        kind=kind,
        agency_number=first["line__information__agency_number"] or "",
        payment_number=first["line__information__payment_number"] or "",
        confirmation_number=first["line__information__confirmation_number"] or "",
        state=state,
        paid_on=clock.day(first["paid_at"]) if first["paid_at"] else None,
        due_on=first["due_on"],
        is_owed=is_owed,
        is_late=is_late,
        can_pay=is_owed and not is_late and individually,
        was_pressed=is_owed and bool(first["line__information__presses"]),
        lines=tuple(_line(charge) for charge in charges),
    )


def _is_late(kind, charge, today):
    """A number is good until its day is over; fees are lost then, for taxes comes a new one."""
    if number_ends := charge["line__information__due_on"]:
        return number_ends < today
    return kind is NumberKind.FEES and charge["due_on"] < today


def _state(charges):
    owed = [charge for charge in charges if charge["amount"]]
    if not owed:
        return State.NOTHING_TO_PAY
    return State.PAID if all(charge["paid_at"] for charge in owed) else State.UNPAID


def _line(charge):
    payee, kana, division = _PAYEES[charge["kind"]]
    return Line(ChargeKind(charge["kind"]).label, division, charge["amount"], payee, kana)
