"""One migrated database, kept while the code stays the same; every worker of a run gets a copy."""

import fcntl
import hashlib
import os
import re
import shutil
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from tests.house.sources import APPS

CACHE = Path(settings.BASE_DIR, ".data", "cache", "databases")


@receiver(post_migrate)
def official_tables_follow_a_flush(sender, *, apps=None, **_rest):
    """A test with transactions empties all tables; rates and offices are no test's own rows.

    A flush names no ``apps``; migrating does, and its own migration loads them.
    """
    if sender.label == "applications" and apps is None:
        from applications.intake import official_tables  # models can be imported only now
        from applications.models import Office, Rate

        official_tables.load(Rate, Office)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """In place of pytest-django's, which would migrate once for each worker and each run."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    copied = _copied_on_postgres if connection.vendor == "postgresql" else _copied_on_sqlite
    with django_db_blocker.unblock(), copied(worker):
        # Django asks once for each process: not among the queries that a test counts.
        assert connection.features.supports_json_field
        yield


@cache
def digest():
    """Changes with anything that migrating might leave in a database."""
    found = hashlib.sha256(Path(settings.BASE_DIR, "requirements.txt").read_bytes())
    for app in APPS:
        for path in sorted(Path(settings.BASE_DIR, app).rglob("*.py")):
            found.update(path.read_bytes())
    return found.hexdigest()[:16]


def template():
    """The migrated database of which a test takes copies: its file, or its name on PostgreSQL.

    It is there as soon as the fixture ``django_db_setup`` is.
    """
    if connection.vendor == "postgresql":
        base = connection.settings_dict["NAME"].partition("_tests_")[0]
        return f"{base}_tests_{digest()}"
    return CACHE / f"{digest()}.sqlite3"


@contextmanager
def _copied_on_sqlite(worker):
    migrated, copy = template(), settings.RUN / f"{worker}.sqlite3"
    with alone():
        if not migrated.exists():
            for outdated in CACHE.glob("*.sqlite3*"):
                outdated.unlink()
            _migrate(migrated.with_suffix(".new"))
            migrated.with_suffix(".new").rename(migrated)
        shutil.copy(migrated, copy)
    _use(copy)
    yield
    connection.close()


@contextmanager
def _copied_on_postgres(worker):
    base = connection.settings_dict["NAME"]
    migrated, copy = template(), f"{base}_tests_{worker}_{os.getpid()}"
    with alone(), _server() as server:
        server.execute("SELECT datname FROM pg_database")
        known = {name for (name,) in server.fetchall()}
        if migrated not in known:
            outdated = re.compile(re.escape(base) + "_tests_[0-9a-f]{16}(_new)?")
            for name in filter(outdated.fullmatch, known):
                server.execute(f'DROP DATABASE "{name}"')
            server.execute(f'CREATE DATABASE "{migrated}_new"')
            _migrate(f"{migrated}_new")
            server.execute(f'ALTER DATABASE "{migrated}_new" RENAME TO "{migrated}"')
        server.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{migrated}"')
    _use(copy)
    yield
    connection.close()
    with _server() as server:
        server.execute(f'DROP DATABASE "{copy}" WITH (FORCE)')


@contextmanager
def another(name):
    """The connection leads to the database ``name``, then back to that of before."""
    before = connection.settings_dict["NAME"]
    _use(name)
    try:
        yield
    finally:
        _use(before)


@contextmanager
def an_empty_one(directory):
    """The connection leads to a database without a table, then back to that of before."""
    if connection.vendor == "postgresql":
        name = f"{connection.settings_dict['NAME']}_empty"
        with _server() as server:
            server.execute(f'CREATE DATABASE "{name}"')
    else:
        name = directory / "empty.sqlite3"
    try:
        with another(name):
            yield
    finally:
        if connection.vendor == "postgresql":
            with _server() as server:
                server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def alone():
    """No other worker or run of this clone is in here at the same time."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _server():
    with connection._nodb_cursor() as cursor:
        yield cursor


def _migrate(name):
    _use(name)
    call_command("migrate", verbosity=0)
    connection.close()


def _use(name):
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = str(name)
    connection.settings_dict["TEST"]["NAME"] = str(name)
