"""What holds for every model and its migrations."""

import ast
import io

import django.apps
import pytest
from django.contrib import admin
from django.core.management import call_command

from tests.house.sources import APPS, ROOT

OURS = [m for m in django.apps.apps.get_models() if m._meta.app_label in APPS]
SCHEMA = ("Create", "Add", "Alter", "Remove", "Delete", "Rename")


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_model_can_be_read_by_staff_and_by_people(model):
    shown_with_another = {"Attachment", "HistoryEntry", "PaymentLine"}

    assert admin.site.is_registered(model) or model.__name__ in shown_with_another
    assert "__str__" in vars(model)


@pytest.mark.django_db
def test_the_migrations_are_complete():
    call_command("makemigrations", "--check", "--dry-run", stdout=io.StringIO())


def test_no_migration_mixes_schema_and_data():
    mixed = []
    for path in ROOT.glob("*/migrations/0*.py"):
        calls = {
            node.func.attr
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        }
        if calls & {"RunPython", "RunSQL"} and any(call.startswith(SCHEMA) for call in calls):
            mixed.append(path.name)

    assert mixed == []
