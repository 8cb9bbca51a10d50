"""ダイレクト納付: ordered, given to the bank once, and ended by what the bank says."""

from datetime import date, timedelta

import pytest
from django_tasks_db.models import DBTaskResult

from applications.status import Status
from koss.ground import clock
from payments import banks
from payments.demo import payers
from payments.direct import debits
from payments.models import (
    AccountKind,
    AccountState,
    DebitOrder,
    DebitState,
    DirectAccount,
    NoticeVerdict,
    PaymentInformation,
    PaymentState,
    Refund,
    SettlementNotice,
)
from payments.money import settlements
from payments.numbers import failures, numbering, taking
from tests.rules.payments import numbers
from tests.world import make

D = date(2026, 5, 10)
DAY = timedelta(days=1)
NOON = clock.at(D, hour=12)

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def time_stands_still(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture(autouse=True)
def asked(bank):
    """What the bank was asked."""
    return lambda: [name for name, _arguments in bank.asked]


def waiting(status=Status.WEIGHT_TAX_IN_BATCH, **fields):
    return make(status, now=NOON, payment_method="direct", **fields)


def order(*applications, kind=AccountKind.NATIONAL, at_once=True, **fields):
    user = payers.payment_user(applications[0].payer, now=NOON)
    keys = [application.pk for application in applications]
    account = payers.account(kind, now=NOON)
    return debits.order(user, keys, account, at_once=at_once, now=NOON, **fields)


@pytest.fixture
def ordered():
    """The bank has it and has not answered yet."""
    [made] = order(waiting())
    return debits.send(made, now=NOON)


def state(made):
    made.refresh_from_db()
    made.information.refresh_from_db()
    return DebitState(made.state), PaymentState(made.information.state)


def can_pay_again(made):
    keys = [application.pk for application in numbers.applications(made.information)]
    user = made.information.user
    return bool(taking.take(user, keys, now=NOON, method="direct"))


def plans_to_send():
    return DBTaskResult.objects.filter(task_path=debits.send_debit.module_path).count()


def test_what_is_debited_at_once_is_sent_by_the_worker_at_once(asked):
    [made] = order(waiting())

    assert (made.state, made.debit_on, made.made_at) == (DebitState.SCHEDULED, D, NOON)
    assert plans_to_send() == 1
    assert asked() == []


def test_what_is_debited_on_the_due_date_waits_for_it(asked):
    application = waiting(deadline=D + 9 * DAY)

    [made] = order(application, at_once=False)

    assert made.debit_on == made.information.due_on == D + 9 * DAY
    assert plans_to_send() == 0
    assert not debits.due(NOON + 8 * DAY).exists()
    assert debits.due(NOON + 9 * DAY).get() == made


def test_what_is_due_today_is_debited_today_either_way():
    order(waiting(deadline=D), at_once=False)

    assert plans_to_send() == 1


def test_fees_and_weight_tax_become_two_debits_of_one_account():
    made = order(waiting(Status.FEES_IN_BATCH), waiting(), waiting())

    assert [each.information.kind for each in made] == ["fees", "weight_tax"]
    assert [each.information.count for each in made] == [1, 2]


def test_the_same_press_again_orders_nothing_again():
    application = waiting()
    first = order(application, request_key="a" * 32)
    before = DebitOrder.objects.count()

    assert order(application, request_key="a" * 32) == first
    assert DebitOrder.objects.count() == before


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (Status.FEES_IN_BATCH, AccountKind.LOCAL),
        (Status.WEIGHT_TAX_IN_BATCH, AccountKind.LOCAL),
        (Status.VEHICLE_TAX_IN_BATCH, AccountKind.NATIONAL),
    ],
)
def test_an_account_pays_only_what_its_kind_pays(status, kind):
    application = waiting(status)
    before = PaymentInformation.objects.count(), DebitOrder.objects.count()

    with pytest.raises(ValueError, match="does not pay this"):
        order(application, kind=kind)

    assert (PaymentInformation.objects.count(), DebitOrder.objects.count()) == before


def test_a_local_account_pays_the_vehicle_tax():
    [made] = order(waiting(Status.VEHICLE_TAX_IN_BATCH), kind=AccountKind.LOCAL)

    assert made.information.kind == "vehicle_tax"


def test_an_account_that_the_bank_has_not_confirmed_pays_nothing():
    payers.account(AccountKind.NATIONAL, now=NOON)
    for unfit in (AccountState.WAITING, AccountState.REFUSED):
        DirectAccount.objects.update(state=unfit)
        with pytest.raises(ValueError, match="cannot be debited"):
            order(waiting())


def test_nobody_pays_from_a_strangers_account():
    application = waiting()
    stranger = payers.payment_user("KNZZ9999", now=NOON)
    account = payers.account(AccountKind.NATIONAL, now=NOON)

    with pytest.raises(ValueError, match="cannot be debited"):
        debits.order(stranger, [application.pk], account, at_once=True, now=NOON)


def test_what_is_gone_is_not_ordered():
    application = waiting()
    order(application)

    with pytest.raises(taking.ChargesNotAvailable):
        order(application)


def test_sending_fetches_the_number_and_orders_the_debit(bank, asked):
    [made] = order(waiting())

    sent = debits.send(made, now=NOON)

    assert state(made) == (DebitState.ORDERED, PaymentState.UNPAID)
    assert sent.ordered_at == NOON
    assert asked() == ["request_numbers", "order_debit"]
    told = bank.asked[-1][1]
    information, account = made.information, made.account
    assert told == {
        "reference": information.reference,
        "bank": account.bank,
        "branch": account.branch,
        "account_number": account.account_number,
        "agency_number": information.agency_number,
        "payment_number": information.payment_number,
        "amount": information.amount,
    }


def test_sent_twice_it_is_ordered_by_the_same_reference(bank, ordered, asked):
    debits.send_debit.call(ordered.pk)

    references = {told["reference"] for name, told in bank.asked if name == "order_debit"}
    assert references == {ordered.information.reference}
    assert state(ordered)[0] == DebitState.ORDERED


def test_it_counts_as_ordered_before_the_bank_is_asked(bank, monkeypatch):
    """Killed after this the debit may be under way, so that nobody may cancel it."""
    seen = []
    monkeypatch.setattr(
        banks.current(),
        "order_debit",
        lambda **told: seen.append(DebitOrder.objects.latest("pk").state),
    )
    [made] = order(waiting())

    debits.send(made, now=NOON)

    assert seen == [DebitState.ORDERED]


def test_where_the_bank_does_not_answer_it_stays_as_it_is(bank):
    [made] = order(waiting())
    bank.unreachable = True

    with pytest.raises(banks.BankUnreachable):
        debits.send(made, now=NOON)
    debits.send_debit.call(made.pk)

    assert state(made) == (DebitState.SCHEDULED, PaymentState.UNPAID)


def test_a_refused_debit_has_failed(bank, monkeypatch):
    def refuse(**told):
        raise banks.BankRefused("account_closed")

    monkeypatch.setattr(banks.current(), "order_debit", refuse)
    [made] = order(waiting())

    debits.send(made, now=NOON)

    assert state(made) == (DebitState.FAILED, PaymentState.CANCELLED)
    assert made.failure == "account_closed"
    assert can_pay_again(made)


def test_a_debit_whose_number_was_refused_is_not_sent(bank, asked):
    [made] = order(waiting())
    bank.refuses = "だめです"

    debits.send(made, now=NOON)

    assert asked() == ["request_numbers"]
    assert state(made) == (DebitState.FAILED, PaymentState.REFUSED)


def test_money_that_came_in_ends_it(bank, ordered):
    message = bank.settles(ordered.information, way="direct")

    settlements.receive(message, now=NOON + timedelta(minutes=1))

    assert state(ordered) == (DebitState.DONE, PaymentState.PAID)
    assert ordered.finished_at == NOON + timedelta(minutes=1)
    assert numbers.statuses(ordered.information) == {Status.READY_TO_RETURN}


@pytest.mark.parametrize("reason", ["insufficient_funds", "daily_limit", "account_closed"])
def test_a_failure_frees_the_charges(ordered, reason):
    debits.fail(ordered, reason, now=NOON)

    assert state(ordered) == (DebitState.FAILED, PaymentState.CANCELLED)
    assert (ordered.failure, ordered.finished_at) == (reason, NOON)
    assert failures.words(reason) != reason
    assert can_pay_again(ordered)
    assert numbers.statuses(ordered.information) == {Status.WEIGHT_TAX_IN_BATCH}


def test_a_failure_told_twice_changes_nothing(ordered):
    debits.fail(ordered, "insufficient_funds", now=NOON)

    debits.fail(ordered, "daily_limit", now=NOON + DAY)

    ordered.refresh_from_db()
    assert (ordered.failure, ordered.finished_at) == ("insufficient_funds", NOON)


def test_a_failure_after_the_money_changes_nothing(bank, ordered):
    settlements.receive(bank.settles(ordered.information, way="direct"), now=NOON)

    debits.fail(ordered, "insufficient_funds", now=NOON)

    assert state(ordered) == (DebitState.DONE, PaymentState.PAID)


def test_money_after_a_failure_goes_back(bank, ordered):
    debits.fail(ordered, "insufficient_funds", now=NOON)

    settlements.receive(bank.settles(ordered.information, way="direct"), now=NOON)

    assert SettlementNotice.objects.latest("pk").verdict == NoticeVerdict.NOT_OWED
    assert Refund.objects.get().amount == ordered.information.amount


def test_a_number_that_was_paid_elsewhere_stays_open_for_that_money(bank, ordered):
    debits.fail(ordered, "already_settled", now=NOON)
    assert state(ordered) == (DebitState.FAILED, PaymentState.UNPAID)

    settlements.receive(bank.settles(ordered.information, way="atm"), now=NOON)

    assert state(ordered) == (DebitState.FAILED, PaymentState.PAID)
    assert not Refund.objects.exists()


def test_paid_elsewhere_before_its_day_it_is_not_sent_any_more(bank, asked):
    [made] = order(waiting(), at_once=False)
    numbering.fetch(made.information, now=NOON)
    made.information.refresh_from_db()

    settlements.receive(bank.settles(made.information, way="atm"), now=NOON)
    debits.send(made, now=NOON)

    assert state(made) == (DebitState.CANCELLED, PaymentState.PAID)
    assert "order_debit" not in asked()


def test_a_scheduled_debit_can_be_cancelled(asked):
    [made] = order(waiting(), at_once=False)

    debits.cancel(made, user=made.information.user, now=NOON)

    assert state(made) == (DebitState.CANCELLED, PaymentState.CANCELLED)
    assert made.finished_at == NOON
    assert can_pay_again(made)


def test_cancelling_twice_gives_the_same(asked):
    [made] = order(waiting(), at_once=False)
    user = made.information.user
    debits.cancel(made, user=user, now=NOON)

    assert debits.cancel(made, user=user, now=NOON + DAY).finished_at == NOON


def test_a_cancelled_debit_is_never_sent(asked):
    [made] = order(waiting())
    debits.cancel(made, user=made.information.user, now=NOON)

    debits.send_debit.call(made.pk)

    assert asked() == []
    assert state(made) == (DebitState.CANCELLED, PaymentState.CANCELLED)


def test_what_the_bank_was_told_cannot_be_cancelled(ordered):
    with pytest.raises(debits.DebitNotCancellable) as refused:
        debits.cancel(ordered, user=ordered.information.user, now=NOON)

    assert refused.value.order == ordered
    assert state(ordered) == (DebitState.ORDERED, PaymentState.UNPAID)


def test_nobody_cancels_a_strangers_debit():
    [made] = order(waiting(), at_once=False)

    for _ in range(2):
        with pytest.raises(debits.DebitNotCancellable):
            debits.cancel(made, user=payers.payment_user("KNZZ9999", now=NOON), now=NOON)
        made.refresh_from_db()
    assert state(made)[0] == DebitState.SCHEDULED
