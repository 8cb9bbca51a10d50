"""docs/operations.md says of every table how long its rows are kept, and what deletes them."""

import re
from datetime import date

import django.apps

from koss.ground import clock
from koss.operation import night, retention
from tests.house.sources import ROOT

MODELS = {model._meta.label_lower for model in django.apps.apps.get_models()}
HEADING = "\n## What is kept, and how long\n"
ROW = re.compile(r"^\| `(\w+\.\w+)` \| (.+) \| (.+) \|$", re.MULTILINE)


def rows(text):
    """{model: (how long, what deletes)} of the table in ``text``."""
    _, _, part = text.partition(HEADING)
    return {model: (kept, by) for model, kept, by in ROW.findall(part.partition("\n## ")[0])}


def complaints(text):
    """What the table lacks or invents, and what it says otherwise than the night does."""
    table = rows(text)
    yield from sorted(f"no row: {model}" for model in MODELS - set(table))
    yield from sorted(f"no such model: {model}" for model in set(table) - MODELS)
    for keep in retention.KEEPS:
        model = keep.rows(clock.at(date(2026, 1, 1))).model._meta.label_lower
        if not re.search(rf"\b{keep.days} days?\b", table.get(model, ("", ""))[0]):
            yield f"not {keep.days} days: {model}"
    titles = {str(step.title) for step in night.STEPS}
    for model, (_kept, by) in table.items():
        if by != "–" and by.removeprefix("the night, ") not in titles:
            yield f"no such step: {model}"


def text():
    return (ROOT / "docs" / "operations.md").read_text()


def test_every_model_has_its_row():
    assert list(complaints(text())) == []


def test_planted_gaps_and_a_planted_number_are_found():
    planted = text().replace("| `koss.source` |", "| `koss.sauce` |").replace("90 days", "91 days")
    planted = planted.replace("the night, 処理記録の削除", "the night, nothing")

    assert list(complaints(planted)) == [
        "no row: koss.source",
        "no such model: koss.sauce",
        "not 90 days: qrcodes.code",
        "no such step: django_tasks_database.dbtaskresult",
    ]
