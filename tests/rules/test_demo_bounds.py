"""Where and when the demo world can be made, and where it must not be."""

from datetime import date, timedelta

import pytest

from applications.demo import journeys
from applications.demo.samples import samples
from applications.life.charges import one_month_after
from applications.models import Application, HistoryEntry, Notice
from koss.demo import world
from koss.ground import clock
from koss.models import DemoAccount, DemoClock
from payments.demo import payers
from payments.models import PaymentUser

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


@pytest.fixture
def demo_mode(settings):
    settings.DEMO = True


class TestWhereItMustNotExist:
    def test_not_outside_demo_mode(self):
        with pytest.raises(world.NotHere):
            world.load(now=clock.now())
        assert not Application.objects.exists()

    def test_not_over_applications_of_somebody(self, demo_mode, an_application):
        an_application("検査申請受付中")
        with pytest.raises(world.NotHere):
            world.load(now=clock.now())
        assert not DemoAccount.objects.exists()

    def test_not_over_users_of_somebody(self, demo_mode, django_user_model):
        django_user_model.objects.create(username="somebody")
        with pytest.raises(world.NotHere):
            world.load(now=clock.now())

    def test_the_clock_is_not_even_asked(self, django_assert_num_queries):
        DemoClock.objects.create(ahead=timedelta(days=9))
        with django_assert_num_queries(0):
            assert clock.now() - clock.system_now() < timedelta(minutes=1)


def test_an_empty_one_has_everything_but_applications(demo_mode, settings, django_user_model):
    settings.KOSS_DEMO_EMPTY = True
    assert world.load(now=clock.now())
    assert world.is_marked()
    assert world.load(now=clock.now()) is False
    assert not Application.objects.exists()
    assert world.accounts() == []
    assert django_user_model.objects.count() == len(world.staff())
    assert PaymentUser.objects.filter(user_id=payers.PAYER, bulk_id=payers.BULK_ID).exists()


class TestDays:
    def test_due_dates_exist(self):
        for number in range(3 * 366):
            day = date(2027, 1, 1) + timedelta(days=number)
            fees = journeys.fees_due_by(day), journeys.fees_due_from(day)
            taxes = journeys.due_date_by(day), journeys.due_date_from(day)
            assert fees[0] <= day <= fees[1]
            assert taxes[0] <= day <= taxes[1]
            assert fees[1] - fees[0] < timedelta(days=5)
            assert taxes[1] - taxes[0] < timedelta(days=14)  # over the New Year
            for due in (*fees, *taxes):
                assert any(
                    one_month_after(due - timedelta(days=days)) == due for days in range(28, 32)
                )

    @pytest.mark.sqlite  # days are no matter of the database; tests/rules/test_demo.py is on both
    @pytest.mark.parametrize(
        ("day", "hour"),
        [
            (date(2026, 3, 5), 23),
            (date(2027, 1, 1), 0),
            (date(2027, 3, 31), 4),
            (date(2028, 2, 29), 12),
        ],
    )
    def test_the_world_can_be_made_on_any_day(self, demo_mode, day, hour):
        now = clock.at(day, hour=hour, minute=59)
        assert world.load(now=now)
        assert DemoAccount.objects.count() == Application.objects.count()
        assert not HistoryEntry.objects.filter(at__gt=now).exists()
        assert not Notice.objects.filter(at__gt=now).exists()

    def test_every_line_says_what_it_shows(self):
        lines = samples(date(2026, 11, 21))
        assert all(line.shows for line in lines)
