"""Databases of earlier releases are upgraded, a demo's like all others, and serve afterwards."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from applications.demo.samples import MANUAL_NUMBER
from applications.models import Application
from koss.operation import invariants
from koss.operation.checks import mode_fits_the_database
from tests.databases import an_empty_one
from tests.edges.test_migrations import ahead
from tests.signing_in import signs_in, signs_in_to_my_page
from tests.upgrade import keep
from tests.visitor import Visitor

pytestmark = [pytest.mark.databases, pytest.mark.urls("tests.edges.test_demo_pages")]
PAGES = ("/", "/demo/", "/faq/", "/news/", "/status/login/", "/payment/login/", "/health/")
STAFF_PAGES = {
    "shinsa": ("/admin/", "/admin/applications/application/?q=軽自"),
    "madoguchi": ("/admin/", "/admin/counter/"),
    "unyo": ("/admin/", "/admin/payments/paymentinformation/", "/admin/koss/outgoingmail/"),
}


def put(content):
    """The rows of a kept database into the tables as they were then."""
    MigrationExecutor(connection).migrate([tuple(each) for each in content["migrations"]])
    on_postgresql = connection.vendor == "postgresql"
    quote = connection.ops.quote_name
    with transaction.atomic(), connection.cursor() as cursor:
        for name in content["tables"]:
            cursor.execute(f"DELETE FROM {quote(name)}")
        for name, table in content["tables"].items():
            columns = ", ".join(map(quote, table["columns"]))
            places = ", ".join(["%s"] * len(table["columns"]))
            insert = f"INSERT INTO {quote(name)} ({columns}) VALUES ({places})"
            cursor.executemany(insert, [list(map(_value, row)) for row in table["rows"]])
            if on_postgresql and "id" in table["columns"]:
                _count_on(cursor, name)


def _count_on(cursor, table):
    """The next key that PostgreSQL gives comes after those that were put in."""
    cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
    [sequence] = cursor.fetchone()
    if sequence:
        newest = f"SELECT max(id) FROM {connection.ops.quote_name(table)}"
        cursor.execute(f"SELECT setval(%s, coalesce(({newest}), 1))", [sequence])


def _value(value):
    """As either database reads it: SQLite has no flags, and PostgreSQL reads them from text."""
    if connection.vendor == "postgresql" and isinstance(value, int | float):
        return str(value)
    return value


@pytest.fixture(params=keep.kept())
def upgraded(request, django_db_setup, django_db_blocker, tmp_path, settings):
    """A demo of an earlier release after ``migrate``: the content it had."""
    settings.DEMO = True
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "koss.demo.middleware.hold_clock"]
    with django_db_blocker.unblock(), an_empty_one(tmp_path):
        content = keep.read(request.param)
        put(content)
        assert ahead() != []
        call_command("migrate", verbosity=0, interactive=False)
        yield content


def test_a_demo_of_an_earlier_release_is_upgraded_and_serves(upgraded):
    assert ahead() == []
    for name, table in upgraded["tables"].items():
        if name not in {"auth_permission", "auth_group_permissions", "django_content_type"}:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(name)}")
                assert (name, cursor.fetchone()[0]) == (name, len(table["rows"]))
    # What migrating must leave whole: foreign keys, the rules, the demo's mark, the roles.
    connection.check_constraints()
    assert invariants.broken() == []
    assert mode_fits_the_database(None, databases=["default"]) == []
    assert Permission.objects.filter(group__name="reviewer", codename="view_review").exists()

    client = Client()
    assert {path: client.get(path).status_code for path in PAGES} == dict.fromkeys(PAGES, 200)
    signs_in(Visitor(Client()), Application.objects.get(receipt_number=MANUAL_NUMBER))
    signs_in_to_my_page(Visitor(Client()))
    for username, paths in STAFF_PAGES.items():
        staff = Client()
        staff.force_login(get_user_model().objects.get(username=username))
        assert {path: staff.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)


def test_a_planted_row_that_does_not_fit_is_found(django_db_setup, django_db_blocker, tmp_path):
    [version, *_] = keep.kept()
    content = keep.read(version)
    charges = content["tables"]["applications_charge"]
    charges["rows"][0][charges["columns"].index("application_id")] = 999_999
    with (
        django_db_blocker.unblock(),
        an_empty_one(tmp_path),
        pytest.raises(IntegrityError),
    ):
        put(content)
