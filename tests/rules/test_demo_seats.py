"""Seats of a course: alike but for their numbers, made once, and in a demo alone."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from applications.demo import clearing, course, seats
from applications.models import Application, Charge, HistoryEntry, Office, Signature, Upload
from applications.status import Status
from koss.models import DemoClock, MailState, OutgoingMail
from koss.operation import invariants
from payments.models import PaymentUser
from qrcodes.models import Code

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


def told(count):
    out = StringIO()
    call_command("demo_seats", str(count), stdout=out)
    return out.getvalue()


@pytest.fixture
def demo(settings):
    settings.DEMO = True
    DemoClock.objects.get_or_create(pk=1)


def test_seats_are_alike_and_made_once(demo):
    first = told(1)
    assert first.count("KNSE0001") == Application.objects.count() == len(course.PLACES)
    second = told(2)
    assert "新しく作った申請: 8" in second
    assert "新しく作った申請: 0" in told(2)
    assert first.splitlines()[:8] == second.splitlines()[:8]
    for number in (1, 2):
        batch = Application.objects.filter(payer=course.payer_of(number))
        assert [each.status for each in batch] == [Status.FEES_IN_BATCH] * 3
    rows = Application.objects.order_by("pk").values_list("status", flat=True)
    assert list(rows[:8]) == list(rows[8:]) == [place.status for place in course.PLACES]
    assert Application.objects.values("plate", "chassis_number").distinct().count() == 16
    assert not OutgoingMail.objects.filter(state=MailState.QUEUED).exists()
    assert invariants.broken() == []


def test_what_hangs_on_an_application_is_found_by_its_links():
    """Also what a later table links to it; a link of its own leads to nothing."""
    below = {model for model, _name in clearing._links_to(Application)}
    assert {Application, Charge, HistoryEntry, Code, Signature, Upload} <= below
    assert Office not in below


@pytest.mark.parametrize("count", [0, seats.MOST + 1])
def test_an_impossible_count_is_refused(demo, count):
    with pytest.raises(CommandError, match="Between 1"):
        told(count)


@pytest.mark.parametrize("mode", [False, True])
def test_no_seats_outside_a_demo(settings, mode):
    """Neither out of demo mode, nor in a database that is no demo's."""
    settings.DEMO = mode
    if not mode:
        DemoClock.objects.get_or_create(pk=1)
    with pytest.raises(CommandError, match="demo only"):
        told(1)
    assert not PaymentUser.objects.exists()
