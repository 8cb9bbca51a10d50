"""納付情報 of one application, as the status page shows it."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import FilteredRelation, Q

from applications.models import Charge, ChargeKind
from koss.ground import clock
from payments.labels import State
from payments.models import NumberKind, PaymentState
from payments.numbers import amounts, situations
from payments.numbers.situations import Situation


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """One tax or fee. ``amount`` in yen."""

    kind: str
    division: str
    amount: int
    payee: str
    payee_kana: str


@dataclass(frozen=True, slots=True)
class Block:
    """Charges that share one payment number. Numbers are "" until there are any.

    ``situation``: how it stands where the application waits for just this, else None.
    ``number_ends_on``: the last day of the number it has. ``debit_on``: the day of a debit that is
    scheduled. ``withdrawn_on``: the day on which the withdrawal of its batch was accepted.
    """

    kind: NumberKind
    agency_number: str
    payment_number: str
    confirmation_number: str
    state: str
    paid_on: date | None
    due_on: date
    situation: Situation | None
    number_ends_on: date | None
    debit_on: date | None
    withdrawn_on: date | None
    lines: tuple[ChargeLine, ...]


def blocks_of(application, *, now):
    """The table 納付情報 of ``application``, in the order in which it was charged. One query."""
    return blocks_of_many([application], now=now)[application.pk]


def blocks_of_many(applications, *, now):
    """Key → ``blocks_of`` of each of ``applications``, a list. One query."""
    charges = (
        Charge.objects.filter(application__in=[each.pk for each in applications])
        .alias(line=FilteredRelation("lines", condition=Q(lines__released_at=None)))
        .order_by("application", "pk")
        .values(
            "application",
            "kind",
            "amount",
            "paid_at",
            "line__information__agency_number",
            "line__information__payment_number",
            "line__information__confirmation_number",
            *situations.FIELDS,
        )
    )
    today = clock.day(now)
    of_each = {each.pk: [] for each in applications}
    for charge in charges:
        of_each[charge["application"]].append(charge)
    return {
        each.pk: [
            _block(each, kind, list(group), today)
            for kind, group in groupby(of_each[each.pk], _kind_of)
        ]
        for each in applications
    }


def owed_in(blocks):
    """The one of an application's ``blocks`` that it waits for, or None."""
    return next((block for block in blocks if block.situation), None)


def _kind_of(charge):
    return next(kind for kind in NumberKind if charge["kind"] in kind.charge_kinds)


def _block(application, kind, charges, today):
    first = charges[0]
    state = _state(charges)
    is_owed = state is PaymentState.UNPAID and application.status in kind.statuses
    method = application.payment_method
    return Block(
        kind=kind,
        agency_number=first["line__information__agency_number"] or "",
        payment_number=first["line__information__payment_number"] or "",
        confirmation_number=first["line__information__confirmation_number"] or "",
        state=state.label if state else State.NOTHING_TO_PAY,
        paid_on=clock.day(first["paid_at"]) if first["paid_at"] else None,
        due_on=first["due_on"],
        situation=situations.of(first, kind=kind, method=method, today=today) if is_owed else None,
        number_ends_on=first["line__information__due_on"],
        debit_on=first["line__information__debit__debit_on"],
        withdrawn_on=first["withdrawal_accepted_on"],
        lines=tuple(_line(charge) for charge in charges),
    )


def _state(charges):
    """PAID, UNPAID, or None where nothing is to be paid."""
    owed = [charge for charge in charges if charge["amount"]]
    if not owed:
        return None
    is_paid = all(charge["paid_at"] for charge in owed)
    return PaymentState.PAID if is_paid else PaymentState.UNPAID


def _line(charge):
    payee, kana, division = amounts.PAYEES[charge["kind"]]
    return ChargeLine(ChargeKind(charge["kind"]).label, division, charge["amount"], payee, kana)
