"""A field with choices is declared once, and no migration knows its labels."""

import ast
import re

import pytest
from django.db import models

from koss.ground.fields import EnumField
from tests.house.sources import ROOT, python_files


class Colour(models.TextChoices):
    RED = "red", "赤"


def second_declarations(source):
    """Lines of model fields that are given choices beside an EnumField, or choices by function."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and len(node.body) == 1:
            [only] = node.body
            value = only.value if isinstance(only, ast.Return) else None
            if isinstance(value, ast.Attribute) and value.attr == "choices":
                yield node.lineno
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "models.CharField":
            yield from (node.lineno for keyword in node.keywords if keyword.arg == "choices")


def test_choices_are_declared_once():
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in python_files()
        if "sandbox" not in path.parts
        for line in second_declarations(path.read_text())
    ]

    assert found == []


@pytest.mark.parametrize(
    "planted",
    [
        "def colours():\n    return Colour.choices",
        "colour = models.CharField(max_length=8, choices=Colour.choices)",
    ],
)
def test_a_planted_second_declaration_is_found(planted):
    assert list(second_declarations(planted))


def test_a_migration_sees_a_plain_field_and_people_see_labels():
    field = EnumField("色", max_length=8, enum=Colour)

    assert field.choices == [("red", "赤")]
    _name, path, _args, kwargs = field.deconstruct()
    assert path == "django.db.models.CharField"
    assert kwargs == {"verbose_name": "色", "max_length": 8}


def with_choices(migrations):
    """Names of those of ``migrations``, pairs of name and text, that know choices."""
    return [name for name, text in migrations if re.search(r"\bchoices\s*=", text)]


def test_no_migration_has_choices():
    migrations = [(path.name, path.read_text()) for path in ROOT.glob("*/migrations/0*.py")]

    assert len(migrations) > 20
    assert with_choices(migrations) == []


def test_a_planted_migration_with_choices_is_found():
    assert with_choices([("0001.py", "models.CharField(choices=[])")]) == ["0001.py"]
