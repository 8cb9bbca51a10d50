"""Nobody but ``applications/life/charges.py`` writes what is owed."""

import ast

import pytest

from tests.house.sources import ROOT, python_files
from tests.house.test_one_door import WRITERS

DOOR = ROOT / "applications" / "life" / "charges.py"
# What only a Charge has, and what its sets are called.
FIELDS = {"number_taken_at", "withdrawal_accepted_on", "paid_at"}
ROWS = {"Charge", "charge", "charges", "charges_under"}
SAVES = WRITERS | {"save", "delete"}


def writes_of_charges(source):
    """Lines that make, change or delete a charge, by its class, a relation or a field."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(_is_field(each) for target in targets for each in ast.walk(target)):
                yield node.lineno
        if isinstance(node, ast.Call) and _writes(node):
            yield node.lineno


def _writes(call):
    named = {keyword.arg for keyword in call.keywords}
    called = call.func
    if isinstance(called, ast.Name):
        said = {each.value for each in call.args if isinstance(each, ast.Constant)}
        return called.id == "Charge" or (called.id == "setattr" and bool(said & FIELDS))
    if isinstance(called, ast.Attribute) and called.attr in SAVES:
        return bool(named & FIELDS or _names(called.value) & ROWS)
    return False


def _is_field(node):
    """``x.paid_at``, or any field of something called a charge."""
    return isinstance(node, ast.Attribute) and (
        node.attr in FIELDS or (isinstance(node.value, ast.Name) and node.value.id in ROWS)
    )


def _names(node):
    """What a chain of calls is made of, without the arguments of the calls."""
    while True:
        if isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Attribute):
            return {node.attr} | _names(node.value)
        else:
            return {node.id} if isinstance(node, ast.Name) else set()


def test_only_the_door_writes_charges():
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in python_files()
        if path != DOOR
        for line in writes_of_charges(path.read_text())
    ]

    assert found == []


def test_the_door_itself_is_seen():
    assert list(writes_of_charges(DOOR.read_text()))


@pytest.mark.parametrize(
    "planted",
    [
        "Charge(kind='weight_tax')",
        "Charge.objects.create(kind='weight_tax')",
        "Charge.objects.filter(pk=1).update(amount=0)",
        "Charge.objects.filter(pk=1).delete()",
        "application.charges.unpaid().update(due_on=day)",
        "releasing.charges_under(information).update(amount=0)",
        "owed.update(paid_at=now)",
        "rows.update(number_taken_at=None)",
        "charge.due_on = day",
        "each.withdrawal_accepted_on = day",
        "charge.save()",
        "setattr(each, 'paid_at', now)",
    ],
)
def test_a_planted_window_is_found(planted):
    assert list(writes_of_charges(planted))
