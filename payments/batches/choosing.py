"""What a payment user can choose to pay: まとめ納付対象選択, and the same for direct payment.

An application can be chosen while it waits for a payment for which no number was taken. The list
walks the index ``application_by_payer`` in its order, so it opens as fast for a payer with a
million applications as for one with ten.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, Exists, Min, OuterRef, Q, Subquery, Sum, Value, When

from applications.models import Application, Charge
from applications.status import Status
from koss.ground import clock
from koss.ground.paging import COUNTED
from payments.models import NumberKind
from payments.numbers import taking

_IN_BATCH = {
    kind: sorted(kind.statuses - {Status.FEES_DUE, Status.WEIGHT_TAX_DUE, Status.VEHICLE_TAX_DUE})
    for kind in NumberKind
}


@dataclass(frozen=True, slots=True)
class TargetSearch:
    """検索条件. What is empty does not narrow the list."""

    procedure: str = ""
    kind: str = ""
    due_from: date | None = None
    due_to: date | None = None
    receipt_number: str = ""


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One application of the list, and what it owes now, in yen."""

    application: Application
    kind: NumberKind
    amount: int


@dataclass(frozen=True, slots=True)
class Total:
    """What one number would stand for. ``due_on``: its due date, where there is anything to pay."""

    kind: NumberKind
    count: int = 0
    amount: int = 0
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits behind a button. ``is_capped``: more than could be counted at once."""

    count: int
    amount: int
    is_capped: bool


def eligible(user, method, search=None, *, now):
    """The applications of ``user`` that can be paid under a new number, the most urgent first."""
    search = search or TargetSearch()
    kinds = [NumberKind(search.kind)] if search.kind else list(NumberKind)
    in_time = Q(deadline__gte=clock.day(now)) | ~Q(status__in=_IN_BATCH[NumberKind.FEES])
    rows = (
        Application.objects.exclude(payer="")  # as the index says
        .filter(
            in_time,
            Exists(_open_charges()),
            payer=user.user_id,
            payment_method=method,
            deadline__isnull=False,
            status__in=[status for kind in kinds for status in _IN_BATCH[kind]],
        )
        .order_by("deadline", "pk")
    )
    return _narrow(rows, search)


def _narrow(rows, search):
    if search.procedure:
        rows = rows.filter(procedure=search.procedure)
    if search.due_from:
        rows = rows.filter(deadline__gte=search.due_from)
    if search.due_to:
        rows = rows.filter(deadline__lte=search.due_to)
    if search.receipt_number:
        rows = rows.filter(receipt_number=search.receipt_number)
    return rows


def _open_charges():
    return Charge.objects.unpaid().filter(application=OuterRef("pk"), number_taken_at=None)


def rows_of(applications):
    """``TargetRow`` for each of ``applications`` (a list of eligible ones). One query."""
    owed = dict(
        Charge.objects.unpaid()
        .filter(application__in=applications, number_taken_at=None)
        .order_by()
        .values_list("application")
        .annotate(total=Sum("amount"))
    )
    return [
        TargetRow(application, NumberKind.of(application.status), owed.get(application.pk, 0))
        for application in applications
    ]


def totals(applications, *, now, every_kind=False):
    """A ``Total`` for each kind of charge among ``applications`` (of ``eligible``). One query.

    ``every_kind``: also for the kinds of which there is nothing.
    """
    kind_of_number = Case(
        *(When(kind__in=kind.charge_kinds, then=Value(kind.value)) for kind in NumberKind)
    )
    found = (
        Charge.objects.unpaid()
        .filter(number_taken_at=None, application__in=applications.order_by().values("pk"))
        .order_by()
        .values(number_kind=kind_of_number)
        .annotate(count=Count("application", distinct=True), sum=Sum("amount"), due=Min("due_on"))
    )
    by_kind = {
        row["number_kind"]: Total(
            NumberKind(row["number_kind"]),
            row["count"],
            row["sum"],
            taking.due_on(row["due"], clock.day(now)),
        )
        for row in found
    }
    return [
        by_kind.get(kind) or Total(kind) for kind in NumberKind if every_kind or kind in by_kind
    ]


def waiting(applications):
    """How many of ``applications`` (of ``eligible``) wait, and their sum in yen. One query."""
    owed = _open_charges().order_by().values("application").annotate(total=Sum("amount"))
    capped = applications.order_by().annotate(owed=Subquery(owed.values("total")))
    found = capped[: COUNTED + 1].aggregate(count=Count("pk"), amount=Sum("owed"))
    return Waiting(
        min(found["count"], COUNTED), found["amount"] or 0, is_capped=found["count"] > COUNTED
    )
