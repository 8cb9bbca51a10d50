"""Days of Japan's calendar, worked out by the database, so that rows can be grouped by them.

Django's own ``TruncDate`` calls Python for each row on SQLite. Japan keeps one time all year.
"""

from django.db.models import DateField, Func, IntegerField


class DayOf(Func):
    """The day in Japan of a moment."""

    arity = 1
    output_field = DateField()

    def as_sqlite(self, compiler, connection, **more):
        return self.as_sql(
            compiler, connection, template="date(%(expressions)s, '+9 hours')", **more
        )

    def as_postgresql(self, compiler, connection, **more):
        template = "(%(expressions)s AT TIME ZONE 'Asia/Tokyo')::date"
        return self.as_sql(compiler, connection, template=template, **more)


class DaysBetween(Func):
    """How many days after the first of two days the second one is."""

    arity = 2
    output_field = IntegerField()

    def as_sqlite(self, compiler, connection, **more):
        first, second = self.source_expressions
        first_sql, first_values = compiler.compile(first)
        second_sql, second_values = compiler.compile(second)
        sql = f"CAST(julianday({second_sql}) - julianday({first_sql}) AS INTEGER)"
        return sql, [*second_values, *first_values]

    def as_postgresql(self, compiler, connection, **more):
        first, second = self.source_expressions
        first_sql, first_values = compiler.compile(first)
        second_sql, second_values = compiler.compile(second)
        return f"({second_sql} - {first_sql})", [*second_values, *first_values]
