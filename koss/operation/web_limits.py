"""What a request may cost the database: for the web server, not for the night or a worker."""

from django.db.backends.signals import connection_created

# As long as SQLite waits for its write lock; a statement that waits for a row's lock is ended too.
STATEMENT_SECONDS = 20


def keep():
    """Hold every connection that this process opens to the limits."""
    connection_created.connect(limit_statements)


def limit_statements(*, connection, **_signal):
    """End statements of ``connection`` after STATEMENT_SECONDS (PostgreSQL): 503, a thread free."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET statement_timeout = '{round(STATEMENT_SECONDS * 1000)}ms'")
