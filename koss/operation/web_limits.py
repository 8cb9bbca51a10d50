"""What a request may cost the database: for the web server, not for the night or a worker."""

import logging

from django.conf import settings
from django.db.backends.signals import connection_created

logger = logging.getLogger(__name__)

# As long as SQLite waits for its write lock; a statement that waits for a row's lock is ended too.
STATEMENT_SECONDS = 20


def keep():
    """Hold every connection that this process opens to the limits."""
    connection_created.connect(limit_statements)


def limit_statements(*, connection, **_signal):
    """End statements of ``connection`` after STATEMENT_SECONDS (PostgreSQL): 503, a thread free.

    Behind a pool what is set in a session would hold for the next client of that session, the night
    too. There the pool sets the limit (``connect_query``), and we say where it does not.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        if settings.KOSS_DIRECT_DATABASE is None:
            cursor.execute(f"SET statement_timeout = '{round(STATEMENT_SECONDS * 1000)}ms'")
            return
        cursor.execute("SHOW statement_timeout")
        if cursor.fetchone() == ("0",):
            logger.warning("The pool sets no statement_timeout for the web server.")
