"""Rows by the million: true applications of every status, copied by the database itself.

All tables are doubled until there are enough rows: keys, and what points at them, move on by the
same step, so copies hang together as the first ones do. Only what must be unique or what lists are
ordered by is made anew.
"""

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Max

from applications.models import Application, Attachment, Charge, HistoryEntry, Notice
from applications.status import Procedure, Status
from payments.demo import payers
from payments.models import PaymentInformation, PaymentLine
from tests.world import make

_COPIED = (Application, HistoryEntry, Notice, Attachment, Charge, PaymentInformation, PaymentLine)
# Of eight applications one follows this payer: of a million as many as an office may have.
OFFICE = "KNBC2345"
_IN_BATCH = ("検査手数料等まとめ払い中",)


def build(size):
    """Fill an empty database with ``size`` applications."""
    for procedure in Procedure:
        for status in Status:
            if status.occurs_in(procedure):
                make(status, procedure)
    for name in _IN_BATCH * 5:
        make(name, payer=OFFICE)
    payers.payment_user(OFFICE)
    while (have := Application.objects.count()) < size:
        with transaction.atomic():
            _double(min(have, size - have))
    _count_on()


def _double(count):
    """Copy the first ``count`` applications and what belongs to them."""
    steps = {model: model.objects.aggregate(last=Max("pk"))["last"] or 0 for model in _COPIED}
    first = list(Application.objects.order_by("pk").values_list("pk", flat=True)[:count])
    last = {Application: first[-1]}
    for model in _COPIED:
        _copy(model, steps, last[Application])


def _copy(model, steps, last):
    columns, values = [], []
    for field in model._meta.concrete_fields:
        column = connection.ops.quote_name(field.column)
        columns.append(column)
        pointed_at = field.related_model if field.is_relation else model
        if field.name == "earlier":
            values.append("NULL")
        elif (field.primary_key or field.is_relation) and pointed_at in steps:
            values.append(f"{column} + {steps[pointed_at]}")
        else:
            values.append(_NEW.get((model, field.name), lambda c, step: c)(column, steps[model]))
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) "
            f"SELECT {', '.join(values)} FROM {table} WHERE {_whose(model, last)}"
        )


def _whose(model, last):
    """The condition of the rows that belong to applications up to ``last``."""
    charges = f"SELECT id FROM {Charge._meta.db_table} WHERE application_id <= {last}"
    if model is Application:
        return f"id <= {last}"
    if model is PaymentLine:
        return f"charge_id IN ({charges})"
    if model is PaymentInformation:
        lines = PaymentLine._meta.db_table
        return f"id IN (SELECT information_id FROM {lines} WHERE charge_id IN ({charges}))"
    return f"application_id <= {last}"


def _digits(length, first):
    def made(_column, step):
        number = f"CAST(id + {step} AS {'text' if connection.vendor == 'sqlite' else 'varchar'})"
        if connection.vendor == "sqlite":
            return f"'{first}' || substr('{'0' * length}' || {number}, -{length - len(first)})"
        return f"'{first}' || lpad({number}, {length - len(first)}, '0')"

    return made


def _earlier(days, *, is_day):
    """That day or moment, some of ``days`` days before: each row its own."""

    def made(column, step):
        back = f"((id + {step}) % {days})"
        if connection.vendor != "sqlite":
            return (
                f"{column} - {back} * interval '1 day'" if not is_day else f"{column} - {back}::int"
            )
        function = "date" if is_day else "datetime"
        return f"{function}({column}, '-' || {back} || ' days')"

    return made


def _numbered(length):
    def made(column, step):
        return f"CASE WHEN {column} = '' THEN '' ELSE {_digits(length, '8')(column, step)} END"

    return made


def _named(column, step):
    """A name that few share: what is searched for is not every row."""
    kind = "text" if connection.vendor == "sqlite" else "varchar"
    return f"{column} || CAST(id + {step} AS {kind})"


_NEW = {
    (Application, "names"): _named,
    (Application, "applicant_name"): _named,
    (Application, "receipt_number"): _digits(17, "9"),
    (Application, "status_changed_at"): _earlier(300, is_day=False),
    (Application, "applied_on"): _earlier(300, is_day=True),
    (PaymentInformation, "reference"): _digits(32, "8"),
    (PaymentInformation, "payment_number"): _numbered(20),
    (PaymentInformation, "request_key"): lambda column, step: "NULL",
}


def _count_on():
    """Keys are dealt out behind the last one, and the planner knows the tables."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), _COPIED):
            cursor.execute(statement)
        cursor.execute("ANALYZE")
