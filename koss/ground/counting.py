"""Many small counts, and the beginnings of many lists, in one query each.

Nothing is counted to its end: a count of more than ``cap`` rows is told as ``cap + 1``.
"""

from django.core.exceptions import EmptyResultSet
from django.db import connection

from koss.ground.paging import COUNTED


def counts(querysets, *, cap=COUNTED):
    """How many rows each of ``querysets`` has, as a list. One query, or none for no rows at all."""
    parts, values = [], []
    for rows in querysets:
        try:
            sql, its_values = _keys(rows, cap + 1)
        except EmptyResultSet:
            parts.append("0")
            continue
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted)")
        values += its_values
    if not values:
        return [0] * len(parts)
    [answer] = _ask(f"SELECT {', '.join(parts)}", values)
    return list(answer)


def first_keys(querysets, count):
    """The keys of the first ``count`` rows of each ordered QuerySet, all together. One query."""
    parts, values = [], []
    for rows in querysets:
        try:
            sql, its_values = _keys(rows, count, ordered=True)
        except EmptyResultSet:
            continue
        parts.append(f"SELECT * FROM ({sql}) AS firsts")
        values += its_values
    return [key for (key,) in _ask(" UNION ALL ".join(parts), values)] if parts else []


def _keys(rows, count, *, ordered=False):
    rows = rows if ordered else rows.order_by()
    return rows.values("pk")[:count].query.sql_with_params()


def _ask(sql, values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
