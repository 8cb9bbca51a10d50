"""Nobody but ``applications/life/moves.py`` writes the status of an application."""

import ast

import pytest

from tests.house.sources import ROOT, python_files

DOOR = ROOT / "applications" / "life" / "moves.py"
WRITERS = {"update", "create", "bulk_create", "update_or_create", "get_or_create", "bulk_update"}


def writes_of_status(source):
    """Lines that assign ``.status``, or hand ``status=`` to a writing method of the ORM."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                for each in ast.walk(target):
                    if isinstance(each, ast.Attribute) and each.attr == "status":
                        yield node.lineno
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            named = {keyword.arg for keyword in node.keywords}
            if called in WRITERS and "status" in named:
                yield node.lineno
            if (
                isinstance(node.func, ast.Name)
                and node.func.id in {"setattr", "Application"}
                and ("status" in named or any(_says_status(each) for each in node.args))
            ):
                yield node.lineno


def _says_status(node):
    return isinstance(node, ast.Constant) and node.value == "status"


def test_only_the_door_writes_a_status():
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in python_files()
        if path != DOOR
        for line in writes_of_status(path.read_text())
    ]

    assert found == []


def test_the_door_itself_is_seen():
    assert list(writes_of_status(DOOR.read_text()))


@pytest.mark.parametrize(
    "planted",
    [
        "application.status = 'returned'",
        "Application.objects.filter(pk=1).update(status='returned')",
        "setattr(application, 'status', 'returned')",
        "Application(status='returned')",
        "Application.objects.create(status='returned')",
    ],
)
def test_a_planted_window_is_found(planted):
    assert list(writes_of_status(planted))
