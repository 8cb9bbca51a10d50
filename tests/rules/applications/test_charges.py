"""What an application owes and until when. Amounts: 税・手数料額表, in yen."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from applications.life import charges as door
from applications.life import moves
from applications.life.charges import NoRate, RateTable, one_month_after, vehicle_tax
from applications.models import Application, Charge, PaymentMethod, Rate, WeightClass
from applications.status import Procedure, Status
from koss.ground import clock
from tests.world import make

pytestmark = pytest.mark.databases

NOW = clock.at(date(2026, 5, 10), hour=12)
CONTINUED, NEW = Procedure.CONTINUED_INSPECTION, Procedure.NEW_VEHICLE


def amounts(application):
    return {charge.kind: charge.amount for charge in application.charges.all()}


def arrived(on, procedure=CONTINUED, **fields):
    """An application that arrived at noon of the day ``on`` and was accepted the same day."""
    received = make(Status.RECEIVED, procedure, now=clock.at(on, hour=12), days_ago=0, **fields)
    assert received.applied_on == on
    return moves.perform(
        "accept", received, actor="reviewer", now=clock.at(on, hour=13)
    ).application


def passed(on, procedure=CONTINUED, **fields):
    """An application whose review was finished on the day ``on``."""
    reviewed = make(Status.IN_REVIEW, procedure, now=clock.at(on, hour=12), days_ago=3, **fields)
    return moves.perform(
        "pass_review", reviewed, actor="reviewer", now=clock.at(on, hour=13)
    ).application


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2022, 5, 25), date(2022, 6, 25)),  # the manual's own dates
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2024, 1, 31), date(2024, 2, 29)),
        (date(2024, 1, 29), date(2024, 2, 29)),
        (date(2026, 1, 29), date(2026, 2, 28)),
        (date(2026, 3, 31), date(2026, 4, 30)),
        (date(2026, 2, 28), date(2026, 3, 28)),
        (date(2025, 12, 31), date(2026, 1, 31)),
        (date(2025, 12, 1), date(2026, 1, 1)),
    ],
)
def test_one_month_is_the_same_day_or_the_months_last(day, due):
    assert one_month_after(day) == due


@given(st.dates(min_value=date(2019, 1, 1), max_value=date(2068, 12, 31)))
def test_one_month_is_always_in_the_next_month_and_never_later_in_it(day):
    due = one_month_after(day)

    assert (due.year * 12 + due.month) - (day.year * 12 + day.month) == 1
    assert due.day <= day.day
    assert 28 <= (due - day).days <= 31


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days_later", "due"),
    [
        (0, date(2026, 6, 10)),
        (24, date(2026, 6, 10)),  # 3 June: seven days are left
        (25, date(2026, 7, 4)),  # 4 June: a month of its own
        (60, date(2026, 8, 9)),
    ],
)
def test_fees_accepted_late_are_due_a_month_after_acceptance(days_later, due):
    received = make(Status.RECEIVED, CONTINUED, now=NOW, days_ago=0)

    accepted = moves.perform(
        "accept", received, actor="reviewer", now=NOW + timedelta(days=days_later)
    ).application

    assert accepted.deadline == due
    assert set(accepted.charges.values_list("due_on", flat=True)) == {due}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "continued", "new", "technical"),
    [
        (date(2021, 9, 30), 1_100, 1_100, 0),
        (date(2021, 10, 1), 1_100, 1_100, 400),
        (date(2022, 12, 31), 1_100, 1_100, 400),
        (date(2023, 1, 1), 1_200, 1_300, 400),
        (date(2026, 4, 1), 1_200, 1_300, 400),
    ],
)
def test_fees_are_those_of_the_application_date(day, continued, new, technical):
    assert amounts(arrived(day)) == {"inspection_fee": continued, "technical_fee": technical}
    assert amounts(arrived(day, NEW)) == {"inspection_fee": new, "technical_fee": technical}


@pytest.mark.django_db
def test_the_application_date_counts_and_not_the_day_of_acceptance():
    received = make(Status.RECEIVED, now=clock.at(date(2022, 12, 31), hour=23), days_ago=0)
    accepted = moves.perform(
        "accept", received, actor="reviewer", now=clock.at(date(2023, 1, 10))
    ).application

    assert amounts(accepted)["inspection_fee"] == 1_100
    assert accepted.deadline == date(2023, 1, 31)


@pytest.mark.django_db
def test_fees_are_due_one_month_after_the_application_date():
    application = arrived(date(2026, 1, 31))

    assert application.deadline == date(2026, 2, 28)
    assert {charge.due_on for charge in application.charges.all()} == {date(2026, 2, 28)}


@pytest.mark.django_db
def test_what_is_charged_never_changes_when_staff_add_a_line():
    application = arrived(date(2026, 4, 1))
    Rate.objects.create(
        kind="inspection_fee", procedure=CONTINUED, first_day=date(2026, 4, 2), amount=9_999
    )

    assert amounts(application)["inspection_fee"] == 1_200
    assert amounts(arrived(date(2026, 4, 1)))["inspection_fee"] == 1_200
    assert amounts(arrived(date(2026, 4, 2)))["inspection_fee"] == 9_999
    assert amounts(arrived(date(2026, 4, 2), NEW))["inspection_fee"] == 1_300


@pytest.mark.django_db
def test_carried_over_fees_are_not_charged_again():
    earlier = make(Status.WITHDRAWN, through=[Status.AWAITING_CORRECTION])
    again = make(Status.RECEIVED, earlier=earlier, chassis_number=earlier.chassis_number)
    reviewed = moves.perform("accept", again, actor="reviewer", now=clock.now()).application

    assert reviewed.status == Status.IN_REVIEW
    assert reviewed.deadline is None
    assert amounts(reviewed) == {"inspection_fee": 0, "technical_fee": 0}
    assert amounts(earlier) != amounts(reviewed)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("procedure", "weight_class", "amount"),
    [
        (CONTINUED, WeightClass.LESS_50, 2_500),
        (CONTINUED, WeightClass.LESS_25, 3_700),
        (CONTINUED, WeightClass.ECO, 5_000),
        (CONTINUED, WeightClass.NORMAL, 6_600),
        (CONTINUED, WeightClass.OVER_13_YEARS, 8_200),
        (CONTINUED, WeightClass.OVER_18_YEARS, 8_800),
        (NEW, WeightClass.LESS_75, 1_800),
        (NEW, WeightClass.LESS_50, 3_700),
        (NEW, WeightClass.LESS_25, 5_600),
        (NEW, WeightClass.ECO, 7_500),
        (NEW, WeightClass.NORMAL, 9_900),
    ],
)
def test_weight_tax_of_each_class(procedure, weight_class, amount):
    application = passed(date(2026, 1, 30), procedure, weight_class=weight_class)

    assert application.status == Status.WEIGHT_TAX_DUE
    assert amounts(application)["weight_tax"] == amount
    assert application.reviewed_on == date(2026, 1, 30)
    assert application.deadline == date(2026, 2, 28)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("procedure", "status"), [(CONTINUED, Status.READY_TO_RETURN), (NEW, Status.TAX_IN_REVIEW)]
)
def test_an_exempt_vehicle_goes_straight_on(procedure, status):
    application = passed(date(2026, 1, 30), procedure, weight_class=WeightClass.EXEMPT)

    assert application.status == status
    assert amounts(application)["weight_tax"] == 0
    assert application.deadline is None


@pytest.mark.django_db
def test_a_class_without_a_line_in_the_table_stops_the_move():
    """Nobody is charged a guess."""
    with pytest.raises(NoRate):
        passed(date(2026, 1, 30), NEW, weight_class=WeightClass.OVER_18_YEARS)

    assert Application.objects.get().status == Status.IN_REVIEW
    assert not Charge.objects.filter(kind="weight_tax").exists()


@pytest.mark.django_db
def test_before_the_first_line_there_is_no_rate():
    with pytest.raises(NoRate):
        RateTable().amount("inspection_fee", CONTINUED, date(2019, 5, 6))


@pytest.mark.parametrize(
    ("price", "rate", "reviewed_on", "tax"),
    [
        (1_500_000, "2.0", date(2026, 3, 31), 30_000),
        (1_500_000, "2.0", date(2026, 4, 1), 0),  # the tax has ended
        (1_234_567, "1.0", date(2026, 3, 31), 12_300),  # rounded down to 100 yen
        (1_239_999, "1.0", date(2026, 3, 31), 12_300),
        (1_240_000, "1.0", date(2026, 3, 31), 12_400),
        (1_199_999, "0.5", date(2026, 3, 31), 5_900),
        (500_000, "2.0", date(2026, 3, 31), 0),  # up to here vehicles are free
        (500_001, "2.0", date(2026, 3, 31), 10_000),
        (1_500_000, "0.0", date(2026, 3, 31), 0),
        (1_500_000, None, date(2026, 3, 31), 0),
        (None, "2.0", date(2026, 3, 31), 0),
    ],
)
def test_vehicle_tax(price, rate, reviewed_on, tax):
    application = Application(
        acquisition_price=price,
        vehicle_tax_rate=Decimal(rate) if rate else None,
        reviewed_on=reviewed_on,
    )

    assert vehicle_tax(application) == tax


@given(st.integers(500_001, 9_999_999), st.integers(1, 30).map(lambda n: Decimal(n) / 10))
def test_vehicle_tax_is_whole_hundreds_and_never_too_much(price, rate):
    tax = vehicle_tax(
        Application(acquisition_price=price, vehicle_tax_rate=rate, reviewed_on=date(2026, 3, 31))
    )

    assert tax % 100 == 0
    assert 0 <= price * rate / 100 - tax < 100
    assert tax > 0  # a request for payment has an amount


def pass_tax(application, **changes):
    return moves.perform(
        "pass_tax",
        application,
        actor="tax_office",
        now=clock.at(date(2026, 4, 20), hour=10),
        inputs=moves.Inputs(changes=changes),
    ).application


def declared(reviewed_on, **fields):
    """In 軽自動車税申告審査中 since a review that was finished on the day ``reviewed_on``."""
    return passed(reviewed_on, NEW, weight_class=WeightClass.EXEMPT, **fields)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "status"),
    [
        (PaymentMethod.INDIVIDUAL, Status.VEHICLE_TAX_DUE),
        (PaymentMethod.BATCH, Status.VEHICLE_TAX_IN_BATCH),
        (PaymentMethod.DIRECT, Status.VEHICLE_TAX_IN_BATCH),
    ],
)
def test_a_review_finished_on_the_taxs_last_day_still_owes_it(method, status):
    application = declared(date(2026, 3, 31), payment_method=method)
    application = pass_tax(
        application, acquisition_price=1_234_567, vehicle_tax_rate=Decimal("1.0")
    )

    assert application.status == status
    assert amounts(application)["vehicle_tax"] == 12_300
    assert application.deadline == date(2026, 5, 20)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reviewed_on", "changes"),
    [
        (date(2026, 4, 1), {"acquisition_price": 1_500_000, "vehicle_tax_rate": Decimal("2.0")}),
        (date(2026, 3, 31), {"acquisition_price": 500_000, "vehicle_tax_rate": Decimal("2.0")}),
        (date(2026, 3, 31), {"acquisition_price": 1_500_000, "vehicle_tax_rate": Decimal("0.0")}),
        (date(2026, 3, 31), {}),
    ],
)
def test_where_no_vehicle_tax_is_owed_the_papers_are_ready(reviewed_on, changes):
    application = pass_tax(declared(reviewed_on), **changes)

    assert application.status == Status.READY_TO_ISSUE
    assert amounts(application)["vehicle_tax"] == 0
    assert application.deadline is None


# ---- the door


def _steps(charges):
    """The four steps on a set, by name."""
    return {
        "take": lambda: door.take(charges, now=NOW),
        "release": lambda: door.release(charges),
        "withdraw": lambda: door.mark_withdrawn(charges, now=NOW),
        "pay": lambda: door.mark_paid(charges, settled_at=NOW),
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before", "opens"),
    [
        ([], {"take"}),
        (["take"], {"release", "withdraw", "pay"}),
        (["take", "release"], {"take"}),
        (["take", "withdraw"], set()),
        (["take", "pay"], set()),
    ],
)
def test_a_step_is_refused_for_all_where_it_is_closed_to_one(before, opens):
    first, second = (make(Status.FEES_DUE, now=NOW) for _ in range(2))
    for step in before:
        _steps(Charge.objects.filter(application=first))[step]()
    # What would be open to the step alone does not let it pass for both.
    both = Charge.objects.filter(application__in=[first, second])
    for name, step in _steps(first.charges.all()).items():
        with transaction.atomic():
            if name in opens:
                step()
                transaction.set_rollback(True)
                continue
            held = list(both.values())
            with pytest.raises(door.ChargesNotOpen):
                step()
            with pytest.raises(door.ChargesNotOpen):
                _steps(both)[name]()
            assert list(both.values()) == held


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"paid_at": NOW},
        {"withdrawal_accepted_on": NOW.date()},
        {"number_taken_at": NOW, "paid_at": NOW, "withdrawal_accepted_on": NOW.date()},
        {"number_taken_at": NOW, "amount": 0},
    ],
)
def test_the_database_refuses_what_no_step_makes(fields):
    charges = make(Status.FEES_DUE, now=NOW).charges.all()

    with pytest.raises(IntegrityError), transaction.atomic():
        charges.update(**fields)
