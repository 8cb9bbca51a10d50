"""docs/staff.md names every button of staff under the role that has it."""

import re

from applications.life.table import TABLE
from applications.staff.roles import Role
from tests.house.sources import ROOT

ROLES = (Role.REVIEWER, Role.TAX_OFFICE, Role.COUNTER)


def complaints(text):
    """What docs/staff.md with this ``text`` leaves out, invents, or says otherwise."""
    sections = dict(re.findall(r"^## (.+)\n([^#]*)", text, re.M))
    yield from sorted({str(role.label) for role in Role} - set(sections))
    for role in ROLES:
        section = sections.get(str(role.label), "")
        documented = dict(re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|", section, re.M)[2:])
        declared = [move for move in TABLE if move.by == role]
        yield from sorted(set(documented) - {str(move.name.label) for move in declared})
        for move in declared:
            if str(move.source.label) not in documented.get(str(move.name.label), ""):
                yield f"{move.name.label}: {move.source.label}"


def text():
    return (ROOT / "docs" / "staff.md").read_text()


def test_every_role_has_its_section_and_every_button_stands_there():
    assert list(complaints(text())) == []


def test_planted_gaps_are_found():
    move = next(move for move in TABLE if move.by == Role.COUNTER)
    renamed = text().replace(f"| {move.name.label} |", "| 何もしない |")
    untold = text().replace(f"## {Role.OPERATOR.label}\n", "## 誰か\n")

    assert "何もしない" in list(complaints(renamed))
    assert f"{move.name.label}: {move.source.label}" in list(complaints(renamed))
    assert list(complaints(untold)) == [str(Role.OPERATOR.label)]
