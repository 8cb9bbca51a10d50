"""What the night does to payment numbers and debits."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from applications.life.night import void_withdrawn_batches
from applications.models import Application, Charge, HistoryEntry
from applications.status import Status
from koss.ground import clock
from koss.operation import invariants, night
from payments import night as steps
from payments.batches import withdrawing
from payments.demo import payers
from payments.direct import debits
from payments.models import DebitOrder, DebitState, PaymentInformation, PaymentState
from payments.money import settlements
from payments.numbers import taking
from tests.rules.payments import numbers
from tests.world import make

D = date(2026, 5, 10)
MORNING = clock.night_begins(D)
DAY = timedelta(days=1)
NOON = clock.at(D, hour=12)

EXPIRED = "expire_numbers"
ENDED = "end_withdrawn_batches"
ORDERED = "order_debits"

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def time_stands_still(time_machine):
    """At five in the morning after D."""
    time_machine.move_to(MORNING, tick=False)


@pytest.fixture(autouse=True)
def nothing_is_broken():
    yield
    assert invariants.broken() == []


def run(business_date=D, now=MORNING):
    """One night; the counts of the steps that did something."""
    counts = night.run(business_date, now=now).counts
    return {code: count for code, count in counts.items() if count}


def expire(chunk):
    """The step alone, when the bank has answered."""
    list(steps.ask_the_bank(D, now=MORNING, chunk=chunk))
    return steps.expire_batches(D, now=MORNING, chunk=chunk)


def batch(*deadlines, **fields):
    """A number for one application per deadline, taken the day before D."""
    return numbers.batch(deadlines=deadlines, now=NOON - DAY, **fields)


def state(information):
    information.refresh_from_db()
    return PaymentState(information.state)


def free(application):
    """Whether nothing of what it owes is under a number."""
    unpaid = application.charges.unpaid()
    return {charge.number_taken_at for charge in unpaid} == {None}


def test_what_was_due_on_the_date_or_before_expires_and_nothing_else():
    yesterday, today, tomorrow = batch(D - DAY), batch(D), batch(D + DAY)

    assert run()[EXPIRED] == 2

    assert (state(yesterday), state(today)) == (PaymentState.EXPIRED, PaymentState.EXPIRED)
    assert state(tomorrow) == PaymentState.UNPAID
    assert today.ended_at == MORNING
    assert tomorrow.ended_at is None


def test_of_a_mixed_batch_what_is_past_its_own_date_is_void_and_the_others_are_free():
    information = batch(D, D + 9 * DAY)
    late, in_time = numbers.applications(information)

    run()

    late.refresh_from_db()
    in_time.refresh_from_db()
    assert (late.status, in_time.status) == (Status.INVALID, Status.FEES_IN_BATCH)
    assert free(in_time)
    [again] = taking.take(information.user, [in_time.pk], now=MORNING)
    assert again.due_on == D + 9 * DAY


@pytest.mark.parametrize(
    ("status", "then"),
    [
        (Status.FEES_DUE, Status.INVALID),
        (Status.WEIGHT_TAX_DUE, Status.WEIGHT_TAX_DUE),
        (Status.VEHICLE_TAX_IN_BATCH, Status.VEHICLE_TAX_IN_BATCH),
    ],
)
def test_the_numbers_of_every_kind_expire(status, then):
    information = batch(D, status=status)

    run()

    assert state(information) == PaymentState.EXPIRED
    assert numbers.statuses(information) == {then}


def test_a_tax_past_its_date_can_be_paid_under_another_number():
    information = batch(D, status=Status.WEIGHT_TAX_IN_BATCH)
    [application] = numbers.applications(information)
    run()

    [again] = taking.take(information.user, [application.pk], now=MORNING)

    assert again.due_on == D + DAY


def test_what_was_paid_or_given_up_does_not_expire(bank):
    paid = batch(D)
    settlements.receive(bank.settles(paid, settled_at=NOON), now=NOON)

    assert EXPIRED not in run()
    assert state(paid) == PaymentState.PAID


def test_a_number_that_was_paid_between_look_and_lock_stays_paid(bank, monkeypatch):
    information = batch(D)
    lock = steps._lock

    def paid_first(rows, keys):
        settlements.receive(bank.settles(information, settled_at=NOON), now=MORNING)
        return lock(rows, keys)

    monkeypatch.setattr(steps, "_lock", paid_first)

    assert list(expire(chunk=10)) == [0]
    assert state(information) == PaymentState.PAID


def test_a_debit_that_was_never_given_to_the_bank_ends_with_its_number():
    information = batch(D, status=Status.WEIGHT_TAX_IN_BATCH, payment_method="direct")

    run()

    information.debit.refresh_from_db()
    assert state(information) == PaymentState.EXPIRED
    assert information.debit.state == DebitState.CANCELLED


def test_a_withdrawn_batch_is_over_when_its_applications_are_void():
    information = batch(D + 9 * DAY, D + 9 * DAY)
    withdrawing.withdraw(information, user=information.user, now=NOON)

    counts = run()

    assert (counts["void_withdrawn_batches"], counts[ENDED]) == (2, 1)
    assert state(information) == PaymentState.WITHDRAWN
    assert information.ended_at == MORNING
    assert numbers.statuses(information) == {Status.INVALID}


def test_a_batch_withdrawn_this_morning_waits_for_the_next_night():
    information = batch(D + 9 * DAY)
    withdrawing.withdraw(information, user=information.user, now=MORNING - timedelta(hours=2))

    assert ENDED not in run()
    assert information.ended_at is None
    assert run(D + DAY, MORNING + DAY)[ENDED] == 1


def test_a_batch_withdrawn_after_its_last_midnight_is_void_and_over():
    """Its applications lapse with this night already, because they were not paid in time."""
    information = batch(D)
    withdrawing.withdraw(information, user=information.user, now=MORNING - timedelta(hours=2))

    counts = run()

    assert (counts["let_fees_lapse"], counts[ENDED]) == (1, 1)
    assert EXPIRED not in counts
    assert state(information) == PaymentState.WITHDRAWN


def test_a_withdrawn_batch_is_not_over_before_all_of_it_is_void():
    information = batch(D + 9 * DAY, D + 9 * DAY)
    withdrawing.withdraw(information, user=information.user, now=NOON)
    first_chunk = void_withdrawn_batches(D, now=MORNING, chunk=1)
    assert next(first_chunk) == 1

    assert list(steps.end_withdrawn_batches(D, now=MORNING, chunk=10)) == []
    assert run()[ENDED] == 1


def ordered_on(day):
    """A debit that is to be made on ``day``."""
    information = batch(day, status=Status.WEIGHT_TAX_IN_BATCH, payment_method="direct")
    DBTaskResult.objects.all().delete()
    return information.debit


def test_the_debits_of_the_day_that_begins_are_given_to_the_bank():
    today, tomorrow = ordered_on(D + DAY), ordered_on(D + 2 * DAY)
    DBTaskResult.objects.all().delete()

    assert run()[ORDERED] == 1

    today.refresh_from_db()
    tomorrow.refresh_from_db()
    assert (today.state, today.ordered_at) == (DebitState.ORDERED, MORNING)
    assert (tomorrow.state, tomorrow.ordered_at) == (DebitState.SCHEDULED, None)
    [planned] = DBTaskResult.objects.filter(task_path=debits.send_debit.module_path)
    assert planned.args_kwargs["args"] == [today.pk]


def test_the_worker_then_tells_the_bank(bank):
    debit = ordered_on(D + DAY)
    run()

    debits.send_debit.call(debit.pk)

    assert debit.information.reference in bank.debits


def test_a_debit_that_was_cancelled_between_look_and_lock_is_not_ordered(monkeypatch):
    debit = ordered_on(D + DAY)
    mark = debits.mark_ordered

    def cancelled_first(keys, *, now):
        debits.cancel(debit, user=debit.information.user, now=now)
        return mark(keys, now=now)

    monkeypatch.setattr(debits, "mark_ordered", cancelled_first)

    assert list(steps.order_due_debits(D, now=MORNING, chunk=10)) == [0]
    debit.refresh_from_db()
    assert debit.state == DebitState.CANCELLED


def test_a_second_night_does_nothing(settings):
    settings.KOSS_NIGHT_CHUNK = 2
    for days in range(-1, 4):
        batch(D + days * DAY)
        ordered_on(D + days * DAY)
    withdrawn = batch(D + 9 * DAY)
    withdrawing.withdraw(withdrawn, user=withdrawn.user, now=NOON)
    first = run()
    assert (first[EXPIRED], first[ENDED], first[ORDERED]) == (4, 1, 1)
    before = [
        list(model.objects.order_by("pk").values())
        for model in (Application, Charge, PaymentInformation, DebitOrder, HistoryEntry)
    ]

    assert not {EXPIRED, ENDED, ORDERED} & set(run())

    assert before == [
        list(model.objects.order_by("pk").values())
        for model in (Application, Charge, PaymentInformation, DebitOrder, HistoryEntry)
    ]


@pytest.mark.parametrize("day", [D, D + DAY])
def test_a_step_works_in_chunks(day):
    for _ in range(5):
        ordered_on(day)

    step = expire(2) if day == D else steps.order_due_debits(D, now=MORNING, chunk=2)
    assert list(step) == [2, 2, 1]


@pytest.mark.parametrize("count", [1, 3])
def test_expiring_takes_the_same_queries_for_one_and_for_three(count):
    for _ in range(count):
        batch(D, D + DAY)

    step = expire(chunk=100)
    with CaptureQueriesContext(connection) as queries:
        assert list(step) == [count]

    # What the bank has answered; to find, begin, lock, look again, write the numbers, lock the
    # applications, look at their charges, free them and the lines, end debits, commit.
    assert len(queries) == 12


def test_an_application_alone_loses_its_number_with_its_fees():
    application = make(Status.FEES_DUE, now=NOON - DAY, deadline=D, numbered=True)
    information = numbers.of(application)

    counts = run()

    assert (counts[EXPIRED], counts["let_fees_lapse"]) == (1, 1)
    assert state(information) == PaymentState.EXPIRED
    assert free(application)


def test_what_another_payer_has_is_left_alone():
    theirs = batch(D + 9 * DAY, payer="KNZZ9999")
    mine = batch(D)

    run()

    assert theirs.user == payers.payment_user("KNZZ9999")
    assert (state(theirs), state(mine)) == (PaymentState.UNPAID, PaymentState.EXPIRED)
