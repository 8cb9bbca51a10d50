"""A line that a linter is to pass over says why."""

import re

import pytest

from tests.house.sources import APPS, ROOT

# Built of two parts, so that this file is none of its own findings.
MARK = "no" + "qa"
PASSED_OVER = re.compile(rf"#\s*{MARK}\b.*")
WITH_A_REASON = re.compile(rf"# {MARK}: [A-Z]+\d+(?:, [A-Z]+\d+)* -{{1,2}} \w.+")


def without_a_reason(text):
    """The remarks for linters in ``text`` that name no rule or no reason."""
    return [each for each in PASSED_OVER.findall(text) if not WITH_A_REASON.fullmatch(each)]


def test_every_exception_names_its_rule_and_reason():
    found = {
        path.relative_to(ROOT).as_posix(): without_a_reason(path.read_text())
        for top in (*APPS, "tests", "docs")
        for path in (ROOT / top).rglob("*.py")
    }

    assert {name: remarks for name, remarks in found.items() if remarks} == {}


@pytest.mark.parametrize("planted", ["", ": E501", ":E501 - x", ": E501 because", ": E501 - "])
def test_a_planted_exception_without_a_reason_is_found(planted):
    assert without_a_reason(f"x = 1  # {MARK}{planted}")


def test_a_reason_is_enough():
    assert without_a_reason(f"x = 1  # {MARK}: DJ001, E501 - absent must be NULL") == []
