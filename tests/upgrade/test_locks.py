"""Migrations since the last release leave large tables open: squawk reads their SQL.

A portal is upgraded while it serves. docs/CONTRIBUTING.md says what to write instead.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection, migrations, models
from django.db.migrations.executor import MigrationExecutor

from koss.ground.online import AddIndexOnline
from tests.house.sources import APPS
from tests.upgrade import keep

pytestmark = [pytest.mark.databases, pytest.mark.postgres, pytest.mark.django_db]

PLANTED = "planted"
# Rules that speak of style, or of limits that an operator sets for the role that migrates.
OF_STYLE = (
    "prefer-robust-stmts",
    "prefer-text-field",
    "prefer-bigint-over-int",
    "prefer-bigint-over-smallint",
    "require-lock-timeout",
    "require-statement-timeout",
)
# What a migration may do all the same, because its table is small or nobody writes it meanwhile.
ACCEPTED = {
    # Only staff write news, a few a month.
    ("koss", "0012_english_news"): {"ban-drop-default"},
    # Accounts of the demo world: there are none outside of it.
    ("koss", "0013_seats_and_requests"): {
        "adding-foreign-key-constraint",
        "constraint-missing-not-valid",
        "require-concurrent-index-creation",
    },
}


def found_in(migration):
    """The rules of squawk that ``migration`` breaks on PostgreSQL."""
    loader = MigrationExecutor(connection).loader
    if migration.name == PLANTED:
        [newest] = [key for key in loader.graph.leaf_nodes() if key[0] == migration.app_label]
        key = (migration.app_label, migration.name)
        loader.graph.add_node(key, migration)
        loader.graph.add_dependency(migration, key, newest)
    sql = "\n".join(loader.collect_sql([(migration, False)]))
    if migration.atomic:  # a table made in the same transaction has no readers yet
        sql = f"BEGIN;\n{sql}\nCOMMIT;\n"
    done = subprocess.run(
        [
            *(Path(sys.executable).with_name("squawk"), "--reporter", "json"),
            *("--stdin-filepath", "migration.sql", "--pg-version", "15"),
            *("--exclude", ",".join(OF_STYLE)),
        ],
        input=sql,
        capture_output=True,
        text=True,
    )
    assert not done.stderr, done.stderr
    return {each["rule_name"] for each in json.loads(done.stdout or "[]")}


def since_the_last_release():
    graph = MigrationExecutor(connection).loader.graph
    version = max(keep.kept(), key=lambda name: [int(part) for part in name.split(".")])
    released = set()
    for newest in keep.read(version)["migrations"]:
        released.update(graph.forwards_plan(tuple(newest)))
    return {
        key: migration
        for key, migration in graph.nodes.items()
        if key not in released and key[0] in APPS
    }


def test_no_migration_closes_a_large_table():
    broken = {key: found_in(each) for key, each in since_the_last_release().items()}
    accepted = {key: rules for key, rules in ACCEPTED.items() if key in broken}
    assert {key: rules for key, rules in broken.items() if rules} == accepted


@pytest.mark.parametrize(
    ("operation", "rule"),
    [
        (
            migrations.AddIndex("application", models.Index(fields=["plate"], name="planted")),
            "require-concurrent-index-creation",
        ),
        (
            migrations.AddField("application", "planted", models.TextField(default="")),
            "ban-drop-default",
        ),
        (
            migrations.AddConstraint(
                "application",
                models.UniqueConstraint(fields=["plate"], name="planted"),
            ),
            "disallowed-unique-constraint",
        ),
        (
            migrations.AlterField("application", "version", models.BigIntegerField()),
            "changing-column-type",
        ),
        (migrations.RemoveField("application", "plate"), "ban-drop-column"),
        (migrations.RenameField("application", "plate", "planted"), "renaming-column"),
    ],
)
def test_a_planted_lock_is_found(operation, rule):
    assert rule in found_in(planted(operation))


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("application", "planted", models.TextField(db_default="")),
        AddIndexOnline("application", models.Index(fields=["plate"], name="planted")),
    ],
)
def test_the_way_round_it_is_taken(operation):
    assert found_in(planted(operation, atomic=not isinstance(operation, AddIndexOnline))) == set()


def planted(operation, *, atomic=True):
    """A migration behind the newest one of ``applications``."""
    made = migrations.Migration(PLANTED, "applications")
    made.operations, made.atomic = [operation], atomic
    return made


@pytest.mark.django_db(transaction=True)
def test_an_index_is_made_again_where_a_try_was_ended():
    """CONCURRENTLY leaves an index that is not valid when it is interrupted."""
    operation = AddIndexOnline("application", models.Index(fields=["plate"], name="planted"))
    state = MigrationExecutor(connection).loader.project_state()
    after = state.clone()
    operation.state_forwards("applications", after)
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX planted ON applications_application (plate)")
        cursor.execute(
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'planted'::regclass"
        )

        with connection.schema_editor(atomic=False) as editor:
            operation.database_forwards("applications", editor, state, after)

        cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = 'planted'::regclass")
        assert cursor.fetchone() == (True,)
        cursor.execute("DROP INDEX planted")
