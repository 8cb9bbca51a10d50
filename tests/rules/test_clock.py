"""Days and nights: what the clock says around midnight and around five in the morning, JST."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from koss.ground import clock
from koss.models import DemoClock

pytestmark = pytest.mark.databases


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (utc(2026, 3, 31, 14, 59, 59), date(2026, 3, 31)),  # 23:59:59 in Japan
        (utc(2026, 3, 31, 15, 0, 0), date(2026, 4, 1)),  # 00:00:00
        (utc(2024, 2, 28, 15, 0, 0), date(2024, 2, 29)),
        (utc(2025, 12, 31, 15, 0, 0), date(2026, 1, 1)),
    ],
)
def test_the_day_changes_at_midnight_in_japan(moment, day):
    assert clock.day(moment) == day


@pytest.mark.parametrize(
    ("moment", "newest"),
    [
        (clock.at(date(2026, 4, 2), hour=4, minute=59, second=59), date(2026, 3, 31)),
        (clock.at(date(2026, 4, 2), hour=5), date(2026, 4, 1)),
        (clock.at(date(2026, 4, 2), hour=23, minute=59, second=59), date(2026, 4, 1)),
        (clock.at(date(2026, 4, 3)), date(2026, 4, 1)),
        (clock.at(date(2024, 3, 1), hour=5), date(2024, 2, 29)),
        (clock.at(date(2026, 1, 1), hour=5), date(2025, 12, 31)),
    ],
)
def test_a_business_date_is_over_at_five_in_the_next_morning(moment, newest):
    assert clock.business_date(moment) == newest


@pytest.mark.parametrize("day", [date(2026, 4, 1), date(2024, 2, 29), date(2025, 12, 31)])
def test_the_night_begins_when_its_date_becomes_the_newest(day):
    begins = clock.night_begins(day)

    assert clock.business_date(begins) == day
    assert clock.business_date(begins - timedelta(seconds=1)) == day - timedelta(days=1)


def test_the_hour_of_the_night_is_a_setting(settings):
    settings.KOSS_NIGHT_HOUR = 2

    assert clock.business_date(clock.at(date(2026, 4, 2), hour=2)) == date(2026, 4, 1)
    assert clock.night_begins(date(2026, 4, 1)) == clock.at(date(2026, 4, 2), hour=2)


def test_a_moment_of_a_day_in_japan():
    assert clock.at(date(2026, 4, 1), hour=9) == utc(2026, 4, 1, 0, 0)
    assert clock.at(date(2026, 4, 1)) == utc(2026, 3, 31, 15, 0)


@time_machine.travel(utc(2026, 4, 1, 3), tick=False)
@pytest.mark.django_db
def test_the_demo_clock_runs_ahead_in_demo_mode_only(settings):
    DemoClock.objects.create(ahead=timedelta(days=3))

    settings.DEMO = False
    assert clock.now() == clock.system_now() == utc(2026, 4, 1, 3)
    assert clock.today() == date(2026, 4, 1)

    settings.DEMO = True
    assert clock.now() == utc(2026, 4, 4, 3)
    assert clock.today() == date(2026, 4, 4)
    assert clock.system_now() == utc(2026, 4, 1, 3)


@pytest.mark.django_db
def test_outside_demo_mode_the_row_is_never_read(settings, django_assert_num_queries):
    settings.DEMO = False
    with django_assert_num_queries(0):
        clock.now()


@pytest.mark.django_db
def test_the_offset_is_read_once_for_a_request(settings, django_assert_num_queries):
    settings.DEMO = True
    with django_assert_num_queries(1), clock.demo_offset_held():
        clock.now()
        clock.today()


@pytest.mark.django_db
@pytest.mark.parametrize("demo", [True, False])
def test_a_moment_of_the_machine_moves_with_the_demo_clock(settings, demo):
    settings.DEMO = demo
    DemoClock.objects.create(ahead=timedelta(days=9))
    moment = utc(2026, 3, 31, 12, 0)

    assert clock.of_machine(moment) == moment + (timedelta(days=9) if demo else timedelta())


@pytest.mark.parametrize(
    ("at", "morning"),
    [
        ((2026, 5, 10, 12), 11),  # accepted at noon: the night of that day
        ((2026, 5, 11, 4), 11),  # the night has not begun
        ((2026, 5, 11, 6), 12),  # it should have run and did not: the next one catches up
    ],
)
def test_the_morning_after_a_business_day(at, morning):
    moment = datetime(*at, tzinfo=clock.JAPAN)
    assert clock.morning_after(date(2026, 5, 10), moment) == date(2026, 5, morning)
