"""Every text that becomes a date is read by koss.ground, which knows the bounds."""

import ast

import pytest

from tests.house.sources import ROOT

APPS = ("koss", "applications", "payments", "qrcodes")
# The sandbox bank is another program.
READERS = ("koss/ground/dates.py", "koss/ground/forms.py", "payments/sandbox/", "/migrations/")
UNBOUNDED = {"fromisoformat", "strptime", "parse_date", "parse_datetime", "fromtimestamp"}
FIELDS = {"DateField", "DateTimeField", "SplitDateTimeField"}


def readers_in(code):
    """The names in ``code`` that read dates without bounds."""
    for node in ast.walk(ast.parse(code)):
        name = getattr(node, "attr", getattr(node, "id", ""))
        is_form = isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "forms"
        if name in UNBOUNDED or (is_form and name in FIELDS):
            yield name


def test_nobody_else_reads_dates():
    found = {
        path.relative_to(ROOT).as_posix(): names
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if not any(each in path.as_posix() for each in READERS)
        and (names := list(readers_in(path.read_text())))
    }
    assert found == {}


@pytest.mark.parametrize(
    "planted",
    [
        "date.fromisoformat(x)",
        "datetime.strptime(x, y)",
        "day = forms.DateField()",
        "forms.DateTimeField(label=1)",
    ],
)
def test_a_planted_reader_is_found(planted):
    assert list(readers_in(planted))
