"""Rows made from rows by the database itself, so that a large set passes no Python."""

from django.db import connection
from django.db.models import Value


def insert_from(rows, model, *, ignore_conflicts=False, **values):
    """Insert one row of ``model`` for each of ``rows``, a QuerySet with a condition.

    ``values``: field → an expression over ``rows`` or a value; other fields get their default.
    Returns how many were inserted.
    """
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    made = {f"to_{field.name}": _expression(field, values) for field in fields}
    selected = rows.order_by().annotate(**made).values_list(*made)
    sql, parameters = selected.query.get_compiler(connection=connection).as_sql()
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(field.column) for field in fields)
    rest = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quoted(model._meta.db_table)} ({columns}) {sql}{rest}", parameters
        )
        return cursor.rowcount


def _expression(field, values):
    value = values.get(field.name, values.get(field.attname, field.get_default()))
    if hasattr(value, "resolve_expression"):
        return value
    return Value(value, output_field=field)
