"""Before anything expires the night asks the bank, and what it cannot learn waits."""

from datetime import date, timedelta

import pytest

from applications.staff.roles import Role
from applications.status import Status
from koss.ground import clock
from koss.operation import health, invariants, night
from payments.direct import debits
from payments.models import DebitState, PaymentState, Reconciliation
from payments.money import awaiting, reconciling
from tests.rules.payments import numbers
from tests.staff import signed_in
from tests.world import make

D = date(2026, 5, 10)
DAY = timedelta(days=1)
NOON = clock.at(D, hour=12)
LAST_SECOND = clock.at(D, hour=23, minute=59, second=59)

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def nothing_is_broken():
    yield
    assert invariants.broken() == []


@pytest.fixture
def nights(time_machine):
    """Lets the night of D, or of so many days later, run in its hour."""

    def run(days=0):
        morning = clock.night_begins(D + days * DAY)
        time_machine.move_to(morning, tick=False)
        return night.run(D + days * DAY, now=morning)

    return run


@pytest.fixture
def owing(time_machine):
    """An application whose number is due on D."""
    time_machine.move_to(NOON, tick=False)
    return make(Status.FEES_DUE, now=NOON - DAY, deadline=D, numbered=True)


@pytest.fixture
def debit(time_machine):
    """A debit for fees due on D that was given to the bank, which works on it."""
    time_machine.move_to(NOON, tick=False)
    information = numbers.batch(1, deadlines=[D], now=NOON - DAY, payment_method="direct")
    debits.mark_ordered([information.debit.pk], now=NOON)
    return information.debit


def stands(application):
    application.refresh_from_db()
    number = numbers.newest()
    return Status(application.status), PaymentState(number.state)


OPEN = (Status.FEES_DUE, PaymentState.UNPAID)
PAID = (Status.IN_REVIEW, PaymentState.PAID)
LAPSED = (Status.INVALID, PaymentState.EXPIRED)


def test_what_was_settled_in_the_last_second_and_never_told_is_applied(bank, owing, nights):
    bank.known = [bank.settles(numbers.of(owing), settled_at=LAST_SECOND)]

    assert nights().counts["ask_the_bank"] == 1

    assert stands(owing) == PAID


def test_while_the_bank_is_silent_nothing_expires_for_three_days(bank, owing, nights):
    bank.unreachable = True

    for days in range(3):
        nights(days)
        assert stands(owing) == OPEN
    nights(3)

    assert stands(owing) == LAPSED


def test_the_limit_is_a_setting(bank, owing, nights, settings):
    settings.KOSS_BANK_GRACE_DAYS = 1
    bank.unreachable = True

    nights()
    assert stands(owing) == OPEN
    nights(1)
    assert stands(owing) == LAPSED


@pytest.mark.parametrize(("settled", "then"), [(True, PAID), (False, LAPSED)])
def test_when_the_bank_is_back_the_same_night_ends_it(bank, owing, nights, settled, then):
    bank.unreachable = True
    nights()
    bank.unreachable = False
    bank.known = [bank.settles(numbers.of(owing), settled_at=LAST_SECOND)] if settled else []

    nights()

    assert stands(owing) == then


def test_what_has_no_number_waits_for_no_bank(bank, nights, time_machine):
    time_machine.move_to(NOON, tick=False)
    application = make(Status.FEES_DUE, now=NOON - DAY, deadline=D)
    bank.unreachable = True

    nights()

    application.refresh_from_db()
    assert application.status == Status.INVALID


def test_an_answer_of_before_midnight_is_no_answer(bank, owing, nights, time_machine):
    time_machine.move_to(clock.at(D + DAY) + awaiting.LISTED_WITHIN / 2, tick=False)
    reconciling.run(now=clock.now())
    bank.unreachable = True

    nights()

    assert stands(owing) == OPEN


def test_an_answer_after_midnight_is_enough(bank, owing, nights, time_machine):
    time_machine.move_to(clock.at(D + DAY) + awaiting.LISTED_WITHIN, tick=False)
    reconciling.run(now=clock.now())
    bank.unreachable = True

    nights()

    assert stands(owing) == LAPSED


def test_an_answer_with_a_gap_before_it_does_not_count(bank, time_machine):
    time_machine.move_to(NOON, tick=False)
    reconciling.run(now=NOON)
    known = Reconciliation.objects.get().answered_until
    time_machine.move_to(NOON + 20 * DAY, tick=False)

    reconciling.run(now=clock.now(), since=clock.system_now() - DAY)
    assert Reconciliation.objects.get().answered_until == known

    reconciling.run(now=clock.now())
    assert bank.asked[-1][1]["since"] <= known
    assert Reconciliation.objects.get().answered_until > known


def test_a_debit_that_the_bank_works_on_keeps_its_number_open(bank, debit, nights):
    bank.debits[debit.information.reference] = ("accepted", "", None)

    for days in range(3):
        nights(days)
        assert PaymentState(numbers.newest().state) == PaymentState.UNPAID
        assert numbers.statuses(debit.information) == {Status.FEES_IN_BATCH}
    nights(3)

    debit.refresh_from_db()
    assert PaymentState(numbers.newest().state) == PaymentState.EXPIRED
    assert debit.state == DebitState.ORDERED
    assert numbers.statuses(debit.information) == {Status.INVALID}


@pytest.mark.parametrize("told", ["settled", "failed", "unknown"])
def test_the_fate_of_a_debit_is_asked_for_before_its_number_ends(bank, debit, nights, told):
    number = debit.information
    money = bank.settles(number, settled_at=LAST_SECOND, way="direct", reference=number.reference)
    reason = "insufficient_funds" if told == "failed" else ""
    bank.debits[number.reference] = (told, reason, money if told == "settled" else None)

    nights()

    debit.refresh_from_db()
    status, state = (
        (Status.IN_REVIEW, DebitState.DONE)
        if told == "settled"
        else (Status.INVALID, DebitState.FAILED if told == "failed" else DebitState.CANCELLED)
    )
    assert numbers.statuses(number) == {status}
    assert debit.state == state


def test_operators_see_what_waits(bank, owing, nights):
    """On their first page, and in the words of ``manage.py health``."""
    waits = "金融機関の回答を待っている期限切れの納付番号"
    title = "numbers past due that wait for the bank"

    def sees():
        [line] = [each for each in health.findings(now=clock.now()) if each.title == title]
        first_page = signed_in(Role.OPERATOR, username=f"unyo{line.value}").get("/admin/")
        return waits in first_page.content.decode(), line.value, line.well

    bank.unreachable = True
    nights()
    assert sees() == (True, "1", False)
    assert waits not in signed_in(Role.REVIEWER).get("/admin/").content.decode()

    bank.unreachable = False
    nights()
    assert sees() == (False, "0", True)
