"""docs/states.md is what the table of moves says."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from applications.life import diagram
from applications.life.diagram import draw
from applications.life.table import TABLE


def test_the_document_equals_the_table():
    """After a change of the table: ``python manage.py states > docs/states.md``."""
    assert Path(settings.BASE_DIR, "docs", "states.md").read_text() == draw()


def test_a_planted_line_of_the_table_is_found(monkeypatch):
    monkeypatch.setattr(diagram, "TABLE", TABLE[1:])

    assert Path(settings.BASE_DIR, "docs", "states.md").read_text() != draw()


def test_the_command_prints_the_document(capsys):
    call_command("states")

    assert capsys.readouterr().out == draw()
