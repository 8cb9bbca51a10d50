"""Bringing an application to a status: what a test may ask of ``an_application``."""

from datetime import date

import pytest

from applications.demo import journeys
from applications.models import PaymentMethod
from applications.status import MoveName, Procedure, Status
from koss.ground import clock

pytestmark = [pytest.mark.databases, pytest.mark.django_db]
EVERY = [
    (status, procedure)
    for status in Status
    for procedure in Procedure
    if status.occurs_in(procedure)
]


def moves_of(application):
    return list(application.history.order_by("version").values_list("move", flat=True))


@pytest.mark.parametrize(("status", "procedure"), EVERY)
def test_every_status_is_reached_yesterday_or_before(an_application, status, procedure):
    application = an_application(status, procedure)
    assert application.status == status
    assert clock.day(application.status_changed_at) < clock.today()


@pytest.mark.parametrize(
    "status", ["検査手数料等納付待ち", "自動車重量税まとめ払い中", "検査申請補正待ち"]
)
def test_a_deadline_is_met_to_the_day(an_application, status):
    deadline = date(2026, 10, 15)
    now = clock.at(date(2026, 11, 1))
    application = an_application(status, deadline=deadline, now=now)
    assert application.deadline == deadline


def test_no_fee_falls_due_on_a_31st_after_a_shorter_month(an_application):
    with pytest.raises(journeys.NoSuchJourney):
        an_application("検査手数料等納付待ち", deadline=date(2027, 3, 31))


def test_it_begins_on_the_day_that_is_asked_for(an_application):
    begun = an_application("検査申請補正待ち", applied_on=date(2022, 5, 25))
    assert begun.applied_on == date(2022, 5, 25)
    assert clock.day(begun.status_changed_at) < date(2022, 6, 1)
    thursday = clock.at(date(2026, 11, 26), hour=12)  # nobody decides on a Sunday
    later = an_application(
        "検査申請補正待ち", applied_on=date(2022, 5, 25), days_ago=2, now=thursday
    )
    assert clock.day(later.status_changed_at) == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("status", "through"),
    [
        ("検査申請無効", MoveName.INVALIDATE),
        ("検査申請無効", MoveName.LET_FEES_LAPSE),
        ("検査申請無効", MoveName.VOID_WITH_BATCH),
        ("検査申請却下", MoveName.LET_CORRECTION_LAPSE),
        ("検査申請審査中", MoveName.SEND_CORRECTION),
        ("交付準備完了", Status.VEHICLE_TAX_IN_BATCH),
    ],
)
def test_what_lies_on_the_way_can_be_asked_for(an_application, status, through):
    application = an_application(status, through=[through])
    passed = application.history.values_list("move", "to_status")
    assert application.get_status_display() == status
    assert any(through in entry for entry in passed)


def test_the_way_follows_the_payment_method(an_application):
    batch = an_application("検査申請取り下げ中", payment_method=PaymentMethod.BATCH)
    alone = an_application("検査申請取り下げ中")
    assert moves_of(batch) == ["take_in", "accept", "withdraw"]
    assert moves_of(alone) == ["take_in", "accept", "settle", "order_correction", "withdraw"]


def test_a_number_is_taken_for_what_is_owed_now(an_application):
    application = an_application("自動車重量税まとめ払い中", numbered=True)
    charge = application.charges.get(kind="weight_tax")
    assert charge.number_taken_at
    assert charge.paid_at is None
    assert charge.lines.get().information.amount == charge.amount
    assert len(charge.lines.get().information.payment_number) == 20


def test_fees_are_carried_over(an_application):
    earlier = an_application("検査申請取り下げ", through=[MoveName.ORDER_CORRECTION])
    application = an_application("検査申請審査中", earlier=earlier)
    assert moves_of(application) == ["take_in", "accept"]
    assert {charge.amount for charge in application.charges.all()} == {0}


def test_what_cannot_be_is_refused(an_application):
    with pytest.raises(journeys.NoSuchJourney):
        an_application("返付済", "新車")
    with pytest.raises(journeys.NoSuchJourney):
        an_application("検査手数料等納付待ち", payment_method=PaymentMethod.BATCH)
