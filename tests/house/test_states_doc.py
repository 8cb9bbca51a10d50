"""docs/states.md is what the table of moves says."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from applications.diagram import draw


def test_the_document_equals_the_table():
    """After a change of the table: ``python manage.py states > docs/states.md``."""
    assert Path(settings.BASE_DIR, "docs", "states.md").read_text() == draw()


def test_the_command_prints_the_document(capsys):
    call_command("states")

    assert capsys.readouterr().out == draw()
