"""Each condition of the moves, and what must not mislead it."""

from datetime import date, timedelta

import pytest

from applications.demo.journeys import RECORDING_AGENT
from applications.life import conditions as c
from applications.models import Application, Charge, PaymentMethod, WeightClass
from applications.status import Procedure, Status
from koss.ground import clock
from tests.world import make

pytestmark = pytest.mark.databases

TODAY = date(2026, 3, 10)
NOW = clock.at(TODAY, hour=12)


@pytest.fixture(autouse=True)
def neighbours(db):
    """Other applications, for which the opposite holds: they must never answer for this one."""
    unpaid = make(Status.FEES_IN_BATCH, now=NOW)
    paid = make(Status.IN_REVIEW, now=NOW)
    taken = make(Status.FEES_IN_BATCH, now=NOW, numbered=True)
    taken.charges.update(withdrawal_accepted_on=TODAY - timedelta(days=9))
    return unpaid, paid, taken


def holds(condition, application, day=TODAY):
    return Application.objects.filter(condition(day), pk=application.pk).exists()


def test_ways_of_paying():
    for method in PaymentMethod:
        application = make(Status.RECEIVED, now=NOW, payment_method=method)
        assert holds(c.pays_individually, application) is (method == "individual")
        assert holds(c.pays_together, application) is (method != "individual")


def test_fees_carried_over():
    earlier = make(Status.WITHDRAWN, now=NOW, through=[Status.AWAITING_CORRECTION])
    later = make(Status.RECEIVED, now=NOW, earlier=earlier)

    assert holds(c.fees_carried_over, later)
    assert not holds(c.owes_fees, later)
    assert holds(c.owes_fees, earlier)
    assert not holds(c.fees_carried_over, earlier)


def test_a_number_counts_for_its_own_kind_of_charge():
    without = make(Status.FEES_IN_BATCH, now=NOW)
    with_number = make(Status.FEES_IN_BATCH, now=NOW, numbered=True)
    for_weight_tax = make(Status.FEES_IN_BATCH, now=NOW)
    Charge.objects.create(
        application=for_weight_tax,
        kind="weight_tax",
        amount=6_600,
        due_on=TODAY,
        number_taken_at=NOW,
    )

    assert holds(c.no_number_taken, without)
    assert not holds(c.no_number_taken, with_number)
    assert holds(c.no_number_taken, for_weight_tax)


def test_fees_are_paid_when_every_one_of_them_is():
    application = make(Status.FEES_DUE, now=NOW)
    fees = application.charges
    assert (holds(c.fees_paid, application), holds(c.fees_unpaid, application)) == (False, True)

    fees.filter(kind="inspection_fee").update(number_taken_at=NOW, paid_at=NOW)
    assert (holds(c.fees_paid, application), holds(c.fees_unpaid, application)) == (False, True)

    fees.update(number_taken_at=NOW, paid_at=NOW)
    assert (holds(c.fees_paid, application), holds(c.fees_unpaid, application)) == (True, False)


def test_a_fee_of_nothing_needs_no_payment():
    application = make(Status.FEES_DUE, now=NOW)
    application.charges.filter(kind="inspection_fee").update(number_taken_at=NOW, paid_at=NOW)
    application.charges.filter(kind="technical_fee").update(amount=0)

    assert holds(c.fees_paid, application)


def test_unpaid_weight_tax_is_no_unpaid_fee_and_the_other_way_round():
    application = make(Status.WEIGHT_TAX_DUE, now=NOW)

    assert holds(c.fees_paid, application)
    assert not holds(c.fees_unpaid, application)
    assert not holds(c.weight_tax_paid, application)
    assert holds(c.vehicle_tax_paid, application)


def test_a_batch_is_withdrawn_from_the_day_on_which_that_was_accepted():
    application = make(Status.FEES_IN_BATCH, now=NOW, numbered=True)
    assert not holds(c.batch_withdrawn, application)

    application.charges.update(withdrawal_accepted_on=TODAY)

    assert not holds(c.batch_withdrawn, application, TODAY - timedelta(days=1))
    assert holds(c.batch_withdrawn, application, TODAY)
    assert holds(c.batch_withdrawn, application, TODAY + timedelta(days=3))


def test_a_deadline_is_good_for_its_whole_day():
    application = make(Status.AWAITING_CORRECTION, now=NOW, deadline=TODAY)

    before, after = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    assert [holds(c.in_time, application, day) for day in (before, TODAY, after)] == [
        True,
        True,
        False,
    ]
    # The night acts for a date that is over: what was due on it is overdue then.
    assert [holds(c.overdue, application, day) for day in (before, TODAY, after)] == [
        False,
        True,
        True,
    ]


def test_without_a_deadline_nothing_is_overdue():
    application = make(Status.IN_REVIEW, now=NOW)

    assert not holds(c.overdue, application, TODAY + timedelta(days=999))


def test_exempt_vehicles_owe_no_weight_tax():
    for weight_class in WeightClass:
        application = make(Status.RECEIVED, now=NOW, weight_class=weight_class)
        exempt = weight_class == WeightClass.EXEMPT
        assert holds(c.free_of_weight_tax, application) is exempt
        assert holds(c.owes_weight_tax, application) is not exempt


def test_the_two_procedures():
    for procedure in Procedure:
        application = make(Status.RECEIVED, procedure, now=NOW)
        continued = procedure == Procedure.CONTINUED_INSPECTION
        assert holds(c.is_continued_inspection, application) is continued
        assert holds(c.is_new_vehicle, application) is not continued


def test_a_recording_agent_is_named():
    assert holds(c.has_recording_agent, make(Status.RECEIVED, now=NOW, **RECORDING_AGENT))
    assert not holds(c.has_recording_agent, make(Status.RECEIVED, now=NOW))


def test_conditions_together_hold_only_where_each_holds():
    application = make(Status.RECEIVED, now=NOW)
    both = c.every(c.pays_individually, c.is_continued_inspection)
    one = c.every(c.pays_individually, c.is_new_vehicle)

    assert holds(both, application)
    assert not holds(one, application)
    assert c.says(both) == "paid individually and 継続検査"
