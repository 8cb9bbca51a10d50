"""Lists of batches as CSV files for spreadsheet programs. Amounts in yen, dates as 2022-01-31.

Each file is one query, written row by row while it is sent.
"""

from django.utils.translation import gettext as _

from applications.labels import Column as Owed
from applications.models import Application, ChargeKind
from applications.status import Procedure, Status
from koss.ground import clock
from koss.ground.csv_lines import in_groups, lines, name
from payments.labels import Column
from payments.models import (
    NumberKind,
    PaymentInformation,
    PaymentLine,
    PaymentState,
    SettlementNotice,
)
from payments.numbers import amounts

_AT_ONCE = 2000


def batches(found):
    """The batches of ``found`` (a QuerySet), as the lines of a file."""
    names = {field: name(PaymentInformation, field) for field in ("count", "state")}
    head = [
        Column.AGENCY_NUMBER,
        Column.PAYMENT_NUMBER,
        Column.CONFIRMATION_NUMBER,
        Column.PAYMENT_CATEGORY,
        Owed.CHARGE_KIND,
        Owed.AMOUNT,
        names["count"],
        Column.PAYEE,
        Column.PAYEE_KANA,
        names["state"],
        Owed.DUE_ON,
    ]
    rows = found.values_list(
        "agency_number",
        "payment_number",
        "confirmation_number",
        "kind",
        "amount",
        "count",
        "state",
        "due_on",
    )
    return lines(head, map(_cells_of_batch, rows.iterator(chunk_size=_AT_ONCE)))


def _cells_of_batch(row):
    agency, number, confirmation, kind, amount, count, state, due_on = row
    return [
        in_groups(agency),
        in_groups(number),
        in_groups(confirmation),
        "-",  # 納付区分: national fees have none
        NumberKind(kind).label,
        amount,
        count,
        *amounts.payee(kind),
        PaymentState(state).label,
        due_on,
    ]


def details(information):
    """Every tax and fee under ``information``, the released ones too, as the lines of a file."""
    head = [
        Column.PAYMENT_NUMBER,
        name(Application, "receipt_number"),
        Column.DUTY,
        *(name(Application, field) for field in ("plate", "chassis_number")),
        *(name(Application, field) for field in ("applicant_name", "user_name")),
        Owed.CHARGE_KIND,
        Owed.AMOUNT,
        Owed.DUE_ON,
        name(Application, "status"),
        name(PaymentLine, "released_at"),
    ]
    number = in_groups(information.payment_number)
    rows = (
        PaymentLine.objects.filter(information=information)
        .order_by("charge__application_id", "charge_id")
        .values_list(
            "charge__application__receipt_number",
            "charge__application__procedure",
            "charge__application__plate",
            "charge__application__chassis_number",
            "charge__application__applicant_name",
            "charge__application__user_name",
            "charge__kind",
            "charge__amount",
            "charge__due_on",
            "charge__application__status",
            "released_at",
        )
    )
    cells = (_cells_of_line(number, row) for row in rows.iterator(chunk_size=_AT_ONCE))
    return lines(head, cells)


def _cells_of_line(number, row):
    receipt, procedure, *vehicle_and_people, kind, amount, due_on, status, released_at = row
    return [
        number,
        in_groups(receipt),
        Procedure(procedure).label,
        *vehicle_and_people,
        ChargeKind(kind).label,
        amount,
        due_on,
        Status(status).label,
        clock.day(released_at) if released_at else "",
    ]


def cash_report(report):
    """日次収納報告 (a ``payments.money.cash.Report``) with its total, as the lines of a file."""
    head = [
        Column.SETTLED_ON,
        Column.AGENCY_NUMBER,
        name(SettlementNotice, "way"),
        Owed.CHARGE_KIND,
        Column.SETTLEMENTS,
        Column.APPLIED,
        Column.TO_REFUND,
        Column.COLLECTED,
    ]
    rows = [_cells_of_cash(report.day, line) for line in report.lines]
    return lines(head, [*rows, _cells_of_cash(report.day, report.total)])


def _cells_of_cash(day, line):
    return [
        day,
        in_groups(line.agency_number) or _("合計"),
        line.way.label if line.way else "",
        line.kind.label if line.kind else "-" if line.way else "",
        line.count,
        line.applied,
        line.to_refund,
        line.amount,
    ]
