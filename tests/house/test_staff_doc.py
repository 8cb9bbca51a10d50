"""docs/staff.md names every button of staff under the role that has it."""

import re

import pytest

from applications.roles import Role
from applications.table import TABLE
from tests.house.sources import ROOT

SECTIONS = dict(re.findall(r"^## (.+)\n([^#]*)", (ROOT / "docs/staff.md").read_text(), re.M))


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.TAX_OFFICE, Role.COUNTER])
def test_every_move_stands_under_its_role(role):
    rows = re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|", SECTIONS[str(role.label)], re.M)
    documented = dict(rows[2:])
    declared = {str(move.name.label) for move in TABLE if move.by == role}

    assert set(documented) == declared
    for move in TABLE:
        if move.by == role:
            assert str(move.source.label) in documented[str(move.name.label)]


def test_every_role_has_its_section():
    assert {str(role.label) for role in Role} <= set(SECTIONS)
