"""What holds for every model and its migrations."""

import ast
import io

import django.apps
import pytest
from django.contrib import admin
from django.core import checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import models
from django.test.utils import isolate_apps

from koss.models import News
from tests.house.sources import APPS, ROOT

OURS = [m for m in django.apps.apps.get_models() if m._meta.app_label in APPS]
SHOWN_WITH_ANOTHER = {"Attachment", "HistoryEntry", "PaymentLine"}
SCHEMA = ("Create", "Add", "Alter", "Remove", "Delete", "Rename")


def unreadable(all_models):
    """Models that staff cannot read, or that have no words for people."""
    for model in all_models:
        shown = admin.site.is_registered(model) or model.__name__ in SHOWN_WITH_ANOTHER
        if not shown or "__str__" not in vars(model):
            yield model.__name__


def halves(all_models):
    """Pairs of when and by whom that the database lets stand half empty."""
    for model in all_models:
        columns = {column.name: column for column in model._meta.local_fields}
        for by in (name for name in columns if name.endswith("_by")):
            at = columns.get(f"{by.removesuffix('_by')}_at")
            both_always = at and not at.null and not columns[by].blank
            together = any(
                isinstance(each, models.CheckConstraint) and {by, at.name} <= names_in(each)
                for each in model._meta.constraints
                if at
            )
            if at and not both_always and not together:
                yield f"{model.__name__}.{by}"


def names_in(constraint):
    """The columns that a constraint speaks of."""
    waiting, found = [constraint.condition], set()
    while waiting:
        for child in waiting.pop().children:
            if isinstance(child, models.Q):
                waiting.append(child)
            else:
                found.add(child[0].partition("__")[0])
    return found


def mixed(migrations):
    """Names of migrations, given with their texts, that change both schema and data."""
    for name, text in migrations:
        calls = {
            node.func.attr
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        }
        if calls & {"RunPython", "RunSQL"} and any(call.startswith(SCHEMA) for call in calls):
            yield name


def test_every_model_can_be_read_by_staff_and_by_people():
    assert list(unreadable(OURS)) == []


def test_when_and_by_whom_stand_together():
    assert list(halves(OURS)) == []


@isolate_apps("applications")
def test_a_planted_model_is_found():
    class Planted(models.Model):  # noqa: DJ008 - its fault is planted
        closed_at = models.DateTimeField("x", null=True)
        closed_by = models.CharField("x", max_length=9, blank=True)
        made_at = models.DateTimeField("x")
        made_by = models.CharField("x", max_length=9)

        class Meta:
            app_label = "applications"

    assert list(unreadable([Planted])) == ["Planted"]
    assert list(halves([Planted])) == ["Planted.closed_by"]


@pytest.mark.django_db
def test_the_migrations_are_complete():
    call_command("makemigrations", "--check", "--dry-run", stdout=io.StringIO())


@pytest.mark.django_db
def test_a_planted_change_without_a_migration_is_found(monkeypatch):
    monkeypatch.setitem(News._meta.original_attrs, "verbose_name", "planted")

    with pytest.raises(SystemExit):
        call_command("makemigrations", "--check", "--dry-run", stdout=io.StringIO())


def test_the_system_checks_have_nothing_to_say():
    call_command("check", fail_level="WARNING", stdout=io.StringIO())


def test_a_planted_warning_is_found(monkeypatch):
    def complains(**_):
        return [checks.Warning("planted")]

    monkeypatch.setattr(checks.registry.registry, "registered_checks", {complains})
    complains.tags = ()

    with pytest.raises(SystemCheckError):
        call_command("check", fail_level="WARNING", stdout=io.StringIO(), stderr=io.StringIO())


def test_no_migration_mixes_schema_and_data():
    migrations = [(path.name, path.read_text()) for path in ROOT.glob("*/migrations/0*.py")]

    assert len(migrations) > 20
    assert list(mixed(migrations)) == []


def test_a_planted_mixture_is_found():
    planted = "operations = [migrations.AddField('a', 'b', c), migrations.RunPython(d)]"

    assert list(mixed([("0001.py", planted)])) == ["0001.py"]
