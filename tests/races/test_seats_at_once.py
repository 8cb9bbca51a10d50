"""Seats made and put back at the same moment: none twice, none half.

The controls take the locks out and must see the same checks fail.
"""

import pytest
from django.db import IntegrityError

from applications.demo import seats
from applications.demo.course import PLACES
from applications.intake import official_tables
from applications.models import Application, Office, Rate
from koss.ground import clock
from koss.models import DemoAccount, DemoClock, DemoSeat
from koss.operation import invariants
from tests.races.crowd import Meeting, all_at_once

pytestmark = [pytest.mark.databases, pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def demo(settings):
    if not Office.objects.exists():  # a test that empties all tables ran before
        official_tables.load(Rate, Office)
    settings.DEMO = True
    DemoClock.objects.create(pk=1)


def outcome(task):
    def run():
        try:
            task()
        except seats.SeatMovedOn:
            return "refused"
        except IntegrityError:
            return "broken"
        return "done"

    return run


def made_by_two():
    return all_at_once([outcome(lambda: seats.make(1, now=clock.now()))] * 2)


def put_back_by_three():
    return all_at_once([outcome(lambda: seats.put_back(1, rounds=0, now=clock.now()))] * 3)


def is_whole():
    numbers = DemoAccount.objects.values_list("receipt_number", flat=True)
    there = Application.objects.filter(receipt_number__in=numbers).count()
    return DemoSeat.objects.count() == 1 and there == len(PLACES) and invariants.broken() == []


def test_two_runs_make_each_seat_once(demo):
    assert made_by_two() == ["done", "done"]
    assert is_whole()


def test_of_those_who_put_one_seat_back_one_wins(demo):
    seats.make(1, now=clock.now())
    assert sorted(put_back_by_three()) == ["done", "refused", "refused"]
    assert is_whole()
    assert DemoSeat.objects.get().rounds == 1


@pytest.mark.postgres  # the same on both, but here the lock can be taken out alone
def test_without_the_lock_a_second_run_would_break(demo, monkeypatch):
    monkeypatch.setattr(seats, "_one_at_a_time", lambda: None)
    fill, others = seats._fill, Meeting(2)
    monkeypatch.setattr(seats, "_fill", lambda *args: (others.wait(), fill(*args)))
    assert made_by_two() != ["done", "done"]


@pytest.mark.postgres
def test_without_the_lock_a_seat_would_be_put_back_twice(demo, monkeypatch):
    seats.make(1, now=clock.now())
    others = Meeting(3)

    def unlocked(number):
        found = DemoSeat.objects.filter(number=number).first()
        others.wait()
        return found

    monkeypatch.setattr(seats, "_lock", unlocked)
    assert sorted(put_back_by_three()) != ["done", "refused", "refused"]
