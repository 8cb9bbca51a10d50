"""納付情報 of one application, as the status page shows it."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from applications.models import Charge, ChargeKind
from koss import clock
from payments.labels import Division, Payee, State

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
    """Charges that share one payment number. Numbers are "" until there are any."""

    agency_number: str
    payment_number: str
    confirmation_number: str
    state: str
    paid_on: date | None
    due_on: date
    lines: tuple[Line, ...]


def blocks_of(application):
    """The table 納付情報 of ``application``, in the order in which it was charged. One query."""
    charges = (
        Charge.objects.filter(application=application)
        .order_by("pk")
        .values(
            "kind",
            "amount",
            "due_on",
            "paid_at",
            "line__information_id",
            "line__information__agency_number",
            "line__information__payment_number",
            "line__information__confirmation_number",
        )
    )
    return [_block(list(group)) for _, group in groupby(charges, key=_belongs_to)]


def _belongs_to(charge):
    return "fees" if charge["kind"] in ChargeKind.FEES else charge["kind"]


def _block(charges):
    first = charges[0]
    return Block(
        agency_number=first["line__information__agency_number"] or "",
        payment_number=first["line__information__payment_number"] or "",
        confirmation_number=first["line__information__confirmation_number"] or "",
        state=_state(charges),
        paid_on=clock.day(first["paid_at"]) if first["paid_at"] else None,
        due_on=first["due_on"],
        lines=tuple(_line(charge) for charge in charges),
    )


def _state(charges):
    owed = [charge for charge in charges if charge["amount"]]
    if not owed:
        return State.NOTHING_TO_PAY
    return State.PAID if all(charge["paid_at"] for charge in owed) else State.UNPAID


def _line(charge):
    payee, kana, division = _PAYEES[charge["kind"]]
    return Line(ChargeKind(charge["kind"]).label, division, charge["amount"], payee, kana)
