"""還付: opened with the money, closed once by staff."""

from datetime import timedelta

import pytest

from koss.ground import clock
from payments.models import Refund, SettlementNotice
from payments.models.settlement import RefundState
from payments.money import settlements
from payments.numbers import refunds
from tests.rules.payments import numbers

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def refund(bank, now):
    """What came in a second time for one number."""
    information = numbers.batch(now=now)
    for _ in range(2):
        settlements.receive(bank.settles(information), now=now)
    return Refund.objects.get()


def test_it_is_closed_with_who_when_and_how(refund, now):
    done = refunds.complete(refund, by="uketsuke", note=" 口座へ振込 ", now=now)

    refund.refresh_from_db()
    assert done == refund
    assert refund.state == RefundState.DONE
    assert (refund.done_by, refund.done_at, refund.note) == ("uketsuke", now, "口座へ振込")


def test_closing_it_again_changes_nothing(refund, now):
    refunds.complete(refund, by="uketsuke", note="口座へ振込", now=now)

    again = refunds.complete(refund, by="other", note="もう一度", now=now + timedelta(hours=1))

    assert (again.done_by, again.done_at, again.note) == ("uketsuke", now, "口座へ振込")


@pytest.mark.parametrize("nothing", ["", "  "])
def test_how_it_went_back_must_be_said(refund, now, nothing):
    with pytest.raises(ValueError, match="how the money went back"):
        refunds.complete(refund, by="uketsuke", note=nothing, now=now)

    refund.refresh_from_db()
    assert refund.state == RefundState.OPEN


def test_the_notice_stays_as_it_came(refund, now):
    before = SettlementNotice.objects.values().get(pk=refund.notice_id)

    refunds.complete(refund, by="uketsuke", note="口座へ振込", now=now)

    assert SettlementNotice.objects.values().get(pk=refund.notice_id) == before
