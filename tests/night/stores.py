"""Databases of a test's own, of the kind the run uses: made, copied, read and dropped."""

import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import psycopg
from django.conf import settings
from django.db import connection

from tests import databases

# All that the night can write, under names that do not depend on surrogate keys, without moments.
_OF = "JOIN applications_application a ON a.id = t.application_id"
TABLES = {
    "applications": """
        SELECT receipt_number, status, version, deadline, reviewed_on
        FROM applications_application""",
    "history": f"""
        SELECT a.receipt_number, t.version, move, from_status, to_status, actor, "by", reason
        FROM applications_historyentry t {_OF}""",
    "notices": f"""
        SELECT a.receipt_number, kind, agency, t.deadline, reason, fields
        FROM applications_notice t {_OF}""",
    "charges": f"""
        SELECT a.receipt_number, kind, amount, due_on, number_taken_at IS NULL, paid_at IS NULL,
               withdrawal_accepted_on
        FROM applications_charge t {_OF}""",
    "numbers": """
        SELECT reference, state, due_on, ended_at IS NULL, refusal
        FROM payments_paymentinformation""",
    "lines": """
        SELECT i.reference, a.receipt_number, c.kind, t.released_at IS NULL
        FROM payments_paymentline t
        JOIN payments_paymentinformation i ON i.id = t.information_id
        JOIN applications_charge c ON c.id = t.charge_id
        JOIN applications_application a ON a.id = c.application_id""",
    "debits": """
        SELECT i.reference, t.state, t.debit_on, t.ordered_at IS NULL, t.finished_at IS NULL
        FROM payments_debitorder t
        JOIN payments_paymentinformation i ON i.id = t.information_id""",
    "mails": """SELECT "key", template, "to", receipt_number, facts FROM koss_outgoingmail""",
}


class Store:
    """Common to both kinds. ``name``: of the database, as Django's setting NAME has it.

    ``url``: what DATABASE_URL says to a program that is to use it.
    """

    def __init__(self, directory, url):
        self.directory = directory
        self.url = url

    def storages(self):
        """STORAGES with a place of its own for uploaded files."""
        place = {"location": str(self.directory / "uploads")}
        backend = "django.core.files.storage.FileSystemStorage"
        return settings.STORAGES | {"uploads": {"BACKEND": backend, "OPTIONS": place}}

    def contents(self):
        """Everything in TABLES, in an order of its own."""
        return {name: sorted(map(_plain, self.rows(query))) for name, query in TABLES.items()}

    def nights(self):
        """(finished or not, counts) of every run, oldest first."""
        query = "SELECT finished_at IS NOT NULL, counts FROM koss_nightrun ORDER BY id"
        return [(bool(finished), _parsed(counts)) for finished, counts in self.rows(query)]

    def nights_finished(self):
        return [finished for finished, _counts in self.nights()]


class SqliteStore(Store):
    def __init__(self, directory, *, template):
        directory.mkdir()
        self.name = directory / "night.sqlite3"
        shutil.copy(template, self.name)
        super().__init__(directory, f"sqlite:///{self.name}")

    def copy(self):
        return SqliteStore(self.directory.parent / uuid4().hex, template=self.name)

    def rows(self, query):
        with closing(sqlite3.connect(self.name)) as database:
            return database.execute(query).fetchall()

    def drop(self):
        shutil.rmtree(self.directory)


class PostgresStore(Store):
    def __init__(self, directory, *, template):
        directory.mkdir()
        self.name = f"night_{uuid4().hex}"
        with _server("postgres") as server:
            server.execute(f"CREATE DATABASE {self.name} TEMPLATE {template}")
        base, _slash, _name = os.environ["DATABASE_URL"].rpartition("/")
        super().__init__(directory, f"{base}/{self.name}")

    def copy(self):
        return PostgresStore(self.directory.parent / uuid4().hex, template=self.name)

    def rows(self, query):
        with _server(self.name) as database:
            return database.execute(query).fetchall()

    def drop(self):
        with _server("postgres") as server:
            server.execute(f"DROP DATABASE {self.name} WITH (FORCE)")
        shutil.rmtree(self.directory)


def fresh(directory: Path):
    """A migrated database of the kind that this run uses. Asks for ``django_db_setup`` before."""
    kind = PostgresStore if connection.vendor == "postgresql" else SqliteStore
    return kind(directory / uuid4().hex, template=databases.template())


def _server(name):
    """A connection to the database ``name`` on the run's own server."""
    known = connection.settings_dict
    return psycopg.connect(
        host=known["HOST"] or None,
        port=known["PORT"] or None,
        user=known["USER"] or None,
        password=known["PASSWORD"] or None,
        dbname=name,
        autocommit=True,
    )


def _plain(row):
    """A row as text that both databases write alike."""
    return json.dumps([_parsed(value) for value in row], default=str, sort_keys=True)


def _parsed(value):
    """SQLite keeps JSON as text, and truth as a number."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and value[:1] in "{[" and value:
        return json.loads(value)
    return value
