"""照合 ends whatever a lost notice, a dead worker or a bank that was away has left."""

from datetime import date, timedelta

import pytest

from applications.status import Status
from koss.ground import clock
from payments import banks
from payments.demo import payers
from payments.direct import accounts, debits
from payments.models import (
    AccountKind,
    AccountState,
    DebitState,
    DirectAccount,
    NoticeVerdict,
    PaymentState,
    Refund,
    SettlementNotice,
)
from payments.models.settlement import Finder
from payments.money import reconciling, settlements
from payments.numbers import numbering, taking
from tests.rules.payments import numbers
from tests.world import make

D = date(2026, 5, 10)
NOON = clock.at(D, hour=12)
MINUTE = timedelta(minutes=1)

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def time_stands_still(time_machine):
    time_machine.move_to(NOON, tick=False)


def run(now=NOON + 2 * MINUTE, **fields):
    return reconciling.run(now=now, **fields)


def debit(at_once=True):
    application = make(Status.WEIGHT_TAX_IN_BATCH, now=NOON, payment_method="direct")
    user = payers.payment_user(application.payer, now=NOON)
    account = payers.account(AccountKind.NATIONAL, now=NOON)
    [made] = debits.order(user, [application.pk], account, at_once=at_once, now=NOON)
    return made


def state(made):
    made.refresh_from_db()
    made.information.refresh_from_db()
    return DebitState(made.state), PaymentState(made.information.state)


def names(bank):
    return [name for name, _asked in bank.asked]


def test_a_lost_notice_is_found(bank):
    information = numbers.batch(now=NOON)
    bank.known = [bank.settles(information)]

    assert run() == {"settlements": 1}

    notice = SettlementNotice.objects.get()
    assert (notice.verdict, notice.found_by) == (NoticeVerdict.APPLIED, Finder.RECONCILIATION)
    assert numbers.statuses(information) == {Status.IN_REVIEW}


def test_what_was_told_is_not_received_again(bank):
    message = bank.settles(numbers.batch(now=NOON))
    settlements.receive(message, now=NOON)
    bank.known = [message]

    assert run() == {}
    assert run() == {}
    assert SettlementNotice.objects.count() == 1


def test_what_was_told_otherwise_is_flagged_once(bank):
    """The notice had another amount than the bank's own list."""
    right = bank.settles(numbers.batch(now=NOON))
    settlements.receive(bank_tells(right, amount=right.amount - 100), now=NOON)
    bank.known = [right]

    assert run() == {"settlements": 1}
    assert run() == {}

    assert {notice.verdict for notice in SettlementNotice.objects.all()} == {
        NoticeVerdict.WRONG_AMOUNT,
        NoticeVerdict.CONFLICTING,
    }


def bank_tells(message, **changes):
    fields = {name: getattr(message, name) for name in message.__slots__}
    return banks.SettlementMessage(**fields | changes)


def test_many_pages_are_read_to_their_end(bank, monkeypatch):
    monkeypatch.setattr(reconciling, "_PAGE", 2)
    information = numbers.batch(now=NOON)
    bank.known = [bank.settles(information) for _ in range(5)]

    assert run() == {"settlements": 5}
    assert Refund.objects.count() == 4


@pytest.mark.parametrize(
    ("given", "asked"), [(None, NOON - timedelta(days=7)), (NOON - MINUTE, NOON - MINUTE)]
)
def test_how_far_back_the_bank_is_asked(bank, given, asked):
    run(since=given)

    assert bank.asked == [("settlements", {"since": asked})]


def test_the_banks_moment_becomes_the_portals(bank, settings):
    settings.DEMO = True
    from koss.models import DemoClock

    DemoClock.objects.create(ahead=timedelta(days=3))
    now = clock.now()
    bank.known = [bank.settles(numbers.batch(now=now), settled_at=clock.system_now())]

    run(now)

    assert SettlementNotice.objects.get().settled_at == now


def test_a_number_without_an_answer_is_asked_for(bank):
    application = make(Status.FEES_DUE, now=NOON)
    information = taking.take_individually(application, now=NOON)

    assert run(NOON + timedelta(seconds=59)) == {}
    assert run(NOON + MINUTE) == {"numbers": 1}

    information.refresh_from_db()
    assert information.payment_number
    assert run() == {}


def test_a_debit_whose_worker_died_before_asking_is_sent(bank):
    made = debit()
    numbering.fetch(made.information, now=NOON)

    assert run() == {"debits_sent": 1}

    assert state(made)[0] == DebitState.ORDERED
    assert names(bank)[-1] == "order_debit"


def test_a_debit_whose_worker_died_while_asking_is_sent_again(bank):
    made = debit()
    debits.send(made, now=NOON)
    bank.debits.clear()  # the question never arrived

    assert run() == {"debits_sent": 1}
    assert made.information.reference in bank.debits
    assert run() == {}


def test_a_debit_of_another_day_is_left_alone(bank):
    made = debit(at_once=False)
    numbering.fetch(made.information, now=NOON)

    assert run() == {}
    assert state(made)[0] == DebitState.SCHEDULED


def test_a_failure_that_was_never_told_is_found(bank):
    made = debit()
    debits.send(made, now=NOON)
    bank.debits[made.information.reference] = ("failed", "insufficient_funds", None)

    assert run() == {"debits_failed": 1}

    assert state(made) == (DebitState.FAILED, PaymentState.CANCELLED)
    assert run() == {}


def test_a_debit_that_was_made_is_found(bank):
    made = debit()
    debits.send(made, now=NOON)
    made.information.refresh_from_db()
    settled = bank.settles(made.information, way="direct")
    bank.debits[made.information.reference] = ("settled", "", settled)

    assert run() == {"settlements": 1}

    assert state(made) == (DebitState.DONE, PaymentState.PAID)
    assert run() == {}


def test_a_debit_that_nobody_needs_any_more_is_not_sent_again(bank):
    made = debit()
    debits.send(made, now=NOON)
    made.information.refresh_from_db()
    settlements.receive(bank.settles(made.information, way="atm"), now=NOON)
    bank.debits.clear()

    run()

    assert state(made) == (DebitState.CANCELLED, PaymentState.PAID)
    assert names(bank).count("order_debit") == 1


def test_an_account_without_an_answer_is_asked_for(bank):
    payers.account(AccountKind.NATIONAL, now=NOON)
    DirectAccount.objects.update(state=AccountState.WAITING, decided_at=None)

    assert run() == {"accounts": 1}

    assert DirectAccount.objects.get().state == AccountState.ACTIVE
    assert run() == {}


def test_accounts_that_are_confirmed_twice_stay_as_they_are(bank):
    account = payers.account(AccountKind.NATIONAL, now=NOON)
    before = DirectAccount.objects.values().get(pk=account.pk)

    accounts.confirm(account, now=NOON + MINUTE)

    assert DirectAccount.objects.values().get(pk=account.pk) == before


def test_a_bank_that_is_away_is_asked_again_next_time(bank):
    information = taking.take_individually(make(Status.FEES_DUE, now=NOON), now=NOON)
    bank.unreachable = True
    assert run() == {"unanswered": 2}

    bank.unreachable = False
    assert run() == {"numbers": 1}
    information.refresh_from_db()
    assert information.payment_number


def test_a_bank_that_is_away_is_not_asked_for_each_of_many(bank):
    for _ in range(5):
        taking.take_individually(make(Status.FEES_DUE, now=NOON), now=NOON)
    bank.unreachable = True

    assert run() == {"unanswered": 1 + 3}
    assert names(bank) == ["settlements"] + 3 * ["request_numbers"]


def test_a_refused_question_keeps_the_others_not_back(bank, monkeypatch):
    def refuse(**_asked):
        raise banks.BankRefused("since")

    monkeypatch.setattr(banks.current(), "settlements", refuse)
    information = taking.take_individually(make(Status.FEES_DUE, now=NOON), now=NOON)

    assert run() == {"unanswered": 1, "numbers": 1}
    information.refresh_from_db()
    assert information.payment_number


def test_one_question_without_an_answer_keeps_the_others_not_back(bank, monkeypatch):
    first, second = (
        taking.take_individually(make(Status.FEES_DUE, now=NOON), now=NOON) for _ in range(2)
    )
    fetch = numbering.fetch

    def stubborn(information, *, now):
        if information == first:
            raise banks.BankUnreachable("its answer is malformed")
        return fetch(information, now=now)

    monkeypatch.setattr(numbering, "fetch", stubborn)

    assert run() == {"unanswered": 1, "numbers": 1}
    second.refresh_from_db()
    assert second.payment_number
