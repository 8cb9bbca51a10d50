"""The batches of a payment user, as まとめ納付情報確認 and its 詳細 show them.

A batch belongs to the user who took its number; nobody else finds it.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Sum

from applications.models import Application, PaymentMethod
from koss.ground import clock
from koss.ground.paging import COUNTED
from payments.batches import choosing, withdrawing
from payments.models import PaymentInformation, PaymentLine, PaymentState
from payments.numbers import amounts
from payments.paying import visits


@dataclass(frozen=True, slots=True)
class BatchSearch(choosing.TargetSearch):
    """検索条件 of what was taken. What is empty does not narrow the list."""

    payment_number: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One line of まとめ納付情報確認: whom it pays, and which buttons it has."""

    batch: PaymentInformation
    payee: str
    payee_kana: str
    may_pay: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class Charged:
    """One tax or fee of one application, in yen. ``is_released``: no longer in the batch."""

    kind: str
    amount: int
    is_released: bool


@dataclass(frozen=True, slots=True)
class Member:
    """One application of 詳細, with what it owes or owed under this number."""

    application: Application
    charges: tuple[Charged, ...]
    due_on: date

    @property
    def amount(self):
        """What is still to be paid for it under this number, or was."""
        return sum(charge.amount for charge in self.charges if not charge.is_released)

    @property
    def is_released(self):
        return all(charge.is_released for charge in self.charges)


def of(user, search=None):
    """The batches of ``user`` that ``search`` finds, by due date."""
    search = search or BatchSearch()
    batches = PaymentInformation.objects.filter(user=user, method=PaymentMethod.BATCH)
    for name in ("kind", "payment_number", "state"):
        if value := getattr(search, name):
            batches = batches.filter(**{name: value})
    if search.due_from:
        batches = batches.filter(due_on__gte=search.due_from)
    if search.due_to:
        batches = batches.filter(due_on__lte=search.due_to)
    if search.procedure:
        of_procedure = PaymentLine.objects.filter(charge__application__procedure=search.procedure)
        batches = batches.filter(Exists(of_procedure.filter(information=OuterRef("pk"))))
    if search.receipt_number:
        lines = PaymentLine.objects.filter(
            charge__application__receipt_number=search.receipt_number
        )
        batches = batches.filter(pk__in=lines.values("information"))
    return batches.order_by("due_on", "pk")


def buttons(information, now):
    """Which buttons stand in the row of a batch."""
    return {
        "pay": visits.why_not(information, now=now) is None,
        "withdraw": withdrawing.is_open(information),
    }


def row_of(information, *, now):
    """``BatchRow`` of a batch. Asks no database."""
    open_buttons = buttons(information, now)
    return BatchRow(
        information,
        *amounts.payee(information.kind),
        may_pay=open_buttons["pay"],
        may_withdraw=open_buttons["withdraw"],
    )


def unpaid(user, *, now):
    """How many batches wait for 納付, and their sum. One query."""
    waiting = of(user, BatchSearch(state=PaymentState.UNPAID)).filter(due_on__gte=clock.day(now))
    found = waiting.order_by()[: COUNTED + 1].aggregate(count=Count("pk"), sum=Sum("amount"))
    return choosing.Waiting(
        min(found["count"], COUNTED), found["sum"] or 0, is_capped=found["count"] > COUNTED
    )


def applications_of(information):
    """The applications that are, or were, under this number."""
    lines = PaymentLine.objects.filter(information=information)
    return Application.objects.filter(pk__in=lines.values("charge__application")).order_by("pk")


def members(information, applications):
    """``Member`` for each of ``applications`` (a list from ``applications_of``). One query."""
    lines = defaultdict(list)
    for line in (
        PaymentLine.objects.filter(information=information, charge__application__in=applications)
        .select_related("charge")
        .order_by("charge_id", "pk")
    ):
        lines[line.charge.application_id].append(line)
    return [
        Member(
            application,
            tuple(
                Charged(
                    line.charge.get_kind_display(),
                    line.charge.amount,
                    line.released_at is not None,
                )
                for line in lines[application.pk]
            ),
            min(line.charge.due_on for line in lines[application.pk]),
        )
        for application in applications
    ]
