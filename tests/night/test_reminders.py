"""The night's reminders of deadlines that are near, and of those that have passed."""

from datetime import timedelta

import pytest

from applications.life import moves
from applications.models import Application
from applications.status import Procedure, Status
from koss.ground import clock
from payments.demo import payers
from tests.night.one_night import DAY, MORNING, D, mails, run, waiting
from tests.world import make

CONTINUED, NEW = Procedure.CONTINUED_INSPECTION, Procedure.NEW_VEHICLE

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def time_stands_still(time_machine):
    """At five in the morning after D."""
    time_machine.move_to(MORNING, tick=False)


@pytest.mark.parametrize(
    "status",
    [
        Status.FEES_DUE,
        Status.AWAITING_CORRECTION,
        Status.WEIGHT_TAX_DUE,
        Status.AWAITING_TAX_CORRECTION,
        Status.VEHICLE_TAX_DUE,
    ],
)
@pytest.mark.parametrize(
    ("days_from_the_morning", "near"), [(0, True), (3, True), (4, False), (15, False)]
)
def test_a_deadline_is_near_when_three_days_or_less_are_left(status, days_from_the_morning, near):
    application = waiting(status, D + DAY + days_from_the_morning * DAY)

    run()

    assert mails("deadline_near", application) == near
    assert mails("deadline_near") == near


def test_how_near_is_near_is_a_setting(settings):
    settings.KOSS_NEAR_DAYS = 0
    today, tomorrow = (
        waiting(Status.FEES_DUE, D + DAY),
        waiting(Status.FEES_DUE, D + 2 * DAY),
    )

    run()

    assert (mails("deadline_near", today), mails("deadline_near", tomorrow)) == (1, 0)


def test_a_reminder_is_written_once_for_each_address():
    application = waiting(
        Status.FEES_DUE, D + 3 * DAY, email="a@b.example", status_email="c@d.example"
    )

    assert run()["remind_near"] == 1
    assert "remind_near" not in run()
    assert "remind_near" not in run(D + DAY, MORNING + DAY)

    assert mails("deadline_near", application) == 2


def test_a_new_wait_is_reminded_of_anew():
    """Ordered, reminded, corrected, ordered again with the same deadline."""
    application = waiting(Status.AWAITING_CORRECTION, D + 3 * DAY)
    run()
    corrected = moves.perform(
        "send_correction",
        application,
        actor="applicant",
        now=MORNING + timedelta(hours=5),
        inputs=moves.Inputs(changes={"user_name": "軽自 次郎"}),
    ).application
    moves.perform(
        "order_correction",
        corrected,
        actor="reviewer",
        now=MORNING + timedelta(hours=6),
        inputs=moves.Inputs(reason="まだ違います", fields=("plate",), deadline=D + 3 * DAY),
    )

    run(D + DAY, MORNING + DAY)

    assert mails("deadline_near", application) == 2


def test_nobody_is_reminded_of_what_is_settled_or_withdrawn():
    waiting(Status.FEES_DUE, D + 2 * DAY)
    paid = make(Status.IN_REVIEW, now=MORNING - DAY)
    Application.objects.filter(pk=paid.pk).update(deadline=D + 2 * DAY)
    withdrawn_this_morning = waiting(Status.FEES_IN_BATCH, D + 2 * DAY, numbered=True)
    payers.withdraw(withdrawn_this_morning, now=clock.at(D + DAY, hour=2))

    run()

    assert mails("deadline_near") == 1
    assert mails("deadline_near", paid) == mails("deadline_near", withdrawn_this_morning) == 0


def test_without_an_address_there_is_no_reminder():
    waiting(Status.FEES_DUE, D + 2 * DAY, email="", status_email="")

    assert run() == {}


def test_what_lapses_this_night_is_not_reminded_of():
    waiting(Status.FEES_DUE, D)

    run()

    assert (mails("deadline_near"), mails("deadline_passed"), mails("invalid")) == (0, 0, 1)


@pytest.mark.parametrize(
    "status",
    [
        Status.WEIGHT_TAX_DUE,
        Status.WEIGHT_TAX_IN_BATCH,
        Status.AWAITING_TAX_CORRECTION,
        Status.VEHICLE_TAX_DUE,
        Status.VEHICLE_TAX_IN_BATCH,
    ],
)
def test_a_deadline_passed_is_told_once(status):
    application = waiting(status, D)
    in_time = waiting(status, D + 15 * DAY)

    assert run()["remind_passed"] == 1
    for days in range(1, 5):
        assert "remind_passed" not in run(D + days * DAY, MORNING + days * DAY)

    # Where it is in a batch, its payment user hears of it as well.
    addresses = 2 if application.payer else 1
    assert mails("deadline_passed", application) == addresses
    assert mails("deadline_passed", in_time) == 0


def test_a_reminder_that_many_nights_missed_is_not_caught_up_for_ever():
    recent = waiting(Status.WEIGHT_TAX_DUE, D - 30 * DAY)
    old = waiting(Status.WEIGHT_TAX_DUE, D - 60 * DAY)

    run()

    assert (mails("deadline_passed", recent), mails("deadline_passed", old)) == (1, 0)
