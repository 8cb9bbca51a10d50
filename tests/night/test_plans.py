"""The night finds what is due by an index, and never by reading every application."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection

from applications.life import night
from applications.models import Application, Office
from applications.status import Status
from koss.ground import clock
from tests import plans

pytestmark = pytest.mark.databases

D = date(2026, 5, 10)
NOW = clock.night_begins(D)
STEPS = [
    night.let_fees_lapse,
    night.let_corrections_lapse,
    night.remind_of_near_deadlines,
    night.remind_of_passed_deadlines,
]


@pytest.fixture
def many_applications(db):
    """Mostly finished ones, as in a portal that has run for a while."""
    office = Office.objects.first()
    Application.objects.bulk_create(
        Application(
            receipt_number=f"{number:017d}",
            procedure="continued_inspection",
            channel="screen",
            status=Status.FEES_DUE if number % 100 == 0 else Status.RETURNED,
            status_changed_at=NOW,
            deadline=D + timedelta(days=number % 30) if number % 100 == 0 else None,
            applied_on=D,
            chassis_number=f"AX01-{number}",
            office=office,
            weight_class="normal",
            receiving_method="vehicle_code",
            email="keiji@gyosei.example",
        )
        for number in range(5000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def test_every_step_finds_its_applications_by_an_index(many_applications):
    for step in STEPS:
        with plans.taken_back():
            plan = plans.of_first_query(lambda step=step: next(step(D, now=NOW, chunk=1000), None))

        found = re.search("application_(work_list|waiting|by_deadline)", plan)
        assert found, (step, plan)
        assert not re.search(r"(SCAN|Seq Scan on) applications_application", plan), (step, plan)
