"""日次収納報告: every notice of the day that tells of money, once, and nothing else."""

from datetime import date, timedelta

import pytest

from applications.status import Status
from koss.ground import clock
from payments.models import NoticeVerdict, NumberKind, SettlementNotice
from payments.models.settlement import Way
from payments.money import cash, settlements
from tests.rules.payments import numbers

D = date(2026, 5, 10)
DAY = timedelta(days=1)
NOON = clock.at(D, hour=12)

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def time_stands_still(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def paid(bank):
    """Have money come in for a number; returns (its amount, its message)."""

    def pay(information, **changes):
        message = bank.settles(information, **{"settled_at": NOON} | changes)
        settlements.receive(message, now=NOON)
        return message.amount, message

    return pay


def cells(line):
    return (line.way, line.kind, line.count, line.applied, line.to_refund, line.amount)


def test_a_day_without_money():
    report = cash.of_day(D)

    assert (report.lines, report.notices, cells(report.total)[2:]) == ([], 0, (0, 0, 0, 0))


def test_money_is_told_apart_by_agency_way_and_kind(paid):
    fees, weight = numbers.batch(now=NOON), numbers.batch(1, Status.WEIGHT_TAX_IN_BATCH, now=NOON)
    elsewhere = numbers.batch(1, now=NOON)
    elsewhere.agency_number = "00200"
    elsewhere.save()
    a, _message = paid(fees)
    b, _message = paid(weight, way="atm")
    c, _message = paid(elsewhere)

    report = cash.of_day(D)

    assert [
        (number, [cells(line) for line in lines], cells(together)[2:])
        for number, lines, together in report.agencies()
    ] == [
        (
            "00100",
            [
                (Way.LINK, NumberKind.FEES, 1, a, 0, a),
                (Way.ATM, NumberKind.WEIGHT_TAX, 1, b, 0, b),
            ],
            (2, a + b, 0, a + b),
        ),
        ("00200", [(Way.LINK, NumberKind.FEES, 1, c, 0, c)], (1, c, 0, c)),
    ]


def test_what_has_to_go_back_stands_apart(paid):
    information = numbers.batch(now=NOON)
    amount, _message = paid(information)
    paid(information)  # a second time
    paid(numbers.batch(1, now=NOON), amount=1)
    paid(information, payment_number="9" * 20)

    report = cash.of_day(D)

    assert [cells(line) for line in report.lines] == [
        (Way.LINK, NumberKind.FEES, 3, amount, amount + 1, 2 * amount + 1),
        (Way.LINK, None, 1, 0, amount, amount),
    ]


def test_what_was_told_again_adds_nothing(paid):
    amount, message = paid(numbers.batch(now=NOON))
    settlements.receive(message, now=NOON)
    settlements.receive(message, now=NOON)
    paid(numbers.batch(now=NOON), settlement_id=message.settlement_id)

    report = cash.of_day(D)

    assert (report.total.count, report.total.amount) == (1, amount)
    assert (report.repeated, report.conflicting, report.notices) == (2, 1, 4)


@pytest.mark.parametrize(
    ("settled_at", "day"),
    [
        (clock.at(D), D),
        (clock.at(D) - timedelta(microseconds=1), D - DAY),
        (clock.at(D, hour=23, minute=59, second=59), D),
        (clock.at(D + DAY), D + DAY),
    ],
)
def test_the_day_is_that_of_the_bank_in_japan(paid, settled_at, day):
    paid(numbers.batch(now=NOON), settled_at=settled_at)

    counts = {each: cash.of_day(each).notices for each in (D - DAY, D, D + DAY)}

    assert counts == {each: int(each == day) for each in counts}


def test_the_totals_add_up_to_the_notices_of_the_day(paid):
    """Against the rows themselves, added up one by one."""
    information = numbers.batch(now=NOON)
    for changes in ({}, {}, {"amount": 5}, {"way": "atm"}, {"settled_at": NOON - DAY}):
        _amount, message = paid(information, **changes)
        settlements.receive(message, now=NOON)
    paid(numbers.batch(1, Status.VEHICLE_TAX_IN_BATCH, now=NOON), way="direct", amount=7)
    paid(information, payment_number="9" * 20, agency_number="00999")

    report = cash.of_day(D)

    rows = [row for row in SettlementNotice.objects.all() if clock.day(row.settled_at) == D]
    money = [row for row in rows if NoticeVerdict(row.verdict).is_money]
    applied = sum(row.amount for row in money if row.verdict == NoticeVerdict.APPLIED)
    together = sum(row.amount for row in money)
    assert len(rows) == report.notices > len(money) == report.total.count > 4
    assert cells(report.total)[3:] == (applied, together - applied, together)
    for column in range(2, 6):
        assert sum(cells(line)[column] for line in report.lines) == cells(report.total)[column]
        sums = [cells(together)[column] for _number, _lines, together in report.agencies()]
        assert sum(sums) == cells(report.total)[column]


@pytest.mark.parametrize("count", [1, 3])
def test_one_query(paid, django_assert_num_queries, count):
    for _ in range(count):
        paid(numbers.batch(1, now=NOON))

    with django_assert_num_queries(1):
        assert cash.of_day(D).total.count == count
