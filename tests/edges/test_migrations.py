"""All migrations run on an empty database, and leave nothing for another one to do."""

import io

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from applications.models import Office, Rate
from tests.databases import an_empty_one

pytestmark = pytest.mark.databases


@pytest.fixture
def empty(django_db_setup, django_db_blocker, tmp_path):
    with django_db_blocker.unblock(), an_empty_one(tmp_path):
        yield


def ahead():
    """The migrations that have not run."""
    executor = MigrationExecutor(connection)
    return executor.migration_plan(executor.loader.graph.leaf_nodes())


def test_all_migrations_run_on_an_empty_database(empty):
    assert connection.introspection.table_names() == []
    assert len(ahead()) > 40

    call_command("migrate", verbosity=0, interactive=False)

    assert ahead() == []
    assert Office.objects.exists()
    assert Rate.objects.exists()
    call_command("makemigrations", "--check", "--dry-run", stdout=io.StringIO())
    # Once more changes nothing.
    call_command("migrate", verbosity=0, interactive=False)


def test_a_planted_gap_is_found(db):
    [newest] = MigrationExecutor(connection).loader.graph.leaf_nodes("qrcodes")
    MigrationRecorder(connection).record_unapplied(*newest)

    assert [(each.app_label, each.name) for each, _backwards in ahead()] == [newest]
