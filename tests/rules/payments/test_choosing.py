"""What a payment user can choose, and how lists and sums are found."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.demo import journeys
from applications.models import Application, Charge, Office, PaymentMethod
from applications.status import Status
from koss.ground import clock
from koss.ground.paging import COUNTED, CappedPaginator
from payments.batches import choosing, overview
from payments.demo import payers
from payments.models import NumberKind, PaymentInformation, PaymentLine, PaymentState
from payments.numbers import taking
from tests import plans

pytestmark = [pytest.mark.databases, pytest.mark.django_db]
FEES = "検査手数料等まとめ払い中"
WEIGHT_TAX = "自動車重量税まとめ払い中"


@pytest.fixture
def user(db):
    return payers.payment_user()


def in_days(days):
    """A day on which something can fall due, so many days from now or a little later."""
    return journeys.due_date_from(clock.today() + timedelta(days=days))


def eligible(user, search=None, *, method=PaymentMethod.BATCH, now=None):
    return list(choosing.eligible(user, method, search, now=now or clock.now()))


def test_the_most_urgent_first(user, an_application):
    late = an_application(WEIGHT_TAX)
    soon = an_application(FEES, deadline=in_days(3))

    assert eligible(user) == [soon, late]


def test_what_cannot_be_paid_under_a_new_number_is_not_there(user, an_application):
    an_application(FEES, numbered=True)
    an_application(FEES, payer="KNCD5678")
    an_application(FEES, payment_method=PaymentMethod.DIRECT)
    an_application("検査手数料等納付待ち")
    an_application("検査申請補正待ち", payment_method=PaymentMethod.BATCH)
    an_application("検査申請取り下げ中", payment_method=PaymentMethod.BATCH)

    assert eligible(user) == []


def test_direct_payment_has_its_own(user, an_application):
    direct = an_application(FEES, payment_method=PaymentMethod.DIRECT)

    assert eligible(user, method=PaymentMethod.DIRECT) == [direct]


def test_past_due_taxes_remain_and_fees_do_not(user, an_application):
    fees, tax = an_application(FEES), an_application(WEIGHT_TAX)
    midnight = clock.at(max(fees.deadline, tax.deadline) + timedelta(days=1))

    assert eligible(user, now=midnight) == [tax]
    assert fees in eligible(user, now=clock.at(fees.deadline, hour=23, minute=59))


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ({}, ["fees", "tax", "new"]),
        ({"procedure": "new_vehicle"}, ["new"]),
        ({"kind": "fees"}, ["fees", "new"]),
        ({"kind": "weight_tax"}, ["tax"]),
        ({"kind": "vehicle_tax"}, []),
        ({"due_from": date(2026, 5, 11)}, ["tax", "new"]),
        ({"due_to": date(2026, 5, 11)}, ["fees", "tax"]),
        ({"due_from": date(2026, 5, 11), "due_to": date(2026, 5, 11)}, ["tax"]),
        ({"receipt_number": "26041000000000018"}, []),
    ],
)
def test_searching(user, an_application, search, found):
    now = clock.at(date(2026, 4, 25), hour=12)
    rows = {
        "fees": an_application(FEES, deadline=date(2026, 5, 10), now=now),
        "tax": an_application(WEIGHT_TAX, deadline=date(2026, 5, 11), now=now),
        "new": an_application(FEES, "新車", deadline=date(2026, 5, 12), now=now),
    }
    wanted = [rows[name] for name in found]

    assert eligible(user, choosing.TargetSearch(**search), now=now) == wanted
    for row in wanted:
        search_it = choosing.TargetSearch(**search | {"receipt_number": row.receipt_number})
        assert eligible(user, search_it, now=now) == [row]


def test_rows_and_totals_say_what_is_owed(user, an_application):
    first, second = an_application(FEES), an_application(FEES, "新車")
    tax = an_application(WEIGHT_TAX)
    found = choosing.eligible(user, PaymentMethod.BATCH, now=clock.now())
    owed = {
        row.pk: sum(charge.amount for charge in row.charges.filter(paid_at=None))
        for row in (first, second, tax)
    }

    rows = choosing.rows_of(list(found))
    fees, taxes = choosing.totals(found, now=clock.now())

    assert {row.application.pk: row.amount for row in rows} == owed
    assert {row.kind for row in rows} == {NumberKind.FEES, NumberKind.WEIGHT_TAX}
    assert (fees.count, fees.amount) == (2, owed[first.pk] + owed[second.pk])
    assert fees.due_on == min(first.deadline, second.deadline)
    assert (taxes.kind, taxes.count, taxes.amount) == (NumberKind.WEIGHT_TAX, 1, owed[tax.pk])
    every = choosing.totals(found, now=clock.now(), every_kind=True)
    assert [(total.kind, total.count) for total in every][2] == (NumberKind.VEHICLE_TAX, 0)


def test_the_due_date_is_that_of_the_number_to_come(user, an_application):
    """A batch's due date is shown before the number is taken."""
    soon = in_days(3)
    row = an_application(FEES, deadline=soon)
    an_application(FEES)
    tax = an_application(WEIGHT_TAX)
    late = clock.at(tax.deadline + timedelta(days=9), hour=12)

    def shown(now):
        found = choosing.eligible(user, PaymentMethod.BATCH, now=now)
        return [total.due_on for total in choosing.totals(found, now=now)]

    def taken(now, *rows):
        made = taking.take(user, [row.pk for row in rows], now=now)
        return [information.due_on for information in made]

    assert shown(clock.now()) == [soon, tax.deadline]
    assert taken(clock.now(), row) == [soon]
    assert shown(late) == taken(late, tax) == [clock.day(late)]


def test_what_waits_is_counted_and_summed(user, an_application):
    rows = [an_application(FEES), an_application(WEIGHT_TAX)]
    found = choosing.eligible(user, PaymentMethod.BATCH, now=clock.now())
    owed = Charge.objects.unpaid().filter(application__in=rows)

    waiting = choosing.waiting(found)

    assert (waiting.count, waiting.is_capped) == (2, False)
    assert waiting.amount == sum(charge.amount for charge in owed)


def test_counting_ends_early(user, an_application, monkeypatch):
    for _number in range(3):
        an_application(FEES)
    found = choosing.eligible(user, PaymentMethod.BATCH, now=clock.now())
    monkeypatch.setattr(choosing, "COUNTED", 2)

    assert (choosing.waiting(found).count, choosing.waiting(found).is_capped) == (2, True)
    assert COUNTED == CappedPaginator.CAP == 10_000


def test_the_batches_of_a_user(user, an_application):
    rows = [an_application(FEES), an_application(WEIGHT_TAX), an_application(FEES, "新車")]
    before = set(overview.of(user))
    fees, tax = taking.take(user, [rows[0].pk, rows[1].pk], now=clock.now())
    [new] = taking.take(user, [rows[2].pk], now=clock.now())
    PaymentInformation.objects.filter(pk=new.pk).update(payment_number="3" * 20)

    def found(**search):
        return set(overview.of(user, overview.BatchSearch(**search))) - before

    assert found() == {fees, tax, new}
    assert found(kind="weight_tax") == {tax}
    assert found(procedure="new_vehicle") == {new}
    assert found(payment_number="3" * 20) == {new}
    assert found(receipt_number=rows[0].receipt_number) == {fees}
    assert found(state=PaymentState.PAID) == set()
    assert found(due_from=fees.due_on + timedelta(days=400)) == set()
    assert found(due_to=fees.due_on - timedelta(days=400)) == set()
    assert not overview.of(payers.payment_user("KNCD5678")).exists()


@pytest.mark.parametrize(
    ("kind", "state", "days", "pay", "withdraw"),
    [
        ("fees", "unpaid", 0, True, True),
        ("fees", "unpaid", -1, False, True),
        ("weight_tax", "unpaid", 0, True, False),
        ("weight_tax", "unpaid", -1, False, False),
        ("vehicle_tax", "unpaid", 5, True, False),
        ("fees", "paid", 5, False, False),
        ("fees", "withdrawn", 5, False, False),
        ("fees", "expired", -5, False, False),
        ("fees", "refused", 5, False, False),
    ],
)
def test_buttons_per_batch(kind, state, days, pay, withdraw):
    """The three rows of 【申請共通】申請取り下げの操作手順, 2."""
    batch = PaymentInformation(
        kind=kind, state=state, method="batch", due_on=clock.today() + timedelta(days=days)
    )

    assert overview.buttons(batch, clock.now()) == {"pay": pay, "withdraw": withdraw}


def test_members_show_released_lines_too(user, an_application):
    stays, leaves = an_application(FEES), an_application(FEES)
    [batch] = taking.take(user, [stays.pk, leaves.pk], now=clock.now())
    batch.lines.filter(charge__application=leaves).update(released_at=clock.now())

    first, second = overview.members(batch, list(overview.applications_of(batch)))

    assert (first.application, first.is_released) == (stays, False)
    assert (second.application, second.is_released) == (leaves, True)
    assert [len(member.charges) for member in (first, second)] == [2, 2]


@pytest.fixture
def many_applications(user):
    """Those of many payers, most of them finished."""
    now = clock.now()
    office, today = Office.objects.first(), clock.today()
    rows = Application.objects.bulk_create(
        Application(
            receipt_number=f"{number:017d}",
            procedure="continued_inspection",
            channel="bulk",
            payment_method=PaymentMethod.BATCH,
            payer=user.user_id if number % 10 == 0 else f"KNZZ{number % 50:04d}",
            status=Status.FEES_IN_BATCH if number % 3 == 0 else Status.RETURNED,
            status_changed_at=now,
            deadline=today + timedelta(days=number % 30) if number % 3 == 0 else None,
            applied_on=today,
            chassis_number=f"AX01-{number}",
            office=office,
            weight_class="normal",
            receiving_method="vehicle_code",
        )
        for number in range(6000)
    )
    Charge.objects.bulk_create(
        Charge(application=row, kind="inspection_fee", amount=1200, due_on=row.deadline)
        for row in rows
        if row.deadline
    )
    PaymentInformation.objects.bulk_create(
        PaymentInformation(
            user=user if number % 10 == 0 else payers.payment_user(f"KNZZ{number % 10:04d}"),
            method=PaymentMethod.BATCH,
            kind="fees",
            payment_number=f"{number:020d}",
            amount=1200,
            count=1,
            due_on=today + timedelta(days=number % 30),
            requested_at=now,
        )
        for number in range(500)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def plan_of(query):
    return plans.of_first_query(lambda: list(query))


def test_every_list_walks_its_index(user, many_applications):
    """To choose from, one receipt number found at once, and the batches."""
    searches = [
        {},
        {"kind": "fees"},
        {"procedure": "continued_inspection"},
        {"due_from": date(2026, 1, 1), "due_to": date(2030, 1, 1)},
    ]
    for search in searches:
        found = choosing.eligible(
            user, PaymentMethod.BATCH, choosing.TargetSearch(**search), now=clock.now()
        )
        for query in (found[:50], found[1000:1050], found.order_by().values("pk")[:101]):
            plan = plan_of(query)
            assert "application_by_payer" in plan, (search, plan)
            assert not re.search(r"(SCAN|Seq Scan on) applications_application", plan), plan

    search = choosing.TargetSearch(receipt_number=f"{30:017d}")
    plan = plan_of(choosing.eligible(user, PaymentMethod.BATCH, search, now=clock.now()))
    assert not re.search(r"(SCAN|Seq Scan on) applications_(application|charge)", plan), plan

    plan = plan_of(overview.of(user)[:20])
    assert re.search("information_of_user|user_id", plan), plan
    assert not re.search(r"SCAN payments_paymentinformation", plan), plan


def test_lines_are_read_through_the_batch(user, an_application):
    [batch] = taking.take(user, [an_application(FEES).pk], now=clock.now())
    rows = list(overview.applications_of(batch))

    with CaptureQueriesContext(connection) as queries:
        overview.members(batch, rows)
    assert len(queries) == 1
    assert PaymentLine.objects.filter(information=batch).count() == 2
