"""A request's statement on PostgreSQL ends after a limit, and leaves its thread free."""

import pytest
from django.db import OperationalError, connection, transaction

from koss.operation import web_limits

pytestmark = [pytest.mark.databases, pytest.mark.django_db, pytest.mark.postgres]


def test_a_statement_without_end_is_ended(monkeypatch):
    monkeypatch.setattr(web_limits, "STATEMENT_SECONDS", 0.1)
    with pytest.raises(OperationalError), transaction.atomic():
        ask_what_takes_long()


def ask_what_takes_long():
    web_limits.limit_statements(connection=connection)  # undone with the transaction
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(5)")


def test_the_connection_itself_has_no_limit():
    """The night and migrations may take as long as they need."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)
